"""Tables for people: how they are laid out on a page of text. Display only; results keep their digits elsewhere."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from planner.cells import visible

WIDTH = 100
KEPT = "\N{NO-BREAK SPACE}"
_NUMBER = re.compile(r"(-?(HKD )?[\d,.]+( (tn|bn|M|k|%))?|–|)")
_AMOUNT = re.compile(r"(?<=HKD) (?=[\d.])|(?<=\d) (?=(?:tn|bn|M|k|%|MW)\b)|(?<=\d) (?=%)")
_BULLET = re.compile(r"(\s*)([-·] )?")


@dataclass(frozen=True)
class Heading:
    """A line in bold."""

    words: str


@dataclass(frozen=True)
class Sheet:
    """Rows of short texts under headings; columns of numbers stand to the right."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    note: str = ""


Part = str | Heading | Sheet


def text(parts: Sequence[Part], *, width: int = WIDTH, colour: bool = False) -> str:
    """Paragraphs, headings and tables as text of `width` columns; an empty paragraph is an empty line.

    No line breaks at a `KEPT` space, which is printed as a plain one.
    """
    from rich.console import Console

    page = io.StringIO()
    # Without markup, so that square brackets in a name are just that.
    console = Console(file=page, width=width, force_terminal=colour, no_color=not colour, highlight=False, markup=False)
    for part in parts:
        if isinstance(part, Sheet):
            _draw(console, part)
        elif isinstance(part, Heading):
            console.print(visible(part.words), style="bold")
        else:
            page.write(_filled(visible(part), width) + "\n")
    return "\n".join(line.rstrip() for line in page.getvalue().replace(KEPT, " ").splitlines()) + "\n"


def _filled(paragraph: str, width: int) -> str:
    """The paragraph with its later lines under its first word, amounts in one piece."""
    hang = _BULLET.match(paragraph)
    assert hang is not None
    paragraph = _AMOUNT.sub(KEPT, paragraph)
    return textwrap.fill(paragraph, width, subsequent_indent=" " * len(hang.group()), break_on_hyphens=False)


def _draw(console: Any, sheet: Sheet) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    drawn = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True, header_style="bold")
    for place, column in enumerate(sheet.columns):
        right = bool(sheet.rows) and all(_NUMBER.fullmatch(row[place]) for row in sheet.rows)
        drawn.add_column(column, justify="right" if right else "left", overflow="fold", no_wrap=right)
    for row in sheet.rows:
        drawn.add_row(*map(visible, row))
    if sheet.title:
        console.print(visible(sheet.title), style="bold")
    console.print(drawn)
    if sheet.note:
        console.print(visible(sheet.note))
