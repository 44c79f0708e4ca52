"""Which halls are declared free of US-origin devices: the same whether halls free in part tell it or a search for whole numbers."""

from __future__ import annotations

import pytest
from proof import ASCEND, plan_of
from tiny import offer

from planner.report.screen import screen
from planner.report.summary import summarise
from planner.report.tables import text
from planner.solve import choices

PRICES, DEMANDS = (8_000, 20_000, 60_000), (60, 250, 300, 420)


@pytest.mark.slow
@pytest.mark.parametrize("price", PRICES)
@pytest.mark.parametrize("demand", DEMANDS)
def test_halls_free_in_part_tell_what_a_search_finds(demand: int, price: int, monkeypatch: pytest.MonkeyPatch) -> None:
    mixed = {
        "sites": {"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 3}]}},
        "offers": {"ascend": offer(accelerator=ASCEND, channel="domestic", price_usd_per_device=price)},
        "workloads": {"service": {"stacks_ready": ["cuda", "cann"], "demand_pflops": demand}},
    }
    told = plan_of(**mixed)
    monkeypatch.setattr(choices, "_in_part", lambda *asked: None)
    found = plan_of(**mixed)
    assert told.model.columns.us_free
    assert told.objective_hkd == pytest.approx(found.objective_hkd, rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("demand", [200, 320, 420])
def test_a_choice_that_is_not_searched_is_within_its_gap_of_what_a_search_finds(
    demand: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixed = {
        "sites": {"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 3}]}},
        "offers": {"ascend": offer(accelerator=ASCEND, channel="domestic", price_usd_per_device=45_000)},
        "workloads": {"service": {"stacks_ready": ["cuda", "cann"], "demand_pflops": demand}},
    }
    found = plan_of(**mixed).objective_hkd
    monkeypatch.setattr(choices, "SEARCHED_BELOW_COLUMNS", 0)
    told = plan_of(**mixed)
    least = told.objective_hkd * (1.0 - told.solution.gap)
    page = text(screen(summarise(told)), width=1_000)
    assert told.solver["halls_gap_hkd"] == pytest.approx(told.objective_hkd - least)
    assert told.solution.gap > 1e-3
    assert "was not searched to the end" in page
    assert least * (1.0 - 1e-9) <= found <= told.objective_hkd * (1.0 + 1e-9)
