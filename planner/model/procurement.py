"""What can be ordered and rented, where and when; what cannot goes to the ledger.

An order placed in node n of site s stands in every branch below n in which law still lets it ship:

    ready date    = order date + fit-out of the hall
    arrival date  = order date + lead time + licence wait or notice, not before the ready date unless it is stored
    shipment date = arrival date - transit          (the day that law looks at)
    standing date = the later of arrival date and ready date
    stands from that date to the end of its service life: all of some periods, a part of the first and the last

Devices come in time for their hall. Where law denies that in more of the future than it denies the earliest shipment, they
ship as soon as they can and are stored.

A branch in which law denies the shipment gets no devices: the order is cancelled there and its deposit is lost. Where
it comes to stand in a period after which branches part that are under different law by then, it stands from the next period.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from planner.domain.case import Case
from planner.domain.horizon import Node, add_months
from planner.domain.offer import Offer
from planner.domain.site import Site
from planner.model.branch import Branch, in_force
from planner.model.ledger import Refusal
from planner.model.permission import Answer, Law
from planner.model.stay import Arrival, Part, Stays
from planner.model.timing import position_from
from planner.units import DAYS_PER_MONTH, MONTHS_PER_YEAR


@dataclass(frozen=True)
class Order:
    """An order that may be placed: it arrives in at least one branch.

    `whole`: the first nodes of which it stands all of the period, with the day until which it lives; `parts`: those of
    which it stands a part.
    """

    offer: Offer
    site: Site
    node: Node
    arrivals: tuple[Arrival, ...]
    cancelled: tuple[Node, ...]
    whole: tuple[tuple[Node, date], ...]
    parts: tuple[Part, ...]

    @property
    def accelerator(self) -> str:
        return self.offer.accelerator

    @cached_property
    def until(self) -> Mapping[str, date]:
        """By node of which it is the first to stand all of the period: the day until which it lives."""
        return {node.id: day for node, day in self.whole}


@dataclass(frozen=True)
class Rental:
    """A rental that may be taken in a node."""

    offer: Offer
    site: Site
    node: Node
    answer: Answer

    @property
    def accelerator(self) -> str:
        return self.offer.accelerator


@dataclass(frozen=True)
class Procurement:
    """All orders and rentals that may be, and the ledger of those that may not."""

    orders: tuple[Order, ...]
    rentals: tuple[Rental, ...]
    refused: tuple[Refusal, ...]


def procure(case: Case, law: Law, branch: Branch | None = None) -> Procurement:
    """Every order and rental that case and law allow, and every refusal with its rule."""
    orders: list[Order] = []
    rentals: list[Rental] = []
    refused: list[Refusal] = []
    stays = Stays(case)
    for offer in case.offers.values():
        nodes = [node for node in case.tree if case.is_open(offer, node.period)]
        for site in sites_of(case, offer):
            unfit = does_not_fit(case, offer, site)
            if unfit is not None:
                refused.append(unfit)
            for node in nodes:
                terms = in_force(case, branch, node.scenario)
                contract, hall = terms.offers[offer.id], terms.sites[site.id]
                option = (
                    _order(case, law, contract, hall, node, stays)
                    if offer.kind == "purchase"
                    else _rental(case, law, contract, hall, node)
                )
                # What does not fit is told once, and yet law is asked, so that the ledger holds every refusal of law.
                if isinstance(option, Refusal):
                    if unfit is None or option.family == "embargo":
                        refused.append(option)
                elif unfit is None and isinstance(option, Order):
                    orders.append(option)
                elif isinstance(option, Rental):
                    rentals.append(option)
    return Procurement(tuple(orders), tuple(rentals), tuple(refused))


def sites_of(case: Case, offer: Offer) -> Iterator[Site]:
    """Sites of the case at which the offer's devices may stand."""
    named = (
        [s for s in case.sites.values() if s.takes_purchases]
        if offer.sites == ("*",)
        else [case.sites[s] for s in offer.sites if s in case.sites]
    )
    yield from named


def does_not_fit(case: Case, offer: Offer, site: Site) -> Refusal | None:
    """A purchase whose server draws more than a rack of the hall can feed and cool has no column."""
    kw = case.kw_per_device(offer.accelerator)
    server_kw = kw * case.economics.devices_per_server
    if offer.kind == "rental" or site.rack_kw is None or server_kw <= site.rack_kw:
        return None
    because = f"a server of {case.economics.devices_per_server} draws {server_kw:.1f} kW, a rack of {site.id} takes {site.rack_kw:g} kW"
    return Refusal("cooling", "rack_kw", because, offer.accelerator, site.id, offer.id)


