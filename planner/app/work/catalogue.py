"""What the catalogue knows, searched, with source, date and confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from planner.app.process import Teller
from planner.app.work.told import Told
from planner.errors import UsageError, meant_any
from planner.intake.catalogue_records import LISTINGS, Listing
from planner.report.catalog import as_table, in_full
from planner.report.language import Language, language
from planner.report.tables import Heading, Part, Table

MOST = 60


def looked_up(tell: Teller, fields: Mapping[str, str], lang: str) -> Told:
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
    say = language(lang)
    counted = {"known": len(known), "all": len(records), "topic": say.name(topic), "most": MOST}
    title = (
        say("{known} of {all} records of {topic}; the first {most} are shown", **counted)
        if len(known) > MOST
        else say("{known} of {all} records of {topic}", **{name: counted[name] for name in ("known", "all", "topic")})
    )
    parts: list[Part] = [
        Heading(title),
        _listed(as_table(shown, listing, topic), listing, say),
    ]
    if chosen := fields.get("record"):
        if chosen not in records:
            raise UsageError(
                f"there is no record {chosen!r} among {topic}. {meant_any(chosen, records, 'Take an id of the list.')}"
            )
        parts = [Heading(chosen), _whole(in_full(records[chosen], listing, topic), say), *parts]
    elif len(known) == 1:
        id, record = next(iter(known.items()))
        parts = [*parts, Heading(id), _whole(in_full(record, listing, topic), say)]
    return Told.of(parts)


def _listed(table: Table, listing: Listing, say: Language) -> Table:
    """Records a line each, their columns headed by words and unit."""
    columns = [say.heading(name) for name in table.columns]
    rows = [
        [
            say.name(value) if name == "confidence" and value else value
            for name, value in zip(table.columns, row, strict=True)
        ]
        for row in table.rows
    ]
    return replace(table, title=say("As of {day}.", day=listing.as_of()), columns=columns, rows=rows)


def _whole(table: Table, say: Language) -> Table:
    """One record, its fields called by words and unit."""
    rows = [[say.heading(name), value] for name, value in table.rows]
    return replace(table, title="", columns=(say("field"), say("value")), rows=rows)


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key} {_text(inside)}" for key, inside in value.items())
    if isinstance(value, list | tuple):
        return " ".join(map(_text, value))
    return str(value).lower()
