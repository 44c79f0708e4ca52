"""Entries that were meant to be taken from the catalogue, which has none of that name."""

from __future__ import annotations

from planner.domain.accelerator import Accelerator
from planner.domain.base import Noun
from planner.domain.fund import Fund
from planner.domain.offer import Offer
from planner.domain.policy import VendorSupply
from planner.domain.site import Site
from planner.domain.stack import Stack
from planner.errors import Problem, nearest
from planner.intake.document import ANY, Path
from planner.intake.merge import Merged, catalogue_ids

SECTIONS: dict[str, tuple[str, type[Noun]]] = {
    "sites": ("site", Site),
    "offers": ("offer", Offer),
    "funds": ("fund", Fund),
    "stacks": ("software stack", Stack),
    "vendor_supply": ("vendor with a known output", VendorSupply),
    "accelerators": ("device", Accelerator),
}
FIELDS_NAMED = 6


def strangers(merged: Merged) -> dict[Path, Problem]:
    """By path, what is wrong with each entry that is empty, or much like a name of the catalogue and hardly filled.

    One problem says it; that each of its fields is missing need not be told.
    """
    problems: dict[Path, Problem] = {}
    for section, (kind, noun) in SECTIONS.items():
        known = catalogue_ids(section)
        wanted = [name for name, field in noun.model_fields.items() if field.is_required() and name != "id"]
        wanted = wanted or ["devices_per_quarter"]  # a vendor's supply, said in the shorter of two ways
        for path, entry in merged.each(section, ANY):
            key = str(path[1])
            if key in known or not (entry is None or isinstance(entry, dict)):
                continue
            lacks = [name for name in wanted if name not in (entry or {})]
            near = nearest(key, known) if len(lacks) > len(wanted) / 2 else None
            if near or not entry:
                what = f"'{key}' is no {kind} of the catalogue"
                problems[path] = merged.problem(path, what, _fix(section, near, lacks), at_key=True)
    return problems


def _fix(section: str, near: str | None, lacks: list[str]) -> str:
    fields = ", ".join(lacks[:FIELDS_NAMED]) + (", …" if len(lacks) > FIELDS_NAMED else "")
    first = f"Did you mean '{near}'?" if near else f"`planner catalog {section}` lists what there is."
    return f"{first} One of the case's own needs {fields}."
