"""What the catalogue knows, searched, with source, date and confidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.app.process import Teller
from planner.app.work.told import Told
from planner.errors import UsageError, meant_any
from planner.intake.catalogue_records import LISTINGS
from planner.report.catalog import as_table, in_full
from planner.report.tables import Heading, Part

MOST = 60


def looked_up(tell: Teller, fields: Mapping[str, str]) -> Told:
    """Records of a topic in which every word stands, and one of them in full. Raises UsageError for a record there is not."""
    topic = fields.get("topic", next(iter(LISTINGS)))
    if topic not in LISTINGS:
        raise UsageError(
            f"the catalogue has no topic {topic!r}. {meant_any(topic, LISTINGS, 'Choose one of the list.')}"
        )
    listing, words = LISTINGS[topic], fields.get("search", "").lower().split()
    records = listing.records()
    known = {id: record for id, record in records.items() if all(word in _text(record) for word in words)}
    shown = dict(list(known.items())[:MOST])
    cut = f"; the first {MOST} are shown" if len(known) > MOST else ""
    parts: list[Part] = [
        Heading(f"{len(known)} of {len(records)} records of {topic}{cut}"),
        as_table(shown, listing, topic),
    ]
    if chosen := fields.get("record"):
        if chosen not in records:
            raise UsageError(
                f"there is no record {chosen!r} among {topic}. {meant_any(chosen, records, 'Take an id of the list.')}"
            )
        parts = [Heading(chosen), in_full(records[chosen], listing, topic), *parts]
    elif len(known) == 1:
        parts = [*parts, in_full(next(iter(known.values())), listing, topic)]
    return Told.of(parts)


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key} {_text(inside)}" for key, inside in value.items())
    if isinstance(value, list | tuple):
        return " ".join(map(_text, value))
    return str(value).lower()
