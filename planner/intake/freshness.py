"""How old the catalogue is, file by file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from planner.intake.source import data_path

# Days after which a file should be gathered anew: law and prices move by the month, halls and chips by the year.
DAYS_FRESH: Mapping[str, int] = {"regimes.yaml": 60, "prices.yaml": 90, "offers.yaml": 90, "funds.yaml": 180}
DAYS_FRESH_OTHERWISE = 365
_AS_OF = re.compile(r"^as_of: *[\"']?(\d{4}-\d{2}-\d{2})", re.MULTILINE)


@dataclass(frozen=True)
class Freshness:
    """One file of the catalogue: the day it was gathered (None: it does not say), its age, and the age it may reach."""

    file: str
    as_of: date | None
    age_days: int | None
    fresh_days: int

    @property
    def stale(self) -> bool:
        return self.age_days is None or self.age_days > self.fresh_days


def freshness(today: date) -> tuple[Freshness, ...]:
    """Every YAML file of the catalogue, by name."""
    files = []
    for name, as_of in _dates().items():
        age_days = (today - as_of).days if as_of else None
        files.append(Freshness(name, as_of, age_days, DAYS_FRESH.get(name, DAYS_FRESH_OTHERWISE)))
    return tuple(files)


@cache
def _dates() -> dict[str, date | None]:
    # Read off the text, since parsing all files takes a hundred times as long as this one line of each.
    dates: dict[str, date | None] = {}
    for path in sorted(data_path("").glob("*.yaml")):
        match = _AS_OF.search(path.read_text(encoding="utf-8"))
        dates[path.name] = date.fromisoformat(match[1]) if match else None
    return dates
