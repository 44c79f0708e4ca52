"""Frames as plain records, and sums over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from planner.plan.results import records

Record = Mapping[str, Any]


def sums(rows: Iterable[Record], key: str | tuple[str, ...], amount: str) -> dict[Any, float]:
    """The amounts added up by key, in the order in which the keys come."""
    found: dict[Any, float] = {}
    for row in rows:
        name = row[key] if isinstance(key, str) else tuple(row[part] for part in key)
        found[name] = found.get(name, 0.0) + float(row[amount])
    return found


__all__ = ["Record", "records", "sums"]
