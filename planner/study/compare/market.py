"""What the market lets: the rent against which owning has to stand.

    break-even utilisation  =  ( NPV cost / Σ_n df[n] · capacity[n] )  /  ( Σ_n df[n] · capacity[n] · rent[n] / Σ_n df[n] · capacity[n] )

    capacity in effective PFLOP/s-days   rent  per effective PFLOP/s-day; its sums over the nodes n in which it is let

A rented device is paid while it is used, an owned one always: busy above this share of its capacity the option costs less than renting
the same work from the rental of the case that is cheapest on the same mix over the same time. Above 1 renting is cheaper however busy it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum

from planner.domain.case import Case
from planner.domain.device_cost import rent_hkd_per_hour
from planner.model.build import build
from planner.model.options import Options
from planner.model.timing import price_growth
from planner.study.compare.capacity import Mix, mixed_rate
from planner.units import HOURS_PER_DAY

Rents = Mapping[str, Mapping[str, float]]
"""By rental and node: HKD per effective PFLOP/s-day."""


def rents(market: Case, mix: Mix) -> Rents:
    """What every lawful rental of the case costs on the mix, by node."""
    options = build(market).options
    by_offer: dict[str, dict[str, float]] = {}
    for (offer, site, node_id), rental in options.rentals.items():
        rate = _rate(options, rental.accelerator, site, node_id, mix)
        if rate:
            node = options.node(node_id)
            per_day = rent_hkd_per_hour(market.economics, rental.offer) * HOURS_PER_DAY
            per_day *= price_growth(market, rental.offer, node)
            by_offer.setdefault(offer, {})[node_id] = per_day / rate
    return by_offer


def _rate(options: Options, accelerator: str, site: str, node: str, mix: Mix) -> float:
    may = [p.workload for p in options.placed.get((accelerator, site), ()) if p.workload.id in mix]
    return mixed_rate(options, accelerator, options.node(node), may, mix) * options.case.economics.availability


def break_even(npv_cost_hkd: float, capacity: Mapping[str, float], market: Rents) -> float | None:
    """Utilisation above which the option costs less than renting; None where nothing is let while it serves."""
    whole = fsum(capacity.values())
    rents = []
    for by_node in market.values():
        common = {node: days for node, days in capacity.items() if node in by_node and days > 0}
        if common:
            rents.append(fsum(days * by_node[node] for node, days in common.items()) / fsum(common.values()))
    return npv_cost_hkd / whole / min(rents) if rents and whole else None
