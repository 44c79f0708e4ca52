"""Values, not payments: unserved work, missed targets, and what devices are still worth when the horizon ends."""

from __future__ import annotations

import pytest
from proof import SNAP, cells, model_of, paid, plan_of, spending
from tiny import DEVICE

LEFT = 1552 / 1827
"""Of five years from 2027-04-01 on, the part that lies after 2027."""
WORTH = {"economics": {"residual_value": True}}


def test_unserved_by_hand() -> None:
    assert spending(model_of(), "unserved")["unserved(service,2027q2)", "2027q2"] == 100_000


def test_shortfall_by_hand() -> None:
    promise = {"t": {"pflops": 2, "by": "2027q3", "basis": "peak", "shortfall_hkd_per_pflops": 7_000}}
    assert spending(model_of(capacity_targets=promise), "shortfall") == {("shortfall(t,2027q3)", "2027q3"): 7_000}


def test_residual_by_hand() -> None:
    # From 2027-04-01 to 2032-04-01 are 1,827 days, 1,552 of them after the horizon; from 2027-10-01 1,735 of 1,827.
    model = model_of(economics={"residual_value": True, "server_usd_per_device": 2_000})
    lines = spending(model, "residual")
    assert lines["order(card,hall,2027q1)", "2027q4"] == pytest.approx(-(78_000 + 15_600) * LEFT)
    assert lines["order(card,hall,2027q3)", "2027q4"] == pytest.approx(-(78_000 + 15_600) * 1735 / 1827)


def test_residual_is_no_more_than_used_devices_fetch() -> None:
    # 275 days after it first stood, at -40 % a year: 0.681 where straight line has 0.849.
    used = {"economics": {**WORTH["economics"], "used_price_growth_per_year": -0.4}}
    lines = spending(model_of(**used), "residual")
    assert lines["order(card,hall,2027q1)", "2027q4"] == pytest.approx(-78_000 * 0.6 ** (275 / 365.25))


def test_what_is_taken_out_loses_it() -> None:
    lines = spending(model_of(**WORTH), "residual")
    assert lines["forfeit(card,hall,2027q1,2027q4)", "2027q4"] == pytest.approx(78_000 * LEFT)


def test_a_plan_takes_out_what_costs_more_than_it_will_be_worth() -> None:
    # Two more quarters of hosting at 20,000 a month are 120,000; the credit forgone is 66,300 a device.
    dear = {"workloads": {"service": {"end": "2027q2"}}, "sites": {"hall": {"hosting_hkd_per_kw_month": 20_000}}}
    plan = plan_of(**dear, **WORTH)
    assert cells(plan.rows.fleet, "retired") == pytest.approx([0, 10])
    assert paid(plan, "residual") == pytest.approx(0)


def test_residual_counts_at_the_end_of_the_horizon() -> None:
    # 2028-01-01, 365 days after the decision date, at 4 %.
    model = model_of(economics={"residual_value": True, "discount_rate": 0.04})
    line = next(ln for ln in model.lines if ln.cost == "residual")
    assert line.weight == pytest.approx(1.04 ** -(365 / 365.25))


def test_residual_keeps_the_plan_buying_near_the_horizon() -> None:
    # Work of the last quarter alone: 9.2 PFLOP/s-days a device at 2,000 HKD are 18,400, far below 78,000; with 95 % credited it pays.
    late = {"workloads": {"service": {"start": "2027q4", "unserved_hkd_per_pflops_day": 2_000}}}
    assert len(plan_of(**late).rows.orders) == 0
    plan = plan_of(**late, **WORTH)
    assert cells(plan.rows.orders, "devices") == pytest.approx([10])
    assert paid(plan, "residual") == pytest.approx(-780_000 * 1735 / 1827)


def test_nothing_is_left_at_the_end_of_life() -> None:
    assert spending(model_of(**WORTH, offers={"card": {"lifetime_years": 0.25}}), "residual") == {}


def test_they_bind_and_do_not_bind() -> None:
    denied = plan_of(controls={DEVICE: {"outcome": "prohibited"}})
    assert paid(denied, "unserved") == pytest.approx(27_500_000)
    served = plan_of()
    assert (paid(served, "unserved"), paid(served, "shortfall"), paid(served, "residual")) == (0, 0, 0)


SUBSIDISED = {
    "offers": {"card": {"subsidised_by": ["grant"]}},
    "funds": {"own": {"kind": "budget"}, "grant": {"kind": "subsidy", "share_max": 0.7}},
}


def test_what_a_subsidy_has_paid_is_not_credited() -> None:
    # 70 % of 780,000 are given, so three of the ten devices have a residual value; before the fund's ceiling binds, all of it.
    assert paid(plan_of(**WORTH, **SUBSIDISED), "residual") == pytest.approx(-3 * 78_000 * LEFT)
    little = {
        **SUBSIDISED,
        "funds": {**SUBSIDISED["funds"], "grant": {**SUBSIDISED["funds"]["grant"], "amount_hkd": 78_000}},
    }
    assert paid(plan_of(**WORTH, **little), "residual") == pytest.approx(-9 * 78_000 * LEFT)


@pytest.mark.parametrize("amount_hkd", [0, 1, 1_000, 78_000])
def test_a_subsidy_saves_what_it_gives_less_what_it_leaves(amount_hkd: float) -> None:
    # Never more than it gives, and never less than the part of life that the plan uses.
    grant = {**SUBSIDISED["funds"]["grant"], "amount_hkd": amount_hkd}
    without = plan_of(**WORTH, offers=SUBSIDISED["offers"], funds={"own": {"kind": "budget"}}).objective_hkd
    saved = (
        without
        - plan_of(**WORTH, offers=SUBSIDISED["offers"], funds={"own": {"kind": "budget"}, "grant": grant}).objective_hkd
    )
    assert saved == pytest.approx(amount_hkd * (1 - LEFT), abs=1e-3)


def test_what_public_money_paid_is_taken_out_first() -> None:
    # Work ends in 2027q2 and hosting is dear: all ten are taken out, and none of them costs the plan a credit it never had.
    dear = {"workloads": {"service": {"end": "2027q2"}}, "sites": {"hall": {"hosting_hkd_per_kw_month": 20_000}}}
    plan = plan_of(**dear, **WORTH, **SUBSIDISED)
    assert cells(plan.rows.fleet, "retired") == pytest.approx([0, 10])
    assert paid(plan, "residual") == pytest.approx(0)


def test_nothing_is_bought_for_its_residual_value() -> None:
    # Were the whole price credited, every device at 0.3 * 78,000 of own money would be a gift.
    plan = plan_of(**WORTH, **SUBSIDISED)
    assert cells(plan.rows.orders, "devices") == pytest.approx([10])
    assert cells(plan.rows.fleet, "devices") == pytest.approx([10, 10, 10])


def test_each_branch_credits_what_arrived_in_it() -> None:
    lines = spending(model_of(scenarios=SNAP, **WORTH), "residual")
    assert {node for column, node in lines if column == "order(card,hall,2027q1)"} == {"2027q4"}


def test_price_less_residual_is_the_share_of_life_that_was_used() -> None:
    # Straight line at no discount: 275 or, to the end of 2028, 641 of 1,827 days of 780,000.
    plan = plan_of(**WORTH)
    assert paid(plan, "purchase") + paid(plan, "residual") == pytest.approx(780_000 * 275 / 1827)
    longer = plan_of(**WORTH, horizon={"start": "2027q1", "end": "2028q4"}, workloads={"service": {"end": "2028q4"}})
    assert paid(longer, "purchase") + paid(longer, "residual") == pytest.approx(780_000 * 641 / 1827)
