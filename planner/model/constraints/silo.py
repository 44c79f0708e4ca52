"""Silo: capacity is not pooled between tenants in different silos (balkanised architecture).

    Σ_g assign[a,s,g,n]  <=  fleet[a,s,n]                                      for each a, s, n
    assign[a,s,g,n]  <=  assign[a,s,g,parent(n)] + dedicate[a,s,g,n]           devices never move from silo to silo
    Σ_g dedicate[a,s,g,n]  <=  Σ order[o,s,m] that first stand in n            (at the root: the standing fleet)
    Σ_{w of g} run[w,a,s,n]  <=  availability · ( assign[a,s,g,n] + Σ_o rent[o,s,n] )

    a  accelerator   s  site   g  silo   o  offer of a   m, n  nodes   w  workload of a tenant in g

A workload whose tenant is in no silo runs on what capacity leaves. A row's shadow price is the cost of balkanisation at
that place.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.horizon import Node
from planner.model.options import Options
from planner.model.rows import Row, Terms
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """Four kinds of rows per pair and node, when the case has silos."""
    silos = options.case.silos
    if not silos:
        return
    for accelerator, site in options.owned_pairs:
        for node in options.case.tree:
            if (accelerator, site, node.id) in x.fleet:
                yield from _pair(options, x, accelerator, site, node)
    tenants = {tenant: silo for silo, members in silos.items() for tenant in members.tenants}
    for accelerator, site in options.placed:
        for node in options.case.tree:
            yield from _use(options, x, accelerator, site, node, tenants)


def _pair(options: Options, x: Columns, accelerator: str, site: str, node: Node) -> Iterator[Row]:
    key, because = (accelerator, site), f"{accelerator} at {site} belong to one silo each"
    own = [(x.assign[(*key, silo, node.id)], 1.0) for silo in options.case.silos]
    yield Row("silo", (*key, node.id, "shared_out"), [*own, (x.fleet[(*key, node.id)], -1.0)], "<=", 0.0, because)
    given: Terms = [(x.dedicate[(*key, silo, node.id)], 1.0) for silo in options.case.silos]
    given += [(x.order[o.offer.id, site, o.node.id], -1.0) for o in options.arrivals.get((*key, node.id), ())]
    fresh = options.standing(*key, node) if node.parent is None else 0.0
    yield Row("silo", (*key, node.id, "given"), given, "<=", fresh, because)
    for silo in options.case.silos:
        terms: Terms = [(x.assign[(*key, silo, node.id)], 1.0), (x.dedicate[(*key, silo, node.id)], -1.0)]
        before = x.assign.get((*key, silo, node.parent.id)) if node.parent else None
        if before is not None:
            terms.append((before, -1.0))
        yield Row("silo", (*key, silo, node.id, "kept"), terms, "<=", 0.0, because)


def _use(
    options: Options, x: Columns, accelerator: str, site: str, node: Node, tenants: dict[str, str]
) -> Iterator[Row]:
    by_silo: dict[str, Terms] = {}
    for placement in options.placed[accelerator, site]:
        run = x.run.get((*placement.key, node.id))
        silo = tenants.get(placement.workload.tenant)
        if run is not None and silo is not None:
            by_silo.setdefault(silo, []).append((run, 1.0))
    availability = options.case.economics.availability
    rented = [
        (x.rent[r.offer.id, site, node.id], -availability)
        for r in options.rentals_at.get((accelerator, site, node.id), ())
    ]
    for silo, runs in by_silo.items():
        own = x.assign.get((accelerator, site, silo, node.id))
        terms = [*runs, *rented] + ([] if own is None else [(own, -availability)])
        yield Row("silo", (accelerator, site, silo, node.id), terms, "<=", 0.0, f"silo {silo} shares no capacity")
