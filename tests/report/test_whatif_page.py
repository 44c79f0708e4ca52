"""The page of a what-if: blocks apart by one empty line, none at the end."""

from __future__ import annotations

import pytest

from planner.report.tables import text
from planner.report.whatif import page
from planner.study.whatif.variant import what_if
from tests.report.small import small


@pytest.mark.parametrize(
    "sets",
    [
        {"budget_hkd": 1e12},
        {"budget_hkd": 1e5},
        {"workloads.service.demand_pflops": "*2", "economics.discount_rate": 0.0},
    ],
)
def test_blocks_are_one_line_apart(sets):
    said = text(page(what_if(small(), sets)))
    assert "\n\n\n" not in said
    assert not said.endswith("\n\n")
