"""Dates and node indices: when an order stands, how long a period counts, what its money is worth."""

from __future__ import annotations

from datetime import date

import pytest
from proof import bought, cells, missing, model_of, paid, plan_of
from tiny import DEVICE, case

from planner.model.timing import (
    days_in,
    discount,
    discount_at_end,
    growth,
    hours_in,
    in_window,
    middle,
    months_in,
    position_from,
    ready_share,
    share_within,
    years_in,
)


def late(**changes: object) -> object:
    """A decision on 2026-11-20 within 2026q4."""
    return case(horizon={"start": "2026q4", "end": "2027q4", "decision_date": "2026-11-20"}, **changes)


def test_the_first_period_counts_from_the_decision_on() -> None:
    # 2026-11-20 to 12-31: 42 of its 92 days.
    tiny = late()
    root = tiny.tree.root
    assert days_in(tiny, root) == 42
    assert hours_in(tiny, root) == 42 * 24
    assert months_in(tiny, root) == pytest.approx(42 / 30.4375)
    assert years_in(tiny, root) == pytest.approx(42 / 365.25)
    assert middle(tiny, root) == date(2026, 12, 11)


def test_money_is_discounted_at_the_middle_of_the_period() -> None:
    # 2027q2: 91 days from 2027-04-01, its middle 05-16, 177 days after the decision on 2026-11-20.
    tiny = late(economics={"discount_rate": 0.05})
    node = next(n for n in tiny.tree if n.id == "2027q2")
    assert middle(tiny, node) == date(2027, 5, 16)
    assert discount(tiny, node) == pytest.approx(1.05 ** -(177 / 365.25))
    # It ends on 2027-07-01, 223 days after.
    assert discount_at_end(tiny, node) == pytest.approx(1.05 ** -(223 / 365.25))


def test_growth_counts_from_the_decision_to_the_periods_first_day() -> None:
    tiny = late()
    nodes = {n.id: n for n in tiny.tree}
    assert growth(tiny, 0.1, nodes["2026q4"]) == 1
    assert growth(tiny, 0.1, nodes["2027q1"]) == pytest.approx(1.1 ** (42 / 365.25))


def test_a_period_stands_for_what_arrives_on_its_first_day_not_later() -> None:
    horizon = case().horizon
    assert position_from(horizon, date(2027, 4, 1)) == 1
    assert position_from(horizon, date(2027, 4, 2)) == 2
    assert position_from(horizon, date(2027, 10, 2)) is None


def test_the_first_period_stands_for_what_arrives_on_the_decision_date() -> None:
    # Decided on 2027-01-02: what can be had at once stands in 2027q1, as it does a day earlier.
    assert position_from(case(horizon={"decision_date": "2027-01-02"}).horizon, date(2027, 1, 2)) == 0
    at_once = {"offers": {"card": {"lead_time_months": 0}}, "workloads": {"service": {"start": "2027q1"}}}
    costs = [plan_of(horizon={"decision_date": f"2027-01-0{day}"}, **at_once).objective_hkd for day in (1, 2, 3)]
    # Ten devices; a day of theirs takes 10 · 36 HKD of energy.
    assert costs == pytest.approx([780_000 + 360 * days for days in (365, 364, 363)])


@pytest.mark.parametrize(
    ("months", "stands", "day", "whole", "part"),
    [
        (0, "2027q1", "2027-01-01", "2027q1", None),
        (0.1, "2027q1", "2027-01-04", "2027q2", 87 / 90),
        (3, "2027q2", "2027-04-01", "2027q2", None),
        (4.5, "2027q2", "2027-05-16", "2027q3", 46 / 91),
        (9, "2027q4", "2027-10-01", "2027q4", None),
        (10, "2027q4", "2027-11-01", None, 61 / 92),
    ],
)
def test_lead_times(months: float, stands: str, day: str, whole: str | None, part: float | None) -> None:
    order = model_of(offers={"card": {"lead_time_months": months}}).options.orders["card", "hall", "2027q1"]
    assert [(a.node.id, a.day.isoformat()) for a in order.arrivals] == [(stands, day)]
    assert [node.id for node, _ in order.whole] == ([whole] if whole else [])
    assert [(p.node.id, p.share) for p in order.parts] == ([(stands, pytest.approx(part))] if part else [])


def test_lead_time_beyond_the_horizon() -> None:
    assert not model_of(offers={"card": {"lead_time_months": 12}}).options.orders


