"""When devices stand: from the day they arrive to the end of their life, all of some nodes and a part of others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from planner.domain.case import Case
from planner.domain.horizon import Node, add_months
from planner.domain.offer import Offer
from planner.domain.site import Site, StandingFleet
from planner.model.permission import Answer
from planner.model.timing import share_within
from planner.units import DAYS_PER_MONTH, MONTHS_PER_YEAR


@dataclass(frozen=True)
class Arrival:
    """Where an order first stands, from which day to which, when it shipped and arrived, and what law said of that
    shipment.

    `day` lies before the node's period where branches part that could not have stood it together.
    """

    node: Node
    day: date
    until: date
    shipped: date
    arrived: date
    answer: Answer

    @property
    def stored_months(self) -> float:
        """Months for which it waits for its hall."""
        return (self.day - self.arrived).days / DAYS_PER_MONTH


@dataclass(frozen=True)
class Part:
    """A node in which an order, or a fleet of the start, stands a part of the period. `key`: its column;
    `stood`: it stood all of the period before; `devices`: how many a fleet has.
    """

    key: tuple[str, str, str, str]
    accelerator: str
    node: Node
    share: float
    stood: bool
    offer: str | None = None
    devices: float = 0.0


Stay = tuple[tuple[Node, float, bool], ...]
"""Nodes of which a part lies between two days, with that part and whether all of the period before does."""


class Stays:
    """In which nodes devices stand. Orders that stand from one day to another stand in the same, whatever they are of."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._known: dict[tuple[str, date, date], Stay] = {}

    def presence(
        self, offer: Offer, site: Site, ordered: Node, arrivals: tuple[Arrival, ...]
    ) -> tuple[tuple[tuple[Node, date], ...], tuple[Part, ...]]:
        """The first nodes of which an order stands all of the period, and the nodes of which it stands a part."""
        whole: list[tuple[Node, date]] = []
        parts: list[Part] = []
        for arrival in arrivals:
            for node, share, stood in self._stay(arrival):
                if share < 1:
                    key = offer.id, ordered.id, site.id, node.id
                    parts.append(Part(key, offer.accelerator, node, share, stood, offer.id))
                elif not stood:
                    whole.append((node, arrival.until))
        return tuple(whole), tuple(parts)

    def _stay(self, arrival: Arrival) -> Stay:
        key = arrival.node.id, arrival.day, arrival.until
        if key not in self._known:
            self._known[key] = tuple(self._nodes(arrival))
        return self._known[key]

    def _nodes(self, arrival: Arrival) -> Iterator[tuple[Node, float, bool]]:
        through: set[str] = set()
        reached: set[str] = set()
        for node in self._case.tree:
            if node.id != arrival.node.id and (node.parent is None or node.parent.id not in reached):
                continue
            reached.add(node.id)
            share = share_within(self._case, node, arrival.day, arrival.until)
            if share > 0:
                yield node, share, node.parent is not None and node.parent.id in through
            if share == 1:
                through.add(node.id)


def lives_until(fleet: StandingFleet) -> date:
    """Day on which the service life of a fleet of the start ends."""
    return add_months(fleet.installed, fleet.lifetime_years * MONTHS_PER_YEAR)


def last_days(case: Case) -> Iterator[Part]:
    """The node, by branch, within which the life of a fleet of the start ends."""
    for site in case.sites.values():
        for number, fleet in enumerate(site.fleet):
            for node in case.tree:
                share = share_within(case, node, fleet.installed, lives_until(fleet))
                if 0 < share < 1:
                    key = f"fleet.{number}", case.tree.root.id, site.id, node.id
                    stood = node.parent is not None
                    yield Part(key, fleet.accelerator, node, share, stood, devices=fleet.devices)
