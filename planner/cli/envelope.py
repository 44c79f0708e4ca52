"""The JSON that scripts read: results, and where they come from, under one envelope."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cache
from typing import Any

from pydantic import BaseModel

from planner.errors import InvalidInput, Problem


@cache
def planner_version() -> str:
    """The version that is installed."""
    from importlib.metadata import version

    return version("planner")


def envelope(
    results: Any,
    *,
    schema: str,
    status: str = "ok",
    inputs_sha256: str | None = None,
    data_as_of: str | None = None,
    diagnostics: Sequence[Any] = (),
) -> str:
    """The results as JSON text. `schema` names their form, `planner.plan/1`; a number that is none is null."""
    content = {
        "schema": schema,
        "planner_version": planner_version(),
        "inputs_sha256": inputs_sha256,
        "data_as_of": data_as_of,
        "status": status,
        "results": results,
        "diagnostics": diagnostics,
    }
    return json.dumps(_plain(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def error_envelope(verb: str, error: Exception, exit_code: int, message: str) -> str:
    """An error as JSON text: one diagnostic for each problem, in the order of the file."""
    problems = error.problems if isinstance(error, InvalidInput) else (Problem(message),)
    diagnostics = [{"severity": "error", **asdict(problem)} for problem in problems]
    results = {"exit_code": exit_code, "error": type(error).__name__}
    return envelope(results, schema=f"planner.{verb}/1", status="error", diagnostics=diagnostics)


def _plain(value: Any) -> Any:
    """Nouns, dates, DataFrames and numpy scalars as what JSON knows."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, BaseModel):
        return _plain(value.model_dump(mode="json"))
    if isinstance(value, Problem):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(inside) for key, inside in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    # Asked by their methods, not their types, since pandas and numpy are not imported for it.
    if hasattr(value, "to_dict"):
        return _plain(value.to_dict("records"))
    if hasattr(value, "item"):
        return _plain(value.item())
    return [_plain(inside) for inside in value]
