"""Workloads as a long table: `workloads_csv` names a CSV file beside the case, one workload a row.

Columns are the fields of a workload. A cell with a list holds its entries with blanks between, as in `cuda cann`; what
was measured reads `nvidia_h20_96gb=0.05 huawei_ascend_910c=0.2`. An uncertain number is its mid value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from planner.domain.base import Id
from planner.domain.workload import MeasuredPflops, Workload
from planner.errors import InvalidInput, Problem
from planner.intake.csv_table import parse_table, row_lines
from planner.intake.document import Document
from planner.intake.source import read_source


def _words(cell: Any) -> Any:
    return cell.split() if isinstance(cell, str) else cell


def _pairs(cell: Any) -> Any:
    """`a=1 b=2` as a mapping; pydantic turns the texts into numbers or says what is wrong."""
    return dict(word.partition("=")[::2] for word in cell.split()) if isinstance(cell, str) else cell


Words = Annotated[tuple[Id, ...], BeforeValidator(_words)]


class WorkloadRow(Workload):
    """A workload as a row of a table."""

    id: Id
    stacks_ready: Words = ("cuda",)
    cleared_zones: Words = ()
    sites_allowed: Words | None = None
    measured_pflops_per_device: Annotated[dict[Id, MeasuredPflops], BeforeValidator(_pairs)] = Field(
        default_factory=dict
    )


@dataclass(frozen=True)
class Table:
    """The workloads of a table as plain data by id, file and line of each, and the file itself."""

    workloads: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, tuple[str, int]] = field(default_factory=dict)
    sha256: str = ""
    file: Path | None = None


def read_workloads(case: Document, problem: Callable[[Problem], None]) -> Table:
    """The table that the case names, empty when it names none; problems of the table go to `problem`."""
    named = case.unchecked.get("workloads_csv") if isinstance(case.unchecked, dict) else None
    if named is None:
        return Table()
    if not isinstance(named, str):
        problem(case.problem(("workloads_csv",), "'workloads_csv' must be the name of a file", "Write workloads.csv."))
        return Table()
    try:
        source = read_source(Path(case.name).parent / named, within=Path(case.name).parent)
        jobs = parse_table(source, WorkloadRow, key=("id",))
    except InvalidInput as error:
        for one in error.problems:
            problem(one)
        return Table()
    workloads = {row.id: row.model_dump(mode="json", exclude_unset=True, exclude={"id"}) for row in jobs}
    rows = {row.id: (source.name, line) for row, line in zip(jobs, row_lines(source), strict=True)}
    return Table(workloads, rows, source.sha256, Path(source.name))
