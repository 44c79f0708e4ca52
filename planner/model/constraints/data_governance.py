"""Data governance: a workload runs in a zone only once the mechanisms that let its data be processed there are in
place.

    Σ_{(a,s) in z} useful[w,a,n] · days[n] · run[w,a,s,n]  <=  Σ_b open[w,b,n] · ( clear[g,m,z,b] - clear[g,m,z,parent(b)] )    for each w, m needed in z, and n
    clear[g,m,z,n]  >=  clear[g,m,z,parent(n)]
    clear[g,m,z,n] - clear[g,m,z,l]  <=  1          where m lapses

    w  workload   g  its tenant   m  mechanism   z  legal zone   a  accelerator   s  site   n  node
    b  node: n or an ancestor of it from which m, begun there, is in place in n
    l  node: the last from which m, begun there, lapses before m begun a period after n would be ready
    open  PFLOP/s-days: all that is asked of w where m is in place when n begins; else what can be done from that day on,
          the share of a service's n, and of a training what `max_devices` of its best device do; what lapses counts up to
          that day likewise

A mechanism that lapses is begun again, and paid again: early enough to follow the former without a gap, and no earlier.
Where the matrix denies the data class, there is no column; the ledger names the rule. A row's shadow price is the value
of the mechanism coming earlier or reaching further.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.horizon import Node
from planner.domain.workload import Workload
from planner.model.family import Family
from planner.model.options import Options
from planner.model.placement import Placement
from planner.model.rows import Row, Terms
from planner.model.timing import last_lapsed, ready_share
from planner.model.variables import Columns, asked


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per workload, zone, mechanism and node; one per clearance and node to keep it."""
    for workload in options.case.workloads.values():
        needs: dict[tuple[str, str], list[Placement]] = {}
        for placement in options.placements_of[workload.id]:
            for mechanism in placement.mechanisms:
                needs.setdefault((mechanism, placement.site.legal_zone), []).append(placement)
        for (mechanism, zone), placements in needs.items():
            known = options.case.governance.mechanisms[mechanism]
            key = workload.tenant, mechanism, zone
            because = f"{workload.data_class} data of {workload.tenant} in {zone} needs {mechanism}"
            for node, terms in gated(
                options, x, workload, placements, "clear", key, known.lead_months.mid, known.validity_years
            ):
                yield Row("data_governance", (workload.id, mechanism, zone), node.id, terms, "<=", 0.0, because)
    yield from kept(options, x, "clear", "data_governance")
    yield from _begun_again(options, x)


def gated(
    options: Options,
    x: Columns,
    workload: Workload,
    placements: list[Placement],
    kind: str,
    key: tuple[str, ...],
    months: float,
    years: float | None = None,
) -> Iterator[tuple[Node, Terms]]:
    """For each node the work done on the placements, minus what the columns begun early enough, and not so early that
    they have lapsed, let through.
    """
    for node in options.case.tree:
        keys = [(*p.key, node.id) for p in placements]
        terms: Terms = [(run, options.useful_work(workload, k[1], node)) for k in keys for run in x.runs(k)]
        if not terms:
            continue
        best = max(work for _, work in terms)
        for begun in node.path:
            share = ready_share(options.case, begun, months, node, years)
            work = -_open(options, workload, node, share, best)
            terms.append((x.table(kind)[(*key, begun.id)], work))
            if begun.parent is not None:
                terms.append((x.table(kind)[(*key, begun.parent.id)], -work))
        yield node, [term for term in _summed(terms) if term[1]]


def _begun_again(options: Options, x: Columns) -> Iterator[Row]:
    """Once in place, a mechanism is not begun again before it must be."""
    for key, column in x.clear.items():
        years = options.case.governance.mechanisms[key[1]].validity_years
        lapsed = last_lapsed(options.case, options.node(key[-1]), years)
        if lapsed is not None:
            terms = [(column, 1.0), (x.clear[(*key[:-1], lapsed.id)], -1.0)]
            because = f"{key[1]} of {key[0]} holds for {years:g} years"
            yield Row("data_governance", key[:-1], key[-1], terms, "<=", 1.0, because, ("renewed",), is_limit=False)


def _open(options: Options, workload: Workload, node: Node, share: float, best: float) -> float:
    """Work that may be done in the node once what it waits for is in place for that share of the node."""
    whole = asked(options, workload, node)
    if workload.max_devices is None or share == 1:
        return share * whole
    return min(whole, share * workload.max_devices * best)


def _summed(terms: Terms) -> Terms:
    amounts: dict[int, float] = {}
    for column, amount in terms:
        amounts[column] = amounts.get(column, 0.0) + amount
    return list(amounts.items())


def kept(options: Options, x: Columns, kind: str, family: str) -> Iterator[Row]:
    """What has been begun stays begun: column[n] >= column[parent(n)]."""
    for key, column in x.table(kind).items():
        node = options.node(key[-1])
        if node.parent is not None:
            before = x.table(kind)[(*key[:-1], node.parent.id)]
            terms: Terms = [(column, 1.0), (before, -1.0)]
            because = f"{kind} of {key[0]} stays in place"
            yield Row(family, key[:-1], node.id, terms, ">=", 0.0, because, ("kept",), is_limit=False)


FAMILY = Family(
    "data_governance",
    rows,
    unit="PFLOP/s-day",
    price_says="the value of the mechanism",
    kind="gap",
    one_more=lambda at: f"One PFLOP/s-day of {' before '.join(at.what[:2])} is in place {at.when}",
)
