"""The sets that the plain program is written over: what may be bought, rented and run, when and where, and the calendar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from planner.domain.case import Case
from planner.domain.device_cost import price_growth_per_year, value_left
from planner.domain.horizon import Node, Period
from planner.domain.offer import Offer
from planner.domain.policy import VendorSupply
from planner.domain.workload import Workload
from planner.model.options import find_options
from planner.model.placement import Placement
from planner.model.procurement import Order
from planner.model.stay import Part, last_days, lives_until
from planner.model.timing import days_in, discount, growth, in_window, quarters_in, window_share

Place = tuple[str, str, str]
"""Accelerator, site and node; orders and rentals are known by offer, site and node."""


class Sets:
    """Index sets and coefficients of one case. Nodes are named by their id."""

    def __init__(self, case: Case) -> None:
        options = find_options(case)
        self.case, self.law, self.speeds = case, options.law, options.speeds
        self.orders, self.rentals = options.orders, options.rentals
        self.placements, self.refused = options.placements, options.refused
        self.nodes = tuple(case.tree)
        self.leaves = case.tree.leaves
        self.node = {node.id: node for node in self.nodes}
        self.days = {node.id: days_in(case, node) for node in self.nodes}
        self.weight = {node.id: node.probability * discount(case, node) for node in self.nodes}
        self.leaves_below = {n.id: [leaf for leaf in self.leaves if n in leaf.path] for n in self.nodes}
        fleets = [(fleet.accelerator, site.id) for site in case.sites.values() for fleet in site.fleet]
        self.owned = tuple(dict.fromkeys([*fleets, *((o.accelerator, o.site.id) for o in self.orders.values())]))
        self.prices_usd: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        """By (accelerator, site): the price of a device in each purchase offer."""
        for order in self.orders.values():
            if order.offer.price_usd_per_device is not None:
                price = order.offer.price_usd_per_device.mid
                self.prices_usd[order.accelerator, order.site.id][order.offer.id] = price
        self.joining: dict[Place, list[tuple[Place, date]]] = defaultdict(list)
        for key, order in self.orders.items():
            for node, until in order.whole:
                self.joining[order.accelerator, order.site.id, node.id].append((key, until))
        self.parts: list[Part] = [*(part for o in self.orders.values() for part in o.parts), *last_days(case)]
        self.parts_at: dict[Place, list[Part]] = defaultdict(list)
        for part in self.parts:
            self.parts_at[part.accelerator, part.key[2], part.node.id].append(part)
        self.rentals_at: dict[Place, list[Place]] = defaultdict(list)
        for key, rental in self.rentals.items():
            self.rentals_at[rental.accelerator, rental.site.id, rental.node.id].append(key)
        self.placed_at: dict[tuple[str, str], list[Placement]] = defaultdict(list)
        self.placed_of: dict[str, list[Placement]] = defaultdict(list)
        for placement in self.placements:
            self.placed_at[placement.accelerator, placement.site.id].append(placement)
            self.placed_of[placement.workload.id].append(placement)

    def stood(self, accelerator: str, site: str, node: Node) -> float:
        """Devices of the fleet of the start that stand all of the node."""
        return sum(
            fleet.devices
            for fleet in self.case.sites[site].fleet
            if fleet.accelerator == accelerator and lives_until(fleet) >= node.period.end
        )

    def living(self, accelerator: str, site: str, node: Node) -> tuple[list[Place], bool]:
        """Orders that stand all of the node within their life, and whether any that stood before no longer does."""
        joined = [pair for at in node.path for pair in self.joining.get((accelerator, site, at.id), ())]
        alive = [key for key, until in joined if until >= node.period.end]
        return alive, len(alive) < len(joined)

    def left(self, order: Order) -> Iterator[tuple[Node, float]]:
        """Ends of branches at which devices of the order have life left, and the share of its price that it is worth."""
        end = self.case.horizon.end_date
        for arrival in order.arrivals if self.case.economics.residual_value else ():
            if arrival.until > end:
                share = value_left(self.case.economics, arrival.day, arrival.until, end)
                yield from ((leaf, share) for leaf in self.leaves_below[arrival.node.id])

    def grown(self, offer: Offer, node: Node) -> float:
        """The offer's price in the node over that of the day for which it is stated: of the decision, or its own first."""
        stated = self.case.horizon.first_day
        if offer.available_from is not None:
            stated = max(stated, Period.parse(offer.available_from).start)
        return growth(self.case, price_growth_per_year(self.case.economics, offer), node, stated)

    def delivered(self, supply: VendorSupply, node: Node) -> float:
        """Devices that a vendor delivers in the node over all its offers."""
        quarters = quarters_in(self.case, node)
        if supply.devices_per_quarter is not None:
            return supply.devices_per_quarter * quarters * growth(self.case, supply.growth_per_year, node)
        year = min(supply.output_per_year)
        for known in sorted(supply.output_per_year):
            year = known if int(known) <= node.period.start.year else year
        return supply.output_per_year[year] * supply.output_scale.mid * supply.share.mid * quarters / 4

    def offered(self, offer: Offer, node: Node) -> float | None:
        """Devices that the offer yields in the node; None where no limit is known."""
        if offer.supply_devices_per_quarter is None:
            return None
        grown = growth(self.case, offer.supply_growth_per_year, node)
        quarters = quarters_in(self.case, node) if offer.kind == "purchase" else 1.0
        return offer.supply_devices_per_quarter * quarters * grown

    def useful(self, workload: Workload, accelerator: str, node: Node) -> float:
        """PFLOP/s-days that a device does of the workload in the node."""
        return self.speeds.useful_pflops(workload, accelerator, node) * self.days[node.id]

    def asked(self, workload: Workload, node: Node) -> float:
        """PFLOP/s-days asked of a service in the node, of a training in all."""
        if workload.work_pflops_days is not None:
            return workload.work_pflops_days.mid * window_share(self.case.horizon, workload.start, workload.end)
        grown = growth(self.case, workload.growth_per_year, node, Period.parse(workload.start).start)
        return self.speeds.busy_pflops(workload) * grown * self.days[node.id]

    def due(self, workload: Workload) -> list[Node]:
        """Nodes in which a service is asked for; of a training the last of its window, in every branch."""
        active = [node for node in self.nodes if in_window(node, workload.start, workload.end)]
        if workload.kind == "service":
            return active
        return [node for node in active if node.position == max(n.position for n in active)]

    def marked(self, accelerator: str, site: str, node: Node) -> bool:
        """Whether US rules mark the device there then."""
        on = self.case.horizon.order_date(node.period)
        return self.law.marked(accelerator, self.case.sites[site], on, node.scenario)
