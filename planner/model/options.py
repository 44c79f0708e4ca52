"""What may be decided at all: orders, rentals and placements, with the index tables that the families join on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planner.domain.base import Noun
from planner.domain.case import Case
from planner.domain.device_cost import value_left
from planner.domain.horizon import Node
from planner.domain.offer import Offer
from planner.domain.site import Site, StandingFleet
from planner.domain.workload import Workload
from planner.model.branch import Branch
from planner.model.ledger import Refusal
from planner.model.permission import Law
from planner.model.placement import Placement, place
from planner.model.procurement import Order, Rental, procure
from planner.model.stay import Part, last_days, lives_until
from planner.model.timing import days_in, discount, in_window, ready_share
from planner.model.useful import Speeds

Pair = tuple[str, str]
OF_TIME = ("_nodes", "_leaves", "days", "_openings")
"""What options work out of the tree and the days of its nodes alone."""


class Openings(NamedTuple):
    """For each node that is looked at, and each on the way to it: the numbers of both in the tree, and the part of the former that is
    left once what is begun in the latter is ready, and before it lapses. Those of node n stand from `ends[n]` to `ends[n + 1]`, the root first.
    """

    node: NDArray[np.int64]
    begun: NDArray[np.int64]
    share: NDArray[np.float64]
    ends: NDArray[np.int64]


@dataclass(frozen=True)
class Options:
    """The case with everything that law, data rules and physics leave to be decided, and the ledger of what they
    refuse.

    A `Pair` is (accelerator, site). Sites keep owned and rented devices of one kind apart, so a pair is one or the
    other.
    """

    case: Case
    law: Law
    speeds: Speeds
    orders: Mapping[tuple[str, str, str], Order]
    rentals: Mapping[tuple[str, str, str], Rental]
    placements: tuple[Placement, ...]
    refused: tuple[Refusal, ...]

    def of(self, case: Case) -> Options:
        """The same options, for a case that changes nothing on which they hang, with its nouns in them."""
        offers, sites, workloads = case.offers, case.sites, case.workloads
        terms, halls = _others(offers, self.case.offers), _others(sites, self.case.sites)
        jobs = _others(workloads, self.case.workloads)
        orders, rentals, placements = self.orders, self.rentals, self.placements
        if terms or halls:
            orders = {
                k: replace(o, offer=offers[k[0]], site=sites[k[1]]) if k[0] in terms or k[1] in halls else o
                for k, o in orders.items()
            }
            rentals = {
                k: replace(r, offer=offers[k[0]], site=sites[k[1]]) if k[0] in terms or k[1] in halls else r
                for k, r in rentals.items()
            }
        if jobs or halls:
            placements = tuple(
                replace(p, workload=workloads[p.workload.id], site=sites[p.site.id])
                if p.workload.id in jobs or p.site.id in halls
                else p
                for p in placements
            )
        same = Options(case, self.law, self.speeds.of(case), orders, rentals, placements, self.refused)
        same.know_time_of(self)
        return same

    def know_time_of(self, near: Options) -> None:
        """Take over what others on the very same tree know of its nodes and their days."""
        vars(self).update({name: known for name, known in vars(near).items() if name in OF_TIME})

    @cached_property
    def owned_pairs(self) -> tuple[Pair, ...]:
        """Pairs that orders or a standing fleet can put on the floor, in the order of the case."""
        return _owned_pairs(self.case, self.orders)

    @cached_property
    def rented_pairs(self) -> tuple[Pair, ...]:
        """Pairs that can be rented, in the order of the case."""
        return tuple(dict.fromkeys((rental.accelerator, rental.site.id) for rental in self.rentals.values()))

    @cached_property
    def _nodes(self) -> Mapping[str, Node]:
        return {node.id: node for node in self.case.tree.nodes}

    def node(self, node_id: str) -> Node:
        """The node of that name."""
        return self._nodes[node_id]

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """By node: what a HKD spent there counts in the objective, probability times mid-period discount."""
        return {node.id: node.probability * discount(self.case, node) for node in self.case.tree.nodes}

    @cached_property
    def days(self) -> Mapping[str, int]:
        """By node: days of its period that lie after the decision date."""
        return {node.id: days_in(self.case, node) for node in self.case.tree.nodes}

    @cached_property
    def order_days(self) -> Mapping[str, date]:
        """By node: the day on which an order of its period is placed."""
        return {node.id: self.case.horizon.order_date(node.period) for node in self.case.tree.nodes}

    @cached_property
    def _leaves(self) -> Mapping[str, tuple[Node, ...]]:
        leaves, nodes = self.case.tree.leaves, self.case.tree.nodes
        return {node.id: tuple(leaf for leaf in leaves if node in leaf.path) for node in nodes}

    def leaves_below(self, node: Node) -> tuple[Node, ...]:
        """The ends of all branches that pass through the node."""
        return self._leaves[node.id]

    @cached_property
    def rentals_at(self) -> Mapping[tuple[str, str, str], tuple[Rental, ...]]:
        """By (accelerator, site, node): the rentals that add devices there."""
        by_place: dict[tuple[str, str, str], list[Rental]] = defaultdict(list)
        for rental in self.rentals.values():
            by_place[rental.accelerator, rental.site.id, rental.node.id].append(rental)
        return {key: tuple(rentals) for key, rentals in by_place.items()}

    @cached_property
    def arrivals(self) -> Mapping[tuple[str, str, str], tuple[Order, ...]]:
        """By (accelerator, site, node): the orders whose devices join those that stand there all of that node."""
        return _arrivals(self.orders)

    @cached_property
    def all_parts(self) -> tuple[Part, ...]:
        """Every node of which devices of an order, or of a fleet of the start, stand a part."""
        return (*(part for order in self.orders.values() for part in order.parts), *last_days(self.case))

    @cached_property
    def part_of(self) -> Mapping[tuple[str, ...], Part]:
        """The same by column."""
        return {part.key: part for part in self.all_parts}

    @cached_property
    def parts(self) -> Mapping[tuple[str, str, str], tuple[Part, ...]]:
        """By (accelerator, site, node): the parts of that node in which devices stand there."""
        by_place: dict[tuple[str, str, str], list[Part]] = defaultdict(list)
        for part in self.all_parts:
            by_place[part.accelerator, part.key[2], part.node.id].append(part)
        return {key: tuple(some) for key, some in by_place.items()}

    @cached_property
    def placed(self) -> Mapping[Pair, tuple[Placement, ...]]:
        """By (accelerator, site): the workloads that may run there."""
        by_pair: dict[Pair, list[Placement]] = defaultdict(list)
        for placement in self.placements:
            by_pair[placement.accelerator, placement.site.id].append(placement)
        return {pair: tuple(some) for pair, some in by_pair.items()}

    @cached_property
    def placements_of(self) -> Mapping[str, tuple[Placement, ...]]:
        """By workload: where it may run."""
        by_workload: dict[str, list[Placement]] = {w: [] for w in self.case.workloads}
        for placement in self.placements:
            by_workload[placement.workload.id].append(placement)
        return {workload: tuple(some) for workload, some in by_workload.items()}

    @cached_property
    def first_end(self) -> Mapping[Pair, date]:
        """By (accelerator, site): the day on which the first devices that can be ordered there reach the end of their service life."""
        ends: dict[Pair, date] = {}
        for order in self.orders.values():
            for _, until in order.whole:
                pair = order.accelerator, order.site.id
                ends[pair] = min(until, ends.get(pair, until))
        return ends

    def joined(self, accelerator: str, site: str, node: Node) -> Iterator[tuple[Order, bool]]:
        """The orders whose devices have joined those that stand there all of a node, by the end of this one, and whether they are
        within their service life in all of it.
        """
        for at in node.path:
            for order in self.arrivals.get((accelerator, site, at.id), ()):
                yield order, order.until[at.id] >= node.period.end

    @cached_property
    def outliving(self) -> Mapping[tuple[str, str, str], list[tuple[Node, float]]]:
        """By order: the ends of the branches in which it still has life left when the horizon ends, and the share of its
        price that it is then worth. None where residual value is not counted.
        """
        end, shares = self.case.horizon.end_date, {}
        for key, order in self.orders.items() if self.case.economics.residual_value else ():
            left = [
                (leaf, value_left(self.case.economics, arrival.day, arrival.until, end))
                for arrival in order.arrivals
                for leaf in self.leaves_below(arrival.node)
                if arrival.until > end
            ]
            if left:
                shares[key] = left
        return shares

    def credited_order(self, key: tuple[str, str, str]) -> tuple[str, str, str] | None:
        """The order itself where what is paid for it comes back as residual value."""
        return key if key in self.outliving else None

    @cached_property
    def purchases_of(self) -> Mapping[Pair, Mapping[str, float]]:
        """By (accelerator, site): the purchase offers that can be ordered there, with the price of the device, USD."""
        prices: dict[Pair, dict[str, float]] = defaultdict(dict)
        for order in self.orders.values():
            if order.offer.price_usd_per_device is not None:
                prices[order.accelerator, order.site.id][order.offer.id] = order.offer.price_usd_per_device.mid
        return prices

    def upkept_apart(self, accelerator: str, site: str) -> bool:
        """Whether the pair's devices can differ in price, so that upkeep asks which of them stand."""
        return len(self.purchases_of.get((accelerator, site), ())) + bool(self.standing_at_start(accelerator, site)) > 1

    def standing_at_start(self, accelerator: str, site: str) -> float:
        """Devices of the pair that stand when the plan begins."""
        return self.standing(accelerator, site, self.case.tree.root)

    def value_usd(self, accelerator: str, site: str) -> float:
        """Price of a device of the pair that no `upkeep` column counts, USD."""
        if not self.upkept_apart(accelerator, site) and (accelerator, site) in self.purchases_of:
            return next(iter(self.purchases_of[accelerator, site].values()))
        device = self.case.accelerators[accelerator]
        if not self.standing_at_start(accelerator, site) or device.unit_price_usd_low is None:
            return 0.0
        return (device.unit_price_usd_low + (device.unit_price_usd_high or device.unit_price_usd_low)) / 2

    def standing(self, accelerator: str, site: str, node: Node) -> float:
        """Devices of the initial fleet that are within their service life in all of the node's period."""
        return sum(
            fleet.devices
            for fleet in self.case.sites[site].fleet
            if fleet.accelerator == accelerator and _in_life(fleet, node)
        )

    def marked(self, accelerator: str, site: Site, node: Node) -> bool:
        """Whether US rules mark the owned device in the node, so that US money pays nothing for it."""
        return self.law.marked(accelerator, site, self.order_days[node.id], node.scenario)

    def openings(self, months: float, years: float | None = None) -> Openings:
        """When what is begun in a node is ready, `months` later, and lapses after so many years."""
        if (months, years) not in self._openings:
            self._openings[months, years] = _openings(self.case, months, years)
        return self._openings[months, years]

    @cached_property
    def _openings(self) -> dict[tuple[float, float | None], Openings]:
        return {}

    @cached_property
    def supplied(self) -> dict[Pair, Mapping[str, float]]:
        """By (accelerator, site), then by node: the most that can stand there, as far as the supercomputer ceiling has worked it out."""
        return {}

    @cached_property
    def asked(self) -> dict[tuple[str, str], float]:
        """By workload and node: work asked for, as far as `planner.model.asked` has worked it out, PFLOP/s-days."""
        return {}

    @cached_property
    def part_shares(self) -> Mapping[tuple[str, str, str], Mapping[bool, float]]:
        """By (accelerator, site, node): the largest part of the node in which devices stand there that stood in all of
        the period before, and that did not.
        """
        shares: dict[tuple[str, str, str], dict[bool, float]] = defaultdict(dict)
        for at, parts in self.parts.items():
            for part in parts:
                shares[at][part.stood] = max(part.share, shares[at].get(part.stood, 0.0))
        return shares

    def active(self, workload: Workload, node: Node) -> bool:
        """Whether the node lies in the workload's window."""
        return in_window(node, workload.start, workload.end)


