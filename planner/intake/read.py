"""From a file to a case: strict reading, the catalogue beneath, one validation, and every problem at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from planner.domain.case import Case
from planner.errors import InvalidInput, Problem
from planner.intake.catalogue import raw
from planner.intake.check_catalogue import strangers
from planner.intake.checks import cross_check, warnings
from planner.intake.document import Document
from planner.intake.merge import FILES, merge
from planner.intake.overrides.override import override
from planner.intake.source import data_path
from planner.intake.strict_yaml import load
from planner.intake.validate import Checks, validate
from planner.intake.workload_table import read_workloads

RULE_FILES = ("regimes.yaml", "data_governance.yaml", "performance.yaml", "models.yaml")


@dataclass(frozen=True)
class Inputs:
    """A case, the hash of all files it was made from, the day up to which the catalogue is known, the user's own
    files, and what in them is allowed but hardly meant.
    """

    case: Case
    sha256: str
    data_as_of: str
    files: tuple[Path, ...] = ()
    warnings: tuple[Problem, ...] = ()


def read_case(path: str | Path) -> Case:
    """The case in the YAML file (`-`: standard input). Raises InvalidInput with every problem, each at its place."""
    return read_inputs(path).case


def read_inputs(path: str | Path) -> Inputs:
    """As `read_case`, with the hash and the date that go into every answer."""
    document = load(path)
    problems: list[Problem] = []
    table = read_workloads(document, problems.append)
    merged = merge(document, table.workloads, table.rows)
    unknown = strangers(merged)

    def check(gathered: Checks) -> None:
        sound = not gathered.problems
        gathered.problems += [*problems, *unknown.values(), *cross_check(merged, sound=sound)]

    case = validate(Case, document, data=merged.data, checks=(check,), elsewhere=unknown)
    case = _changed(case, document)
    files = tuple(file for file in (Path(document.name), table.file) if file is not None and file.is_file())
    return Inputs(case, _hash(document, table.sha256), data_as_of(), files, warnings(merged))


def _changed(case: Case, document: Document) -> Case:
    """The case with its own `overrides` carried out. Raises InvalidInput with what is wrong in them, each at its place."""
    sets = case.overrides
    try:
        return override(case.model_copy(update={"overrides": {}}), sets)
    except InvalidInput as error:
        raise InvalidInput(*(_placed(problem, document, sets) for problem in error.problems)) from None


def _placed(problem: Problem, document: Document, sets: Mapping[str, Any]) -> Problem:
    """The problem at the override that it begins with."""
    path = max((path for path in sets if problem.what.startswith(path)), key=len, default=None)
    return document.problem(("overrides", path) if path else ("overrides",), problem.what, problem.fix, at_key=True)


def inputs_sha256(path: str | Path) -> str:
    """SHA-256 over the case file, its table, and the catalogue's files, in hex."""
    document = load(path)
    return _hash(document, read_workloads(document, lambda problem: None).sha256)


def data_as_of() -> str:
    """The oldest of the days on which the catalogue's files were gathered, ISO."""
    days = [raw(name).get("as_of") for name in _files()]
    return min(str(day) if isinstance(day, date) else day for day in days if day)


def _files() -> tuple[str, ...]:
    return (*FILES.values(), *RULE_FILES)


def _hash(document: Document, table: str) -> str:
    parts = [document.source.sha256, table]
    parts += [hashlib.sha256(data_path(name).read_bytes()).hexdigest() for name in _files()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
