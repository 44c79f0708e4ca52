"""What the command line assumes of a transaction, of devices and of items: `--assume KEY=VALUE`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from planner.domain.accelerator import Accelerator
from planner.domain.country import UNNAMED, country_code, refusal
from planner.domain.item import KIND_WORDS, Article, Item
from planner.domain.transaction import Transaction
from planner.errors import UsageError, meant_any
from planner.intake.catalogue import accelerators, items, known_accelerators, known_items

DEVICE_FACTS = ("datacenter_marketed", "us_commercially_available", "item_type", "memory_bandwidth_density")
ITEM_FACTS: dict[str, tuple[str, ...]] = {
    "hbm": ("memory_bandwidth_density", "us_technology"),
    "die": (
        "datacenter_marketed",
        "process_node_nm",
        "transistors_bn",
        "holds_hbm",
        "designer_approved",
        "tpp",
        "die_area_mm2",
    ),
    "board": ("datacenter_marketed", "us_commercially_available"),
    "server": ("datacenter_marketed", "us_commercially_available"),
}
"""Facts of an item by its kind."""
OF_ITEMS_ALONE = frozenset(fact for facts in ITEM_FACTS.values() for fact in facts) - set(DEVICE_FACTS)
OWN_OPTIONS = {"destination": "--to", "channel": "--channel"}
TRANSACTION_FACTS = tuple(fact for fact in Transaction.model_fields if fact not in OWN_OPTIONS)


def assumed_transaction(assume: Sequence[str], **own: str) -> Transaction:
    """The transaction with these facts. Raises UsageError for a fact or a value that cannot be."""
    given = _pairs(assume)
    facts = {key: (country_code(value) or value) if key == "end_user_hq" else value for key, value in given.items()}
    try:
        return Transaction.model_validate({**_without(facts, (*DEVICE_FACTS, *OF_ITEMS_ALONE)), **own})
    except ValidationError as error:
        raise UsageError(_said(error)) from None


def assumed_facts(assume: Sequence[str]) -> frozenset[str]:
    """Names of the facts that the command line states."""
    return frozenset(_pairs(assume))


def named_place(text: str) -> str:
    """The code of a country given by code or name, or OTHER. Raises UsageError with proposals for anything else."""
    code = text.upper() if text.upper() == UNNAMED else country_code(text)
    if code is None:
        raise UsageError(f"--to {refusal(text)}.")
    return code


def assumed_devices(ids: Sequence[str], assume: Sequence[str]) -> list[Accelerator]:
    """The devices by id, all of the catalogue without ids, with assumed facts. Unknown ids are told all at once."""
    devices = known_accelerators(ids) if ids else list(accelerators().values())
    given = _pairs(assume)
    if alone := [key for key in given if key in OF_ITEMS_ALONE]:
        raise UsageError(f"{alone[0]} is a fact of items; name one: --item hbm3e.")
    facts = {key: value for key, value in given.items() if key in DEVICE_FACTS}
    if not facts:
        return devices
    try:
        return [Accelerator.model_validate({**device.model_dump(), **facts}) for device in devices]
    except ValidationError as error:
        raise UsageError(_said(error)) from None


def assumed_items(ids: Sequence[str], origin: str | None, assume: Sequence[str], channel: str) -> list[Article]:
    """The items by id as law looks at them, with assumed facts. `origin`, a country by code or name, is that of memory stacks.

    Raises:
        InvalidInput: the catalogue lacks an item; all of them are told.
        UsageError: origin, channel or a fact makes no sense of one of the items.
    """
    devices = accelerators()
    if device := next((id for id in ids if id in devices and id not in items()), None):
        raise UsageError(f"{device} is a device, no item: planner controls {device}, without --item.")
    return [_article(item, origin, _pairs(assume), channel) for item in known_items(ids)]


def _article(item: Item, origin: str | None, given: Mapping[str, str], channel: str) -> Article:
    kind = KIND_WORDS[item.kind]
    if channel == "cloud" and item.kind in ("hbm", "die"):
        raise UsageError(f"{item.id} is a {kind}, which nobody rents; leave --channel out.")
    strange = [key for key in given if key in (*DEVICE_FACTS, *OF_ITEMS_ALONE) and key not in ITEM_FACTS[item.kind]]
    if strange:
        there = f"It takes {', '.join(ITEM_FACTS[item.kind])}."
        raise UsageError(f"{strange[0]} says nothing of {item.id}, a {kind}. {there}")
    article = item.as_article(accelerators(), _country_of_making(item, origin) if origin else None)
    facts = {key: value for key, value in given.items() if key in ITEM_FACTS[item.kind]}
    try:
        return Article.model_validate({**article.model_dump(), **facts}) if facts else article
    except ValidationError as error:
        raise UsageError(_said(error)) from None


def _country_of_making(item: Item, origin: str) -> str:
    code = country_code(origin)
    if code is None:
        raise UsageError(f"--origin {refusal(origin)}.")
    if not item.made_in:
        kind = KIND_WORDS[item.kind]
        why = f"law asks about {item.holds}, wherever it is put together" if item.holds else "its designer decides"
        raise UsageError(f"--origin is of memory stacks; {item.id} is a {kind}: {why}.")
    if code not in item.made_in:
        there = ", ".join(f"{place} ({', '.join(made.makers)})" for place, made in item.made_in.items())
        raise UsageError(f"nobody is known to make {item.id} in {code}; it is made in {there}.")
    return code


def _pairs(assume: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in assume:
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--assume {text} lacks a value; write KEY=VALUE, such as end_user_hq=SG.")
        if key in OWN_OPTIONS:
            raise UsageError(f"{key} has an option of its own: {OWN_OPTIONS[key]} {value}.")
        if key not in (*TRANSACTION_FACTS, *DEVICE_FACTS, *OF_ITEMS_ALONE):
            facts = (*TRANSACTION_FACTS, *DEVICE_FACTS, *sorted(OF_ITEMS_ALONE))
            there = f"There are {', '.join(facts)}."
            raise UsageError(f"no rule asks for {key!r}. {meant_any(key, facts, there)}")
        if key in pairs:
            raise UsageError(f"{key} is assumed twice.")
        pairs[key] = value
    return pairs


def _without(facts: dict[str, str], keys: Sequence[str]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if key not in keys}


def _said(error: ValidationError) -> str:
    first = error.errors()[0]
    said = first["msg"].removeprefix("Value error, ")
    return f"--assume {first['loc'][0]}={first['input']}: {said[:1].lower()}{said[1:]}."
