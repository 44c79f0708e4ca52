"""The JSON that scripts read: results, and where they come from, under one envelope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from pydantic_core import to_json

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
    text = to_json(content, indent=2, by_alias=False, inf_nan_mode="null", fallback=_plain)
    return text.decode() + "\n"


def error_envelope(verb: str, error: Exception, exit_code: int, message: str) -> str:
    """An error as JSON text: one diagnostic for each problem, in the order of the file."""
    problems = error.problems if isinstance(error, InvalidInput) else (Problem(message),)
    diagnostics = [{"severity": "error", **asdict(problem)} for problem in problems]
    results = {"exit_code": exit_code, "error": type(error).__name__}
    return envelope(results, schema=f"planner.{verb}/1", status="error", diagnostics=diagnostics)


def notes(sentences: Iterable[str]) -> list[dict[str, str]]:
    """Diagnostics that ask for nothing: what was assumed."""
    return [{"severity": "note", "what": sentence} for sentence in sentences]


def _plain(value: Any) -> Any:
    """What pydantic does not know, as what it does: DataFrames, numpy scalars, other mappings and sequences."""
    # Asked by their methods, not their types, since pandas and numpy are not imported for it.
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "to_dict"):
        return value.to_dict("records")
    return value.item() if hasattr(value, "item") else list(value)
