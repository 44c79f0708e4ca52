"""Who pays: every cash payment is drawn from funds whose strings allow it, within their ceilings.

A class of payments is all that the same funds may pay: draws are decided by fund, class and node.
"""

from __future__ import annotations

from collections import defaultdict

from benchmarks.plain.money import MILLION, Payment, price_hkd
from benchmarks.plain.program import Program, Term
from benchmarks.plain.sets import Place, Sets
from planner.domain.device_cost import equipment_hkd
from planner.domain.fund import Fund
from planner.domain.horizon import Node
from planner.model.timing import in_window, year_share, years_in

Class = tuple[tuple[str, ...], Place | None]
"""The funds that may pay, and apart from others an order whose residual value hangs on who paid for it."""


def write(s: Sets, p: Program, payments: list[Payment]) -> None:
    """Variables and limits."""
    if s.case.budget_hkd is not None:
        for leaf in s.leaves:
            path = {node.id for node in leaf.path}
            terms = [(paid.column, paid.million) for paid in payments if paid.node in path]
            p.limit("budget", (leaf.id,), terms, "<=", s.case.budget_hkd / MILLION)
    if s.case.funds:
        spending = _by_class(s, payments)
        _draws(s, p, spending)
        _repayments(s, p, spending)
        _draws(s, p, spending)
        _cover(s, p, spending)
        _public(s, p, spending)
        _ceilings(s, p)


def _by_class(s: Sets, payments: list[Payment]) -> dict[tuple[Class, str], list[Term]]:
    eligible: dict[tuple[object, ...], tuple[str, ...]] = {}
    spending: dict[tuple[Class, str], list[Term]] = defaultdict(list)
    for paid in payments:
        marks = paid.cost, paid.site, paid.origin, paid.offer, paid.risky
        if marks not in eligible:
            eligible[marks] = tuple(fund.id for fund in s.case.funds.values() if _may_pay(s, fund, paid))
        funds = eligible[marks]
        given = any(s.case.funds[fund].kind == "subsidy" for fund in funds)
        spending[(funds, paid.order if given else None), paid.node].append((paid.column, paid.million))
    return spending


def _may_pay(s: Sets, fund: Fund, paid: Payment) -> bool:
    strings = fund.strings
    site = s.case.sites[paid.site] if paid.site else None
    bars = [
        fund.kind == "subsidy" and (paid.offer is None or fund.id not in s.case.offers[paid.offer].subsidised_by),
        fund.origin == "US" and (paid.risky or (site is not None and site.listed_operator)),
        bool(strings.device_origins) and paid.origin is not None and paid.origin not in strings.device_origins,
        bool(strings.costs) and paid.cost not in strings.costs,
        bool(strings.sites) and (site is None or site.id not in strings.sites),
        bool(strings.public_sites_only) and (site is None or not site.public),
        bool(strings.operator_parents_barred)
        and (site is None or site.operator_parent in strings.operator_parents_barred),
    ]
    return not any(bars)


def _name(of: Class) -> str:
    funds, order = of
    return "+".join(funds) + ("@" + "/".join(order) if order else "")


def _draws(s: Sets, p: Program, spending: dict[tuple[Class, str], list[Term]]) -> None:
    for of, node in spending:
        for id in of[0]:
            fund = s.case.funds[id]
            if in_window(s.node[node], fund.start, fund.end) and not p.some("draw", id, _name(of), node):
                column = p.variable("draw", (id, _name(of), node))
                p.cost[column] -= s.weight[node] * (fund.kind == "subsidy")
                if fund.interest_per_year is not None and fund.loan_years is not None:
                    p.cost[column] += s.weight[node] * _interest(s, fund.interest_per_year, fund.loan_years)


def _annuity(rate: float, years: float) -> float:
    return float(rate / (1 - (1 + rate) ** -years)) if rate else 1 / years


def _interest(s: Sets, rate: float, years: float) -> float:
    """What a loan of 1 costs beyond paying at once; borrowing never pays for itself."""
    return max(0.0, _annuity(rate, years) / _annuity(s.case.economics.discount_rate, years) - 1)


