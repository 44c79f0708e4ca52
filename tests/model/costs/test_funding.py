"""Funding: subsidies lower the plan's cost, loans add their interest; closed forms of annuities."""

from __future__ import annotations

import pytest
from proof import cells, model_of, paid, plan_of, spending

from planner.model.costs.funding import annuity_factor, present_value_of_annuity

OWN = {"own": {"kind": "budget"}}
LATER = {"later": {"kind": "budget", "start": "2027q2"}}


@pytest.mark.parametrize(
    ("rate", "years", "factor"),
    [
        (0.07, 25, 0.08581),  # PyPSA, annuity of its costs
        (0.07, 20, 0.09439),  # Switch, capital recovery factor
        (0.10, 25, 0.11017),  # Calliope: 2 million at 10 % over 25 years are 0.22 million a year
        (0.0, 25, 1 / 25),
        (0.0, 8, 0.125),
    ],
)
def test_annuities_of_the_literature(rate: float, years: float, factor: float) -> None:
    assert annuity_factor(rate, years) == pytest.approx(factor, abs=5e-6)


def test_present_value_of_the_literature() -> None:
    # Switch: 10 a year for 20 years at 5 % are worth 124.62 now.
    assert 10 * present_value_of_annuity(0.05, 20) == pytest.approx(124.62, abs=5e-3)
    assert present_value_of_annuity(0.0, 20) == 20
    assert annuity_factor(0.06, 12) * present_value_of_annuity(0.06, 12) == pytest.approx(1)
    # The sum itself, year by year.
    assert present_value_of_annuity(0.05, 20) == pytest.approx(sum(1.05**-y for y in range(1, 21)))


def test_small_rates_run_into_the_limit_of_none() -> None:
    assert annuity_factor(1e-9, 10) == pytest.approx(0.1, rel=1e-6)


def test_interest_by_hand() -> None:
    # A loan of 10 years at 5 % costs 0.129505 a year; at the case's 3 % these ten years are worth 8.530203: 1.104700, 10.47 % extra.
    loan = {"loan": {"kind": "loan", "interest_per_year": 0.05, "loan_years": 10}}
    lines = spending(model_of(funds=loan, economics={"discount_rate": 0.03}), "interest")
    assert lines["draw(loan,loan,2027q2)", "2027q2"] == pytest.approx(0.1047 * 1e6, rel=1e-4)


def test_interest_vanishes_at_the_discount_rate() -> None:
    loan = {"loan": {"kind": "loan", "interest_per_year": 0.03, "loan_years": 10}}
    plan = plan_of(funds=loan | LATER, economics={"discount_rate": 0.03})
    assert paid(plan, "interest") == pytest.approx(0, abs=1e-3)
    assert plan.objective_hkd == pytest.approx(plan_of(economics={"discount_rate": 0.03}).objective_hkd)


def test_binds() -> None:
    # Own money comes in 2027q2; the deposit of 20 % on 780,000 is due before, and borrowed.
    plan = plan_of(funds=LATER | {"loan": {"kind": "loan", "interest_per_year": 0.05, "loan_years": 10}})
    assert sum(cells(plan.rows.draws, "hkd", fund="loan")) == pytest.approx(156_000)
    # At a discount rate of zero the interest is all that is repaid beyond the loan: 10 · 0.129505 - 1.
    assert paid(plan, "interest") == pytest.approx(156_000 * (10 * annuity_factor(0.05, 10) - 1))


def test_repayments_by_hand() -> None:
    # 10 years at 0 %, drawn in 2027q2: a tenth of 92/365.25 in 2027q3 and in 2027q4, what is left of 1 as debt then.
    loan = {"loan": {"kind": "loan", "interest_per_year": 0.0, "loan_years": 10}}
    lines = spending(model_of(funds=OWN | loan), "repayment")
    quarter = 0.1 * 92 / 365.25
    assert lines["draw(loan,own.loan,2027q2)", "2027q3"] == pytest.approx(1e6 * quarter)
    assert lines["draw(loan,own.loan,2027q2)", "2027q4"] == pytest.approx(1e6 * (1 - quarter))
    # 5 %: 0.129505 a year; after 184 days (0.503765 years) 1.024884 - 0.129505 · 0.024884 / 0.05 · … is owed.
    loan["loan"]["interest_per_year"] = 0.05
    lines = spending(model_of(funds=OWN | loan), "repayment")
    grown = 1.05 ** (184 / 365.25)
    owed = grown - 0.129505 * (grown - 1) / 0.05
    assert lines["draw(loan,own.loan,2027q2)", "2027q4"] == pytest.approx(
        1e6 * (owed + 0.129505 * 92 / 365.25), rel=1e-5
    )


def test_does_not_bind_with_money_enough() -> None:
    funds = OWN | {"loan": {"kind": "loan", "interest_per_year": 0.05, "loan_years": 10}}
    assert paid(plan_of(funds=funds), "interest") == 0


def test_subsidy_by_hand() -> None:
    grant = {"grant": {"kind": "subsidy", "share_max": 0.7, "strings": {"costs": ["purchase"]}}}
    model = model_of(funds=OWN | grant, offers={"card": {"subsidised_by": ["grant"]}})
    assert spending(model, "subsidy")["draw(grant,own.grant,2027q2)", "2027q2"] == -1e6
    assert not [key for key in spending(model, "subsidy") if "draw(own" in key[0]]
