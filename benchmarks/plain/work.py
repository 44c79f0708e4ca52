"""What runs: variables of work, what is asked, what devices and software let through, and shares of vendors and zones.

Σ useful · run + unserved = asked        Σ_w run <= availability · (fleet + rented)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from benchmarks.plain.program import Program, Term
from benchmarks.plain.sets import Sets
from planner.domain.horizon import Node
from planner.domain.workload import Workload
from planner.model.placement import Placement
from planner.model.timing import in_window, last_lapsed, ready_share

RUNS = ("run", "run_part")


def write(s: Sets, p: Program) -> None:
    """Variables and limits."""
    _variables(s, p)
    for workload in s.case.workloads.values():
        for node in s.due(workload):
            done = [
                (c, w)
                for at in ((node,) if workload.kind == "service" else node.path)
                for c, w in _work(s, p, workload, at)
            ]
            unserved = p.at("unserved", workload.id, node.id)
            p.limit("demand", (workload.id, node.id), [(unserved, 1.0), *done], "==", s.asked(workload, node))
        for node in s.nodes:
            _parallelism(s, p, workload, node)
        _readiness(s, p, workload)
    for kind in ("port", "clear"):
        _stays(s, p, kind)
    for accelerator, site in s.placed_at:
        for node in s.nodes:
            _capacity(s, p, accelerator, site, node)
    _shares(s, p)


def _variables(s: Sets, p: Program) -> None:
    for placement in s.placements:
        w, a, site = placement.key
        for node in placement.nodes:
            if in_window(node, placement.workload.start, placement.workload.end):
                if (a, site, node.id) in p.of("fleet") or (a, site, node.id) in s.rentals_at:
                    p.variable("run", (w, a, site, node.id))
                if (a, site, node.id) in s.parts_at:
                    p.variable("run_part", (w, a, site, node.id))
    for workload in s.case.workloads.values():
        for node in s.due(workload):
            p.variable("unserved", (workload.id, node.id), high=s.asked(workload, node))
    for workload, stack in dict.fromkeys((x.workload.id, x.stack) for x in s.placements if x.ported):
        for node in s.nodes:
            p.variable("port", (workload, stack, node.id), high=1.0)
    for tenant, mechanism, zone in dict.fromkeys(
        (x.workload.tenant, m, x.site.legal_zone) for x in s.placements for m in x.mechanisms
    ):
        years = s.case.governance.mechanisms[mechanism].validity_years
        for node in s.nodes:
            once = last_lapsed(s.case, node, years) is None
            p.variable("clear", (tenant, mechanism, zone, node.id), **({"high": 1.0} if once else {}))


def _runs(s: Sets, p: Program, placements: Iterable[Placement], node: Node) -> Iterator[tuple[int, Placement]]:
    for placement in placements:
        for kind in RUNS:
            for column in p.some(kind, *placement.key, node.id):
                yield column, placement


def _work(s: Sets, p: Program, workload: Workload, node: Node) -> list[Term]:
    runs = _runs(s, p, s.placed_of[workload.id], node)
    return [(column, s.useful(workload, placement.accelerator, node)) for column, placement in runs]


def _parallelism(s: Sets, p: Program, workload: Workload, node: Node) -> None:
    """No more devices at once than can be used, nor in the part of a node in which they are there or ready."""
    runs = list(_runs(s, p, s.placed_of[workload.id], node))
    if not runs:
        return
    key = workload.id, node.id
    if workload.max_devices is not None:
        p.limit("max_devices", key, [(column, 1.0) for column, _ in runs], "<=", workload.max_devices)
    best = max(s.useful(workload, x.accelerator, node) for x in s.placed_of[workload.id])
    most = workload.max_devices or s.asked(workload, node) / best
    for name in ("arriving", "leaving"):
        terms: list[Term] = []
        crowded = False
        for placement in s.placed_of[workload.id]:
            use = 1.0 if workload.max_devices else s.useful(workload, placement.accelerator, node) / best
            opens = _opens(s, placement, node) if name == "arriving" else 1.0
            shares = [
                part.share
                for part in s.parts_at.get((placement.accelerator, placement.site.id, node.id), ())
                if part.stood == (name == "leaving")
            ]
            if not opens:
                continue
            for column in p.some("run", *placement.key, node.id):
                terms.append((column, use / opens))
                crowded = crowded or opens < 1
            for column in p.some("run_part", *placement.key, node.id) if shares else ():
                terms.append((column, use / min(max(shares), opens)))
                crowded = True
        if crowded:
            p.limit(name, key, terms, "<=", most)


def _opens(s: Sets, placement: Placement, node: Node) -> float:
    """Largest part of the node in which port and mechanisms can be ready."""
    waits = [s.case.governance.mechanisms[m].lead_months.mid for m in placement.mechanisms]
    if placement.ported:
        waits.append(_port_months(s, placement))
    return min((ready_share(s.case, s.case.tree.root, wait, node) for wait in waits), default=1.0)


def _port_months(s: Sets, placement: Placement) -> float:
    return s.case.stacks[placement.stack].porting[placement.workload.workload_class].months.mid


def _readiness(s: Sets, p: Program, workload: Workload) -> None:
    """Work that waits for a port or a mechanism, by stack or by mechanism and zone."""
    gates: dict[tuple[str, ...], list[Placement]] = defaultdict(list)
    for placement in s.placed_of[workload.id]:
        if placement.ported:
            gates["port", workload.id, placement.stack].append(placement)
        for mechanism in placement.mechanisms:
            gates["clear", workload.tenant, mechanism, placement.site.legal_zone].append(placement)
    for (kind, *key), placements in gates.items():
        mechanism = s.case.governance.mechanisms[key[1]] if kind == "clear" else None
        months = mechanism.lead_months.mid if mechanism else _port_months(s, placements[0])
        years = mechanism.validity_years if mechanism else None
        for node in s.nodes:
            terms = [(column, s.useful(workload, x.accelerator, node)) for column, x in _runs(s, p, placements, node)]
            if not terms:
                continue
            best, asked = max(work for _, work in terms), s.asked(workload, node)
            for begun in node.path:
                share = ready_share(s.case, begun, months, node, years)
                opened = share * asked
                if workload.max_devices is not None and share < 1:
                    opened = min(asked, share * workload.max_devices * best)
                terms.append((p.at(kind, *key, begun.id), -opened))
                terms += [(p.at(kind, *key, begun.parent.id), opened)] if begun.parent else []
            p.limit(f"ready_{kind}", (workload.id, *key, node.id), terms, "<=", 0.0)


def _stays(s: Sets, p: Program, kind: str) -> None:
    """What is begun stays begun; a mechanism that lapses is not begun again too early."""
    for (*key, node_id), column in p.of(kind).items():
        node = s.node[node_id]
        if node.parent is not None:
            before = p.at(kind, *key, node.parent.id)
            p.limit(f"stays_{kind}", (*key, node_id), [(column, 1.0), (before, -1.0)], ">=", 0.0)
        years = s.case.governance.mechanisms[key[1]].validity_years if kind == "clear" else None
        lapsed = last_lapsed(s.case, node, years)
        if lapsed is not None:
            p.limit("renewed", (*key, node_id), [(column, 1.0), (p.at(kind, *key, lapsed.id), -1.0)], "<=", 1.0)


def _capacity(s: Sets, p: Program, accelerator: str, site: str, node: Node) -> None:
    key, works = (accelerator, site, node.id), s.case.economics.availability
    placements = s.placed_at[accelerator, site]
    runs = [(column, x) for x in placements for column in p.some("run", *x.key, node.id)]
    rented = {rental[0]: p.at("rent", *rental) for rental in s.rentals_at.get(key, ())}
    if runs:
        there = [*p.some("fleet", *key), *rented.values()]
        p.limit("capacity", key, [*((c, 1.0) for c, _ in runs), *((c, -works) for c in there)], "<=", 0.0)
    parts = [(column, 1.0) for x in placements for column in p.some("run_part", *x.key, node.id)]
    if parts:
        there_part = [(p.at("part", *part.key), -works * part.share) for part in s.parts_at[key]]
        p.limit("capacity_part", key, [*parts, *there_part], "<=", 0.0)
    if rented and runs:
        # Hall's condition: whatever set of rentals some runs are confined to, it must hold them.
        confined = {x.through[node.id] for _, x in runs}
        unions: set[frozenset[str]] = set()
        for one in confined:
            unions |= {one, *(one | other for other in unions)}
        for some in unions - {frozenset(rented)}:
            inside = [(column, 1.0) for column, x in runs if x.through[node.id] <= some]
            p.limit(
                "through", (*key, *sorted(some)), [*inside, *((rented[o], -works) for o in sorted(some))], "<=", 0.0
            )


def _shares(s: Sets, p: Program) -> None:
    """No vendor and no zone above a share; what each does is summed in a variable of its own."""
    vendors, zones = s.case.vendor_share, s.case.zone_share
    for node in s.nodes:
        by: dict[tuple[str, str], list[Term]] = defaultdict(list)
        for column, x in _runs(s, p, s.placements, node):
            useful = s.speeds.useful_pflops(x.workload, x.accelerator, node)
            if vendors and in_window(node, vendors.start, None):
                by["vendor", s.case.accelerators[x.accelerator].vendor].append((column, useful))
            if zones and in_window(node, zones.start, None):
                by["zone", x.site.legal_zone].append((column, useful))
        for kind, policy in (("vendor", vendors), ("zone", zones)):
            sums = {name: p.variable(f"done_by_{kind}", (name, node.id)) for of, name in by if of == kind}
            for name, column in sums.items():
                p.limit(f"summed_{kind}", (name, node.id), [*by[kind, name], (column, -1.0)], "==", 0.0)
            for name in sums:
                terms = (
                    [(column, (other == name) - policy.max_share) for other, column in sums.items()] if policy else []
                )
                p.limit(f"share_{kind}", (name, node.id), terms, "<=", 0.0)
