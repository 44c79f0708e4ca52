"""A saved plan as an option is judged as the bid that somebody would write of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from bids import DEVICE, bid, comparison, need, written
from tiny import offer

from planner.intake import read_inputs
from planner.plan.plan import make_plan
from planner.plan.store import save
from planner.study.compare.compare import compare

CARDS = offer(
    accelerator=DEVICE,
    sites=["hall"],
    price_usd_per_device=2_000,
    transit_months=1,
    available_from="2027q1",
    available_to="2027q1",
)


@pytest.mark.slow
def test_it_is_the_bid_of_its_orders(tmp_path: Path) -> None:
    case = need(offers={"cards": CARDS}, scenarios=[])
    (tmp_path / "case.yaml").write_text(yaml.safe_dump(case), encoding="utf-8")
    plan = make_plan(read_inputs(tmp_path / "case.yaml").case)
    save(plan, tmp_path / "saved")
    orders = plan.rows.orders
    assert orders
    same = bid(
        price_hkd=sum(row["hkd"] for row in orders), devices=sum(row["devices"] for row in orders), name="City", price_covers=[],
        award_date=orders[0]["order_date"], service_date=max(row["stands_on"] for row in orders),
        parts={"cards": {"channel": CARDS["channel"], "transit_months": 1, "lifetime_years": CARDS.get("lifetime_years", 5.0)}},
    )  # fmt: skip
    options = {"city": {"name": "City", "plan": {"file": "saved"}}, "written": same}
    answer = compare(written(tmp_path, comparison() | {"options": options}, need(scenarios=[])))
    city, other = answer.option("city"), answer.option("written")
    assert city.npv_cost_hkd == pytest.approx(other.npv_cost_hkd)
    assert city.work_pflops_days > 0
    told = ("option", "rank", "rank_by_cost", "legal", "break_even_utilisation")
    blank = dict.fromkeys(told)
    assert str(replace(city, **blank)) == str(replace(other, **blank))
