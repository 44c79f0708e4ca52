"""Funding: subsidies lower the plan's cost, loans add their interest and are repaid.

    subsidy    - draw[f,b,n]                                                          for each subsidy f
    interest   max( 0, Σ_y annuity · (1 + r)^-y - 1 ) · draw[f,b,n]                   for each loan f, y = 1 … loan_years
    repayment  annuity · years[m] · draw[f,b,n]                                       in each node m below n, for loan_years
               debt(years since n) · draw[f,b,n]                                      in each leaf at or below n

    annuity = i / (1 - (1 + i)^-loan_years)   i  the loan's real interest   r  the case's discount rate
    debt(t) = (1 + i)^t - annuity · ((1 + i)^t - 1) / i                               what is still owed t years after the draw

Interest is what the loan costs beyond paying at once; at i <= r it is zero, for borrowing never pays for itself. What a
loan pays counts in the objective where it is spent, and its interest with it; a repayment counts nothing there again, but
the funds must cover it (`budget`). What is owed when the horizon ends is due then: a loan moves money in time and makes none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planner.domain.fund import Fund
from planner.domain.horizon import Node
from planner.model.costs.line import Line, weight
from planner.model.options import Options
from planner.model.timing import years_in
from planner.model.variables import HKD_PER_MODEL_UNIT, Columns

REPAYMENT = "repayment"


def annuity_factor(rate: float, years: float) -> float:
    """Yearly repayment of a loan of 1 over so many years: r / (1 - (1 + r)^-n); at r = 0 it is 1/n."""
    return float(rate / (1 - (1 + rate) ** -years)) if rate else 1 / years


def present_value_of_annuity(rate: float, years: float) -> float:
    """What 1 a year for so many years, paid at each year's end, is worth now."""
    return 1 / annuity_factor(rate, years)


def subsidy(options: Options, x: Columns) -> Iterator[Line]:
    """What subsidies pay."""
    for (fund, _, node_id), column in x.draw.items():
        if options.case.funds[fund].kind == "subsidy":
            node = options.node(node_id)
            yield Line("subsidy", column, node, -HKD_PER_MODEL_UNIT, weight(options, node), cash=False)


def interest(options: Options, x: Columns) -> Iterator[Line]:
    """What loans cost beyond paying at once, as of the draw."""
    for (fund_id, _, node_id), column in x.draw.items():
        fund = options.case.funds[fund_id]
        if fund.interest_per_year is None or fund.loan_years is None:
            continue
        repaid = annuity_factor(fund.interest_per_year, fund.loan_years)
        extra = max(0.0, repaid * present_value_of_annuity(options.case.economics.discount_rate, fund.loan_years) - 1)
        node = options.node(node_id)
        yield Line("interest", column, node, extra * HKD_PER_MODEL_UNIT, weight(options, node), cash=False)


def repayment(options: Options, fund: Fund, column: int, drawn: Node) -> Iterator[Line]:
    """What a draw of a loan asks of other funds: the yearly repayments below its node, the debt at each leaf."""
    if fund.interest_per_year is None or fund.loan_years is None:
        return
    hkd: dict[str, float] = defaultdict(float)
    annuity = annuity_factor(fund.interest_per_year, fund.loan_years)
    for leaf in options.leaves_below(drawn):
        years = 0.0
        for node in leaf.path[drawn.position + 1 :]:
            paid = min(years_in(options.case, node), fund.loan_years - years)
            hkd[node.id] = annuity * paid
            years += paid
        hkd[leaf.id] += _debt(fund.interest_per_year, annuity, years)
    for node_id, share in hkd.items():
        if share > 0:
            yield Line(REPAYMENT, column, options.node(node_id), share * HKD_PER_MODEL_UNIT, 0.0)


def _debt(rate: float, annuity: float, years: float) -> float:
    """What is still owed of a loan of 1 after so many years of repayments."""
    if not rate:
        return max(0.0, 1 - annuity * years)
    grown = (1 + rate) ** years
    return float(max(0.0, grown - annuity * (grown - 1) / rate))
