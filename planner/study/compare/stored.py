"""A comparison that was saved: `planner compare OPTIONS.yaml -o comparison.json`, read back as it was, without solving anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from planner.domain.base import first_fault
from planner.domain.bid import Comparison
from planner.errors import InvalidInput, Problem
from planner.intake.source import read_source
from planner.study.compare.compare import Compared
from planner.study.compare.option import Option
from planner.study.compare.portfolio import Portfolio
from planner.study.compare.ranking import Stability, Switch

SCHEMA = "planner.compare/1"


def load_comparison(path: Path) -> Compared:
    """The comparison in a file of JSON. Raises InvalidInput where it is none, or none that this planner knows."""
    source = read_source(path)
    try:
        whole = json.loads(source.text)
    except json.JSONDecodeError as error:
        problem = Problem(f"this is not JSON: {error.msg}", _FIX, source.name, error.lineno, error.colno)
        raise InvalidInput(problem) from None
    if not isinstance(whole, dict) or whole.get("schema") != SCHEMA or not isinstance(whole.get("results"), dict):
        raise InvalidInput(Problem("this is no saved comparison", _FIX, source.name))
    try:
        return _read(whole["results"], str(whole.get("inputs_sha256")), str(whole.get("data_as_of")))
    except (ValidationError, KeyError) as error:
        what = first_fault(error) if isinstance(error, ValidationError) else f"it has no {error.args[0]}"
        raise InvalidInput(
            Problem(f"this comparison cannot be read: {what}", "Compare the options again.", source.name)
        ) from None


_FIX = "Save one with `planner compare OPTIONS.yaml -o comparison.json`; of a case `planner plan CASE -o report.html` makes the paper."


def _read(results: dict[str, Any], sha256: str, data_as_of: str) -> Compared:
    def typed(noun: Any, given: Any) -> Any:
        return TypeAdapter(noun).validate_python(given)

    return Compared(
        comparison=typed(Comparison, results["asked"]),
        options=typed(tuple[Option, ...], results["options"]),
        rank_stability=typed(tuple[Stability, ...], results["rank_stability"]),
        switches=typed(tuple[Switch, ...], results["switching_values"]),
        portfolio=typed(Portfolio | None, results["portfolio"]),
        mix=typed(dict[str, float], results["mix"]),
        peers_months=typed(tuple[float, ...], results["peers_months"]),
        sha256=sha256,
        data_as_of=data_as_of,
    )