def find_options(
    case: Case, branch: Branch | None = None, *, law: Law | None = None, speeds: Speeds | None = None
) -> Options:
    """Ask law, data rules and the performance model about every pair of the case, once; `law` and `speeds`: where much of their
    answers is known.
    """
    law, speeds = law or Law(case, branch), speeds or Speeds(case)
    procurement = procure(case, law, branch)
    orders = {(o.offer.id, o.site.id, o.node.id): o for o in procurement.orders}
    rentals = {(r.offer.id, r.site.id, r.node.id): r for r in procurement.rentals}
    rented: dict[Pair, dict[str, tuple[Offer, ...]]] = defaultdict(dict)
    for rental in procurement.rentals:
        at = rented[rental.accelerator, rental.site.id]
        at[rental.node.id] = (*at.get(rental.node.id, ()), rental.offer)
    standing = _standing(case, orders, rentals)
    placements, refused = place(case, law, speeds, standing, rented)
    return Options(case, law, speeds, orders, rentals, placements, (*procurement.refused, *refused))


def _others(nouns: Mapping[str, Noun], before: Mapping[str, Noun]) -> set[str]:
    """The names of those that are others than before."""
    return {name for name, noun in nouns.items() if noun != before[name]}


def _openings(case: Case, months: float, years: float | None) -> Openings:
    nodes, seen = case.tree.nodes, {node.id for node in case.tree}
    number_of = {node.id: number for number, node in enumerate(nodes)}
    ways = [node.path if node.id in seen else () for node in nodes]
    lengths = [len(way) for way in ways]
    return Openings(
        np.repeat(np.arange(len(ways)), lengths),
        np.array([number_of[at.id] for way in ways for at in way]),
        np.array([ready_share(case, at, months, way[-1], years) for way in ways for at in way]),
        np.concatenate([[0], np.cumsum(lengths)]),
    )


