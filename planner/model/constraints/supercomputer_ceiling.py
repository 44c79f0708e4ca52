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
    halls = _Halls(options, x)
    for site, node, ceiling, devices in halls.held_to():
        others = [a for a in devices if a not in halls.foreign]
        if any(
            halls.most_peak(site, node, others, precision, ceiling) > limit * site.envelopes
            for precision, limit in ceiling.limits.items()
        ):
            x.add("us_free", (site.id, node.id), high=0.0)


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """Two rows per site and node where the rule applies, and a third where the hall may be declared free."""
    catalogue, halls = options.case.accelerators, _Halls(options, x)
    for site, node, ceiling, devices in halls.held_to():
        owned = {a: [column for column, _ in owned_at(options, x, a, site.id, node)] for a in devices}
        foreign = [a for a in devices if a in halls.foreign]
        others = [a for a in devices if a not in halls.foreign]
        free = x.us_free.get((site.id, node.id))
        for precision, pflops in ceiling.limits.items():
            limit = pflops * site.envelopes
            peak = {a: halls.peak(a, precision, ceiling) for a in devices}
            terms = [(column, peak[a]) for a in devices for column in owned[a]]
            if free is not None:
                most = ROOM * halls.most_peak(site, node, others, precision, ceiling)
                terms.append((free, min(0.0, limit - most)))
            bounded = [a for a in devices if catalogue[a].peak_tflops(precision) is None]
            because = ceiling.citation + (f"; unpublished, so bounded: {', '.join(bounded)}" if bounded else "")
            yield Row("supercomputer_ceiling", (site.id,), node.id, Terms.of(terms), "<=", limit, because, (precision,))
        if free is not None:
            number = ROOM * halls.most_devices(site, node, foreign)
            terms = [*((column, 1.0) for a in foreign for column in owned[a]), (free, number)]
            because = f"{site.id} is free of US-origin devices, or held to {ceiling.citation}"
            part = ("us_origin",)
            yield Row(
                "supercomputer_ceiling",
                (site.id,),
                node.id,
                Terms.of(terms),
                "<=",
                number,
                because,
                part,
                is_limit=False,
            )


class _Halls:
    """What can stand in each hall: its devices, which of them are of US origin, and the most of each that is supplied."""

    def __init__(self, options: Options, x: Columns) -> None:
        self._options, self._x = options, x
        self._pairs = {site: [a for a, at in options.owned_pairs if at == site] for site in options.case.sites}
        self._peaks: dict[tuple[str, str], float] = {}
        self.foreign = {a for a, _ in options.owned_pairs if counts_as_us_origin(options.case.accelerators[a])}

    def held_to(self) -> Iterator[tuple[Site, Node, SupercomputerCeiling, list[str]]]:
        """Every hall and node with its ceiling and the devices that can stand there then; none where no US-origin device can."""
        for site in self._options.case.sites.values():
            for node in self._options.case.tree:
                ceiling = ceiling_on(self._options.case.rulebook, site.destination, node.period.start)
                if ceiling is None:
                    continue
                devices = [
                    a
                    for a in self._pairs[site.id]
                    if (a, site.id, node.id) in self._x.fleet or (a, site.id, node.id) in self._options.parts
                ]
                if any(a in self.foreign and self._supplied(a, site, node) > 0 for a in devices):
                    yield site, node, ceiling, devices

    def peak(self, accelerator: str, precision: str, ceiling: SupercomputerCeiling) -> float:
        """FP64 or FP32 of one device in its hall, PFLOP/s."""
        if (accelerator, precision) not in self._peaks:
            device = self._options.case.accelerators[accelerator]
            self._peaks[accelerator, precision] = hall_peak_pflops(device, precision, ceiling)
        return self._peaks[accelerator, precision]

    def most_peak(
        self, site: Site, node: Node, devices: list[str], precision: str, ceiling: SupercomputerCeiling
    ) -> float:
        """The most FP64 or FP32 that these devices can bring into the hall, PFLOP/s."""
        return self._most(site, node, {a: self.peak(a, precision, ceiling) for a in devices})

    def most_devices(self, site: Site, node: Node, devices: list[str]) -> float:
        """The most of these devices that can stand in the hall."""
        return self._most(site, node, dict.fromkeys(devices, 1.0))

    def _supplied(self, accelerator: str, site: Site, node: Node) -> float:
        known, pair = self._options.supplied, (accelerator, site.id)
        if pair not in known:
            known[pair] = _supplied(self._options, *pair)
        return known[pair][node.id]

    def _most(self, site: Site, node: Node, worth: Mapping[str, float]) -> float:
        """The most worth that fits into power and racks, with no more of a device than is supplied."""
        phase = phase_in(self._options, site, node)
        room_kw = phase.power_mw * KW_PER_MW / site.pue if phase else 0.0
        if phase and phase.racks is not None and site.rack_kw is not None:
            room_kw = min(room_kw, phase.racks * site.rack_kw)
        kw = {a: max(self._options.case.kw_per_device(a), NO_KW) for a in worth}
        total = 0.0
        for device in sorted(worth, key=lambda a: -worth[a] / kw[a]):
            number = min(self._supplied(device, site, node), room_kw / kw[device])
            total += number * worth[device]
            room_kw -= number * kw[device]
        return total


def _supplied(options: Options, accelerator: str, site: str) -> Mapping[str, float]:
    """By node: the most of the device that can stand there, what stood, and what its offers supply on the way to the node."""
    most = {node.id: options.standing(accelerator, site, node) for node in options.case.tree}
    for offer_id in options.purchases_of.get((accelerator, site), ()):
        offer, so_far = options.case.offers[offer_id], dict[str, float]()
        total = math.inf if offer.supply_devices_total is None else offer.supply_devices_total
        for node in options.case.tree:
            before = so_far[node.parent.id] if node.parent else 0.0
            ordered = (offer_id, site, node.id) in options.orders
            so_far[node.id] = before + offered(options, offer, node) if ordered else before
            most[node.id] += min(total, so_far[node.id])
    return most


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
