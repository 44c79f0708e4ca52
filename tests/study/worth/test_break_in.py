"""The price at which an offer is bought, proved by planning just below and just above it."""

from __future__ import annotations

import pytest

from planner.errors import SolverFailed
from planner.plan.plan import make_plan
from planner.study.worth.break_in import break_in, linear, priced
from planner.study.worth.force import Move
from tests import tiny
from tests.report.small import small


def found_of(plan, offer):
    return break_in(plan, [offer])[offer]


def taken(case, offer):
    """Whether a whole device of it is bought, or rented in some period."""
    plan = make_plan(case)
    bought = plan.orders[plan.orders["offer"] == offer]["devices"].sum()
    rented = plan.rentals[plan.rentals["offer"] == offer]["devices"].sum()
    return bought >= 1 or rented >= 1


def proved(case, offer):
    """The share, after a plan just below it that takes the offer and one just above that does not."""
    found = found_of(linear(make_plan(case)), offer)
    assert found is not None
    assert found.share is not None
    assert taken(priced(case, {offer: found.share * 0.999}), offer)
    assert not taken(priced(case, {offer: found.share * 1.001}), offer)
    return found


def test_a_dearer_offer_of_the_same_device_must_match_the_other():
    found = proved(small(), "dear")
    assert found.share == pytest.approx(10_000 / 12_000)
    assert found.extra_hkd_per_device == pytest.approx(2_000 * 7.8)


def test_a_device_must_pay_by_what_it_saves():
    # One card does 0.1 PFLOP/s for 275 days; unserved work is worth 10 HKD per PFLOP/s-day, energy takes 1.5 kW for 275 days at 1 HKD.
    case = tiny.case(workloads={"service": {"unserved_hkd_per_pflops_day": 1000}})
    worth_hkd = 275 * (0.1 * 1000 - 1.5 * 24)
    assert proved(case, "card").share == pytest.approx(worth_hkd / 78_000)


def test_what_follows_the_price_is_counted_with_it():
    economics = {
        "freight_share": 0.05,
        "maintenance_share_per_year": 0.1,
        "insurance_share_per_year": 0.02,
        "residual_value": True,
        "discount_rate": 0.05,
    }
    funds = {
        "own": {"kind": "budget", "amount_hkd": 300_000.0},
        "loan": {"kind": "loan", "interest_per_year": 0.08, "loan_years": 3},
        "later": {"kind": "budget", "start": "2027q4"},
    }
    other = tiny.offer(accelerator=tiny.DEVICE, price_usd_per_device=6_000, supply_devices_total=2)
    case = small(
        economics=economics,
        funds=funds,
        offers={"card": other, "dear": {"price_usd_per_device": 600_000}},
        sites={"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 1.0}]}},
    )
    assert 0 < proved(case, "dear").share < 1


def test_a_rental_has_a_price_too():
    case = small(offers={"dear_cloud": tiny.rental(available_from="2027q3", rent_usd_per_device_hour=3)})
    assert proved(case, "dear_cloud").share == pytest.approx(2 / 3)


def test_whole_lots_are_let_go():
    case = small(whole={"lots": True}, economics={"devices_per_server": 2})
    assert found_of(linear(make_plan(case)), "dear").share == pytest.approx(10_000 / 12_000)


def test_not_even_as_a_gift():
    case = tiny.case(workloads={"service": {"unserved_hkd_per_pflops_day": 10}})
    assert found_of(make_plan(case), "card").share is None


def test_what_law_refuses_or_the_market_lacks_has_no_price():
    plan = make_plan(small(offers={"dear": {"supply_devices_total": 0}}))
    assert found_of(plan, "b200") is None
    assert found_of(plan, "dear") is None


def test_the_plan_is_left_as_it_was():
    plan = make_plan(small())
    first = found_of(plan, "dear")
    assert found_of(plan, "dear") == first
    assert plan.neighbourhood.hand.solve()[0] * 1e6 == pytest.approx(plan.objective_hkd)


def test_another_solver_keeps_no_program():
    from dataclasses import replace

    plan = make_plan(small())
    elsewhere = replace(plan, solution=replace(plan.solution, at=None, solver="CBC"))
    with pytest.raises(SolverFailed, match="CBC keeps no program to force a decision on; plan with HiGHS"):
        found_of(elsewhere, "dear")


def many():
    """A plan that leaves three offers: a dearer one, a rental, and one that is no use even as a gift."""
    offers = {"dear_cloud": tiny.rental(available_from="2027q3", rent_usd_per_device_hour=3)}
    return linear(make_plan(small(offers=offers)))


def test_offers_do_not_hang_on_what_was_asked_before_them():
    plan = many()
    names = ["dear", "dear_cloud", "b200"]
    together = break_in(plan, names)
    assert together["b200"] is None
    for name in ("dear", "dear_cloud"):
        assert together[name].share
        assert break_in(plan, [name])[name].share == pytest.approx(together[name].share, rel=1e-9)
    assert break_in(plan, names[::-1]) == together


def test_where_the_way_of_the_price_has_a_kink_each_price_is_tried(monkeypatch):
    plan = many()
    straight = break_in(plan, ["dear", "dear_cloud"])
    monkeypatch.setattr(Move, "lies_on", lambda *_: False)
    for name, point in break_in(plan, ["dear", "dear_cloud"]).items():
        assert point.share == pytest.approx(straight[name].share, rel=1e-6)
