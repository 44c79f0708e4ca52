"""Texts from files on their way to a person: harmless on a terminal, and no formula in a spreadsheet."""

from __future__ import annotations

import re

# What moves the cursor, changes colours or the direction of writing; line ends and tabs are laid out by who draws.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def visible(text: str) -> str:
    """The text with control characters spelt out: `\\x1b[31m`."""
    return _CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def as_text(cell: str) -> str:
    """A text as a cell of CSV: one that a spreadsheet would take for a formula begins with an apostrophe."""
    return f"'{cell}" if cell.startswith(_FORMULA) and not _is_number(cell) else cell


def from_text(cell: str) -> str:
    """The text that `as_text` wrote."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
