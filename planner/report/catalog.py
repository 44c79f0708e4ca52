"""How records of the catalogue read: a line each, or one in full."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from planner.cells import number
from planner.intake.catalogue_records import Listing
from planner.report.tables import Table

LONG = 30
CELL = 80
RANGE = {"low", "mid", "high"}


def every_field(records: Mapping[str, Mapping[str, Any]]) -> Table:
    """All fields of all records, for files and other programs."""
    fields = dict.fromkeys(field for record in records.values() for field in record)
    return Table.of(list(records.values()), list(fields))


def as_table(records: Mapping[str, Mapping[str, Any]], listing: Listing, topic: str) -> Table:
    """One line per record, with the columns that tell most."""
    rows = [[_fitting(record.get(column)) for column in listing.columns] for record in records.values()]
    title = f"{topic}: {len(rows)} records of data/{listing.file}, as of {listing.as_of()}"
    note = f"`planner catalog {topic} ID` shows one in full, with its source."
    return Table(title, listing.columns, rows, note)


def in_full(record: Mapping[str, Any], listing: Listing, topic: str) -> Table:
    """Every field of one record, line by line."""
    rows = [
        [field, listing.null_is if value is None else _short(value)] for field, value in record.items() if value != []
    ]
    return Table(f"{topic}: {record['id']}", ("field", "value"), rows)


def _fitting(value: Any) -> Any:
    """As `_short`; what would fill the line is told by its span, or by its first words."""
    short = _short(value)
    if not isinstance(short, str) or len(short) <= CELL:
        return short
    if isinstance(value, Mapping) and all(isinstance(inside, int | float) for inside in value.values()):
        return f"{len(value)} figures, {min(value.values()):,} to {max(value.values()):,}"
    return textwrap.shorten(short, CELL, placeholder=" …")


def _short(value: Any) -> Any:
    """Nested values as a person reads them: ranges as mid (low to high), conditions in words, lists line by line."""
    if isinstance(value, Mapping):
        if set(value) == RANGE:
            return f"{value['mid']:,} ({value['low']:,} to {value['high']:,})"
        if set(value) <= {"all", "any", "not", "metric", "op", "value"}:
            return _condition(value)
        apart = "\n" if any(isinstance(inside, Mapping) and set(inside) != RANGE for inside in value.values()) else ", "
        return apart.join(f"{key}: {_line(inside)}" for key, inside in value.items())
    if isinstance(value, list) and any(isinstance(part, Mapping) or len(str(part)) > LONG for part in value):
        return "\n".join(map(_line, value))
    return value


def _line(value: Any) -> str:
    short = _short(value)
    if isinstance(short, bool | int | float):
        return str(short).lower() if isinstance(short, bool) else number(short, 10)
    return ", ".join(map(str, short)) if isinstance(short, list) else str(short)


def _condition(match: Mapping[str, Any]) -> str:
    """`tpp >= 4800 and (vendor in NVIDIA, AMD or …)`."""
    if not match:
        return "always"
    if "metric" in match:
        return f"{match['metric']} {match['op']} {_line(match['value'])}"
    if "not" in match:
        return f"not ({_condition(match['not'])})"
    word = " and " if "all" in match else " or "
    parts = match.get("all") or match["any"]
    return word.join(f"({_condition(part)})" if "metric" not in part else _condition(part) for part in parts)
