"""Data governance: a workload runs in a zone only once the mechanisms that let its data be processed there are in
place.

    Σ_{(a,s) in z} useful[w,a,n] · days[n] · run[w,a,s,n]  <=  asked[w,n] · clear[g,m,z,b(n)]      for each w, m needed in z, and n
    clear[g,m,z,n]  >=  clear[g,m,z,parent(n)]

    w  workload   g  its tenant   m  mechanism   z  legal zone   a  accelerator   s  site   n  node
    b(n)  the last ancestor of n from which m, begun there, is in place by n
    asked  work of w, PFLOP/s-days

Where the matrix denies the data class, there is no column; the ledger names the rule. A row's shadow price is the value
of the mechanism coming earlier or reaching further.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.horizon import Node
from planner.domain.workload import Workload
from planner.model.options import Options
from planner.model.placement import Placement
from planner.model.rows import Row, Terms
from planner.model.timing import ready_position
from planner.model.variables import Columns, asked


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per workload, zone, mechanism and node; one per clearance and node to keep it."""
    for workload in options.case.workloads.values():
        needs: dict[tuple[str, str], list[Placement]] = {}
        for placement in options.placements_of[workload.id]:
            for mechanism in placement.mechanisms:
                needs.setdefault((mechanism, placement.site.legal_zone), []).append(placement)
        for (mechanism, zone), placements in needs.items():
            months = options.case.governance.mechanisms[mechanism].lead_months.mid
            key = workload.tenant, mechanism, zone
            because = f"{workload.data_class} data of {workload.tenant} in {zone} needs {mechanism}"
            for row in gated(options, x, workload, placements, "clear", key, months):
                yield Row("data_governance", (workload.id, mechanism, zone, row[0].id), row[1], "<=", 0.0, because)
    yield from kept(options, x, "clear", "data_governance")


def gated(
    options: Options,
    x: Columns,
    workload: Workload,
    placements: list[Placement],
    kind: str,
    key: tuple[str, ...],
    months: float,
) -> Iterator[tuple[Node, Terms]]:
    """For each node the work done on the placements, minus the work asked for times the 0–1 column that must be ready
    by then.
    """
    for node in options.case.tree:
        keys = [(*p.key, node.id) for p in placements]
        terms: Terms = [(x.run[k], options.useful_work(workload, k[1], node)) for k in keys if k in x.run]
        if not terms:
            continue
        begun = last_begun(options, node, months)
        if begun is not None:
            terms.append((x.table(kind)[(*key, begun.id)], -asked(options, workload, node)))
        yield node, terms


def last_begun(options: Options, node: Node, months: float) -> Node | None:
    """The last ancestor from which something that takes so many months is ready when the node's period begins."""
    for begun in reversed(node.path):
        ready = ready_position(options.case, begun, months)
        if ready is not None and ready <= node.position:
            return begun
    return None


def kept(options: Options, x: Columns, kind: str, family: str) -> Iterator[Row]:
    """What has been begun stays begun: column[n] >= column[parent(n)]."""
    for key, column in x.table(kind).items():
        node = options.node(key[-1])
        if node.parent is not None:
            before = x.table(kind)[(*key[:-1], node.parent.id)]
            yield Row(
                family, (*key, "kept"), [(column, 1.0), (before, -1.0)], ">=", 0.0, f"{kind} of {key[0]} stays in place"
            )
