"""Silo: capacity is not pooled between tenants in different silos (balkanised architecture).

    Σ_g assign[a,s,g,n]  <=  fleet[a,s,n]                                      for each a, s, n
    assign[a,s,g,n]  <=  assign[a,s,g,parent(n)] + dedicate[a,s,g,n]           devices never move from silo to silo
    Σ_g dedicate[a,s,g,n]  <=  Σ order[o,s,m] whose first whole period is n    (at the root: the standing fleet)
    Σ_{w of g} run[w,a,s,n]  <=  availability · ( assign[a,s,g,n] + Σ_o rent[o,s,n] )
    Σ_{w of g} run_part[w,a,s,n]  <=  availability · Σ_{o,m} share[o,m,n] · own_part[o,m,s,g,n]
    Σ_g own_part[o,m,s,g,n]  <=  part[o,m,s,n]
    Σ own_part[o,m,s,g,n] that arrive in n    <=  dedicate[a,s,g,c]                            for each child c of n
    Σ own_part[o,m,s,g,n] whose life ends in n  <=  assign[a,s,g,parent(n)] + dedicate[a,s,g,n] - assign[a,s,g,n]

    a  accelerator   s  site   g  silo   o  offer of a   c, m, n  nodes   w  workload of a tenant in g

share is the part of n in which a device of the order stands. A workload whose tenant is in no silo runs on what capacity leaves. A row's shadow price is the cost of balkanisation at
that place.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.horizon import Node
from planner.model.family import Family
from planner.model.options import Options
from planner.model.rows import Row, Term, Terms
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """The rows of every pair and node, when the case has silos."""
    silos = options.case.silos
    if not silos:
        return
    for accelerator, site in options.owned_pairs:
        for node in options.case.tree:
            if (accelerator, site, node.id) in x.fleet:
                yield from _pair(options, x, accelerator, site, node)
    yield from _parts(options, x)
    tenants = {tenant: silo for silo, members in silos.items() for tenant in members.tenants}
    for accelerator, site in options.placed:
        for node in options.case.tree:
            yield from _use(options, x, accelerator, site, node, tenants)


def _pair(options: Options, x: Columns, accelerator: str, site: str, node: Node) -> Iterator[Row]:
    key, because = (accelerator, site), f"{accelerator} at {site} belong to one silo each"
    own = [(x.assign[(*key, silo, node.id)], 1.0) for silo in options.case.silos]
    own.append((x.fleet[(*key, node.id)], -1.0))
    yield Row("silo", key, node.id, Terms.of(own), "<=", 0.0, because, ("shared_out",), is_limit=False)
    given = [(x.dedicate[(*key, silo, node.id)], 1.0) for silo in options.case.silos]
    given += [(x.order[o.offer.id, site, o.node.id], -1.0) for o in options.arrivals.get((*key, node.id), ())]
    fresh = options.standing(*key, node) if node.parent is None else 0.0
    yield Row("silo", key, node.id, Terms.of(given), "<=", fresh, because, ("given",), is_limit=False)
    for silo in options.case.silos:
        terms = [(x.assign[(*key, silo, node.id)], 1.0), (x.dedicate[(*key, silo, node.id)], -1.0)]
        before = x.assign.get((*key, silo, node.parent.id)) if node.parent else None
        if before is not None:
            terms.append((before, -1.0))
        yield Row("silo", (*key, silo), node.id, Terms.of(terms), "<=", 0.0, because, ("kept",), is_limit=False)


def _parts(options: Options, x: Columns) -> Iterator[Row]:
    for part in options.all_parts:
        own = [(x.own_part[(*part.key[:3], silo, part.node.id)], 1.0) for silo in options.case.silos]
        which = (
            f"devices of {part.key[0]} ordered in {part.key[1]}" if part.offer else f"{part.accelerator} of the start"
        )
        own.append((x.part[part.key], -1.0))
        because = f"{which} belong to one silo each"
        yield Row(
            "silo", part.key[:-1], part.key[-1], Terms.of(own), "<=", 0.0, because, ("shared_out",), is_limit=False
        )
    for accelerator, site, node_id in options.parts:
        because = f"{accelerator} at {site} keep their silo"
        for silo in options.case.silos:
            own_devices, node = (accelerator, site, silo), options.node(node_id)
            comes = _own_parts(options, x, own_devices, node, leaving=False)
            for child in options.case.tree.children[node_id]:
                given = x.dedicate.get((*own_devices, child.id))
                if comes and given is not None:
                    terms = Terms.of([*comes, (given, -1.0)])
                    yield Row("silo", own_devices, child.id, terms, "<=", 0.0, because, ("before",), is_limit=False)
            if goes := _own_parts(options, x, own_devices, node, leaving=True):
                assert node.parent is not None
                goes += [(x.assign[(*own_devices, node.parent.id)], -1.0), (x.dedicate[(*own_devices, node_id)], -1.0)]
                goes.append((x.assign[(*own_devices, node_id)], 1.0))
                yield Row("silo", own_devices, node_id, Terms.of(goes), "<=", 0.0, because, ("after",), is_limit=False)


def _own_parts(options: Options, x: Columns, devices: tuple[str, str, str], node: Node, *, leaving: bool) -> list[Term]:
    """Columns of a silo's devices that arrive within the node, or that end their life there."""
    accelerator, site, silo = devices
    parts = options.parts.get((accelerator, site, node.id), ())
    return [(x.own_part[(*part.key[:3], silo, node.id)], 1.0) for part in parts if part.stood is leaving]


def _use(
    options: Options, x: Columns, accelerator: str, site: str, node: Node, tenants: dict[str, str]
) -> Iterator[Row]:
    by_silo: dict[str, list[Term]] = {}
    parts: dict[str, list[Term]] = {}
    for run in x.runs.some_at((accelerator, site), node.id):
        silo = tenants.get(run.placement.workload.tenant)
        if silo is not None:
            (parts if run.part else by_silo).setdefault(silo, []).append((run.column, 1.0))
    availability = options.case.economics.availability
    rented = [
        (x.rent[r.offer.id, site, node.id], -availability)
        for r in options.rentals_at.get((accelerator, site, node.id), ())
    ]
    for silo, runs in by_silo.items():
        own = x.assign.get((accelerator, site, silo, node.id))
        terms = [*runs, *rented] + ([] if own is None else [(own, -availability)])
        because = f"silo {silo} shares no capacity"
        yield Row("silo", (accelerator, site, silo), node.id, Terms.of(terms), "<=", 0.0, because)
    for silo, runs in parts.items():
        there = [
            (x.own_part[(*part.key[:3], silo, node.id)], -availability * part.share)
            for part in options.parts[accelerator, site, node.id]
        ]
        because = f"silo {silo} shares no capacity"
        yield Row("silo", (accelerator, site, silo), node.id, Terms.of([*runs, *there]), "<=", 0.0, because, ("part",))


FAMILY = Family(
    "silo",
    rows,
    unit="device",
    price_says="the cost of balkanisation",
    kind="gap",
    one_more=lambda at: f"One more device of {' at '.join(at.what[:2])} {at.when}",
)
