"""What stands when: the part of each node's period in which orders stand and what is begun is in place, by the calendar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import cached_property

from planner.audit.facts import Facts, Place, Record
from planner.domain.horizon import add_months


class Presence:
    """Parts of periods, and devices counted by them. A `Place` of orders is (offer, site, node)."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._ready: dict[tuple[str, float, float | None], tuple[date, date]] = {}

    @cached_property
    def _spans(self) -> dict[str, tuple[date, date, int]]:
        """By node: the first day of its period that counts, the day after its last, and how many count."""
        days, first = self._facts.days, self._facts.case.horizon.order_date
        return {id: (first(node.period), node.period.end, days[id]) for id, node in self._facts.nodes.items()}

    def part(self, node: str, since: date, until: date = date.max) -> float:
        """Part of what counts of the node's period that lies between two days."""
        begins, ends, days = self._spans[node]
        return max(0, (min(until, ends) - max(since, begins)).days) / days

    def ready_part(self, node: str, begun: str, months: float, validity_years: float | None = None) -> float:
        """Part of the node's period in which something begun in a node of its path, which takes so many months and ends after so many
        years, is in place.
        """
        key = begun, months, validity_years
        if key not in self._ready:
            first = add_months(self._facts.case.horizon.order_date(self._facts.nodes[begun].period), months)
            self._ready[key] = first, add_months(first, 12 * validity_years) if validity_years else date.max
        return self.part(node, *self._ready[key])

    @cached_property
    def of_orders(self) -> dict[Place, dict[str, float]]:
        """By (offer, site, node) of the plan's orders: the part of each node's period in which the order stands."""
        shares: dict[Place, dict[str, float]] = {}
        for order in self._facts.orders:
            shares[order] = {}
            for first, made in self._facts.arrivals(*order).items():
                for node in self._facts.nodes:
                    share = self.part(node, made.stands, made.lives_until)
                    if share and first in self._facts.path[node]:
                        shares[order][node] = share
        return shares

    def of_fleets(self, accelerator: str, site: str, node: str) -> list[tuple[float, float]]:
        """Devices of each fleet of the start, and the part of the node's period in which they are within their life."""
        fleets = [fleet for fleet in self._facts.case.sites[site].fleet if fleet.accelerator == accelerator]
        ends = [add_months(fleet.installed, 12 * fleet.lifetime_years) for fleet in fleets]
        shares = [self.part(node, date.min, end) for end in ends]
        return [(fleet.devices, share) for fleet, share in zip(fleets, shares, strict=True)]

    def largest_part(self, accelerator: str, site: str, node: str, leaving: bool) -> float:
        """Largest part of the node, below all of it, in which an order that may be placed for the device stands there:
        arriving within the node, or ending its life there after a whole period.
        """
        stood = self._facts.parent(node) is not None
        fleets = [share for _, share in self.of_fleets(accelerator, site, node) if share < 1 and stood is leaving]
        largest = max(fleets, default=0.0)
        offers = [o for o in self._facts.case.offers.values() if o.accelerator == accelerator and o.kind == "purchase"]
        ways = [(o.id, site, m) for o in offers if site in o.sites or "*" in o.sites for m in self._facts.path[node]]
        for offer, _, ordered in ways:
            terms = self._facts.case.offers[offer]
            if not self._facts.open(terms, ordered):
                continue
            for first, made in self._facts.arrivals(offer, site, ordered).items():
                share, above = self.part(node, made.stands, made.lives_until), self._facts.parent(node)
                stood = above is not None and first in self._facts.path[above]
                stood = stood and self.part(above or "", made.stands, made.lives_until) == 1
                if first in self._facts.path[node] and share < 1 and stood is leaving:
                    largest = max(largest, share)
        return largest

    def joins(self, order: Place, node: str) -> bool:
        """Whether the node is the first of which the order stands all of the period."""
        parts, above = self.of_orders.get(order, {}), self._facts.parent(node)
        return parts.get(node) == 1 and (above is None or parts.get(above) != 1)

    @cached_property
    def present(self) -> dict[Place, float]:
        """Devices owned, averaged over the node: a part of its period counts as such."""
        return self._with_parts(lambda line: float(line["share"]))

    @cached_property
    def peak(self) -> dict[Place, float]:
        """Devices owned that stand there at any time of the node, each counted whole."""
        return self._with_parts(lambda line: 1.0)

    def _with_parts(self, counts: Callable[[Record], float]) -> dict[Place, float]:
        amounts = defaultdict(float, self._facts.fleet)
        for line in self._facts.records("part_periods"):
            amounts[line["accelerator"], line["site"], line["node"]] += line["devices"] * counts(line)
        return amounts

    @cached_property
    def arrived(self) -> dict[Place, float]:
        """Devices of orders whose first whole period is the node's, by the orders' own lines."""
        arrivals: dict[Place, float] = defaultdict(float)
        for order, lines in self._facts.orders.items():
            for node in self.of_orders[order]:
                if self.joins(order, node):
                    arrivals[lines[0]["accelerator"], order[1], node] += lines[0]["devices"]
        return arrivals


class Standing(Facts):
    """The facts, and what stands when."""

    @cached_property
    def needed(self) -> dict[tuple[str, str], tuple[str, ...] | None]:
        """By workload and legal zone, where it was asked: mechanisms of data law that must be in place; None where none do."""
        return {}

    @cached_property
    def waits(self) -> dict[tuple[str, str, str], tuple[float, ...]]:
        """By workload, legal zone and stack, where it was asked: the months that each thing which must be in place takes."""
        return {}

    @cached_property
    def there(self) -> Presence:
        """What stands in which part of a period."""
        return Presence(self)

    def standing(self, accelerator: str, site: str, node: str) -> float:
        """Devices of the initial fleet within their service life in all of the node's period."""
        return sum(devices for devices, share in self.there.of_fleets(accelerator, site, node) if share == 1)
