"""Reads a plan that was saved as a folder; `planner.plan.store` says what lies in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from math import isnan
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from planner.audit import QUANTITIES
from planner.cells import csv_lines, from_text
from planner.domain.base import first_fault
from planner.domain.case import Case
from planner.domain.plan_files import CASE, RESULTS
from planner.domain.speed_parameters import SpeedParameters
from planner.errors import InvalidInput, Problem, UsageError
from planner.plan.record import Measures, PlanRecord
from planner.plan.rows import Record, Rows, columns

MANIFEST, LP, MPS = "manifest.json", "model.lp", "model.mps"
USUAL = "usual.json"
TABLES, INPUTS = "tables", "inputs"
MANIFEST_SCHEMA = "planner.manifest/1"
T = TypeVar("T")
NUMBERS = {**QUANTITIES, "shadow_prices": ("limit", "price_hkd_per_unit"), "refused": ()}


@dataclass(frozen=True)
class StoredPlan:
    """A plan as it was saved."""

    directory: Path
    case: Case
    objective_hkd: float
    rows: dict[str, list[Record]]
    manifest: dict[str, Any] = field(repr=False)
    results: dict[str, Any] = field(repr=False)
    usual: Measures | None = None

    @property
    def record(self) -> PlanRecord:
        """The plan as figures and papers read it. Raises InvalidInput where a table of it is missing."""
        missing = [name for name in columns() if name not in self.rows]
        if missing:
            what = f"this plan has no table {missing[0]}: another version of planner saved it, or it was changed"
            raise InvalidInput(Problem(what, "Plan again.", str(self.directory / TABLES)))
        return PlanRecord(
            self.case,
            self.objective_hkd,
            Rows(**{name: self.rows[name] for name in columns()}),  # type: ignore[arg-type]
            self.results["status"],
            len(self.results["results"]["audit"]["checks"]),
            self.manifest["solver"],
            self.manifest["versions"]["planner"],
            self.manifest["inputs_sha256"],
            self.manifest["data_as_of"],
            self.manifest["saved"],
            self.usual,
        )


def load(directory: Path) -> StoredPlan:
    """The plan saved in the folder, as it stands there; whether it is still right is for `verify` to say.

    Raises:
        UsageError: the folder holds no plan.
        InvalidInput: a file of the plan cannot be read.
    """
    last = last_of(directory.absolute())
    folder = last if not directory.exists() and last.exists() else directory
    if not is_plan(folder):
        raise UsageError(f"{directory} holds no plan; `planner plan CASE -o {directory}` saves one")
    manifest = _read(folder / MANIFEST, _manifest)
    case = _read(folder / CASE, _case)
    results = _read(folder / RESULTS, _results)
    rows = {path.stem: _read(path, _rows) for path in sorted((folder / TABLES).glob("*.csv"))}
    usual = _read(folder / USUAL, _usual) if (folder / USUAL).is_file() else None
    return StoredPlan(folder, case, float(results["results"]["objective_hkd"]), rows, manifest, results, usual)


def files_of(directory: Path) -> Iterator[tuple[str, str]]:
    """Name and SHA-256 of every file of the plan but the manifest."""
    for path in sorted(path for path in directory.rglob("*") if path.is_file()):
        if path != directory / MANIFEST:
            yield path.relative_to(directory).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()


def _read(path: Path, how: Callable[[Path], T]) -> T:
    try:
        return how(path)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        what = "a name is missing in it: " if isinstance(error, KeyError) else ""
        first = str(error).splitlines()[0]
        if isinstance(error, ValidationError):
            what, first = "another version of planner saved it, or it was changed: ", first_fault(error)
        raise InvalidInput(
            Problem(f"this file of a plan cannot be read: {what}{first}", "Plan again.", str(path))
        ) from None


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _manifest(path: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = _json(path)
    dict(manifest["files"])
    float(manifest["solver"]["gap"])
    str(manifest["versions"]["planner"])
    return manifest


def _case(path: Path) -> Case:
    case = Case.model_validate(_json(path))
    if case.performance is None:
        return case
    return case.model_copy(update={"performance": SpeedParameters.model_validate(case.performance)})


def _results(path: Path) -> dict[str, Any]:
    results: dict[str, Any] = _json(path)
    float(results["results"]["objective_hkd"])
    str(results["status"])
    list(results["results"]["audit"]["checks"])
    return results


def _usual(path: Path) -> Measures:
    content = _json(path)
    return Measures(**{each.name: float(content[each.name]) for each in fields(Measures)})


def _rows(path: Path) -> list[Record]:
    lines = csv_lines(path.read_text(encoding="utf-8"))
    if not lines:
        raise ValueError("it is empty")
    (_, names), *others = lines
    uneven = next((line.number for line in others if len(line.cells) != len(names)), None)
    if uneven is not None:
        raise ValueError(f"line {uneven} has not as many cells as line 1")
    numbers = NUMBERS.get(path.stem, ())
    # Sites, funds and tenants that a line of money lacks are empty texts; elsewhere nothing is None.
    nothing = "" if path.stem in ("spend", "cash_years", "subsidy_years") else None

    def read(name: str, cell: str) -> float | str | None:
        return _number(cell) if name in numbers else from_text(cell) or nothing

    return [{name: read(name, cell) for name, cell in zip(names, line.cells, strict=True)} for line in others]


def _number(text: str) -> float | str | None:
    """As a number; where a cell holds none, its text stays for the audit to name."""
    try:
        value = float(text or "nan")
    except ValueError:
        return text
    return None if isnan(value) else value


def is_plan(directory: Path) -> bool:
    return (directory / MANIFEST).is_file()


def saved_files(directory: Path) -> dict[str, str]:
    """SHA-256 by name of the files that were saved there, as the manifest tells; empty where it is none of ours, since other
    programs have files of that name too.
    """
    path = directory / MANIFEST
    try:
        manifest: Any = _json(path)
        if manifest["schema"] != MANIFEST_SCHEMA:
            return {}
        return {str(name): str(sha256) for name, sha256 in manifest["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def last_of(directory: Path) -> Path:
    """Where the earlier plan lies for the moment in which the new one takes its place."""
    return directory.with_name(f".{directory.name}.last")
