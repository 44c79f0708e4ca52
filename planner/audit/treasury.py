"""Money by financial year: cash by cost and fund and the accounts of funds, from payments found anew.

These tables add up what other tables tell. They are looked at once all of those hold, so that one fault is told once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from planner.audit.account import Account
from planner.audit.facts import Record, once
from planner.audit.money import by_bucket
from planner.audit.payments import Payment
from planner.audit.rule import HKD_FLOOR, Comparison, Rule
from planner.domain.financial_year import financial_year, year_parts
from planner.domain.fund import Fund
from planner.domain.horizon import Node
from planner.units import DAYS_PER_YEAR

FIGURES = ("committed_hkd", "paid_hkd", "committed_nominal_hkd", "paid_nominal_hkd")
Key = tuple[str, ...]


class Share(NamedTuple):
    """What one fund gives of a payment."""

    payment: Payment
    fund: str
    hkd: float


@once
def given(facts: Account) -> list[Share]:
    """Every payment, split among the funds that pay its bucket by what each draws for it."""
    if not facts.case.funds:
        return [Share(payment, "", payment.hkd) for payment in facts.cash]
    covered = by_bucket(facts)
    owed: dict[tuple[str, str], float] = defaultdict(float)
    drawn: dict[tuple[str, str], list[tuple[str, float]]] = defaultdict(list)
    for bucket, payment in covered:
        owed[bucket, payment.node] += payment.hkd
    for line in facts.records("draws"):
        drawn[line["bucket"], line["node"]].append((line["fund"], line["hkd"]))
    return [
        Share(payment, fund, payment.hkd * hkd / owed[bucket, payment.node])
        for bucket, payment in covered
        for fund, hkd in drawn[bucket, payment.node]
    ]


@once
def year_shares(facts: Account) -> dict[str, list[tuple[str, float, float]]]:
    """By node: the financial years of what counts of its period, the part of its days, and the level of prices in its middle."""
    case, shares = facts.case, dict[str, list[tuple[str, float, float]]]()
    for id, node in facts.nodes.items():
        shares[id] = []
        for part in year_parts(case.horizon.order_date(node.period), node.period.end):
            middle = (part.start - case.horizon.first_day).days + part.days / 2
            prices = (1 + case.economics.inflation_per_year) ** (middle / DAYS_PER_YEAR)
            shares[id].append((part.year, part.days / facts.days[id], prices))
    return shares


def cash_years(facts: Account) -> Iterator[Comparison]:
    """Committed and paid, real and nominal, by cost, fund and financial year of each branch."""
    claims: dict[Key, list[float]] = defaultdict(lambda: [0.0] * len(FIGURES))
    for row in facts.records("cash_years"):
        for place, name in enumerate(FIGURES):
            claims[row["cost"], row["fund"] or "", row["node"], row["financial_year"]][place] += row[name]
    paid: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for payment, fund, hkd in given(facts):
        paid[payment.cost, fund, payment.node, payment.decided] += hkd
    payments: dict[Key, list[float]] = defaultdict(lambda: [0.0] * len(FIGURES))
    for (cost, fund, node, decided), hkd in paid.items():
        ordered = financial_year(facts.case.horizon.order_date(facts.nodes[decided].period)) if decided else None
        for year, part, prices in year_shares(facts)[node]:
            for leaf in facts.leaves_below[node]:
                for place, (at, level) in enumerate(((ordered, 1.0), (year, 1.0), (ordered, prices), (year, prices))):
                    payments[cost, fund, leaf.id, at or year][place] += hkd * part * level
    for key in dict.fromkeys((*claims, *payments)):
        for name, claim, hkd in zip(FIGURES, claims[key], payments[key], strict=True):
            yield Comparison((*(part for part in key if part), name), claim, "==", hkd)


def fund_years(facts: Account) -> Iterator[Comparison]:
    """Flows of a fund as its cash says, its draws in all, and every balance from the one before and its ceilings."""
    flows: dict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for row in facts.records("cash_years"):
        figures = (row["committed_hkd"], row["paid_hkd"], row["paid_nominal_hkd"])
        sums = flows[row["fund"] or "", row["node"], row["financial_year"]]
        sums[:] = (total + figure for total, figure in zip(sums, figures, strict=True))
    drawn: dict[tuple[str, str], float] = defaultdict(float)
    for line in facts.records("draws"):
        drawn[line["fund"], line["node"]] += line["hkd"]
    claims = {(row["fund"], row["node"], row["financial_year"]): row for row in facts.records("fund_years")}
    horizon = facts.case.horizon
    years = year_parts(horizon.first_day, horizon.end_date)
    due = [(fund, leaf) for fund in facts.case.funds.values() for leaf in facts.case.tree.leaves]
    lines = len(facts.records("fund_years"))
    yield Comparison(("lines",), 0.0 if lines == len(due) * len(years) else float("nan"), "==", 0.0)
    for fund, leaf in due:
        granted, lapsed = _granted(facts, fund, leaf, drawn)
        closing = outstanding = paid_in_all = 0.0
        for year in years:
            committed, paid, nominal = flows[fund.id, leaf.id, year.year]
            balances = {"opening_hkd": closing, "granted_hkd": granted[year.year], "lapsed_hkd": lapsed[year.year]}
            closing += granted[year.year] - paid - lapsed[year.year]
            outstanding, paid_in_all = outstanding + committed - paid, paid_in_all + paid
            since = (year.end - horizon.first_day).days / DAYS_PER_YEAR
            prices = (1 + facts.case.economics.inflation_per_year) ** since
            balances |= {"closing_hkd": closing, "closing_nominal_hkd": closing * prices}
            flow = {
                "committed_hkd": committed,
                "paid_hkd": paid,
                "paid_nominal_hkd": nominal,
                "outstanding_hkd": outstanding,
            }
            key = fund.id, leaf.id, year.year
            row = claims.get(key, {})
            windowed, yearly = fund.amount_hkd is not None, fund.amount_hkd_per_year is not None
            yield from _told(key, row, flow, True)
            yield from _told(key, row, balances, windowed or yearly)
            yield from _told(key, row, {"uncommitted_hkd": closing - outstanding}, windowed)
        in_all = sum(drawn[fund.id, node] for node in facts.path[leaf.id])
        yield Comparison((fund.id, leaf.id, "drawn"), paid_in_all, "==", in_all)


def _told(key: Key, row: Record, figures: dict[str, float], known: bool) -> Iterator[Comparison]:
    """Each figure of an account; what a fund lacks, for want of a ceiling, is empty."""
    size = sum(abs(hkd) for hkd in figures.values())
    for name, hkd in figures.items():
        claim = row.get(name)
        if known:
            yield Comparison((*key, name), float("nan") if claim is None else claim, "==", hkd, size)
        else:
            yield Comparison((*key, name), 0.0 if claim is None else float("nan"), "==", 0.0)


def _granted(
    facts: Account, fund: Fund, leaf: Node, drawn: dict[tuple[str, str], float]
) -> tuple[dict[str, float], dict[str, float]]:
    """By financial year: what the ceiling of the window, else that of every calendar year, gives, and what of it lapses
    because no later node may draw it.
    """
    case = facts.case
    may = [node for node in facts.path[leaf.id] if facts.within(node, fund.start, fund.end)]
    by_year: dict[int, list[str]] = defaultdict(list)
    for node in may if fund.limited else ():
        by_year[0 if fund.amount_hkd is not None else facts.nodes[node].period.start.year].append(node)
    granted: dict[str, float] = defaultdict(float)
    lapsed: dict[str, float] = defaultdict(float)
    for year, nodes in by_year.items():
        first, last = facts.nodes[nodes[0]].period, facts.nodes[nodes[-1]].period
        hkd = fund.amount_hkd or 0.0
        if fund.amount_hkd is None:
            hkd = (fund.amount_hkd_per_year or 0.0) * facts.year_part(year, nodes)
        granted[financial_year(case.horizon.order_date(first))] += hkd
        if last.end < case.horizon.end_date:
            at = year_parts(last.start, last.end)[-1].year
            lapsed[at] += hkd - sum(drawn[fund.id, node] for node in nodes)
    return granted, lapsed


RULES = (
    Rule("cash_years", (), "HKD", HKD_FLOOR, cash_years),
    Rule("fund_years", (), "HKD", HKD_FLOOR, fund_years),
)
