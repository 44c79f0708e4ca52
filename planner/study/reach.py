"""What could be reached at all, seen without solving: is a promise, or a workload, out of reach by law, delivery, power
or memory alone?

Every bound here is generous: each limit is taken alone, as if no other were there. What lies above a bound cannot be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from planner.domain.case import Case
from planner.domain.horizon import Node, Period
from planner.domain.policy import CapacityTarget
from planner.model.build import Model
from planner.model.constraints.supply import offered
from planner.model.options import Options, find_options
from planner.study.knob import figure
from planner.units import KW_PER_MW

MOST_RULES, MOST_WORKLOADS = 3, 5


def reach(case: Case, model: Model | None = None) -> tuple[str, ...]:
    """A sentence for every hard promise that one limit alone puts out of reach, and for workloads that
    can run nowhere.
    """
    options = model.options if model else find_options(case)
    return (*_promises(options), *_workloads(options))


def _promises(options: Options) -> Iterator[str]:
    for name, target in options.case.capacity_targets.items():
        due = [node for node in options.case.tree if node.period.start >= Period.parse(target.by).start]
        if target.shortfall_hkd_per_pflops is not None or not due:
            continue
        for node in {node.id: node for node in due if node.parent is None or node.parent not in due}.values():
            yield from _promise(options, name, target, node)


def _promise(options: Options, name: str, target: CapacityTarget, node: Node) -> Iterator[str]:
    deliverable, powered = _deliverable(options, target, node), _powered(options, target, node)
    asked = f"{name} asks for {figure(target.pflops)} PFLOP/s by {node.id}"
    if deliverable == 0.0:
        yield f"{asked}: no device that law lets ship stands there by then{_by_rules(options, target)}."
    elif deliverable < target.pflops:
        yield f"{asked}: all that lawful offers can deliver by then is {figure(deliverable)}."
    if powered < target.pflops:
        yield f"{asked}: the power of its sites feeds at most {figure(powered)}, whatever the device."


def _sites(options: Options, target: CapacityTarget) -> tuple[str, ...]:
    return target.sites or tuple(options.case.sites)


def _deliverable(options: Options, target: CapacityTarget, node: Node) -> float:
    """PFLOP/s of everything that supply lets stand by the node; infinite where an offer has no known limit."""
    case, total = options.case, 0.0
    for accelerator, site in options.owned_pairs:
        if site in _sites(options, target):
            pflops = options.speeds.standing_pflops(accelerator, target.basis, target.precision)
            total += pflops * options.standing(accelerator, site, node)
    bought: dict[str, set[str]] = {}
    for order in options.orders.values():
        if order.site.id in _sites(options, target) and any(a.node in node.path for a in order.arrivals):
            bought.setdefault(order.offer.id, set()).add(order.node.id)
    if target.rented_counts:
        for rental in options.rentals.values():
            if rental.site.id in _sites(options, target) and rental.node is node:
                bought.setdefault(rental.offer.id, set()).add(node.id)
    for offer_id, nodes in bought.items():
        offer = case.offers[offer_id]
        pflops = options.speeds.standing_pflops(offer.accelerator, target.basis, target.precision)
        devices = sum(offered(options, offer, options.node(n)) for n in nodes)
        total += pflops * min(devices, offer.supply_devices_total or float("inf")) if pflops else 0.0
    return total


def _powered(options: Options, target: CapacityTarget, node: Node) -> float:
    """PFLOP/s that the power of the sites could feed with the device that makes the most of it."""
    if target.rented_counts:
        return float("inf")
    total = 0.0
    for site_id in _sites(options, target):
        site = options.case.sites[site_id]
        phase = site.phase_on(options.case.horizon.order_date(node.period))
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


def _by_rules(options: Options, target: CapacityTarget) -> str:
    rules = Counter(r.rule for r in options.refused if r.offer and r.site in _sites(options, target))
    named = ", ".join(rule for rule, _ in rules.most_common(MOST_RULES))
    return f" (refused by {named})" if named else ""


def _workloads(options: Options) -> Iterator[str]:
    nowhere = [name for name, placements in options.placements_of.items() if not placements]
    for name in nowhere[:MOST_WORKLOADS]:
        why = Counter(r.family for r in options.refused if r.workload == name)
        because = ", ".join(family for family, _ in why.most_common(MOST_RULES)) or "no device at the sites it may use"
        yield f"{name} can run nowhere: {because}."
