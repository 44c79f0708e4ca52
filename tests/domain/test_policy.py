"""Limits and targets that people set."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from planner.domain.policy import VendorSupply


@pytest.mark.parametrize(
    "fields",
    [{}, {"share": 0.1}, {"devices_per_quarter": 5, "output_per_year": {"2027": 100}}],
    ids=["none", "share", "both"],
)
def test_a_vendors_supply_is_said_once(fields):
    with pytest.raises(
        ValidationError, match="give either devices_per_quarter, or output_per_year and the share of it"
    ):
        VendorSupply(**fields)


@pytest.mark.parametrize("year", ["27", "2027q1", "soon"])
def test_output_is_by_calendar_year(year):
    with pytest.raises(ValidationError):
        VendorSupply(output_per_year={year: 5})


def test_devices_of_a_quarter():
    assert VendorSupply(devices_per_quarter=5).quarterly(2027, 1.2) == 6
    output = VendorSupply(output_per_year={"2028": 800, "2027": 400}, share={"low": 0, "mid": 0.01, "high": 0.1})
    assert [output.quarterly(year, 1.2) for year in (2026, 2027, 2028, 2033)] == [1, 1, 2, 2]
