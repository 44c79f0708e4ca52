"""Energy of a device, the one definition that costs, carbon and the tables share.

energy[a,s,n] (MWh) = kW · PUE · hours / 1000 · ( idle · devices present + (1 - idle) · Σ_w devices running w / peak_over_mean[w] )

Devices are held for the busy hour of a service; over the day they are as busy as its mean load.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.horizon import Node
from planner.domain.site import Site
from planner.model.options import Options
from planner.model.presence import owned_at
from planner.model.rows import Terms, decimals
from planner.model.timing import hours_in
from planner.model.variables import Columns, Draw
from planner.units import KWH_PER_MWH


def full_mwh(options: Options, accelerator: str, site: Site, node: Node) -> float:
    """Energy at the meter of a device that runs all of the node, MWh."""
    return options.case.kw_per_device(accelerator) * site.pue * hours_in(options.case, node) / KWH_PER_MWH


def owned_mwh(options: Options, x: Columns, node: Node) -> list[Draw]:
    """Everything owned that draws power in the node: fleets idle, runs on top. Costs, the carbon cap and the tables ask for it."""
    if node.id not in x.owned_mwh:
        x.owned_mwh[node.id] = list(_owned_mwh(options, x, node))
    return x.owned_mwh[node.id]


def _owned_mwh(options: Options, x: Columns, node: Node) -> Iterator[Draw]:
    idle, runs, busy = options.case.economics.idle_power_share, x.runs.at_place, x.runs.busy_at_place
    for accelerator, site_id in options.owned_pairs:
        standing = owned_at(options, x, accelerator, site_id, node)
        if standing:
            site = options.case.sites[site_id]
            mwh = full_mwh(options, accelerator, site, node)
            idle_draw = Terms.of((column, mwh * idle * share) for column, share in standing)
            at = runs[(accelerator, site_id), node.id]
            full_draw = Terms(runs.columns[at], decimals(mwh * (1 - idle) * busy[at]))
            yield Draw(accelerator, site, idle_draw + full_draw)


def rented_mwh(options: Options, x: Columns, node: Node) -> Iterator[Draw]:
    """The same for rented devices, whose energy the lessor pays but whose carbon counts: a rented device runs."""
    for key, rental in options.rentals.items():
        if rental.node is node:
            mwh = full_mwh(options, rental.accelerator, rental.site, node)
            yield Draw(rental.accelerator, rental.site, Terms([x.rent[key]], [mwh]))