def _order(case: Case, law: Law, offer: Offer, site: Site, node: Node, stays: Stays) -> Order | Refusal:
    ordered = case.horizon.order_date(node.period)
    ready = add_months(ordered, site.fit_out_months)
    by_node: dict[str, Arrival] = {}
    cancelled: dict[str, Node] = {}
    denied: tuple[Node, Answer, date] | None = None
    leaves = case.tree.ends[node.id]
    for leaf, (shipped, answer) in zip(leaves, _shipments(law, offer, site, ordered, leaves), strict=True):
        if not answer.allowed:
            at = leaf.at(shipped)
            cancelled[at.id] = at
            denied = (at, answer, shipped)
            continue
        arrived = shipped + timedelta(days=round(offer.transit_months * DAYS_PER_MONTH))
        stands = _stands(case, leaf, shipped, max(arrived, ready))
        if stands is not None:
            first, day = stands
            until = add_months(day, offer.lifetime_years * MONTHS_PER_YEAR)
            by_node[first.id] = Arrival(first, day, until, shipped, arrived, answer)
    if by_node:
        arrivals = tuple(by_node.values())
        return Order(
            offer, site, node, arrivals, tuple(cancelled.values()), *stays.presence(offer, site, node, arrivals)
        )
    if denied:
        _, answer, shipped = denied
        because = f"shipping on {shipped}: {answer.because}"
        return _refusal(because, answer, offer, site, node)
    because = f"ordered in {node.period}, it would not stand before the horizon ends on {case.horizon.end_date}"
    return Refusal("lead_time", "horizon", because, offer.accelerator, site.id, offer.id, None, node.id)


def _stands(case: Case, leaf: Node, shipped: date, day: date) -> tuple[Node, date] | None:
    """Node and day from which an order that can stand on a day does; None when the horizon ends before."""
    if day >= case.horizon.end_date:
        return None
    node = leaf.at(day)
    inside = day > case.horizon.order_date(node.period)
    if not inside or len({end.policy_on(shipped) for end in case.tree.ends[node.id]}) == 1:
        return node, day
    after = position_from(case.horizon, day)
    return None if after is None else (leaf.path[after], day)


def _shipments(law: Law, offer: Offer, site: Site, ordered: date, leaves: Sequence[Node]) -> list[tuple[date, Answer]]:
    """Per branch: in time for the hall, or as soon as it can where law then denies less of the future."""
    in_time = [_shipment(law, offer, site, ordered, site.fit_out_months, leaf) for leaf in leaves]
    if all(answer.allowed for _, answer in in_time):
        return in_time
    at_once = [_shipment(law, offer, site, ordered, 0.0, leaf) for leaf in leaves]
    return at_once if _denied(leaves, at_once) < _denied(leaves, in_time) else in_time


def _denied(leaves: Sequence[Node], shipments: Sequence[tuple[date, Answer]]) -> float:
    """Share of the future in which law denies the shipment."""
    return sum(leaf.probability for leaf, (_, answer) in zip(leaves, shipments, strict=True) if not answer.allowed)


def _shipment(law: Law, offer: Offer, site: Site, ordered: date, held: float, leaf: Node) -> tuple[date, Answer]:
    """Day of shipment and the answer of law on that very day, notice or licence wait included; it is held until it can
    arrive so many months after the order.
    """
    delay = 0.0
    for _ in range(3):
        arrives = add_months(ordered, max(offer.lead_time_months.mid + delay, held))
        shipped = arrives - timedelta(days=round(offer.transit_months * DAYS_PER_MONTH))
        answer = law.purchase(offer, site, shipped, leaf.policy_on(shipped))
        if not answer.allowed or answer.delay_months <= delay:
            break
        delay = answer.delay_months
    return shipped, answer


def _rental(case: Case, law: Law, offer: Offer, site: Site, node: Node) -> Rental | Refusal:
    on = case.horizon.order_date(node.period)
    answer = law.rental(offer, site, on, node.scenario)
    if not answer.allowed:
        return _refusal(f"renting on {on}: {answer.because}", answer, offer, site, node)
    return Rental(offer, site, node, answer)


def _refusal(because: str, answer: Answer, offer: Offer, site: Site, node: Node) -> Refusal:
    return Refusal(
        "embargo", answer.rule, because, offer.accelerator, site.id, offer.id, None, node.id,
        answer.outcome, answer.ground.source_id, answer.citation,
    )  # fmt: skip
