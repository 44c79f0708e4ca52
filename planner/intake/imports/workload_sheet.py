"""A spreadsheet of workloads, XLSX or CSV, as workloads of a case: a row each, columns named as the fields or as pages head them.

`demand_pflops`, `Demand pflops` and `demand (PFLOP/s)` are the same column. What all rows share may be given once: --fill tenant=city.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.cells import csv_text
from planner.errors import InvalidInput, Problem
from planner.intake.csv_table import parse_table, row_lines
from planner.intake.imports.imported import Imported, Origin, header_of, table_of
from planner.intake.quantity import heading
from planner.intake.source import Source
from planner.intake.workload_table import WorkloadRow

MARK = "workload_class"
"""The column by which a table of workloads is known."""


def read_sheet(path: Path, sheet: str | None) -> Source:
    """A sheet of a workbook as the text of a table, row for row. Raises InvalidInput where it cannot be read."""
    try:
        import openpyxl  # type: ignore[import-untyped]
    except ImportError:
        what = "a workbook is read by openpyxl, which is not installed here"
        raise InvalidInput(Problem(what, "Install planner[sheets], or save the sheet as CSV.", str(path))) from None
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise InvalidInput(Problem(f"this is no workbook: {error}", "Save it as XLSX or CSV.", str(path))) from None
    if sheet is not None and sheet not in book.sheetnames:
        raise InvalidInput(
            Problem(f"the workbook has no sheet '{sheet}'", f"It has {', '.join(book.sheetnames)}.", str(path))
        )
    rows = [[_cell(value) for value in row] for row in book[sheet or book.sheetnames[0]].iter_rows(values_only=True)]
    text = csv_text(rows[0], rows[1:]) if rows else ""
    return Source(str(path), text, "")


def _cell(value: Any) -> Any:
    """What a cell holds, whole numbers without their point, dates as ISO."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.date().isoformat() if hasattr(value, "date") else value


def named_columns(source: Source) -> list[str]:
    """The columns of a table by the names of fields, where they are known as such."""
    by_heading = {
        _plain(name): field
        for field in WorkloadRow.model_fields
        for name in (field, heading(field), field.replace("_", " "))
    }
    return [by_heading.get(_plain(name), name) for name in header_of(source)]


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("_", " ").split())


def read_workloads_sheet(source: Source, origin: Origin, fill: Mapping[str, str]) -> Imported:
    """The workloads of a table. `fill`: fields that all rows share where they do not say it themselves.

    Raises InvalidInput with every problem, each at its line.
    """
    table = table_of(source, named_columns(source), fill)
    jobs = parse_table(table, WorkloadRow, key=("id",))
    entries = {
        job.id: {
            **job.model_dump(mode="json", exclude_unset=True, exclude={"id"}),
            "source": job.source or f"{origin.at(line)}, as of {origin.as_of}",
        }
        for job, line in zip(jobs, row_lines(table), strict=True)
    }
    notes = [f"{name} is {value} where a row does not say it." for name, value in fill.items()]
    return Imported("Workloads", {"workloads": entries}, notes)
