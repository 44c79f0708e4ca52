"""Supercomputer ceiling: a hall in which a US-origin device stands stays below the end-use threshold (15 CFR 744.23,
772.1).

    Σ_a fp64[a] · owned[a,s,n]  <=  100 PFLOP/s · envelopes[s] + (M64[s,n] - 100 · envelopes[s]) · us_free[s,n]
    Σ_a fp32[a] · owned[a,s,n]  <=  200 PFLOP/s · envelopes[s] + (M32[s,n] - 200 · envelopes[s]) · us_free[s,n]
    Σ_{a of US origin} owned[a,s,n]  <=  N[s,n] · (1 - us_free[s,n])
                                                           for each s where US-origin devices can stand, and n

    a  accelerator   s  site   n  node   fp64, fp32  theoretical peak, PFLOP/s per device   envelopes  halls of 41,600 cubic feet
    owned  devices that stand all of n or a part of it, each counted whole
    us_free  0–1: the hall is declared free of US-origin devices; only where the others could pass the ceiling by themselves
    M  the most peak that the other devices can bring   N  the most US-origin devices that can stand, both within power, racks
       and supply, the best per kW first (a knapsack in fractions)

The choice is declared as 0; `planner.solve.choices` opens it when a ceiling binds, so that all other plans stay linear.
The rule speaks of sites in China, Hong Kong and Macau. A hall with a standing US-origin fleet is free once that is taken
out. A peak that nobody published is bounded from above (`planner.law.supercomputer`); the row names such devices. The
shadow price of a row is the cost of that control per PFLOP/s, with the choice of free halls as the plan takes it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from planner.domain.horizon import Node
from planner.domain.regime import SupercomputerCeiling
from planner.domain.site import Site
from planner.law.supercomputer import ceiling_on, counts_as_us_origin, hall_peak_pflops
from planner.model.constraints.power import phase_in
from planner.model.constraints.supply import offered
from planner.model.family import Family
from planner.model.options import Options
from planner.model.presence import owned_at
from planner.model.rows import Row, Terms
from planner.model.variables import Columns
from planner.units import KW_PER_MW

ROOM = 1.001
"""M and N lie a little above what can stand, so that they never bind and take the price of power or supply."""
NO_KW = 1e-9
"""A device that draws no power is bounded by its supply alone."""


def declare(options: Options, x: Columns) -> None:
    """The columns of the choice."""
    for site in options.case.sites.values():
        for node in options.case.tree:
            ceiling, devices = _held_to(options, x, site, node)
            if ceiling is None:
                continue
            others = [a for a in devices if not counts_as_us_origin(options.case.accelerators[a])]
            if any(
                _most_peak(options, site, node, others, precision, ceiling) > limit * site.envelopes
                for precision, limit in ceiling.limits.items()
            ):
                x.add("us_free", (site.id, node.id), high=0.0)


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """Two rows per site and node where the rule applies, and a third where the hall may be declared free."""
    catalogue = options.case.accelerators
    for site in options.case.sites.values():
        for node in options.case.tree:
            ceiling, devices = _held_to(options, x, site, node)
            if ceiling is None:
                continue
            owned = {a: [column for column, _ in owned_at(options, x, a, site.id, node)] for a in devices}
            foreign = [a for a in devices if counts_as_us_origin(catalogue[a])]
            others = [a for a in devices if a not in foreign]
            free = x.us_free.get((site.id, node.id))
            for precision, pflops in ceiling.limits.items():
                limit = pflops * site.envelopes
                peak = {a: hall_peak_pflops(catalogue[a], precision, ceiling) for a in devices}
                terms: Terms = [(column, peak[a]) for a in devices for column in owned[a]]
                if free is not None:
                    most = ROOM * _most_peak(options, site, node, others, precision, ceiling)
                    terms.append((free, min(0.0, limit - most)))
                bounded = [a for a in devices if catalogue[a].peak_tflops(precision) is None]
                because = ceiling.citation + (f"; unpublished, so bounded: {', '.join(bounded)}" if bounded else "")
                yield Row("supercomputer_ceiling", (site.id,), node.id, terms, "<=", limit, because, (precision,))
            if free is not None:
                number = ROOM * _most_devices(options, site, node, foreign)
                terms = [*((column, 1.0) for a in foreign for column in owned[a]), (free, number)]
                because = f"{site.id} is free of US-origin devices, or held to {ceiling.citation}"
                yield Row(
                    "supercomputer_ceiling",
                    (site.id,),
                    node.id,
                    terms,
                    "<=",
                    number,
                    because,
                    ("us_origin",),
                    is_limit=False,
                )


def _held_to(options: Options, x: Columns, site: Site, node: Node) -> tuple[SupercomputerCeiling | None, list[str]]:
    """The ceiling of the hall and the devices that can stand in it then; no ceiling where no US-origin device can."""
    ceiling = ceiling_on(options.case.rulebook, site.destination, node.period.start)
    devices = [a for a, at in options.owned_pairs if at == site.id and owned_at(options, x, a, site.id, node)]
    if ceiling is None or not any(
        counts_as_us_origin(options.case.accelerators[a]) and _supplied(options, a, site, node) > 0 for a in devices
    ):
        return None, []
    return ceiling, devices


def _most_peak(
    options: Options, site: Site, node: Node, devices: list[str], precision: str, ceiling: SupercomputerCeiling
) -> float:
    """The most FP64 or FP32 that these devices can bring into the hall, PFLOP/s."""
    worth = {a: hall_peak_pflops(options.case.accelerators[a], precision, ceiling) for a in devices}
    return _most(options, site, node, worth)


def _most_devices(options: Options, site: Site, node: Node, devices: list[str]) -> float:
    """The most of these devices that can stand in the hall."""
    return _most(options, site, node, dict.fromkeys(devices, 1.0))


def _most(options: Options, site: Site, node: Node, worth: Mapping[str, float]) -> float:
    """The most worth that fits into power and racks, with no more of a device than is supplied."""
    phase = phase_in(options, site, node)
    room_kw = phase.power_mw * KW_PER_MW / site.pue if phase else 0.0
    if phase and phase.racks is not None and site.rack_kw is not None:
        room_kw = min(room_kw, phase.racks * site.rack_kw)
    kw = {a: max(options.case.kw_per_device(a), NO_KW) for a in worth}
    total = 0.0
    for device in sorted(worth, key=lambda a: -worth[a] / kw[a]):
        number = min(_supplied(options, device, site, node), room_kw / kw[device])
        total += number * worth[device]
        room_kw -= number * kw[device]
    return total


def _supplied(options: Options, accelerator: str, site: Site, node: Node) -> float:
    """The most of the device that can stand there: what stood, and what its offers supply on the way to the node."""
    devices = options.standing(accelerator, site.id, node)
    for offer_id in options.purchases_of.get((accelerator, site.id), ()):
        offer = options.case.offers[offer_id]
        ordered = [at for at in node.path if (offer_id, site.id, at.id) in options.orders]
        total = math.inf if offer.supply_devices_total is None else offer.supply_devices_total
        devices += min(total, sum(offered(options, offer, at) for at in ordered))
    return devices


FAMILY = Family(
    "supercomputer_ceiling",
    rows,
    unit="PFLOP/s",
    price_says="the cost of that control",
    kind="limit",
    one_more=lambda at: (
        f"One more PFLOP/s {' '.join(at.what[1:])} under the supercomputer ceiling of {at.what[0]} {at.when}"
    ),
)
