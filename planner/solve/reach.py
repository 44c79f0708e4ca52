"""What one limit alone puts out of reach, seen without solving: targets that delivery or power cannot keep.

Every bound is generous: each limit is taken alone, as if no other were there. What lies above a bound cannot be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planner.domain.horizon import Node, Period
from planner.domain.policy import CapacityTarget
from planner.model.constraints.power import phase_in
from planner.model.constraints.supply import offered
from planner.model.options import Options
from planner.units import KW_PER_MW

PLAY = 1.0 - 1e-6
"""A target within the solver's tolerance of a bound is for the solver to judge."""


@dataclass(frozen=True)
class Beyond:
    """A hard target that nothing could keep at a node.

    `deliverable_pflops`, `powered_pflops`: what supply, and what power, could let stand there at most; infinite where
    no limit is known.
    """

    name: str
    target: CapacityTarget
    node: Node
    deliverable_pflops: float
    powered_pflops: float

    @property
    def undeliverable(self) -> bool:
        """Whether supply alone keeps it from standing."""
        return self.deliverable_pflops < self.target.pflops * PLAY

    @property
    def unpowered(self) -> bool:
        """Whether power alone keeps it from standing."""
        return self.powered_pflops < self.target.pflops * PLAY


def beyond(options: Options, targets: Mapping[str, CapacityTarget]) -> Iterator[Beyond]:
    """Those of the hard targets that are out of reach in the first nodes in which they are due.

    `targets` need not be those of the options' case: other dates may be asked about.
    """
    for name, target in targets.items():
        due = [node for node in options.case.tree if node.period.start >= Period.parse(target.by).start]
        if target.shortfall_hkd_per_pflops is not None:
            continue
        for node in (node for node in due if node.parent is None or node.parent not in due):
            gap = Beyond(name, target, node, _deliverable(options, target, node), _powered(options, target, node))
            if gap.undeliverable or gap.unpowered:
                yield gap


def sites_of(options: Options, target: CapacityTarget) -> tuple[str, ...]:
    """The sites at which a target may stand."""
    return target.sites or tuple(options.case.sites)


def _deliverable(options: Options, target: CapacityTarget, node: Node) -> float:
    """PFLOP/s of everything that supply lets stand by the node; infinite where an offer has no known limit."""
    case, total = options.case, 0.0
    for accelerator, site in options.owned_pairs:
        if site in sites_of(options, target):
            pflops = options.speeds.standing_pflops(accelerator, target.basis, target.precision)
            total += pflops * options.standing(accelerator, site, node)
    bought: dict[str, set[str]] = {}
    for order in options.orders.values():
        if order.site.id in sites_of(options, target) and any(joined in node.path for joined, _ in order.whole):
            bought.setdefault(order.offer.id, set()).add(order.node.id)
    if target.rented_counts:
        for rental in options.rentals.values():
            if rental.site.id in sites_of(options, target) and rental.node is node:
                bought.setdefault(rental.offer.id, set()).add(node.id)
    for offer_id, nodes in bought.items():
        offer = case.offers[offer_id]
        pflops = options.speeds.standing_pflops(offer.accelerator, target.basis, target.precision)
        devices = sum(offered(options, offer, options.node(n)) for n in nodes)
        most = float("inf") if offer.supply_devices_total is None else offer.supply_devices_total
        total += pflops * min(devices, most) if pflops else 0.0
    return total


def _powered(options: Options, target: CapacityTarget, node: Node) -> float:
    """PFLOP/s that the power of the sites could feed with the device that makes the most of it."""
    if target.rented_counts:
        return float("inf")
    total = 0.0
    for site_id in sites_of(options, target):
        site = options.case.sites[site_id]
        phase = phase_in(options, site, node)
        best = max(
            (
                options.speeds.standing_pflops(a, target.basis, target.precision) / options.case.kw_per_device(a)
                for a, at in options.owned_pairs
                if at == site_id
            ),
            default=0.0,
        )
        total += best / site.pue * KW_PER_MW * (phase.power_mw if phase else 0.0)
    return total
