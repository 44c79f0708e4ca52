"""Budget: every cash payment is drawn from a fund whose strings allow it, within the fund's window and ceiling."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from proof import SNAP, Break, bought, cells, missing, model_of, paid, plan_of, price, row, rows
from tiny import DEVICE, site

OWN = {"own": {"kind": "budget"}}
SUBSIDY = {"kind": "subsidy", "share_max": 0.7, "strings": {"costs": ["purchase"]}}
FLEET = f"{DEVICE},hall"

BINDS: dict[str, Any] = {"funds": {"own": {"kind": "budget", "amount_hkd": 4e5}}}
BREAKS = (
    Break("budget", "budget", "own,2027q4,ceiling", figure={"funds": {"own": {"amount_hkd": 1e5}}}),
    Break("budget", "budget", "own,2027q4,y2027", figure={"funds": {"own": {"amount_hkd_per_year": 1e5}}}),
    Break("budget", "plain", "total,2027q4", figure={"budget_hkd": 1e5}),
    Break("budget", "budget", "window and strings", figure={"funds": {"own": {"end": "2027q1"}}}),
    Break("budget", "subsidy", "grant,own.grant,2027q", figure={"funds": {"grant": {"share_max": 0.1}}}),
    Break("budget", "budget", "nobody,2027q2,cover", figure={"funds": {"own": {"strings": {"device_origins": ["CN"]}}}}),
    Break("budget", "two_funds", "loan,2027q1,booked", cell=("spend", 0, "fund", "loan")),
)  # fmt: skip


def test_cover_row_by_hand() -> None:
    # 2027q2 pays the balance of what q1 ordered (62,400 HKD), the deposit of what q2 orders (15,600), and the energy of 91 days.
    found = row(model_of(funds=OWN), "budget(cover,own,2027q2)")
    assert found.terms == pytest.approx({
        "draw(own,own,2027q2)": 1, "order(card,hall,2027q1)": -0.0624, "order(card,hall,2027q2)": -0.0156,
        f"fleet({FLEET},2027q2)": -0.3 * 0.003276, f"run(service,{FLEET},2027q2)": -0.7 * 0.003276,
    })  # fmt: skip
    assert (found.sense, found.limit, found.because) == ("==", 0, "spending that own may pay")


def test_share_row_by_hand() -> None:
    model = model_of(funds=OWN | {"grant": SUBSIDY}, offers={"card": {"subsidised_by": ["grant"]}})
    found = row(model, "budget(share,grant,own.grant,2027q2)")
    assert found.terms == pytest.approx({
        "draw(grant,own.grant,2027q2)": 1,
        "order(card,hall,2027q1)": -0.7 * 0.0624, "order(card,hall,2027q2)": -0.7 * 0.0156,
    })  # fmt: skip
    assert (found.sense, found.limit, found.because) == ("<=", 0, "grant pays at most 70%")


def test_ceiling_rows_by_hand() -> None:
    funds = {
        "own": {"kind": "budget", "name": "Own money", "amount_hkd": 3e6, "amount_hkd_per_year": 1e6, "start": "2027q2"}
    }
    model = model_of(horizon={"start": "2027q1", "end": "2028q1"}, funds=funds)
    total = row(model, "budget(ceiling,own,2028q1)")
    assert total.terms == {f"draw(own,own,{n})": 1 for n in ("2027q2", "2027q3", "2027q4", "2028q1")}
    assert (total.sense, total.limit, total.because) == ("<=", 3, "Own money: HKD 3,000,000")
    year = row(model, "budget(ceiling,own,2028q1,y2027)")
    assert year.terms == {f"draw(own,own,{n})": 1 for n in ("2027q2", "2027q3", "2027q4")}
    # The fund is open for 275 of the 365 days of 2027.
    assert (year.limit, year.because) == (pytest.approx(275 / 365), "Own money: HKD 753,425 in 2027")


def test_public_row_by_hand() -> None:
    # What the grant pays of the order of 2027q1, in q1 and q2, forfeits the value of so many devices of 78,000 + 15,600 HKD.
    subsidised = {"offers": {"card": {"subsidised_by": ["grant"]}}, "funds": OWN | {"grant": SUBSIDY}}
    model = model_of(**subsidised, economics={"residual_value": True, "server_usd_per_device": 2_000})
    found = row(model, "budget(public,card,hall,2027q1,2027q4)")
    order = "own.grant_card.hall.2027q1"
    assert found.terms == pytest.approx({
        f"draw(grant,{order},2027q1)": 1, f"draw(grant,{order},2027q2)": 1, "forfeit(card,hall,2027q1,2027q4)": -0.0936,
    })  # fmt: skip
    assert (found.sense, found.limit) == ("<=", 0)
    # Without residual value nobody asks who paid.
    assert not [r for r in rows(model_of(**subsidised), "budget") if "public" in r]


def test_total_row_by_hand() -> None:
    found = row(model_of(budget_hkd=500_000), "budget(total,2027q4)")
    assert found.terms["order(card,hall,2027q1)"] == pytest.approx(0.078)
    assert found.terms[f"run(service,{FLEET},2027q3)"] == pytest.approx(0.7 * 0.003312)
    # Lost compute is a value, not a payment.
    assert not [name for name in found.terms if name.startswith("unserved")]
    assert (found.sense, found.limit, found.because) == ("<=", 0.5, "budget of the plan: HKD 500,000")


def test_binds() -> None:
    # A device costs 78,000 and 9,900 of energy: 439,500 HKD buy five of the ten. One more HKD saves 2,750,000 / 87,900 less itself.
    plan = plan_of(budget_hkd=439_500)
    assert bought(plan) == pytest.approx(5)
    assert missing(plan) == pytest.approx(137.5)
    assert price(plan, "budget(total,2027q4)") / 1e6 == pytest.approx(-(2_750_000 - 87_900) / 87_900)


def test_does_not_bind() -> None:
    plan = plan_of(budget_hkd=1e9, funds=OWN)
    assert plan.objective_hkd == pytest.approx(879_000)
    assert price(plan, "budget(total,2027q4)") == 0


def test_a_window_shuts_money_out() -> None:
    # The deposit of q1 cannot be paid from money that comes in q2: the order is placed in q2 and stands from q3.
    plan = plan_of(funds={"own": {"kind": "budget", "start": "2027q2"}})
    assert cells(plan.rows.orders, "node") == ["2027q2"]
    late = plan_of(funds={"own": {"kind": "budget", "end": "2027q3"}})
    # Energy of q4 finds no payer.
    assert missing(late) == pytest.approx(92)


def test_a_subsidy_pays_its_share_and_no_more() -> None:
    # 70 % of 780,000.
    plan = plan_of(funds=OWN | {"grant": SUBSIDY}, offers={"card": {"subsidised_by": ["grant"]}})
    assert paid(plan, "subsidy") == pytest.approx(-546_000)
    assert plan.objective_hkd == pytest.approx(879_000 - 546_000)


def test_two_subsidies_never_pay_more_than_the_price() -> None:
    funds = OWN | {"grant": SUBSIDY, "prize": SUBSIDY}
    plan = plan_of(funds=funds, offers={"card": {"subsidised_by": ["grant", "prize"]}})
    assert paid(plan, "subsidy") == pytest.approx(-780_000)
    assert sum(cells(plan.rows.draws, "hkd")) == pytest.approx(780_000 + 99_000)


def test_a_cheap_loan_is_not_drawn_for_its_own_sake() -> None:
    loan = {"kind": "loan", "interest_per_year": 0.01, "loan_years": 10, "amount_hkd": 1e9}
    later = {"kind": "budget", "start": "2027q2"}
    plan = plan_of(funds={"loan": loan, "later": later}, economics={"discount_rate": 0.05})
    # The deposit of 20 % on 780,000 is due before the own money comes.
    assert 156_000 - 1 < sum(cells(plan.rows.draws, "hkd", fund="loan")) <= 879_000
    assert paid(plan, "interest") == 0
    assert plan.objective_hkd == pytest.approx(plan_of(economics={"discount_rate": 0.05}).objective_hkd)


def test_own_money_of_100_buys_for_100_with_a_loan_and_without() -> None:
    own = {"own": {"kind": "budget", "amount_hkd": 100}}
    loan = {"loan": {"kind": "loan", "interest_per_year": 0.0, "loan_years": 10}}
    alone, helped = plan_of(funds=own), plan_of(funds=own | loan)
    assert helped.objective_hkd == pytest.approx(alone.objective_hkd)
    assert sum(cells(helped.rows.orders, "hkd")) <= 100
    # A loan alone has nobody to repay it.
    assert bought(plan_of(funds=loan)) == 0


LATE = {"own": {"kind": "budget", "start": "2027q3"}}


def worth(discount: float) -> dict[str, object]:
    return {"discount_rate": discount, "residual_value": True}


@cache
def cost_without_a_loan(discount: float) -> tuple[float, float]:
    """Of own money in time, and of own money that comes late."""
    in_time, late = (plan_of(economics=worth(discount), funds=funds) for funds in (OWN, LATE))
    return in_time.objective_hkd, late.objective_hkd


@pytest.mark.parametrize("rate", [0.0, pytest.param(0.02, marks=pytest.mark.slow), 0.1])
@pytest.mark.parametrize("years", [0.5, pytest.param(3, marks=pytest.mark.slow), 30])
@pytest.mark.parametrize("discount", [0.0, 0.05])
def test_borrowing_is_never_better_than_having_the_money(rate: float, years: float, discount: float) -> None:
    loan = {"loan": {"kind": "loan", "interest_per_year": rate, "loan_years": years}}
    rich, alone = cost_without_a_loan(discount)
    # Own money comes late: the loan buys in time, and all of it is repaid.
    borrowing = plan_of(economics=worth(discount), funds=LATE | loan).objective_hkd
    assert 0 <= rich - 1e-3 <= borrowing <= alone + 1e-3
    assert plan_of(economics=worth(discount), funds=OWN | loan).objective_hkd == pytest.approx(rich)


def test_a_loan_is_repaid_by_the_money_that_might_have_paid_in_its_place() -> None:
    # All own money is for Chinese devices: it repays no loan that bought others.
    own = {"own": {"kind": "budget", "strings": {"device_origins": ["CN"]}}}
    loan = {"loan": {"kind": "loan", "interest_per_year": 0.0, "loan_years": 10}}
    assert bought(plan_of(funds=own | loan)) == 0


def test_what_is_drawn_and_no_more_is_repaid_without_interest() -> None:
    # 0 % over 10 years: yearly repayments of a tenth until the end of the plan, the rest as debt then.
    funds = {
        "loan": {"kind": "loan", "interest_per_year": 0.0, "loan_years": 10, "amount_hkd": 1e5},
        "own": {"kind": "budget", "amount_hkd": 879_000},
    }
    plan = plan_of(funds=funds)
    drawn = sum(cells(plan.rows.draws, "hkd", fund="loan"))
    assert sum(cells(plan.rows.spend, "hkd", cost="repayment")) == pytest.approx(drawn)


@pytest.mark.parametrize(
    ("strings", "allowed"),
    [
        ({"device_origins": ["CN"]}, False),
        ({"device_origins": ["US", "CN"]}, True),
        ({"sites": ["annex"]}, False),
        ({"sites": ["hall"]}, True),
        ({"public_sites_only": True}, False),
        ({"operator_parents_barred": ["HK"]}, False),
        ({"operator_parents_barred": ["US"]}, True),
        ({"costs": ["energy"]}, False),
        ({"costs": ["energy", "purchase"]}, True),
    ],
)
def test_strings(strings: dict[str, object], allowed: bool) -> None:
    plan = plan_of(sites={"annex": site()}, funds={"own": {"kind": "budget", "strings": strings}})
    assert bought(plan) == pytest.approx(10 if allowed else 0)


def test_spending_that_no_fund_may_pay_is_not_done() -> None:
    name = "budget(cover,nobody,2027q2)"
    model = model_of(funds={"own": {"kind": "budget", "strings": {"costs": ["energy"]}}})
    assert name in rows(model, "budget")
    assert row(model, name).because == "spending that no fund may pay"


def test_each_branch_draws_on_the_whole_fund_along_its_own_path() -> None:
    model = model_of(scenarios=SNAP, funds={"own": {"kind": "budget", "amount_hkd": 1e6}}, budget_hkd=2e6)
    branch = row(model, "budget(ceiling,own,2027q4_snap_embargo)").terms
    # In the branch of the embargo nothing arrives, so only the deposit of the root is paid.
    assert branch == {"draw(own,own,2027q1)": 1}
    assert set(row(model, "budget(total,2027q4_snap_embargo)").terms) == {"order(card,hall,2027q1)"}
