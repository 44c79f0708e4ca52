"""Funding: subsidies lower the plan's cost, loans add their interest.

    subsidy   - draw[f,b,n]                                                   for each subsidy f
    interest  ( Σ_y annuity · (1 + r)^-y - 1 ) · draw[f,b,n]                  for each loan f, y = 1 … loan_years

    annuity = i / (1 - (1 + i)^-loan_years)   i  the loan's real interest   r  the case's discount rate

Interest is what the loan costs beyond paying at once; at i = r it is zero.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.costs.line import Line, weight
from planner.model.options import Options
from planner.model.variables import HKD_PER_MODEL_UNIT, Columns


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
        extra = repaid * present_value_of_annuity(options.case.economics.discount_rate, fund.loan_years) - 1
        node = options.node(node_id)
        yield Line("interest", column, node, extra * HKD_PER_MODEL_UNIT, weight(options, node), cash=False)
