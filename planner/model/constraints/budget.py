"""Budget: every cash payment is drawn from a fund whose strings allow it, within the fund's window and ceiling.

    Σ_{f in b} draw[f,b,n]  ==  Σ cash lines of bucket b in n                       cover, for each bucket b and n
    draw[f,b,n]  <=  share_max[f] · Σ cash lines of b in n                          share, for each subsidy f
    Σ_b Σ_{m in path} draw[f,b,m]  <=  amount[f]                                    ceiling, for each fund and branch; likewise per year
    Σ cash lines in path but repayments  <=  budget_hkd                             total, for each branch
    Σ_{m in path} Σ_{subsidies f} draw[f,b(o,s,n),m]  <=  (price[o,n] + equipment) · forfeit[o,s,n,leaf]     public, for each order and branch

    f  fund   b  bucket: the cash lines that the same set of funds may pay   n, m  nodes        money in million HKD
    o  offer   s  site
    b(o,s,n)  bucket of an order that a subsidy may pay and whose price comes back as residual value

What a loan draws in b is repaid by the funds of own money in b: they could have paid it themselves. A repayment is a cash
line of their bucket. No fund gives more than is spent: else a loan below the discount rate, or two subsidies of 70 %, would be drawn for
their own sake. What a subsidy has paid is no value of the plan's: so many devices forfeit theirs, those that are taken
out first. A row's shadow price is the return on one more HK$: what the plan would save with it, beside the dollar
itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from planner.domain.device_cost import equipment_hkd
from planner.domain.fund import Fund
from planner.domain.horizon import Node
from planner.model.costs.funding import REPAYMENT, repayment
from planner.model.costs.line import Bucket, Line, Lines, Piece, like
from planner.model.costs.purchase import price_hkd
from planner.model.family import Family, Where
from planner.model.options import Options
from planner.model.rows import Row, Term, Terms, decimals
from planner.model.timing import in_window, year_share
from planner.model.variables import HKD_PER_MODEL_UNIT, SPENT, Columns


def may_pay(options: Options, fund: Fund, line: Line) -> bool:
    """Whether the fund's strings allow it to pay the line."""
    strings, case = fund.strings, options.case
    site = case.sites[line.site] if line.site else None
    if fund.kind == "subsidy" and (line.offer is None or fund.id not in case.offers[line.offer].subsidised_by):
        return False
    if fund.origin == "US" and (line.risky or (site is not None and site.listed_operator)):
        return False
    if strings.device_origins and line.device_origin is not None and line.device_origin not in strings.device_origins:
        return False
    if strings.costs and line.cost not in strings.costs:
        return False
    if strings.sites or strings.public_sites_only or strings.operator_parents_barred:
        return site is not None and _site_allowed(fund, site.id, site.public, site.operator_parent)
    return True


def _site_allowed(fund: Fund, site: str, public: bool, operator_parent: str) -> bool:
    strings = fund.strings
    return (
        (not strings.sites or site in strings.sites)
        and (public or not strings.public_sites_only)
        and operator_parent not in strings.operator_parents_barred
    )


def open_buckets(options: Options, x: Columns, pieces: list[Piece]) -> dict[tuple[Bucket, str], Lines]:
    """Sort cash lines into buckets by node, add the repayments of loans to both, and declare what may be drawn for each;
    nothing when the case has no funds.
    """
    funds = options.case.funds
    if not funds:
        return {}
    payers: dict[tuple[object, ...], tuple[Bucket, bool]] = {}
    buckets: dict[tuple[Bucket, str], list[Piece]] = defaultdict(list)
    for piece in pieces:
        line = like(piece)
        if not line.cash:
            continue
        marks = (line.cost, line.site, line.device_origin, line.offer, line.risky)
        if marks not in payers:
            eligible = tuple(fund.id for fund in funds.values() if may_pay(options, fund, line))
            payers[marks] = Bucket(eligible), any(funds[fund].kind == "subsidy" for fund in eligible)
        bucket, given = payers[marks]
        buckets[Bucket(bucket.funds, line.order) if given else bucket, line.node.id].append(piece)
    _declare_draws(options, x, buckets)
    for bucket, node_id in list(buckets):
        owners = Bucket(tuple(fund for fund in bucket.funds if funds[fund].kind == "budget"))
        for fund_id, column in drawn(x, bucket, node_id).items():
            for line in repayment(options, funds[fund_id], column, options.node(node_id)):
                pieces.append(line)
                buckets[owners, line.node.id].append(line)
    _declare_draws(options, x, buckets)
    return {bucket: Lines(some) for bucket, some in buckets.items()}


def _declare_draws(options: Options, x: Columns, buckets: Iterable[tuple[Bucket, str]]) -> None:
    for bucket, node_id in buckets:
        for fund_id in bucket.funds:
            fund, key = options.case.funds[fund_id], (fund_id, bucket.name, node_id)
            if key not in x.draw and in_window(options.node(node_id), fund.start, fund.end):
                x.add("draw", key)


