"""Hong Kong's financial year, 1 April to 31 March: the years in which its treasurers account."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

FIRST_MONTH = 4


class YearPart(NamedTuple):
    """The days of one financial year that lie between two days, the second not among them."""

    year: str
    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days


def financial_year(day: date) -> str:
    """The financial year of a day, as the Government writes it: 2027-03-31 lies in `2026-27`."""
    first = day.year - (day.month < FIRST_MONTH)
    return f"{first}-{(first + 1) % 100:02d}"


@lru_cache(maxsize=4_096)
def year_parts(start: date, end: date) -> tuple[YearPart, ...]:
    """The days from one day up to another, cut at every 1 April between them. Months and quarters are never cut."""
    parts = []
    while start < end:
        april = date(start.year + (start.month >= FIRST_MONTH), FIRST_MONTH, 1)
        parts.append(YearPart(financial_year(start), start, min(april, end)))
        start = april
    return tuple(parts)
