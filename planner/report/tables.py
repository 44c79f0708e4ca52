"""The one table, and the pages it stands on: for a terminal, as CSV and Markdown; `planner.papers` writes papers, `planner.cli.output` JSON.

Columns are named as everywhere, and headed by words and unit: `power_mw` is power (MW). On a page of words the columns are
headed as they stand, and cells are texts that are worded already.
"""

from __future__ import annotations

import io
import json
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from planner.cells import csv_text, number, visible
from planner.intake.quantity import heading
from planner.report.language import IN_ENGLISH, Language
from planner.report.wide import columns, filled

WIDTH = 100
GAP = 2
KEPT = "\N{NO-BREAK SPACE}"
_NO_VALUE = "–"
_NO_LIMIT = 10_000
_NUMBER = re.compile(r"(-?(HKD )?[\d,.]+( (tn|bn|M|k|%|萬億|億|萬))?|–|)")
_AMOUNT = re.compile(r"(?<=HKD) (?=[\d.])|(?<=\d) (?=(?:tn|bn|M|k|%|MW)\b)|(?<=\d) (?=[%億萬])")
_BULLET = re.compile(r"(\s*)([-·] )?")
_BREAKS = re.compile(r"[\n\t]")
"""What makes rich wrap a cell that is not too long: a tab is wider than it thinks."""


@dataclass(frozen=True)
class Heading:
    """A line in bold."""

    words: str


@dataclass(frozen=True)
class Formula:
    """A cell that a workbook works out, with its value as of now, which is all that other forms show."""

    text: str
    value: float


@dataclass(frozen=True)
class Table:
    """Rows under a title, with a note below; columns of numbers stand to the right. `spare`: columns that a page of words
    leaves out, the first of them first, where it is too narrow for all.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    note: str = ""
    spare: Sequence[str] = ()

    @classmethod
    def of(cls, records: Sequence[Mapping[str, Any]], columns: Sequence[str] = (), *, title: str = "") -> Table:
        """A table of records; without `columns` it has those of the first record."""
        columns = columns or list(records[0] if records else ())
        return cls(title, columns, [[record.get(column) for column in columns] for record in records])

    def is_numeric(self, place: int, worded: bool = False) -> bool:
        """Whether all that stands in a column is a number or nothing; on a page of words, reads like one."""
        cells = [row[place] for row in self.rows]
        fits = _reads_as_number if worded else _is_number
        return bool(cells) and all(map(fits, cells))

    def narrowed(self, width: int, say: Language = IN_ENGLISH) -> Table:
        """The table without as many of its spare columns as it takes to fit."""
        out: list[str] = []
        for name in self.spare:
            if self._without(out).drawn_width <= width:
                break
            out.append(name)
        if not out:
            return self
        return replace(
            self._without(out), note=say("A wider page shows {columns} too.", columns=say(" and ").join(out))
        )

    @property
    def drawn_width(self) -> int:
        """Characters from the first column to the last, `GAP` between two of them."""
        texts = [[visible(shown(value)) for value in row] for row in (self.columns, *self.rows)]
        return sum(max(map(columns, column)) + GAP for column in zip(*texts, strict=True)) - GAP

    def _without(self, out: Sequence[str]) -> Table:
        kept = [place for place, name in enumerate(self.columns) if name not in out]
        rows = [[row[place] for place in kept] for row in self.rows]
        return replace(self, columns=[self.columns[place] for place in kept], rows=rows)


Part = str | Heading | Table


def text(parts: Sequence[Part], *, width: int = WIDTH, colour: bool = False, say: Language = IN_ENGLISH) -> str:
    """Paragraphs, headings and tables as text of `width` columns; an empty paragraph is an empty line.

    No line breaks at a `KEPT` space, which is printed as a plain one.
    """
    page, console = _sheet(width, colour)
    for part in parts:
        if isinstance(part, Table):
            _draw(console, part.narrowed(width, say), worded=True)
        elif isinstance(part, Heading):
            console.print(visible(part.words), style="bold")
        else:
            page.write(_filled(visible(part), width) + "\n")
    return "\n".join(line.rstrip() for line in page.getvalue().replace(KEPT, " ").splitlines()) + "\n"


def for_terminal(tables: Iterable[Table], *, width: int | None, colour: bool) -> str:
    """Tables in full, one below the other. `width`: of the terminal; None, when no person looks, cuts and wraps nothing."""
    page, console = _sheet(width or _NO_LIMIT, colour)
    for table in tables:
        _draw(console, table, worded=False)
        console.print()
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()).strip("\n") + "\n"


def as_csv(tables: Iterable[Table]) -> str:
    """Exact values under the columns' own names; several tables stand apart by an empty line, each below its title."""
    known = list(tables)
    texts = [csv_text(table.columns, (map(_exact, row) for row in table.rows)) for table in known]
    if len(texts) == 1:
        return texts[0]
    return "\n".join(f"# {visible(table.title)}\n{text}" for table, text in zip(known, texts, strict=True))