def drawn(x: Columns, bucket: Bucket, node_id: str) -> dict[str, int]:
    """By fund: the column of what it gives for the bucket in the node."""
    name = bucket.name
    return {f: x.draw[f, name, node_id] for f in bucket.funds if (f, name, node_id) in x.draw}


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """Cover and share rows per bucket and node, ceilings per fund and branch, the total per branch."""
    for (bucket, node_id), lines in x.buckets.items():
        name, draws = bucket.name, drawn(x, bucket, node_id)
        because = f"spending that {' or '.join(bucket.funds) or 'no fund'} may pay"
        key = SPENT, "cover", name, node_id
        if key not in x.worked:
            x.worked[key] = Terms.each(draws.values(), 1.0) + million_hkd(lines).times(-1.0)
        paid: Terms = x.worked[key]
        yield Row("budget", ("cover", name), node_id, paid, "==", 0.0, because, is_limit=False)
        for fund_id, draw in draws.items():
            share = options.case.funds[fund_id].share_max
            if share is not None:
                spent = Terms(paid.columns[len(draws) :], paid.values[len(draws) :])
                terms = Terms((draw,), (1.0,)) + spent.times(share)
                because = f"{fund_id} pays at most {share:.0%}"
                yield Row("budget", ("share", fund_id, name), node_id, terms, "<=", 0.0, because)
    yield from _public(options, x)
    yield from _ceilings(options, x)
    yield from _total(options, x)


def _public(options: Options, x: Columns) -> Iterator[Row]:
    given: dict[tuple[str, str, str], dict[str, list[int]]] = defaultdict(dict)
    for bucket, node_id in x.buckets:
        if bucket.order:
            draws = drawn(x, bucket, node_id)
            given[bucket.order][node_id] = [c for f, c in draws.items() if options.case.funds[f].kind == "subsidy"]
    for key, by_node in given.items():
        order = options.orders[key]
        hkd = price_hkd(options, order) + equipment_hkd(options.case.economics)
        because = f"what public money pays of {key[0]} at {key[1]}, ordered in {key[2]}, is no value of the plan's"
        for leaf, _ in options.outliving[key]:
            terms: list[Term] = [(column, 1.0) for node in leaf.path for column in by_node.get(node.id, ())]
            if terms:
                terms.append((x.forfeit[*key, leaf.id], -hkd / HKD_PER_MODEL_UNIT))
                yield Row("budget", ("public", *key), leaf.id, Terms.of(terms), "<=", 0.0, because, is_limit=False)


def _ceilings(options: Options, x: Columns) -> Iterator[Row]:
    by_node: dict[tuple[str, str], list[int]] = defaultdict(list)
    for (fund_id, _, node_id), column in x.draw.items():
        by_node[fund_id, node_id].append(column)
    for fund in options.case.funds.values():
        for leaf in options.case.tree.leaves:
            if fund.amount_hkd is not None:
                yield from _ceiling(by_node, fund, leaf.path, leaf, (), fund.amount_hkd)
            if fund.amount_hkd_per_year is not None:
                open_in = [node for node in leaf.path if in_window(node, fund.start, fund.end)]
                for year in dict.fromkeys(node.period.start.year for node in open_in):
                    path = tuple(node for node in open_in if node.period.start.year == year)
                    hkd = fund.amount_hkd_per_year * year_share(options.case, path)
                    yield from _ceiling(by_node, fund, path, leaf, (f"y{year}",), hkd)


def _ceiling(
    by_node: dict[tuple[str, str], list[int]],
    fund: Fund,
    path: tuple[Node, ...],
    leaf: Node,
    year: tuple[str, ...],
    hkd: float,
) -> Iterator[Row]:
    terms = [(column, 1.0) for node in path for column in by_node[fund.id, node.id]]
    if terms:
        because = f"{fund.name or fund.id}: HKD {hkd:,.0f}" + (f" in {year[0][1:]}" if year else "")
        yield Row(
            "budget", ("ceiling", fund.id), leaf.id, Terms.of(terms), "<=", hkd / HKD_PER_MODEL_UNIT, because, year
        )


def is_spent(line: Line) -> bool:
    """Whether the total budget counts the line: cash, but no repayment of what it has counted already."""
    return line.cash and line.cost != REPAYMENT


def million_hkd(lines: Lines) -> Terms:
    """What the lines spend on a unit of their columns, million HKD."""
    return Terms(lines.hkd.columns, decimals(np.frombuffer(lines.hkd.values) / HKD_PER_MODEL_UNIT))


def _total(options: Options, x: Columns) -> Iterator[Row]:
    hkd = options.case.budget_hkd
    if hkd is None:
        return
    for leaf in options.case.tree.leaves:
        key = SPENT, "total", leaf.id
        if key not in x.worked:
            path = {node.id for node in leaf.path}
            x.worked[key] = million_hkd(Lines(p for p in x.lines if is_spent(like(p)) and like(p).node.id in path))
        because = f"budget of the plan: HKD {hkd:,.0f}"
        yield Row("budget", ("total",), leaf.id, x.worked[key], "<=", hkd / HKD_PER_MODEL_UNIT, because)


def _one_more(at: Where) -> str:
    kind, *rest = at.what
    fund = rest[0] if rest else ""
    return {
        "ceiling": f"One more million HKD in fund {fund}{at.year}",
        "total": "One more million HKD of budget",
        "share": f"One million HKD of {fund} beyond its share {at.when}",
        "cover": f"One million HKD given {at.when} for what {fund.replace('.', ' or ')} may pay",
        "public": f"One million HKD of public money for {' '.join(rest)}",
    }[kind]


FAMILY = Family(
    "budget",
    rows,
    unit="million HKD",
    price_says="the return on one more million HKD",
    kind="limit",
    one_more=_one_more,
)
