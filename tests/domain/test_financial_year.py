"""Hong Kong's financial years, by the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from planner.domain.financial_year import financial_year, year_parts
from planner.domain.horizon import Period


@pytest.mark.parametrize(
    ("day", "year"),
    [((2027, 3, 31), "2026-27"), ((2027, 4, 1), "2027-28"), ((2027, 12, 31), "2027-28"), ((2100, 1, 1), "2099-00")],
)
def test_it_begins_on_the_first_of_april(day: tuple[int, int, int], year: str) -> None:
    assert financial_year(date(*day)) == year


@pytest.mark.parametrize("text", ["2027q1", "2027q2", "2027q4", "2028m03", "2028m04"])
def test_quarters_and_months_lie_in_one(text: str) -> None:
    period = Period.parse(text)
    (part,) = year_parts(period.start, period.end)
    assert (part.start, part.end, part.days) == (period.start, period.end, period.days)


def test_a_calendar_year_is_cut_by_days() -> None:
    # January to March of a leap year are 91 days.
    parts = year_parts(date(2028, 1, 1), date(2029, 1, 1))
    assert [(part.year, part.days) for part in parts] == [("2027-28", 91), ("2028-29", 275)]


def test_no_days_have_no_year() -> None:
    assert year_parts(date(2028, 1, 1), date(2028, 1, 1)) == ()