def _repayments(s: Sets, p: Program, spending: dict[tuple[Class, str], list[Term]]) -> None:
    """What loans paid comes back from the funds of own money that could have paid it."""
    for of, node in list(spending):
        own: Class = tuple(id for id in of[0] if s.case.funds[id].kind == "budget"), None
        for id in of[0]:
            rate, years = s.case.funds[id].interest_per_year, s.case.funds[id].loan_years
            if rate is not None and years is not None:
                for column in p.some("draw", id, _name(of), node):
                    for at, share in _owed(s, s.node[node], rate, years).items():
                        spending[own, at].append((column, share))


def _owed(s: Sets, drawn: Node, rate: float, loan_years: float) -> dict[str, float]:
    """By node below the draw: the annuity; at each leaf with it the debt that is left."""
    owed: dict[str, float] = {}
    annuity = _annuity(rate, loan_years)
    for leaf in s.leaves_below[drawn.id]:
        gone = 0.0
        for node in leaf.path[drawn.position + 1 :]:
            years = min(years_in(s.case, node), loan_years - gone)
            owed[node.id] = annuity * years
            gone += years
        debt = 1 - annuity * gone if not rate else (1 + rate) ** gone - annuity * ((1 + rate) ** gone - 1) / rate
        owed[leaf.id] = owed.get(leaf.id, 0.0) + max(0.0, debt)
    return {node: share for node, share in owed.items() if share > 0}


def _cover(s: Sets, p: Program, spending: dict[tuple[Class, str], list[Term]]) -> None:
    for (of, node), terms in spending.items():
        draws = {id: column for id in of[0] for column in p.some("draw", id, _name(of), node)}
        spent = [(column, -million) for column, million in terms]
        p.limit("cover", (_name(of), node), [*((column, 1.0) for column in draws.values()), *spent], "==", 0.0)
        for id, column in draws.items():
            share = s.case.funds[id].share_max
            if share is not None:
                part = [(column, 1.0), *((c, share * million) for c, million in spent)]
                p.limit("share", (id, _name(of), node), part, "<=", 0.0)


def _public(s: Sets, p: Program, spending: dict[tuple[Class, str], list[Term]]) -> None:
    """What public money paid of an order is no value of the plan's at the end."""
    nodes: dict[Class, list[str]] = defaultdict(list)
    for of, node in spending:
        if of[1] is not None:
            nodes[of].append(node)
    by_order: dict[Place, list[tuple[str, int]]] = defaultdict(list)
    for (funds, order), some in nodes.items():
        assert order is not None
        subsidies = [id for id in funds if s.case.funds[id].kind == "subsidy"]
        by_order[order] += [
            (n, c) for n in some for id in subsidies for c in p.some("draw", id, _name((funds, order)), n)
        ]
    for order, draws in by_order.items():
        million = (price_hkd(s, s.orders[order]) + equipment_hkd(s.case.economics)) / MILLION
        for leaf, _ in s.left(s.orders[order]):
            path = {node.id for node in leaf.path}
            terms = [(column, 1.0) for node, column in draws if node in path]
            if terms:
                forfeit = p.at("forfeit", *order, leaf.id)
                p.limit("public", (*order, leaf.id), [*terms, (forfeit, -million)], "<=", 0.0)


def _ceilings(s: Sets, p: Program) -> None:
    draws: dict[tuple[str, str], list[int]] = defaultdict(list)
    for (fund, _, node), column in p.of("draw").items():
        draws[fund, node].append(column)
    for fund in s.case.funds.values():
        for leaf in s.leaves:
            ways: list[tuple[str, list[Node], float]] = []
            if fund.amount_hkd is not None:
                ways.append(("all", list(leaf.path), fund.amount_hkd))
            if fund.amount_hkd_per_year is not None:
                years: dict[int, list[Node]] = defaultdict(list)
                for node in leaf.path:
                    if in_window(node, fund.start, fund.end):
                        years[node.period.start.year].append(node)
                yearly = fund.amount_hkd_per_year
                ways += [(str(year), nodes, yearly * year_share(s.case, nodes)) for year, nodes in years.items()]
            for name, nodes, hkd in ways:
                terms = [(column, 1.0) for node in nodes for column in draws[fund.id, node.id]]
                if terms:
                    p.limit("ceiling", (fund.id, name, leaf.id), terms, "<=", hkd / MILLION)
