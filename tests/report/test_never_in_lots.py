"""Offers of which no whole lot can be had, worked by hand."""

from __future__ import annotations

from tiny import DEVICE, case, offer

from planner.report.never_in_lots import never_in_lots

LOTS = {"lots": True}


def warned(**changes: object) -> list[str]:
    return [problem.what for problem in never_in_lots(case(**changes), "case.yaml")]


def test_a_quarter_that_brings_less_than_a_lot() -> None:
    # Six a quarter, a third more each year: at most 6 * 1.5 ** (273 / 365.25) = 8.1 in the last, where a lot of eight fits.
    grows = {"card": {"supply_devices_per_quarter": 6, "supply_growth_per_year": 0.5}}
    assert warned(whole=LOTS, offers=grows) == []
    (said,) = warned(whole=LOTS, offers={"card": {"supply_devices_per_quarter": 6}})
    assert (
        said == "offers.card: its least order of 8 devices is more than the 6 that a period of this plan brings at most"
    )
    assert warned(offers={"card": {"supply_devices_per_quarter": 6}}) == []


def test_a_total_and_a_least_order_count_too() -> None:
    (said,) = warned(whole=LOTS, offers={"card": {"min_order_devices": 20, "supply_devices_total": 23}})
    assert "least order of 24 devices is more than the 23" in said
    assert warned(whole=LOTS, offers={"other": offer(accelerator=DEVICE, min_order_devices=500)}) == []
