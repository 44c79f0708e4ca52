"""Numbers that fields hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isfinite

from planner.errors import UsageError


def number(fields: Mapping[str, str], name: str, default: float) -> float:
    """The number of a field; its default where the field says nothing. Raises UsageError for what is none."""
    value = number_or_none(fields, name)
    return default if value is None else value


def number_or_none(fields: Mapping[str, str], name: str) -> float | None:
    """The number of a field; None where it says nothing. Raises UsageError for what is none."""
    text = fields.get(name, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise UsageError(f"{text[:40]!r} is no number.") from None
    if not isfinite(value):
        raise UsageError(f"{text[:40]!r} is no number.")
    return value


def day(fields: Mapping[str, str], name: str) -> date | None:
    """The day of a field; None where it says nothing. Raises UsageError for what is none."""
    text = fields.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"{text[:40]!r} is no day; write 2027-06-30.") from None
