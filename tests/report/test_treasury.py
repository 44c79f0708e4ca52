"""The block of cash on the page of a plan."""

from __future__ import annotations

import pytest
from tiny import case, service

from planner.plan.plan import Plan, make_plan
from planner.report.tables import text
from planner.report.treasury import cash, treasury

GRANT = {"kind": "subsidy", "share_max": 0.5, "amount_hkd": 300_000, "end": "2027q2"}


@pytest.fixture(scope="module")
def plan() -> Plan:
    funds = {"own": {"kind": "budget", "amount_hkd": 900_000}, "grant": GRANT}
    return make_plan(case(funds=funds, offers={"card": {"subsidised_by": ["grant"], "deposit_share": 0.25}}))


def shown(plan: Plan, width: int = 80) -> list[str]:
    return text(cash(treasury(plan)), width=width).splitlines()


def test_the_block_by_hand(plan: Plan) -> None:
    """HKD 780,000 of cards, a quarter of it when they are ordered, and 99,000 of energy."""
    lines = shown(plan)
    assert lines[1] == "Cash by financial year, April to March (million HKD, real)"
    assert lines[2].split() == ["fund", "26-27", "27-28", "in", "all", "left"]
    cells = {line[:14].strip(): line[14:].split() for line in lines[4:9]}
    assert cells["paid"] == ["0.195", "0.684", "0.879"]
    assert cells["committed"] == ["0.78", "0.099", "0.879"]
    assert cells["own"][2:] == ["0.579", "0.321"]
    assert cells["grant"][2:] == ["0.3", "–"]
    assert "Subsidies pay HKD 300 k, by the work that runs on what they pay for: city 100 %." in lines


def test_a_ceiling_fixed_in_dollars_is_told_where_it_would_fall_short(plan: Plan) -> None:
    (told,) = [line for line in shown(plan, 200) if line.startswith("Ceilings are real.")]
    assert "with prices rising 2 % a year" in told
    assert "grant by HKD" in told
    assert "own" not in told


def test_what_lapses_is_told() -> None:
    yearly = {"own": {"kind": "budget", "amount_hkd_per_year": 1_000_000}}
    plan = make_plan(case(horizon={"end": "2028q2"}, workloads={"service": {"end": "2028q2"}}, funds=yearly))
    assert any(line.startswith("What is granted and lapses unspent: own HKD") for line in shown(plan))


def test_many_years_fold_and_narrow_pages_leave_sums_out() -> None:
    horizon = {"start": "2027", "end": "2036"}
    funds = {"a_fund_with_a_long_name": {"kind": "budget", "amount_hkd": 1e9}}
    plan = make_plan(
        case(
            horizon=horizon, funds=funds, offers={"card": {"lifetime_years": 12}},
            workloads={"service": service(start="2028", end="2036")},
        )
    )  # fmt: skip
    lines = shown(plan)
    assert max(map(len, lines)) <= 80
    assert "later" in lines[2]
    assert any("A wider page shows in all" in line for line in lines)
    wide = shown(plan, 120)
    paid = next(line for line in wide if line.startswith("paid ")).split()
    assert sum(map(float, paid[1:-1])) == pytest.approx(float(paid[-1]), rel=0.01)


def test_repayments_are_told_apart() -> None:
    loan = {"kind": "loan", "interest_per_year": 0.06, "loan_years": 8}
    plan = make_plan(case(funds={"loan": loan, "later": {"kind": "budget", "start": "2027q2"}}))
    assert any(line.startswith("Of what is paid, HKD") and "repays loans" in line for line in shown(plan))


def test_without_funds_there_are_sums_alone() -> None:
    lines = shown(make_plan(case()))
    assert [line.split("  ")[0] for line in lines[4:]] == ["paid", "paid, nominal", "committed"]
    assert "left" not in lines[2]


def test_where_nothing_is_paid_there_is_no_block() -> None:
    plan = make_plan(case(offers={"card": None}))
    assert cash(treasury(plan)) == []
