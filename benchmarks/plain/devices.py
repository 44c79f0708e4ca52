"""What is bought, rented and stands: variables of devices, the fleet from node to node, supply and licences.

fleet[a,s,n] = fleet[a,s,parent] + orders that join - retire[a,s,n]
"""

from __future__ import annotations

from collections import defaultdict

from benchmarks.plain.program import Program, Term
from benchmarks.plain.sets import Sets
from planner.domain.horizon import Node
from planner.model.timing import months_in, year_share


def write(s: Sets, p: Program) -> None:
    """Variables and limits."""
    _variables(s, p)
    for accelerator, site in s.owned:
        for node in s.nodes:
            if (accelerator, site, node.id) in p.of("fleet"):
                _balance(s, p, accelerator, site, node)
                _kept_up(s, p, accelerator, site, node)
    _parts(s, p)
    _credited(s, p)
    _supply(s, p)
    _licences(s, p)


def _variables(s: Sets, p: Program) -> None:
    for key in s.orders:
        p.variable("order", key)
    for key in s.rentals:
        p.variable("rent", key)
    for accelerator, site in s.owned:
        prices = s.prices_usd[accelerator, site]
        apart = len(prices) + bool(s.stood(accelerator, site, s.case.tree.root)) > 1
        for node in s.nodes:
            key = accelerator, site, node.id
            before = node.parent is not None and (accelerator, site, node.parent.id) in p.of("fleet")
            if before or key in s.joining or s.stood(accelerator, site, node):
                p.variable("fleet", key)
                p.variable("retire", key)
                for offer in prices if apart else ():
                    p.variable("upkeep", (offer, site, node.id))
    for part in s.parts:
        p.variable("part", part.key, **({} if part.offer else {"high": part.devices}))
    for key, order in s.orders.items():
        for leaf, _ in s.left(order):
            p.variable("forfeit", (*key, leaf.id))


def _balance(s: Sets, p: Program, accelerator: str, site: str, node: Node) -> None:
    key = accelerator, site, node.id
    terms: list[Term] = [(p.at("fleet", *key), 1.0), (p.at("retire", *key), 1.0)]
    terms += [(before, -1.0) for before in p.some("fleet", accelerator, site, node.parent.id if node.parent else "")]
    terms += [(p.at("order", *order), -1.0) for order, _ in s.joining.get(key, ())]
    start = s.stood(accelerator, site, node) if node.parent is None else 0.0
    p.limit("fleet_balance", key, terms, "==", start)
    alive, lapsed = s.living(accelerator, site, node)
    stood = s.stood(accelerator, site, node)
    if lapsed or stood < s.stood(accelerator, site, s.case.tree.root):
        there = [(p.at("fleet", *key), 1.0), *((p.at("order", *order), -1.0) for order in alive)]
        p.limit("end_of_life", key, there, "<=", stood)


def _kept_up(s: Sets, p: Program, accelerator: str, site: str, node: Node) -> None:
    """Devices of one kind and site that differ in price: how many of each stand."""
    offers = [offer for offer in s.prices_usd[accelerator, site] if p.some("upkeep", offer, site, node.id)]
    if not offers:
        return
    alive, _ = s.living(accelerator, site, node)
    for offer in offers:
        orders = [(p.at("order", *key), -1.0) for key in alive if key[0] == offer]
        p.limit("upkeep", (offer, site, node.id), [(p.at("upkeep", offer, site, node.id), 1.0), *orders], "<=", 0.0)
    key = accelerator, site, node.id
    rest = [(p.at("fleet", *key), 1.0), *((p.at("upkeep", offer, site, node.id), -1.0) for offer in offers)]
    p.limit("kept_up", key, rest, "<=", s.stood(accelerator, site, node))
    p.limit("kept_up_once", key, rest, ">=", 0.0)


