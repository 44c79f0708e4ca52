"""What limits a plan: no limit that binds is left out, whatever its site is called; what is shown of it is what another
plan costs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from golden.every_family import every_family
from proof import plan_of
from tiny import offer, service, site

from planner.domain.case import Case, Whole
from planner.model.constraints import FAMILIES
from planner.model.family import Where
from planner.plan.plan import Plan, make_plan
from planner.report.explain.limits import explain_limits
from planner.report.limits import Limit, limits, opened_earlier, proved
from planner.report.summary import summarise
from planner.solve.objective import solve_model

STEP = 1e-4


def divisible() -> Case:
    """The case of every family in fractions: with whole numbers, prices are those of a plan that keeps them."""
    return every_family().model_copy(update={"whole": Whole()})


def quiet(doing: str) -> None:
    pass


def kinked() -> Plan:
    """Four cards are all there are, and what the dear work asks for; the cheap work beside it gets none."""
    dear = service(demand_pflops=0.4)
    cheap = service(demand_pflops=0.6, unserved_hkd_per_pflops_day=10_000)
    return plan_of(workloads={"service": dear, "cheap": cheap}, offers={"card": offer(supply_devices_total=4)})


def afresh(plan: Plan, rows: Sequence[str], shift: float) -> float:
    """What the plan costs more, HKD, with these limits shifted, the program solved anew."""
    moved = tuple(row._replace(limit=row.limit + shift) if row.name in rows else row for row in plan.model.rows)
    return solve_model(replace(plan.model, rows=moved)).objective * 1e6 - plan.objective_hkd


@pytest.mark.parametrize(
    "name", ["share", "cover", "given", "kept", "counted", "shared_out", "total", "leaving", "y2027", "hall"]
)
def test_a_site_of_any_name_tells_its_power(name: str) -> None:
    # 6 kW at a PUE of 1.5 hold four devices of 1 kW; the service wants ten, and unserved work is dear: power binds.
    hall = site(phases=[{"from_date": "2020-01-01", "power_mw": 0.006}])
    plan = plan_of(sites={"hall": None} | {name: hall}, offers={"card": offer(sites=[name])})
    answer = explain_limits(plan, quiet)
    told = [(record["family"], record["subject"], record["periods"]) for record in answer.tables[0].records]
    assert told == [("power", name, 3)]
    assert answer.words[0] == "1 limit with a number binds."


def test_every_family_says_what_one_unit_more_is() -> None:
    assert {family.kind for family in FAMILIES} == {"limit", "gap", "work", "balance", "weight"}
    for family in FAMILIES:
        what = ("total",) if family.name == "budget" else ("a", "b")
        assert re.match(r"One (more )?\S", family.one_more(Where(what, "in 2028q1"))), family.name


@pytest.mark.slow
def test_every_limit_that_binds_shows() -> None:
    plan = make_plan(every_family())
    told = {row for table in explain_limits(plan, quiet).tables for record in table.records for row in record["rows"]}
    rows = {row.name: row for row in plan.model.rows}
    untold = [rows[name] for name in set(plan.shadow_prices["row"]) - told]
    assert {row.family for row in untold if row.is_limit} <= {
        f.name for f in FAMILIES if f.kind in ("balance", "weight")
    }
    assert {"budget", "demand", "silo"} <= {rows[name].family for name in told}


def test_both_sides_of_a_kink_are_said() -> None:
    # A device does 0.1 PFLOP/s for 275 days, 27.5 PFLOP/s-days; it costs 78,000 and 9,900 of energy. One less loses
    # work of 100,000 a PFLOP/s-day: 2,750,000 - 87,900. One more does work of 10,000: 275,000 - 87,900.
    plan = kinked()
    (limit,) = proved(plan, limits(plan, ("supply",)))
    assert limit.saves_hkd_per_unit == pytest.approx(187_100)
    assert limit.costs_hkd_per_unit == pytest.approx(2_662_100)
    assert (limit.saves_hkd_whole_unit, limit.costs_hkd_whole_unit) == pytest.approx((187_100, 2_662_100))
    assert limit.proved
    assert limit.sentence == "One more device of card in all would save HKD 187 k, one less would cost HKD 2.66 M."


def test_the_price_of_a_kink_is_said_on_the_screen() -> None:
    (limit,) = summarise(kinked()).dearest
    assert limit.sentence.endswith("would save HKD 187 k, one less would cost HKD 2.66 M.")


def test_what_a_whole_unit_less_costs_is_looked_for_where_it_is_said() -> None:
    # Room for five of ten devices: one less loses what one more gains.
    plan = plan_of(offers={"card": offer(supply_devices_total=5)})
    (said,), (all_of_it,) = (proved(plan, limits(plan, ("supply",)), whole=whole) for whole in (False, True))
    assert said.costs_hkd_per_unit == pytest.approx(said.saves_hkd_per_unit)
    assert said.costs_hkd_whole_unit is None
    assert all_of_it.costs_hkd_whole_unit == pytest.approx(said.saves_hkd_whole_unit)
    assert said.sentence == all_of_it.sentence


def test_a_plan_made_near_another_has_limits_that_are_proved() -> None:
    plan = make_plan(kinked().case, near=plan_of(offers={"card": offer(supply_devices_total=3)}))
    (limit,), (same,) = (proved(one, limits(one, ("supply",))) for one in (plan, kinked()))
    assert limit.proved
    assert limit.sentence == same.sentence


@pytest.mark.slow
@pytest.mark.parametrize("make", [kinked, lambda: make_plan(divisible())])
def test_each_price_shown_is_what_a_plan_made_anew_costs(make) -> None:
    plan = make()
    shown = proved(plan, [*limits(plan)[:6], *limits(plan, ("demand",))[:2]])
    for limit in (limit for limit in shown if limit.opens is None):
        assert limit.proved
        down = _falls_when_eased(plan, limit)
        assert limit.saves_hkd_per_unit == pytest.approx(
            -afresh(plan, limit.rows, -STEP if down else STEP) / STEP, rel=1e-3, abs=1.0
        )
        if limit.saves_hkd_whole_unit is not None:
            whole = -afresh(plan, limit.rows, -1.0 if down else 1.0)
            assert limit.saves_hkd_whole_unit == pytest.approx(whole, rel=1e-6, abs=1.0)
        if limit.costs_hkd_whole_unit is not None:
            whole = afresh(plan, limit.rows, 1.0 if down else -1.0)
            assert limit.costs_hkd_whole_unit == pytest.approx(whole, rel=1e-6, abs=1.0)


def _falls_when_eased(plan: Plan, limit: Limit) -> bool:
    return limit.family in ("demand", "capacity_target")


def test_a_hall_that_is_not_open_has_a_price_of_opening_earlier() -> None:
    # From 2027q3 on ten devices stand; opened in 2027q2 they work 91 days longer: 91 PFLOP/s-days of 100,000 less the
    # energy of ten devices at 36 HKD a day, 32,760.
    plan = plan_of(sites={"hall": {"phases": [{"from_date": "2027-07-01", "power_mw": 1}]}})
    (limit,) = limits(plan)
    assert (limit.opens, limit.saves_hkd_per_unit) == ("2027q3", None)
    assert summarise(plan).dearest[0].sentence == (
        "hall opens in 2027q3: before, a megawatt has no price; `explain limits` plans it opened earlier."
    )
    (priced,) = opened_earlier(plan, [limit], quiet)
    assert priced.saves_hkd_per_unit == pytest.approx(9_100_000 - 32_760)
    assert priced.unit == "period earlier"
    assert explain_limits(plan, quiet).words[1] == ("hall opens in 2027q3: opened in 2027q2, it would save HKD 9.07 M.")


def test_a_hall_that_opens_and_is_then_full_has_two_entries() -> None:
    plan = plan_of(sites={"hall": {"phases": [{"from_date": "2027-07-01", "power_mw": 0.006}]}})
    found = {limit.opens: limit for limit in proved(plan, limits(plan, ("power",)))}
    assert (found[None].first_period, found[None].last_period) == ("2027q3", "2027q4")
    assert (found["2027q3"].first_period, found["2027q3"].last_period) == ("2027q2", "2027q2")


def test_another_solver_has_a_price_that_is_not_proved() -> None:
    plan = kinked()
    without = replace(plan, solution=replace(plan.solution, at=None))
    (limit,) = proved(without, limits(without, ("supply",)))
    assert not limit.proved
    assert limit.costs_hkd_per_unit is None
    assert 187_000 < (limit.saves_hkd_per_unit or 0) < 2_663_000


def test_the_largest_share_of_a_fund_is_a_limit() -> None:
    # A grant pays 70 % of 780,000 that is due in 2027q1 and q2; beyond its share it would pay the other 234,000.
    funds = {
        "own": {"kind": "budget"},
        "grant": {"kind": "subsidy", "share_max": 0.7, "strings": {"costs": ["purchase"]}},
    }
    plan = plan_of(funds=funds, offers={"card": {"subsidised_by": ["grant"]}})
    (limit,) = proved(plan, limits(plan, ("budget",)))
    assert limit.subjects[:2] == ("share", "grant")
    assert limit.saves_hkd_whole_unit == pytest.approx(234_000)
    assert limit.sentence.startswith(
        "One million HKD of grant beyond its share from 2027q1 to 2027q2 would save HKD 234 k"
    )