def as_markdown(tables: Iterable[Table]) -> str:
    """Pipe tables with headings, for papers and issues."""
    return "\n\n".join(map(pipes, tables)) + "\n"


def _sheet(width: int, colour: bool) -> tuple[io.StringIO, Any]:
    from rich.console import Console

    page = io.StringIO()
    # Without markup, so that square brackets in a name are just that.
    return page, Console(
        file=page, width=width, force_terminal=colour, no_color=not colour, highlight=False, markup=False
    )


def _filled(paragraph: str, width: int) -> str:
    """The paragraph with its later lines under its first word, amounts in one piece."""
    hang = _BULLET.match(paragraph)
    assert hang is not None
    paragraph = _AMOUNT.sub(KEPT, paragraph)
    indent = " " * len(hang.group())
    if columns(paragraph) > len(paragraph):
        return filled(paragraph, width, indent)
    return textwrap.fill(paragraph, width, subsequent_indent=indent, break_on_hyphens=False)


def _draw(console: Any, table: Table, *, worded: bool) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.table import Table as RichTable

    drawn = RichTable(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=worded, header_style="bold")
    heads = [column if worded else heading(column) for column in table.columns]
    cells = [[visible(shown(value)) for value in row] for row in table.rows]
    for place, head in enumerate(heads):
        right = table.is_numeric(place, worded)
        drawn.add_column(head, justify="right" if right else "left", overflow="fold", no_wrap=right and worded)
    # rich takes one more for padding that is not collapsed.
    gap = GAP if worded else GAP + 1
    needed = sum(max(map(cell_len, column)) + gap for column in zip(heads, *cells, strict=True))
    if cells and needed <= console.width and not any(map(_BREAKS.search, chain.from_iterable(cells))):
        # Where nothing wraps, a column of lines looks like as many cells, and rich draws it many times as fast.
        cells = [["\n".join(column) for column in zip(*cells, strict=True)]]
    for row in cells:
        drawn.add_row(*row)
    if table.title:
        console.print(visible(table.title), style="bold")
    console.print(drawn)
    if table.note:
        note = visible(table.note)
        # rich breaks lines at spaces alone.
        console.print(_filled(note, console.width) if columns(note) > len(note) else note)


def pipes(table: Table, heads: Sequence[str] = ()) -> str:
    """The table in Markdown, below its title. `heads`: how its columns are headed; else by words and unit."""
    rows = [[_piped(visible(shown(value))) for value in row] for row in table.rows]
    lines = [list(heads or map(heading, table.columns)), ["---"] * len(table.columns), *rows]
    drawn = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return "\n\n".join(filter(None, (table.title and f"### {visible(table.title)}", drawn, visible(table.note))))


def _piped(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _reads_as_number(value: Any) -> bool:
    return bool(_NUMBER.fullmatch(value)) if isinstance(value, str) else _is_number(value)


def shown(value: Any) -> str:
    """A value for people: thousands apart, no more digits than one reads."""
    if isinstance(value, Formula):
        return shown(value.value)
    if value is None:
        return _NO_VALUE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and 10 <= abs(value) < 1000 and not value.is_integer():
        return f"{value:.2f}"
    if isinstance(value, int | float):
        return number(value) if isinstance(value, float) else f"{value:,}"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(shown, value))
    return str(value)


def _exact(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | tuple | dict) else value
