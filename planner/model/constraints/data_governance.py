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

from collections.abc import Callable, Iterator
from functools import partial

from planner.domain.horizon import Node
from planner.domain.workload import Workload
from planner.model.family import Family
from planner.model.options import Options
from planner.model.placement import Placement
from planner.model.rows import Row, Terms
from planner.model.timing import last_lapsed
from planner.model.variables import Columns, asked


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per workload, zone, mechanism and node; one per clearance and node to keep it."""
    for workload in options.case.workloads.values():
        needs = dict.fromkeys(
            (mechanism, p.site.legal_zone) for p in options.placements_of[workload.id] for mechanism in p.mechanisms
        )
        for mechanism, zone in needs:
            known = options.case.governance.mechanisms[mechanism]
            key = workload.tenant, mechanism, zone
            because = f"{workload.data_class} data of {workload.tenant} in {zone} needs {mechanism}"
            wait = known.lead_months.mid, known.validity_years
            needing = partial(_needs, mechanism, zone)
            for node, terms in gated(options, x, workload, needing, "clear", key, *wait):
                yield Row("data_governance", (workload.id, mechanism, zone), node.id, terms, "<=", 0.0, because)
    yield from kept(options, x, "clear", "data_governance")
    yield from _begun_again(options, x)


def _needs(mechanism: str, zone: str, placement: Placement) -> bool:
    return mechanism in placement.mechanisms and placement.site.legal_zone == zone


def gated(
    options: Options,
    x: Columns,
    workload: Workload,
    waits: Callable[[Placement], bool],
    kind: str,
    key: tuple[str, ...],
    months: float,
    years: float | None = None,
) -> Iterator[tuple[Node, Terms]]:
    """For each node the work done on the placements that wait, minus what the columns begun early enough, and not so
    early that they have lapsed, let through.
    """
    waiting = {p.key for p in options.placements_of[workload.id] if waits(p)}
    begun = x.table(kind)
    for node in options.case.tree:
        runs = [run for run in x.runs_of.get((workload.id, node.id), ()) if run.placement.key in waiting]
        if not runs:
            continue
        terms: Terms = [(run.column, run.work) for run in runs]
        best, whole = max(run.work for run in runs), asked(options, workload, node)
        opens = [_open(workload, whole, share, best) for share in options.ready_shares(months, node, years)]
        # What opens a node opens what follows it too, so most of the sum cancels out.
        for at, work, next_work in zip(node.path, opens, [*opens[1:], 0.0], strict=True):
            if work != next_work:
                terms.append((begun[(*key, at.id)], next_work - work))
        yield node, [term for term in terms if term[1]]


def _begun_again(options: Options, x: Columns) -> Iterator[Row]:
    """Once in place, a mechanism is not begun again before it must be."""
    for key, column in x.clear.items():
        years = options.case.governance.mechanisms[key[1]].validity_years
        lapsed = last_lapsed(options.case, options.node(key[-1]), years)
        if lapsed is not None:
            terms = [(column, 1.0), (x.clear[(*key[:-1], lapsed.id)], -1.0)]
            because = f"{key[1]} of {key[0]} holds for {years:g} years"
            yield Row("data_governance", key[:-1], key[-1], terms, "<=", 1.0, because, ("renewed",), is_limit=False)


def _open(workload: Workload, whole: float, share: float, best: float) -> float:
    """Of the whole work of a node, what may be done once what it waits for is in place for that share of it."""
    if workload.max_devices is None or share == 1:
        return share * whole
    return min(whole, share * workload.max_devices * best)


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
