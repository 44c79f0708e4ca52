"""Presence: the columns that count owned devices at a site in a node, and the part of its period in which they stand.

    present[a,s,n]  =  fleet[a,s,n] + Σ_{o,m} share[o,m,n] · part[o,m,s,n]        devices, averaged over n

    a  accelerator   s  site   o  offer of a   m  node of the order   share  part of the days of n, from arrival to end of life

What adds up over time (capacity, energy, staff) goes by the share; what holds at every moment (power, cooling, racks)
counts each device whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from planner.domain.horizon import Node
from planner.model.options import Options
from planner.model.rows import Term
from planner.model.variables import Columns, Stand


def owned(options: Options, x: Columns) -> list[Stand]:
    """Every column of owned devices. All standing costs ask for it."""
    if not x.owned:
        x.owned = list(_owned(options, x))
    return x.owned


def _owned(options: Options, x: Columns) -> Iterator[Stand]:
    sites, devices = options.case.sites, options.case.accelerators
    whole = ((column, 1.0, a, s, options.node(node)) for (a, s, node), column in x.fleet.items())
    parts = (
        (x.part[part.key], part.share, a, s, part.node) for (a, s, _), some in options.parts.items() for part in some
    )
    for column, share, accelerator, site, node in chain(whole, parts):
        risky = options.marked(accelerator, sites[site], node)
        yield Stand(column, share, accelerator, site, node, devices[accelerator].vendor_country, risky)


def owned_at(options: Options, x: Columns, accelerator: str, site: str, node: Node) -> list[Term]:
    """(column, share of the node in which its devices stand) of what is owned of a device at a site in a node."""
    fleet = x.fleet.get((accelerator, site, node.id))
    terms: list[Term] = [] if fleet is None else [(fleet, 1.0)]
    return terms + parts_at(options, x, accelerator, site, node.id)


def parts_at(options: Options, x: Columns, accelerator: str, site: str, node: str) -> list[Term]:
    """The same of devices that stand only a part of the node."""
    return [(x.part[part.key], part.share) for part in options.parts.get((accelerator, site, node), ())]
