"""Data governance: a workload runs in a zone only once the mechanisms that let its data be processed there are in
place.

    Σ_{(a,s) in z} useful[w,a,n] · days[n] · run[w,a,s,n]  <=  Σ_b open[w,b,n] · clear[g,m,z,b]    for each w, m needed in z, and n
    Σ_r clear[g,m,z,r]  <=  1                           for each g, m, z and n

    w  workload   g  its tenant   m  mechanism   z  legal zone   a  accelerator   s  site   n  node
    b  node: n or an ancestor of it from which m, begun there, is in place in n
    r  node: n or an ancestor of it, but for those from which m, begun there, lapses before m begun a period after n would be
       ready
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
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from planner.domain.horizon import Node
from planner.domain.workload import Workload
from planner.model.family import Family
from planner.model.options import Options
from planner.model.placement import Placement
from planner.model.rows import Row, Terms, decimals, whole_numbers
from planner.model.runs import Floats
from planner.model.timing import last_lapsed
from planner.model.variables import Columns, asked

OUTSIDE = -1
"""The number of no column and of no node."""


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per workload, zone, mechanism and node; those that keep a clearance from being begun twice."""
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
    yield from begun_once(options, x, "clear", "data_governance")


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
    index = "gated", workload.id, kind, *key
    if index not in x.worked:
        x.worked[index] = _waiting(x, workload, waits)
    gate: _Gate = x.worked[index]
    opens, nodes = options.openings(months, years), options.case.tree.nodes
    begun = np.array([x.table(kind).get((*key, node.id), OUTSIDE) for node in nodes])
    whole, best = np.zeros(len(nodes)), np.zeros(len(nodes))
    whole[gate.numbers] = [asked(options, workload, nodes[number]) for number in gate.numbers]
    best[gate.numbers] = gate.best
    opened = _open(workload, whole[opens.node], opens.share, best[opens.node])
    some = opened != 0
    columns, values = whole_numbers(begun[opens.begun[some]]), decimals(-opened[some])
    ends = np.concatenate([[0], np.cumsum(some)])[opens.ends].tolist()
    for number, (first, end) in zip(gate.numbers, pairwise(gate.ends), strict=True):
        done, let = slice(first, end), slice(ends[number], ends[number + 1])
        terms = Terms(gate.done.columns[done] + columns[let], gate.done.values[done] + values[let])
        yield nodes[number], terms


class _Gate(NamedTuple):
    """By node in which something waits: its number, and the most that a device of what waits does there; the work done there stands in
    `done` from one of `ends` to the next.
    """

    numbers: list[int]
    best: Floats
    done: Terms
    ends: list[int]


def _waiting(x: Columns, workload: Workload, waits: Callable[[Placement], bool]) -> _Gate:
    runs, of = x.runs, x.runs.of_workload
    waiting = np.zeros(len(runs.placements), dtype=bool)
    waiting[[number for number in runs.numbers_of[workload.id] if waits(runs.placements[number])]] = True
    some = of.order[of.all_of(workload.id)]
    some = some[waiting[runs.placement[some]]]
    node, work = runs.node[some], runs.work[some]
    firsts = np.flatnonzero(np.diff(node, prepend=OUTSIDE))
    best = np.maximum.reduceat(work, firsts) if len(some) else work
    does = work != 0
    done = Terms(whole_numbers(runs.column[some[does]]), decimals(work[does]))
    ends = np.concatenate([[0], np.cumsum(does)])[[*firsts, len(some)]].tolist()
    return _Gate(node[firsts].tolist(), best, done, ends)


def _open(workload: Workload, whole: Floats, share: Floats, best: Floats) -> Floats:
    """Of the whole work of nodes, what may be done once what it waits for is in place for these shares of them."""
    if workload.max_devices is None:
        return share * whole
    return np.where(share == 1, whole, np.minimum(whole, share * workload.max_devices * best))


def begun_once(options: Options, x: Columns, kind: str, family: str) -> Iterator[Row]:
    """No more than the whole of it is begun on the way to a node; what lapses on the way may be begun once more.

    A row says so at the last node of a way, and at the last before more of it lapses.
    """
    known: dict[float | None, dict[str, Node | None]] = {}
    for key in dict.fromkeys(key[:-1] for key in x.table(kind)):
        years = options.case.governance.mechanisms[key[1]].validity_years if kind == "clear" else None
        if years not in known:
            known[years] = {node.id: last_lapsed(options.case, node, years) for node in options.case.tree}
        lapsed = known[years]
        because = f"{key[1]} of {key[0]} is begun once" + (f" in {years:g} years" if years else "")
        for node in options.case.tree:
            last = lapsed[node.id]
            if any(lapsed[child.id] is last for child in options.case.tree.children[node.id]):
                continue
            since = node.path[node.path.index(last) + 1 :] if last else node.path
            terms = Terms.of((x.table(kind)[(*key, at.id)], 1.0) for at in since)
            yield Row(family, key, node.id, terms, "<=", 1.0, because, ("once",), is_limit=False)


FAMILY = Family(
    "data_governance",
    rows,
    unit="PFLOP/s-day",
    price_says="the value of the mechanism",
    kind="gap",
    one_more=lambda at: f"One PFLOP/s-day of {' before '.join(at.what[:2])} is in place {at.when}",
    binds="one tenant",
)
