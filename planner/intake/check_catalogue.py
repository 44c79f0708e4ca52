"""Entries that were meant to be taken from the catalogue, which has none of that name."""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.accelerator import Accelerator
from planner.domain.base import Noun
from planner.domain.fund import Fund
from planner.domain.offer import Offer
from planner.domain.site import Site
from planner.domain.stack import Stack
from planner.errors import Problem
from planner.intake.document import Path
from planner.intake.merge import Merged, catalogue_ids
from planner.intake.source import nearest

SECTIONS: dict[str, tuple[str, type[Noun]]] = {
    "sites": ("site", Site),
    "offers": ("offer", Offer),
    "funds": ("fund", Fund),
    "stacks": ("software stack", Stack),
    "accelerators": ("device", Accelerator),
}
FIELDS_NAMED = 6


def strangers(merged: Merged) -> dict[Path, Problem]:
    """By path, what is wrong with each entry that is empty, or much like a name of the catalogue and hardly filled.

    One problem says it; that each of its fields is missing need not be told.
    """
    found: dict[Path, Problem] = {}
    for section, (kind, noun) in SECTIONS.items():
        known = catalogue_ids(section)
        for path, value in merged.each(section):
            for key, entry in value.items() if isinstance(value, dict) else ():
                if key in known or not merged.given((*path, key)) or not (entry is None or isinstance(entry, dict)):
                    continue
                wanted = [name for name, field in noun.model_fields.items() if field.is_required() and name != "id"]
                lacks = [name for name in wanted if name not in (entry or {})]
                near = nearest(str(key), known)
                if not entry or (near and len(lacks) > len(wanted) / 2):
                    what = f"'{key}' is no {kind} of the catalogue"
                    found[*path, key] = merged.problem((*path, key), what, _fix(section, near, lacks), at_key=True)
    return found


def unknown_entries(merged: Merged) -> Iterator[Problem]:
    """A problem for each of them."""
    yield from strangers(merged).values()


def _fix(section: str, near: str | None, lacks: list[str]) -> str:
    fields = ", ".join(lacks[:FIELDS_NAMED]) + (", …" if len(lacks) > FIELDS_NAMED else "")
    first = f"Did you mean '{near}'?" if near else f"`planner catalog {section}` lists what there is."
    return f"{first} One of the case's own needs {fields}."
