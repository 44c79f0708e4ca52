"""Capacity: what runs on a device at a site is there and in working order.

    Σ_w run[w,a,s,n]  <=  availability · ( fleet[a,s,n] + Σ_o rent[o,s,n] )        for each a, s, n

    w  workload   a  accelerator   s  site   n  node   o  rental offer of a at s   availability  share in working order

A row's shadow price is the value of one more device-period.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.horizon import Node
from planner.model.energy import runs_at
from planner.model.options import Options
from planner.model.rows import Row, Terms
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per pair and node in which something can run."""
    for accelerator, site in options.placed:
        for node in options.case.tree:
            terms: Terms = [(run, 1.0) for run in runs_at(options, x, accelerator, site, node)]
            if terms:
                terms += [
                    (column, -options.case.economics.availability)
                    for column in devices_at(options, x, accelerator, site, node)
                ]
                because = f"{accelerator} at {site} in working order"
                yield Row("capacity", (accelerator, site, node.id), terms, "<=", 0.0, because)


def devices_at(options: Options, x: Columns, accelerator: str, site: str, node: Node) -> list[int]:
    """Columns that count the devices there in the node: the fleet and what is rented."""
    fleet = x.fleet.get((accelerator, site, node.id))
    rentals = options.rentals_at.get((accelerator, site, node.id), ())
    return ([] if fleet is None else [fleet]) + [x.rent[r.offer.id, site, node.id] for r in rentals]
