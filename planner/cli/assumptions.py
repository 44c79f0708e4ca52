"""What the command line assumes of a transaction and of devices: `--assume KEY=VALUE`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from planner.domain.accelerator import Accelerator
from planner.domain.country import UNNAMED, country_code, refusal
from planner.domain.transaction import Transaction
from planner.errors import UsageError, meant_any
from planner.intake.catalogue import accelerators, known_accelerators

DEVICE_FACTS = ("datacenter_marketed", "us_commercially_available", "item_type", "memory_bandwidth_density")
OWN_OPTIONS = {"destination": "--to", "channel": "--channel"}
TRANSACTION_FACTS = tuple(fact for fact in Transaction.model_fields if fact not in OWN_OPTIONS)


def assumed_transaction(assume: Sequence[str], **own: str) -> Transaction:
    """The transaction with these facts. Raises UsageError for a fact or a value that cannot be."""
    given = _pairs(assume)
    facts = {key: (country_code(value) or value) if key == "end_user_hq" else value for key, value in given.items()}
    try:
        return Transaction.model_validate({**_without(facts, DEVICE_FACTS), **own})
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
    facts = {key: value for key, value in given.items() if key in DEVICE_FACTS}
    if not facts:
        return devices
    try:
        return [Accelerator.model_validate({**device.model_dump(), **facts}) for device in devices]
    except ValidationError as error:
        raise UsageError(_said(error)) from None


def _pairs(assume: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in assume:
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--assume {text} lacks a value; write KEY=VALUE, such as end_user_hq=SG.")
        if key in OWN_OPTIONS:
            raise UsageError(f"{key} has an option of its own: {OWN_OPTIONS[key]} {value}.")
        if key not in (*TRANSACTION_FACTS, *DEVICE_FACTS):
            facts = (*TRANSACTION_FACTS, *DEVICE_FACTS)
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
