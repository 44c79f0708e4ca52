"""Money as treasurers read it: cash by cost, fund and financial year, and the account of every fund, on each branch.

    paid       a payment falls in the financial years of its period, by days where the period lies in two of them
    committed  what a decision will have paid: an order, a rental, a port, a mechanism or a loan's repayments on the day of the
               decision, the first of its period that counts; what runs on (energy, halls, staff, upkeep) as it is paid
    nominal    real · (1 + inflation)^t       t  years from the decision date to the middle of the days of the payment

    closing      = opening + granted - paid - lapsed              outstanding  = committed to date - paid to date
    uncommitted  = closing - outstanding

A ceiling over the window is granted on the first day on which the plan may draw it; one per year, which is of calendar
years, on the first such day of each, and it alone makes no uncommitted money, for what is committed is paid from years to come. What
no later period of the plan may draw lapses. Where a fund has both ceilings, the account is that of the window. Ceilings are
real, as all money of a case is: `closing_nominal_hkd` is the balance at the prices of that day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from planner.domain.case import Case
from planner.domain.financial_year import YearPart, financial_year, year_parts
from planner.domain.fund import Fund
from planner.domain.horizon import Node
from planner.model.build import Model
from planner.model.costs.line import Line
from planner.model.timing import in_window, year_share, years_until
from planner.plan.amounts import NEGLIGIBLE, Shares
from planner.plan.rows import CashYear, FundYear
from planner.solve.outcome import Floats

DECISIONS = ("order", "rent", "placed", "kind", "port", "clear", "draw")
"""Kinds of columns that bind a plan to what is paid for them; the last index is the node in which each is decided."""
CENT_HKD = 0.01
Sums = dict[str, float]


class Payment(NamedTuple):
    """HKD of a line that a fund pays in a node, and the day on which it was decided; none: it is decided as it is paid."""

    cost: str
    fund: str
    node: Node
    decided: date | None
    hkd: float


class Grant(NamedTuple):
    """Money that a fund gives from one day up to another, drawn in these nodes, in the order of the path."""

    hkd: float
    start: date
    end: date
    nodes: tuple[str, ...]


def payments(model: Model, values: Floats, shares: Shares) -> list[Payment]:
    """All cash of a plan, by fund."""
    sums: dict[tuple[str, str, str, date | None], float] = defaultdict(float)
    for line, hkd in model.lines.spent(values):
        if line.cash and hkd:
            day = decided(model, line)
            for fund, share in shares.get(id(line), (("", 1.0),)):
                sums[line.cost, fund, line.node.id, day] += hkd * share
    return [
        Payment(cost, fund, model.options.node(node), day, hkd) for (cost, fund, node, day), hkd in sums.items() if hkd
    ]


def decided(model: Model, line: Line) -> date | None:
    """The day on which what the line pays was decided."""
    column = model.columns.all[line.column]
    if column.kind not in DECISIONS:
        return None
    return model.case.horizon.order_date(model.options.node(column.key[-1]).period)


def by_year(case: Case, node: Node, hkd: float) -> Iterator[tuple[str, float, float]]:
    """What is paid in a node by financial year, by days of what counts of its period: real and nominal."""
    parts = year_parts(case.horizon.order_date(node.period), node.period.end)
    days = sum(part.days for part in parts)
    for part in parts:
        real = hkd * part.days / days
        yield part.year, real, real * prices_on(case, part.start, part.end)


def prices_on(case: Case, start: date, end: date) -> float:
    """What prices have become by the middle of some days, those of the decision date being 1."""
    years = (years_until(case, start) + years_until(case, end)) / 2
    return float((1 + case.economics.inflation_per_year) ** years)


def cash_years(case: Case, paid: Iterable[Payment]) -> Iterator[CashYear]:
    """Cash by cost, fund and financial year of each branch."""
    paid = list(paid)
    for leaf in case.tree.leaves:
        path = {node.id for node in leaf.path}
        sums: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
        for one in paid:
            if one.node.id in path:
                _book(case, sums, one)
        for (cost, fund, year), (committed, hkd, committed_nominal, nominal) in sorted(sums.items()):
            if max(abs(committed), abs(hkd)) > NEGLIGIBLE:
                yield {
                    "cost": cost, "fund": fund, "node": leaf.id, "financial_year": year, "committed_hkd": committed, "paid_hkd": hkd,
                    "committed_nominal_hkd": committed_nominal, "paid_nominal_hkd": nominal,
                }  # fmt: skip


def _book(case: Case, sums: dict[tuple[str, str, str], list[float]], one: Payment) -> None:
    for paid, hkd, nominal in by_year(case, one.node, one.hkd):
        ordered = paid if one.decided is None else financial_year(one.decided)
        for year, place, amount in ((ordered, 0, hkd), (paid, 1, hkd), (ordered, 2, nominal), (paid, 3, nominal)):
            sums[one.cost, one.fund, year][place] += amount


def fund_years(case: Case, paid: Iterable[Payment], cash: Iterable[CashYear]) -> Iterator[FundYear]:
    """The account of every fund, year by year, on each branch."""
    drawn: dict[tuple[str, str], float] = defaultdict(float)
    for one in paid:
        drawn[one.fund, one.node.id] += one.hkd
    booked: dict[tuple[str, str], list[CashYear]] = defaultdict(list)
    for row in cash:
        booked[row["fund"], row["node"]].append(row)
    years = year_parts(case.horizon.first_day, case.horizon.end_date)
    for leaf in case.tree.leaves:
        for fund in case.funds.values():
            granted, lapsed = _granted(case, fund, leaf, drawn)
            yield from _account(case, fund, leaf, years, booked[fund.id, leaf.id], granted, lapsed)


def _granted(case: Case, fund: Fund, leaf: Node, drawn: dict[tuple[str, str], float]) -> tuple[Sums, Sums]:
    """By financial year: what the fund gives, and what of it lapses."""
    granted: Sums = defaultdict(float)
    lapsed: Sums = defaultdict(float)
    for grant in grants(case, fund, leaf):
        granted[financial_year(grant.start)] += grant.hkd
        if grant.end < case.horizon.end_date:
            last = year_parts(grant.start, grant.end)[-1].year
            lapsed[last] += _rounded(grant.hkd - sum(drawn[fund.id, node] for node in grant.nodes))
    return granted, lapsed


def grants(case: Case, fund: Fund, leaf: Node) -> Iterator[Grant]:
    """The ceiling of its window, else that of each calendar year, in one branch; none where the fund has no ceiling."""
    nodes = [node for node in leaf.path if in_window(node, fund.start, fund.end)]
    if not nodes:
        return
    if fund.amount_hkd is not None:
        yield _grant(case, fund.amount_hkd, nodes)
    elif fund.amount_hkd_per_year is not None:
        for year in sorted({node.period.start.year for node in nodes}):
            inside = [node for node in nodes if node.period.start.year == year]
            yield _grant(case, fund.amount_hkd_per_year * year_share(case, inside), inside)


def _grant(case: Case, hkd: float, nodes: list[Node]) -> Grant:
    start = case.horizon.order_date(nodes[0].period)
    return Grant(hkd, start, nodes[-1].period.end, tuple(node.id for node in nodes))


def _account(
    case: Case, fund: Fund, leaf: Node, years: tuple[YearPart, ...], cash: list[CashYear], granted: Sums, lapsed: Sums
) -> Iterator[FundYear]:
    closing = outstanding = 0.0
    for year in years:
        rows = [row for row in cash if row["financial_year"] == year.year]
        committed, paid = sum(row["committed_hkd"] for row in rows), sum(row["paid_hkd"] for row in rows)
        opening, closing = closing, _rounded(closing + granted[year.year] - paid - lapsed[year.year])
        outstanding = _rounded(outstanding + committed - paid)
        yield {
            "fund": fund.id, "node": leaf.id, "financial_year": year.year, "opening_hkd": opening if fund.limited else None,
            "granted_hkd": granted[year.year] if fund.limited else None, "committed_hkd": float(committed), "paid_hkd": float(paid),
            "lapsed_hkd": lapsed[year.year] if fund.limited else None, "closing_hkd": closing if fund.limited else None, "outstanding_hkd": outstanding,
            "uncommitted_hkd": _rounded(closing - outstanding) if fund.amount_hkd is not None else None,
            "paid_nominal_hkd": float(sum(row["paid_nominal_hkd"] for row in rows)),
            "closing_nominal_hkd": closing * prices_on(case, year.end, year.end) if fund.limited else None,
        }  # fmt: skip


def _rounded(hkd: float) -> float:
    """Nothing where sums of the same payments differ by less than a cent: by the last digits alone."""
    return hkd if abs(hkd) > CENT_HKD else 0.0
