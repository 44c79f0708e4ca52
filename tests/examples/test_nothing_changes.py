"""In every example: what can give nothing, and the order in which things are listed, changes no optimum."""

from __future__ import annotations

from typing import Any

import pytest
from example_runs import EXAMPLES, NAMES, plan_of

from planner.domain.base import Range
from planner.domain.case import Case
from planner.domain.fund import Fund
from planner.domain.offer import Offer
from planner.domain.policy import Licence
from planner.errors import Infeasible
from planner.intake import read_case
from planner.plan.plan import make_plan

# Hong Kong takes half a minute each time; the rest are all of them.
SMALL = tuple(name for name in NAMES if name != "hong_kong")
LISTED = ("sites", "offers", "workloads", "funds", "stacks", "licences", "capacity_targets")


def bought_offer(accelerator: str, **changes: Any) -> Offer:
    """A cheap purchase that may stand at every site that buys."""
    price = Range(low=100, mid=100, high=100)
    return Offer(id=f"nothing_{accelerator}", kind="purchase", accelerator=accelerator, channel="direct", sites=("*",), price_usd_per_device=price, lifetime_years=9, **changes)  # fmt: skip


def with_nothings(case: Case) -> Case:
    """The case with a US card and a domestic one that nobody can deliver, one that law never lets in, money that is
    nought or over, and a licence for none.
    """
    rented = {
        (offer.accelerator, site) for offer in case.offers.values() if offer.kind == "rental" for site in offer.sites
    }
    buying = [site for site in case.sites.values() if site.access != "rent"]
    offers = dict(case.offers)
    for accelerator, supply in (("nvidia_l20", 0), ("huawei_ascend_910c", 0), ("nvidia_b200", None)):
        at = tuple(
            s.id for s in buying if (accelerator, s.id) not in rented and not (supply is None and s.destination != "HK")
        )
        if at:
            offers[f"nothing_{accelerator}"] = bought_offer(accelerator).model_copy(
                update={"sites": at, "supply_devices_total": supply}
            )
    update: dict[str, Any] = {"offers": offers}
    if case.funds:
        empty = Fund(id="nothing_left", kind="budget", amount_hkd=0)
        over = Fund(id="nothing_yet", kind="budget", amount_hkd=1e12, end=str(case.horizon.periods[0].later(-1)))
        update["funds"] = {**case.funds, "nothing_left": empty, "nothing_yet": over}
    one = Range(low=1, mid=1, high=1)
    none = Licence(
        accelerators=("nvidia_b200",), quota_devices=0, approval_share=one, wait_months=Range(low=0, mid=0, high=0)
    )
    return case.model_copy(update={**update, "licences": {**case.licences, "nothing": none}})


def backwards(case: Case) -> Case:
    """Everything that is listed, the other way round."""
    return case.model_copy(update={name: dict(reversed(getattr(case, name).items())) for name in LISTED})


@pytest.mark.slow
@pytest.mark.parametrize("change", [with_nothings, backwards], ids=["nothings", "backwards"])
@pytest.mark.parametrize("name", SMALL)
def test_nothing_and_order_change_no_optimum(name: str, change: Any) -> None:
    case = read_case(EXAMPLES / name / "case.yaml")
    try:
        before = plan_of(name).objective_hkd
    except Infeasible:
        with pytest.raises(Infeasible):
            make_plan(change(case))
        return
    assert make_plan(change(case)).objective_hkd == pytest.approx(
        before, rel=1e-7 + 2 * case.whole.gap * case.whole.lots
    )
