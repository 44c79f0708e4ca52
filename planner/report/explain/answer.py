"""An answer: words first, then the tables they rest on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.plan.rows import Record
from planner.report.tables import Heading, Part, Table
from planner.report.words import left_out

ROWS = 20
Shown = Mapping[str, Callable[[Record], str]]


@dataclass(frozen=True)
class Evidence:
    """Records with exact numbers, and how each column of theirs reads: heading → text of a record.

    `rows` are shown to people.
    """

    name: str
    title: str
    records: Sequence[Record]
    shown: Shown
    note: str = ""
    rows: int = ROWS


@dataclass(frozen=True)
class Answer:
    """What was asked, the answer in sentences, and its tables."""

    topic: str
    title: str
    words: tuple[str, ...]
    tables: tuple[Evidence, ...] = ()


def page(answer: Answer) -> list[Part]:
    """The answer for people: long tables end in a count of what is left out."""
    parts = [part for table in answer.tables if table.records for part in ("", _sheet(table))]
    return [Heading(answer.title), *(f"  - {sentence}" for sentence in answer.words), *parts]


def results(answer: Answer) -> dict[str, Any]:
    """The answer for scripts."""
    return {
        "topic": answer.topic,
        "words": list(answer.words),
        "tables": {table.name: list(table.records) for table in answer.tables},
    }


def sheets(answer: Answer) -> list[Table]:
    """The answer for spreadsheets: all records of each table that has any."""
    return [Table.of(list(table.records), title=table.name) for table in answer.tables if table.records]


def _sheet(table: Evidence) -> Table:
    rows = [[show(record) for show in table.shown.values()] for record in table.records[: table.rows]]
    note = left_out(len(table.records), len(rows), "--json shows all") or table.note
    return Table(table.title, tuple(table.shown), rows, note)
