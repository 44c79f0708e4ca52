"""Capacity: what runs on a device at a site is there and in working order.

    Σ_w run[w,a,s,n]       <=  availability · ( fleet[a,s,n] + Σ_o rent[o,s,n] )          for each a, s, n
    Σ_w run_part[w,a,s,n]  <=  availability · Σ_{o,m} share[o,m,n] · part[o,m,s,n]        where devices stand a part of n
    Σ_{w: R(w) in U} run[w,a,s,n]  <=  availability · Σ_{o in U} rent[o,s,n]              where rentals of a at s differ, and U

    w  workload   a  accelerator   s  site   m, n  nodes   o  offer of a at s   availability  share in working order
    part, share  devices ordered in m that arrive within n or end their life there, and the part of n in which they stand
    R(w)  rentals that law lets w use   U  union of some R(w), less than all rentals there

The rows of U say that every run finds a rental it may use (Hall's condition): what an offer assumes of a transaction
holds for its use. A row's shadow price is the value of one more device-period.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import compress
from operator import not_

from planner.domain.horizon import Node
from planner.model.family import Family
from planner.model.options import Options
from planner.model.presence import parts_at
from planner.model.rows import Row, Terms
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per pair and node in which something can run, another for devices that stand a part of it."""
    runs, availability = x.runs.at_place, options.case.economics.availability
    for accelerator, site in options.placed:
        because = f"{accelerator} at {site} in working order"
        for node in options.case.tree:
            at = runs[(accelerator, site), node.id]
            whole, part, in_part = runs.columns[at], array("i"), runs.part[at]
            if any(in_part):
                whole, part = array("i", compress(whole, map(not_, in_part))), array("i", compress(whole, in_part))
            if whole:
                terms = Terms.each(whole, 1.0) + Terms.each(
                    devices_at(options, x, accelerator, site, node), -availability
                )
                yield Row("capacity", (accelerator, site), node.id, terms, "<=", 0.0, because)
            if part:
                present = parts_at(options, x, accelerator, site, node.id)
                terms = Terms.each(part, 1.0) + Terms.of((column, -availability * share) for column, share in present)
                yield Row("capacity", (accelerator, site), node.id, terms, "<=", 0.0, because, ("part",))
            if (accelerator, site, node.id) in options.rentals_at:
                yield from _through_rentals(options, x, accelerator, site, node)


def _through_rentals(options: Options, x: Columns, accelerator: str, site: str, node: Node) -> Iterator[Row]:
    """One row per union of the rentals that workloads may use; none where each may use all of them."""
    offered = frozenset(r.offer.id for r in options.rentals_at[accelerator, site, node.id])
    may_use: dict[frozenset[str], list[int]] = {}
    # A run that is there may use a rental there: one of one is all of them.
    for run in x.runs.some_at((accelerator, site), node.id) if len(offered) > 1 else ():
        if not run.part:
            may_use.setdefault(run.placement.through[node.id], []).append(run.column)
    for some in sorted(_unions(may_use) - {offered}, key=sorted):
        runs = [run for through, runs in may_use.items() if through <= some for run in runs]
        rented = [(x.rent[offer, site, node.id], -options.case.economics.availability) for offer in sorted(some)]
        because = f"law lets these workloads use {accelerator} at {site} through {', '.join(sorted(some))} alone"
        terms = Terms.each(runs, 1.0) + Terms.of(rented)
        yield Row("capacity", (accelerator, site), node.id, terms, "<=", 0.0, because, tuple(sorted(some)))


def _unions(sets: Iterable[frozenset[str]]) -> set[frozenset[str]]:
    """All unions of one or more of the sets."""
    unions: set[frozenset[str]] = set()
    for one in sets:
        unions |= {one, *(one | other for other in unions)}
    return unions


def devices_at(options: Options, x: Columns, accelerator: str, site: str, node: Node) -> list[int]:
    """Columns that count the devices there in all of the node: the fleet and what is rented."""
    fleet = x.fleet.get((accelerator, site, node.id))
    rentals = options.rentals_at.get((accelerator, site, node.id), ())
    return ([] if fleet is None else [fleet]) + [x.rent[r.offer.id, site, node.id] for r in rentals]


FAMILY = Family(
    "capacity",
    rows,
    unit="device-period",
    price_says="the value of one more device-period",
    kind="balance",
    one_more=lambda at: f"One more device-period of {' at '.join(at.what[:2])} {at.when}",
    binds="device-periods",
)
