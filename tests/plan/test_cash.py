"""Cash by financial year and the accounts of funds: by hand, and against what the plan spends and draws."""

from __future__ import annotations

from datetime import date

import pytest
from examples.example_runs import plan_of
from golden.every_family import every_family
from proof import SNAP
from tiny import case, service

from planner.audit import audit
from planner.plan.cash import grants
from planner.plan.plan import Plan, make_plan
from planner.plan.rows import sums

OWN = {"kind": "budget", "amount_hkd": 900_000}
GRANT = {"kind": "subsidy", "share_max": 0.5, "amount_hkd": 300_000, "end": "2027q2"}
CARD = {"card": {"subsidised_by": ["grant"], "deposit_share": 0.25}}
LOAN = {"kind": "loan", "interest_per_year": 0.06, "loan_years": 8}
VALUES = ("unserved", "shortfall", "residual", "subsidy", "interest", "risk")
# Ten cards of USD 10,000.
CARDS_HKD = 10 * 10_000 * 7.8


@pytest.fixture(scope="module")
def granted() -> Plan:
    """Ten cards ordered in 2027q1: a quarter of the price then, the rest when they stand on 1 April. Discount draws the grant early."""
    return make_plan(case(funds={"own": OWN, "grant": GRANT}, offers=CARD, economics={"discount_rate": 0.04}))


def account(plan: Plan, fund: str) -> list[dict[str, float]]:
    return [dict(row) for row in plan.rows.fund_years if row["fund"] == fund]


def test_a_fund_year_by_hand(granted: Plan) -> None:
    """The grant pays half of a price of HKD 780,000 until its ceiling of 300,000 is reached: 97,500 of the deposit, 202,500 later."""
    order = granted.rows.orders[0]
    assert (order["devices"], order["hkd"]) == (pytest.approx(10), pytest.approx(CARDS_HKD))
    first, second = account(granted, "grant")
    assert first["financial_year"] == "2026-27"
    figures = ("opening", "granted", "committed", "paid", "lapsed", "closing", "outstanding", "uncommitted")
    by_hand = (0, 300_000, 300_000, 97_500, 0, 202_500, 202_500, 0), (202_500, 0, 0, 202_500, 0, 0, 0, 0)
    for row, amounts in zip((first, second), by_hand, strict=True):
        assert [row[f"{name}_hkd"] for name in figures] == pytest.approx(amounts, abs=1)


def test_own_money_by_hand(granted: Plan) -> None:
    """The rest of the price, and energy: 10 cards of 1 kW and PUE 1.5 at 1 HKD per kWh, all of the 275 days from 1 April."""
    energy = 10 * 1.5 * 24 * 275
    first, second = account(granted, "own")
    assert first["committed_hkd"] == pytest.approx(CARDS_HKD - 300_000)
    assert second["committed_hkd"] == pytest.approx(energy)
    assert first["paid_hkd"] == pytest.approx(CARDS_HKD / 8)
    assert second["closing_hkd"] == pytest.approx(900_000 - (CARDS_HKD - 300_000) - energy)
    assert first["uncommitted_hkd"] == pytest.approx(900_000 - (CARDS_HKD - 300_000))
    # What stands for prices of 1 April 2027, 90 days after the decision date of 1 January.
    assert first["closing_nominal_hkd"] == pytest.approx(first["closing_hkd"] * 1.02 ** (90 / 365.25))


def test_nominal_money_is_that_of_the_middle_of_its_days() -> None:
    plan = make_plan(case(economics={"inflation_per_year": 0.1}))
    by_cost = {(row["cost"], row["financial_year"]): row for row in plan.rows.cash_years}
    bought = by_cost["purchase", "2027-28"]
    middle = (date(2027, 4, 1) - date(2027, 1, 1)).days + 91 / 2
    assert bought["paid_nominal_hkd"] == pytest.approx(bought["paid_hkd"] * 1.1 ** (middle / 365.25))
    assert by_cost["purchase", "2026-27"]["committed_nominal_hkd"] == pytest.approx(
        bought["paid_nominal_hkd"] + by_cost["purchase", "2026-27"]["paid_nominal_hkd"]
    )


def test_a_year_is_cut_by_days_on_the_first_of_april() -> None:
    """A plan in calendar years: an order is committed on 1 January, money is paid and energy used evenly."""
    plan = make_plan(
        case(
            horizon={"start": "2027", "end": "2028"},
            workloads={"service": {"start": "2028", "end": "2028"}},
            offers={"card": {"deposit_share": 0.25}},
        )
    )
    node = {row["node"]: row["hkd"] for row in plan.rows.spend if row["cost"] == "energy"}
    energy = {row["financial_year"]: row["paid_hkd"] for row in plan.rows.cash_years if row["cost"] == "energy"}
    # 2028 is a leap year: 91 of its 366 days lie before 1 April.
    assert energy["2027-28"] == pytest.approx(node["2028"] * 91 / 366 + node.get("2027", 0.0) * 275 / 365)
    committed = {r["financial_year"]: r["committed_hkd"] for r in plan.rows.cash_years if r["cost"] == "purchase"}
    ordered = sums(plan.rows.orders, "node", "hkd")
    assert committed["2026-27"] == pytest.approx(ordered["2027"])


