"""What alternatives say of devices that no plan can have."""

from __future__ import annotations

from planner.report.alternatives import page, results
from planner.report.tables import text
from planner.study.alternatives import alternatives
from tests.report.small import small
from tests.tiny import case


def test_what_law_refuses_is_out_of_reach():
    found = alternatives(small(), 0.02, count=0)
    said = "- out of reach at any cost: nvidia_b200; law refuses them, or none comes in time."
    assert said in text(page(found)).splitlines()
    assert results(found)["out_of_reach"] == ["nvidia_b200"]


def test_where_all_can_be_had_nothing_is_said():
    found = alternatives(case(), 0.02, count=0)
    assert "out of reach" not in text(page(found))