def _parts(s: Sets, p: Program) -> None:
    for part in s.parts:
        if part.offer is not None:
            offer, ordered, site, _ = part.key
            terms = [(p.at("part", *part.key), 1.0), (p.at("order", offer, site, ordered), -1.0)]
            p.limit("part_of_order", part.key, terms, "<=", 0.0)
    for key, parts in s.parts_at.items():
        ending = [(p.at("part", *part.key), 1.0) for part in parts if part.stood]
        if ending:
            p.limit("last_days", key, [*ending, (p.at("retire", *key), -1.0)], "<=", 0.0)


def _credited(s: Sets, p: Program) -> None:
    credited: dict[tuple[str, str, str], list[Term]] = defaultdict(list)
    for (offer, site, node, leaf), forfeit in p.of("forfeit").items():
        order = p.at("order", offer, site, node)
        p.limit("forfeit", (offer, site, node, leaf), [(forfeit, 1.0), (order, -1.0)], "<=", 0.0)
        terms = credited[s.orders[offer, site, node].accelerator, site, leaf]
        terms += [(order, 1.0), (forfeit, -1.0), *((part, -1.0) for part in p.some("part", offer, node, site, leaf))]
    for key, terms in credited.items():
        p.limit("credited", key, [*terms, *((fleet, -1.0) for fleet in p.some("fleet", *key))], "<=", 0.0)


def _supply(s: Sets, p: Program) -> None:
    kind = {"purchase": "order", "rental": "rent"}
    bought: dict[tuple[str, str], list[int]] = defaultdict(list)
    for keys, name in ((s.orders, "order"), (s.rentals, "rent")):
        for key in keys:
            bought[key[0], key[2]].append(p.at(name, *key))
    for offer in s.case.offers.values():
        for node in s.nodes:
            terms = [(column, 1.0) for column in bought[offer.id, node.id]]
            supplied = s.offered(offer, node)
            if terms and supplied is not None:
                p.limit(f"supply_{kind[offer.kind]}", (offer.id, node.id), terms, "<=", supplied)
            if terms and offer.kind == "rental" and offer.supply_devices_total is not None:
                p.limit("supply_at_once", (offer.id, node.id), terms, "<=", offer.supply_devices_total)
        for leaf in s.leaves:
            on_way = [(column, node) for node in leaf.path for column in bought[offer.id, node.id]]
            if on_way and offer.kind == "purchase" and offer.supply_devices_total is not None:
                p.limit(
                    "supply_total", (offer.id, leaf.id), [(c, 1.0) for c, _ in on_way], "<=", offer.supply_devices_total
                )
            if on_way and offer.supply_device_months is not None:
                months = [(column, months_in(s.case, node)) for column, node in on_way]
                p.limit("supply_device_months", (offer.id, leaf.id), months, "<=", offer.supply_device_months)
    for vendor, supply in s.case.vendor_supply.items():
        offers = [
            o.id
            for o in s.case.offers.values()
            if o.kind == "purchase" and s.case.accelerators[o.accelerator].vendor == vendor
        ]
        for node in s.nodes:
            terms = [(column, 1.0) for offer in offers for column in bought[offer, node.id]]
            if terms:
                p.limit("vendor_supply", (vendor, node.id), terms, "<=", s.delivered(supply, node))


def _licences(s: Sets, p: Program) -> None:
    for id, licence in s.case.licences.items():
        for leaf in s.leaves:
            path = {node.id for node in leaf.path}
            by_year: dict[int, list[Term]] = defaultdict(list)
            for key, order in s.orders.items():
                licensed = any(arrival.answer.licensed and arrival.node.id in path for arrival in order.arrivals)
                if licensed and order.accelerator in licence.accelerators:
                    by_year[order.node.period.start.year].append((p.at("order", *key), 1.0))
            granted = licence.approval_share.mid
            if by_year:
                terms = [term for some in by_year.values() for term in some]
                p.limit("licence", (id, leaf.id), terms, "<=", granted * licence.quota_devices)
            for year, some in by_year.items() if licence.quota_devices_per_year is not None else ():
                covered = year_share(s.case, [node for node in leaf.path if node.period.start.year == year])
                p.limit(
                    "licence_year",
                    (id, leaf.id, str(year)),
                    some,
                    "<=",
                    granted * licence.quota_devices_per_year * covered,
                )