def test_what_a_calendar_year_leaves_lapses() -> None:
    """A ceiling per year is granted on its first day that counts and gone on its last; the plan's last day leaves it as it is."""
    yearly = {"own": {"kind": "budget", "amount_hkd_per_year": 1_000_000}}
    plan = make_plan(case(horizon={"end": "2028q2"}, workloads={"service": {"end": "2028q2"}}, funds=yearly))
    first, second, third = account(plan, "own")
    in_2027 = sum(row["hkd"] for row in plan.rows.draws if row["node"].startswith("2027"))
    assert (first["granted_hkd"], second["granted_hkd"]) == (1_000_000, pytest.approx(1_000_000 * (91 + 91) / 366))
    assert second["lapsed_hkd"] == pytest.approx(1_000_000 - in_2027)
    assert third["lapsed_hkd"] == third["granted_hkd"] == 0
    assert {row["uncommitted_hkd"] for row in (first, second, third)} == {None}


def test_a_window_that_closes_takes_what_is_left() -> None:
    window = {"early": {"kind": "budget", "amount_hkd": 2_000_000, "end": "2027q2"}, "own": {"kind": "budget"}}
    plan = make_plan(case(funds=window))
    _, second = account(plan, "early")
    given = sum(row["hkd"] for row in plan.rows.draws if row["fund"] == "early")
    assert second["lapsed_hkd"] == pytest.approx(2_000_000 - given)
    assert second["closing_hkd"] == pytest.approx(0)
    assert {row[name] for row in account(plan, "own") for name in ("opening_hkd", "closing_hkd", "lapsed_hkd")} == {
        None
    }


def test_money_committed_before_it_is_granted_shows() -> None:
    """The balance of an order of 2027q1 is paid by a fund that opens with the new financial year."""
    funds = {
        "own": {"kind": "budget", "end": "2027q1"},
        "later": {"kind": "budget", "amount_hkd": 1e6, "start": "2027q2"},
    }
    first, second = account(make_plan(case(funds=funds, offers={"card": {"deposit_share": 0.25}})), "later")
    assert first["closing_hkd"] == 0
    assert first["uncommitted_hkd"] == pytest.approx(-0.75 * CARDS_HKD)
    assert second["uncommitted_hkd"] == pytest.approx(second["closing_hkd"])


def test_a_loan_commits_its_repayments_when_it_is_drawn() -> None:
    plan = make_plan(case(funds={"loan": LOAN, "later": {"kind": "budget", "start": "2027q2"}}))
    repaid = [row for row in plan.rows.cash_years if row["cost"] == "repayment"]
    assert {row["fund"] for row in repaid} == {"later"}
    lent = {row["node"] for row in plan.rows.draws if row["fund"] == "loan"}
    assert "2027q1" in lent
    assert next(row["financial_year"] for row in repaid if row["committed_hkd"] > 1) == "2026-27"
    assert all(row["paid_hkd"] == 0 for row in repaid if row["financial_year"] == "2026-27")


def plans() -> list[Plan]:
    tree = case(scenarios=SNAP, workloads={"service": {"growth_per_year": 0.6}}, funds={"own": {"kind": "budget"}})
    names = ("4_data_that_must_stay", "6_fund_with_strings", "7_buy_or_rent")
    return [make_plan(every_family()), make_plan(tree), *map(plan_of, names)]


@pytest.mark.slow
def test_years_add_up_to_what_is_spent_and_drawn() -> None:
    for plan in plans():
        for leaf in plan.case.tree.leaves:
            path = {node.id for node in leaf.path}
            spent = [row for row in plan.rows.spend if row["node"] in path and row["cost"] not in VALUES]
            cash = [row for row in plan.rows.cash_years if row["node"] == leaf.id]
            drawn = [row for row in plan.rows.draws if row["node"] in path]
            accounts = [row for row in plan.rows.fund_years if row["node"] == leaf.id]
            for key in ("cost", "fund"):
                paid = {name: hkd for name, hkd in sums(spent, key, "hkd").items() if abs(hkd) > 1}
                for column in ("paid_hkd", "committed_hkd"):
                    in_years = {name: hkd for name, hkd in sums(cash, key, column).items() if abs(hkd) > 1}
                    assert in_years == pytest.approx(paid, rel=1e-6, abs=10)
            given = dict.fromkeys(plan.case.funds, 0.0) | sums(drawn, "fund", "hkd")
            assert sums(accounts, "fund", "paid_hkd") == pytest.approx(given, rel=1e-6, abs=10)


def test_inflation_moves_nominal_money_alone() -> None:
    calm, dear = (make_plan(case(economics={"inflation_per_year": rate})) for rate in (0.0, 0.5))
    assert dear.objective_hkd == calm.objective_hkd
    assert [row["paid_hkd"] for row in dear.rows.cash_years] == [row["paid_hkd"] for row in calm.rows.cash_years]
    assert all(row["paid_nominal_hkd"] == row["paid_hkd"] for row in calm.rows.cash_years)
    assert all(row["paid_nominal_hkd"] > row["paid_hkd"] for row in dear.rows.cash_years if row["paid_hkd"])


def test_a_row_told_twice_is_found_out(granted: Plan) -> None:
    twice = granted.rows.by_name | {"fund_years": [*granted.rows.fund_years, granted.rows.fund_years[0]]}
    (check,) = audit(granted.case, twice, granted.objective_hkd).failed
    assert (check.name, check.where.partition(":")[0]) == ("fund_years", "lines")


def test_without_funds_cash_has_none() -> None:
    plan = make_plan(case(workloads={"service": service()}))
    assert {row["fund"] for row in plan.rows.cash_years} == {""}
    assert plan.rows.fund_years == []


def test_money_of_a_fund_is_added_up_in_the_order_of_its_periods(granted: Plan) -> None:
    """A set would be read in another order in every process, and the last digits of a sum with it."""
    leaf = granted.case.tree.leaves[0]
    (grant,) = grants(granted.case, granted.case.funds["grant"], leaf)
    assert grant.nodes == tuple(node.id for node in leaf.path[:2])