def _in_life(fleet: StandingFleet, node: Node) -> bool:
    return node.period.end <= lives_until(fleet)


def _arrivals(orders: Mapping[tuple[str, str, str], Order]) -> dict[tuple[str, str, str], tuple[Order, ...]]:
    by_place: dict[tuple[str, str, str], list[Order]] = defaultdict(list)
    for order in orders.values():
        for node, _ in order.whole:
            by_place[order.accelerator, order.site.id, node.id].append(order)
    return {key: tuple(some) for key, some in by_place.items()}


def _owned_pairs(case: Case, orders: Mapping[tuple[str, str, str], Order]) -> tuple[Pair, ...]:
    fleets = [(fleet.accelerator, site.id) for site in case.sites.values() for fleet in site.fleet]
    return tuple(dict.fromkeys([*fleets, *((order.accelerator, order.site.id) for order in orders.values())]))


def _standing(
    case: Case, orders: Mapping[tuple[str, str, str], Order], rentals: Mapping[tuple[str, str, str], Rental]
) -> dict[Pair, tuple[Node, ...]]:
    """For every pair the nodes in which devices may be there, in the order of the tree."""
    there: dict[Pair, set[str]] = defaultdict(set)
    arrivals = _arrivals(orders)
    for pair in _owned_pairs(case, orders):
        fleets = [fleet for fleet in case.sites[pair[1]].fleet if fleet.accelerator == pair[0]]
        for node in case.tree:
            came = (node.parent and node.parent.id in there[pair]) or (*pair, node.id) in arrivals
            if came or any(_in_life(fleet, node) for fleet in fleets):
                there[pair].add(node.id)
    for part in (*(part for order in orders.values() for part in order.parts), *last_days(case)):
        there[part.accelerator, part.key[2]].add(part.node.id)
    for rental in rentals.values():
        there[rental.accelerator, rental.site.id].add(rental.node.id)
    return {pair: tuple(node for node in case.tree if node.id in ids) for pair, ids in there.items() if ids}
