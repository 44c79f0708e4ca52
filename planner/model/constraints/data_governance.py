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

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from planner.domain.horizon import Node
from planner.domain.workload import Workload
from planner.model.asked import asked
from planner.model.family import Family
from planner.model.options import Options
from planner.model.rows import Row, Terms, decimals, whole_numbers
from planner.model.runs import OUTSIDE, Floats, Groups
from planner.model.timing import last_lapsed
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per workload, zone, mechanism and node; those that keep a clearance from being begun twice."""
    for workload in options.case.workloads.values():
        # What its data need in a zone hangs on no device.
        needs = dict.fromkeys(
            (mechanism, p.site.legal_zone) for p in options.placements_of[workload.id] for mechanism in p.mechanisms
        )
        for mechanism, zone in needs:
            known = options.case.governance.mechanisms[mechanism]
            key = workload.tenant, mechanism, zone
            because = f"{workload.data_class} data of {workload.tenant} in {zone} needs {mechanism}"
            gate = Gate("clear", key, known.lead_months.mid, known.validity_years)
            for node, terms in gated(options, x, workload, x.runs.in_zone, zone, gate):
                yield Row("data_governance", (workload.id, mechanism, zone), node.id, terms, "<=", 0.0, because)
    yield from begun_once(options, x, "clear", "data_governance")


class Gate(NamedTuple):
    """What work waits for: the columns that begin it, by kind and index without their node, how many months it takes, and after how many
    years it lapses.
    """

    kind: str
    key: tuple[str, ...]
    months: float
    years: float | None = None


def gated(
    options: Options, x: Columns, workload: Workload, runs: Groups, where: str, gate: Gate
) -> Iterator[tuple[Node, Terms]]:
    """For each node the work done `where` it waits, minus what the columns begun early enough, and not so early that they
    have lapsed, let through. `runs`: by workload and where.
    """
    nodes, begun = options.case.tree.nodes, x.table(gate.kind)
    columns = np.array([begun.get((*gate.key, node.id), OUTSIDE) for node in nodes])
    whole, some = np.zeros(len(nodes)), runs.by_node((workload.id, where))
    for number, _ in some:
        whole[number] = asked(options, workload, nodes[number])
    opens = options.openings(gate.months, gate.years)
    opened = _open(workload, whole[opens.node], opens.share, runs.most_work((workload.id, where))[opens.node])
    lets = np.flatnonzero(opened)
    let = Terms(whole_numbers(columns[opens.begun[lets]]), decimals(-opened[lets]))
    ends = np.searchsorted(lets, opens.ends).tolist()
    for number, at in some:
        done, begins = Terms(runs.columns[at], runs.work[at]), slice(ends[number], ends[number + 1])
        if 0.0 in done.values:
            done = Terms.of((column, work) for column, work in done if work)
        yield nodes[number], Terms(done.columns + let.columns[begins], done.values + let.values[begins])


def _open(workload: Workload, whole: Floats, share: Floats, best: Floats) -> Floats:
    """Of the whole work of nodes, what may be done once what it waits for is in place for these shares of them."""
    if workload.max_devices is None:
        return share * whole
    return np.where(share == 1, whole, np.minimum(whole, share * workload.max_devices * best))


def begun_once(options: Options, x: Columns, kind: str, family: str) -> Iterator[Row]:
    """No more than the whole of it is begun on the way to a node; what lapses on the way may be begun once more.

    A row says so at the last node of a way, and at the last before more of it lapses.
    """
    known: dict[float | None, list[tuple[Node, tuple[Node, ...]]]] = {}
    for key in dict.fromkeys(key[:-1] for key in x.table(kind)):
        years = options.case.governance.mechanisms[key[1]].validity_years if kind == "clear" else None
        if years not in known:
            known[years] = list(_ways(options, years))
        because = f"{key[1]} of {key[0]} is begun once" + (f" in {years:g} years" if years else "")
        for node, since in known[years]:
            terms = Terms.each([x.table(kind)[(*key, at.id)] for at in since], 1.0)
            yield Row(family, key, node.id, terms, "<=", 1.0, because, ("once",), is_limit=False)


def _ways(options: Options, years: float | None) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """The last node of each way, and the last before more lapses, with the nodes up to it from which nothing has lapsed."""
    lapsed = {node.id: last_lapsed(options.case, node, years) for node in options.case.tree}
    for node in options.case.tree:
        last = lapsed[node.id]
        if not any(lapsed[child.id] is last for child in options.case.tree.children[node.id]):
            yield node, node.path[node.path.index(last) + 1 :] if last else node.path


FAMILY = Family(
    "data_governance",
    rows,
    unit="PFLOP/s-day",
    price_says="the value of the mechanism",
    kind="gap",
    one_more=lambda at: f"One PFLOP/s-day of {' before '.join(at.what[:2])} is in place {at.when}",
    binds="one tenant",
)
