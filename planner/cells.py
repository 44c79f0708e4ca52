"""Texts and numbers on their way to a person and back: harmless on a terminal, no formula in a spreadsheet, and CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

# What moves the cursor, changes colours or the direction of writing; line ends and tabs are laid out by who draws.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def number(value: float, figures: int = 3) -> str:
    """A number in so many figures, thousands apart: 1,234, 12.3, 0.0456; whole numbers stay whole."""
    if abs(value) >= 10**figures - 0.5 or value == round(value):
        return f"{value + 0.0:,.0f}"
    return f"{value:,.{figures}g}"


def visible(text: str) -> str:
    """The text with control characters spelt out: `\\x1b[31m`."""
    return _CONTROL.sub(lambda control: control.group().encode("unicode_escape").decode(), text)


def as_text(cell: str) -> str:
    """A text as a cell of CSV: one that a spreadsheet would take for a formula begins with an apostrophe."""
    return f"'{cell}" if cell.startswith(_FORMULA) and not _is_number(cell) else cell


def from_text(cell: str) -> str:
    """The text that `as_text` wrote."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


class Line(NamedTuple):
    """Cells of a CSV file, and the line of the file on which they begin."""

    number: int
    cells: tuple[str, ...]


class NoCsv(ValueError):
    """What is wrong with a text that should be CSV, and on which line."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.line = line


def csv_lines(text: str) -> list[Line]:
    """The lines of a CSV text that hold anything. Raises NoCsv."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[Line] = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append(Line(begins, tuple(cells)))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise NoCsv(str(error), begins) from None
    return lines


def csv_text(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> str:
    """Rows as CSV under their columns: numbers with every digit, texts harmless, nothing for None."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(
        ["" if cell is None else as_text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return sheet.getvalue()


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