def test_lead_time_in_months_and_years_as_steps() -> None:
    months = model_of(horizon={"start": "2027m01", "end": "2027m12"}, offers={"card": {"lead_time_months": 3}})
    assert [a.node.id for a in months.options.orders["card", "hall", "2027m02"].arrivals] == ["2027m05"]
    years = model_of(horizon={"start": "2027", "end": "2029"}, offers={"card": {"lead_time_months": 3}})
    order = years.options.orders["card", "hall", "2027"]
    # From 2027-04-01 on: 275 of the 365 days of 2027, all of 2028.
    assert [(p.node.id, p.share) for p in order.parts] == [("2027", pytest.approx(275 / 365))]
    assert [node.id for node, _ in order.whole] == ["2028"]


def test_an_order_within_the_first_period_is_dated_on_the_decision() -> None:
    # 2026-11-20 and three months are 2027-02-20: it stands 40 of the 90 days of 2027q1, and all of 2027q2.
    model = model_of(horizon={"start": "2026q4", "end": "2027q4", "decision_date": "2026-11-20"})
    order = model.options.orders["card", "hall", "2026q4"]
    assert [(a.node.id, a.shipped.isoformat()) for a in order.arrivals] == [("2027q1", "2027-02-20")]
    assert [(p.node.id, p.share) for p in order.parts] == [("2027q1", pytest.approx(40 / 90))]


def test_transit_and_fit_out() -> None:
    # Four months to fit out beat three of lead; a month (30 days) of transit before 2027-05-01.
    model = model_of(sites={"hall": {"fit_out_months": 4}}, offers={"card": {"transit_months": 1}})
    arrival = model.options.orders["card", "hall", "2027q1"].arrivals[0]
    days = arrival.shipped, arrival.arrived, arrival.day
    assert [day.isoformat() for day in days] == ["2027-04-01", "2027-05-01", "2027-05-01"]
    # Denied from 04-01 on: it ships as soon as it can, on 03-02, and waits a month for its hall.
    controls = {DEVICE: {"outcome": "prohibited", "start": "2027q2"}}
    model = model_of(controls=controls, sites={"hall": {"fit_out_months": 4}}, offers={"card": {"transit_months": 1}})
    arrival = model.options.orders["card", "hall", "2027q1"].arrivals[0]
    days = arrival.shipped, arrival.arrived, arrival.day
    assert [day.isoformat() for day in days] == ["2027-03-02", "2027-04-01", "2027-05-01"]
    # A hall that is ready first waits for the device.
    model = model_of(sites={"hall": {"fit_out_months": 2}}, offers={"card": {"transit_months": 1}})
    arrival = model.options.orders["card", "hall", "2027q1"].arrivals[0]
    assert (arrival.arrived, arrival.day) == (date(2027, 4, 1), date(2027, 4, 1))


def test_life_ends_on_its_day() -> None:
    # From 2027-02-01 for seven months, to 2027-09-01: 59 days of q1, all of q2, 62 days of q3.
    order = model_of(offers={"card": {"lead_time_months": 1, "lifetime_years": 7 / 12}}).options.orders[
        "card", "hall", "2027q1"
    ]
    assert [(node.id, until.isoformat()) for node, until in order.whole] == [("2027q2", "2027-09-01")]
    parts = [(p.node.id, p.share, p.stood) for p in order.parts]
    assert parts == [("2027q1", pytest.approx(59 / 90), False), ("2027q3", pytest.approx(62 / 92), True)]


def test_a_life_within_one_period() -> None:
    offers = {"card": {"lead_time_months": 1, "lifetime_years": 1 / 12}}
    order = model_of(offers=offers).options.orders["card", "hall", "2027q1"]
    assert order.whole == ()
    assert [(p.node.id, p.share, p.stood) for p in order.parts] == [("2027q1", pytest.approx(28 / 90), False)]


def test_part_of_a_period() -> None:
    tiny = case(horizon={"decision_date": "2027-01-31"})
    nodes = {n.id: n for n in tiny.tree}
    # 2027q1 counts from 01-31: 60 days.
    assert share_within(tiny, nodes["2027q1"], date(2027, 1, 1)) == 1
    assert share_within(tiny, nodes["2027q1"], date(2027, 3, 2)) == pytest.approx(30 / 60)
    assert share_within(tiny, nodes["2027q2"], date(2027, 1, 1), date(2027, 5, 1)) == pytest.approx(30 / 91)
    assert share_within(tiny, nodes["2027q2"], date(2027, 7, 1)) == 0


