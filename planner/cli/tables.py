"""Tables of results as text: for a terminal, as CSV, as Markdown."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.cells import as_text, visible
from planner.intake.quantity import heading

_NO_VALUE = "–"
_NO_LIMIT = 10_000


@dataclass(frozen=True)
class Table:
    """Rows to show under a title. Columns are named as everywhere: `power_mw` is headed power (MW)."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    title: str = ""
    note: str = ""

    @classmethod
    def of(cls, records: Sequence[Mapping[str, Any]], columns: Sequence[str] = (), *, title: str = "") -> Table:
        """A table of records; without `columns` it has those of the first record."""
        columns = columns or list(records[0] if records else ())
        return cls(columns, [[record.get(column) for column in columns] for record in records], title)


def for_terminal(tables: Sequence[Table], *, width: int | None, colour: bool) -> str:
    """Text with aligned columns. `width`: of the terminal; None, when no person looks, cuts and wraps nothing."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as RichTable

    sheet = io.StringIO()
    # Without markup, so that square brackets in a name are just that.
    console = Console(
        file=sheet, width=width or _NO_LIMIT, force_terminal=colour, no_color=not colour, highlight=False, markup=False
    )
    for table in tables:
        drawn = RichTable(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
        for place, column in enumerate(table.columns):
            numeric = all(_is_number(row[place]) or row[place] is None for row in table.rows)
            drawn.add_column(heading(column), justify="right" if numeric and table.rows else "left", overflow="fold")
        for row in table.rows:
            drawn.add_row(*(visible(_shown(value)) for value in row))
        if table.title:
            console.print(visible(table.title), style="bold")
        console.print(drawn)
        if table.note:
            console.print(visible(table.note))
        console.print()
    return "\n".join(line.rstrip() for line in sheet.getvalue().splitlines()).strip("\n") + "\n"


def as_csv(tables: Sequence[Table]) -> str:
    """Exact values under the columns' own names; several tables stand apart by an empty line, each below its title."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    for place, table in enumerate(tables):
        if len(tables) > 1:
            sheet.write(f"{chr(10) if place else ''}# {visible(table.title)}\n")
        writer.writerow(table.columns)
        writer.writerows([_exact(value) for value in row] for row in table.rows)
    return sheet.getvalue()


def as_markdown(tables: Sequence[Table]) -> str:
    """Pipe tables with headings, for papers and issues."""
    parts = []
    for table in tables:
        lines = [table.columns and [heading(column) for column in table.columns], ["---"] * len(table.columns)]
        body = [[visible(_shown(value)).replace("|", "\\|").replace("\n", " ") for value in row] for row in table.rows]
        text = "\n".join(f"| {' | '.join(line)} |" for line in [*lines, *body])
        parts.append(
            "\n\n".join(
                part for part in (table.title and f"### {visible(table.title)}", text, visible(table.note)) if part
            )
        )
    return "\n\n".join(parts) + "\n"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """A value for people: thousands apart, no more digits than one reads."""
    if value is None:
        return _NO_VALUE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if value == int(value) or abs(value) >= 1000:
            return f"{value:,.0f}"
        return f"{value:,.2f}" if abs(value) >= 10 else f"{value:.3g}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(_shown, value))
    return str(value)


def _exact(value: Any) -> Any:
    if isinstance(value, str):
        return as_text(visible(value))
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None else value
