"""What an import gives: entries of a case, each with its source and date, and what was taken on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from planner.cells import csv_text
from planner.errors import InvalidInput, Problem
from planner.intake.csv_table import lines_of
from planner.intake.document import in_order
from planner.intake.source import Source

WIDTH = 160


@dataclass(frozen=True)
class Origin:
    """Where entries come from: the file as the user wrote it, and the day up to which it is known."""

    file: str
    as_of: date

    def at(self, line: int | None = None) -> str:
        """As the `source` of an entry."""
        return self.file if line is None else f"{self.file}, line {line}"


@dataclass(frozen=True)
class Imported:
    """Entries of a case by section and id, and notes on what was taken and left out."""

    kind: str
    entries: Mapping[str, Mapping[str, Any]]
    notes: Sequence[str]

    def as_yaml(self, origin: Origin) -> str:
        """Entries to lay into a case, with the notes as comments."""
        head = [
            f"# {self.kind} of {origin.file}, as of {origin.as_of}. Lay these entries into a case.",
            *(f"# {note}" for note in self.notes),
        ]
        body = yaml.safe_dump(
            {section: dict(entries) for section, entries in self.entries.items()},
            sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=None,
        )  # fmt: skip
        return "\n".join(head) + "\n" + body


def table_of(source: Source, columns: Sequence[str | None], fill: Mapping[str, str] = {}) -> Source:
    """The table with its columns under these names, those of None left out, every row still on its line.

    `fill`: by column, what stands where a cell, or the column, does not say it.
    """
    kept = {place: name for place, name in enumerate(columns) if name is not None}
    more = [name for name in fill if name not in columns]
    rows: list[list[str]] = []
    for line in lines_of(source)[1:]:
        rows += [[""]] * (line.number - 2 - len(rows))
        cells = [" ".join(cell.split()) for cell in line.cells] + [""] * (len(columns) - len(line.cells))
        own = [cells[place] or fill.get(name, "") for place, name in kept.items()]
        rows.append([*own, *(fill[name] for name in more), *cells[len(columns) :]])
    return Source(source.name, csv_text([*kept.values(), *more], rows), source.sha256)


def header_of(source: Source) -> list[str]:
    """The columns of a table as they stand; none of an empty one."""
    lines = lines_of(source)
    return [cell.strip() for cell in lines[0].cells] if lines else []


def settled(problems: Sequence[Problem]) -> None:
    """Raises InvalidInput with every problem; nothing is imported by half."""
    if problems:
        raise InvalidInput(*sorted(dict.fromkeys(problems), key=in_order))


def taken_notes(taken: Mapping[str, str]) -> list[str]:
    """Which device each name was taken for, where it is not the id itself."""
    return [f"'{name}' is taken for {device}." for name, device in taken.items() if name != device]


def slug(*parts: str) -> str:
    """An id of a case: lower snake case."""
    text = "_".join("".join(c if c.isascii() and c.isalnum() else " " for c in part.lower()) for part in parts)
    words = "_".join(text.replace("_", " ").split())
    return words if words[:1].isalpha() else f"x_{words}"