def test_ready_from_its_day_on() -> None:
    tiny = case()
    nodes = {n.id: n for n in tiny.tree}
    root = tiny.tree.root
    assert ready_share(tiny, root, 0, root) == 1
    assert ready_share(tiny, root, 1, root) == pytest.approx(59 / 90)
    assert ready_share(tiny, root, 3, root) == 0
    assert ready_share(tiny, root, 3, nodes["2027q2"]) == 1


def test_windows() -> None:
    nodes = {n.id: n for n in case().tree}
    inside = [n for n in nodes if in_window(nodes[n], "2027q2", "2027q3")]
    assert inside == ["2027q2", "2027q3"]
    # Of another form: a month is the day on which it begins, and the day on which it ends.
    assert [n for n in nodes if in_window(nodes[n], "2027m04", "2027m12")] == ["2027q2", "2027q3", "2027q4"]
    assert [n for n in nodes if in_window(nodes[n], None, "2027")] == list(nodes)


def test_leap_years_give_a_day_more() -> None:
    # 2028q1 has 91 days; a service of 1 PFLOP/s asks for 91.
    plan = plan_of(
        horizon={"start": "2027q4", "end": "2028q1"}, workloads={"service": {"start": "2028q1", "end": "2028q1"}}
    )
    assert cells(plan.rows.unserved, "asked_pflops_days") == [91]
    assert missing(plan) == pytest.approx(0)


def test_a_year_in_quarters_or_in_months_costs_the_same() -> None:
    # Devices stand from the start on, nothing is discounted: the grid of time does not matter.
    same = {
        "offers": {"card": {"lead_time_months": 0}},
        "workloads": {"service": {"start": "2027", "end": "2027"}},
    }
    costs = [
        plan_of(horizon={"start": start, "end": end}, **same).objective_hkd
        for start, end in (("2027", "2027"), ("2027q1", "2027q4"), ("2027m01", "2027m12"))
    ]
    assert costs == pytest.approx([780_000 + 10 * 36 * 365] * 3)


def long(lead_months: float, horizon: dict[str, str]) -> float:
    """Cost of two years of service with staff, residual value and discounting."""
    return plan_of(
        horizon=horizon,
        offers={"card": {"lead_time_months": lead_months}},
        workloads={"service": {"start": "2027", "end": "2028", "unserved_hkd_per_pflops_day": 3_000}},
        economics={"residual_value": True, "staff_hkd_per_device_year": 3_000, "discount_rate": 0.04},
    ).objective_hkd


@pytest.mark.parametrize("lead_months", [0, 2, 4.5])
def test_the_step_matters_little(lead_months: float) -> None:
    # What is left is discounting at the middle of longer periods, and devices that could come in fewer of them.
    steps = (("2027m01", "2028m12"), ("2027q1", "2028q4"), ("2027", "2028"))
    costs = [long(lead_months, {"start": start, "end": end}) for start, end in steps]
    assert max(costs) < 1.03 * min(costs)


@pytest.mark.parametrize("lead_months", [0, pytest.param(2, marks=pytest.mark.slow), 4.5])
def test_a_day_later_costs_about_a_days_worth(lead_months: float) -> None:
    # From the first to the second day, within a quarter, and from its last day to the first of the next.
    days = [
        {"start": "2027q1", "end": "2028q4", "decision_date": day}
        for day in ("2027-01-01", "2027-01-02", "2027-01-03", "2027-03-30", "2027-03-31")
    ]
    costs = [long(lead_months, horizon) for horizon in (*days, {"start": "2027q2", "end": "2028q4"})]
    # A day of the service is worth 3,000 HKD at most.
    for one, other in ((0, 1), (1, 2), (3, 4), (4, 5)):
        assert abs(costs[one] - costs[other]) <= 3_000


def test_an_empty_tail_of_the_horizon_changes_nothing() -> None:
    # Devices are taken out when their work ends, so further periods without work cost nothing.
    longer = plan_of(horizon={"start": "2027q1", "end": "2029q4"})
    assert longer.objective_hkd == pytest.approx(879_000)


def test_later_money_is_cheaper() -> None:
    plan = plan_of(economics={"discount_rate": 0.1})
    # Deposit in q1 (middle 45 days on), balance in q2 (middle 135 days on).
    assert paid(plan, "purchase") == pytest.approx(156_000 * 1.1 ** -(45 / 365.25) + 624_000 * 1.1 ** -(135 / 365.25))
    assert bought(plan) == pytest.approx(10)
