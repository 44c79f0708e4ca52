"""The case and the tables of its plan as lookups: all that the rules of the audit read.

Everything here is worked out anew from the case; nothing comes from the program that made the plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, TypeVar

from planner.audit.known import Known, nothing_known
from planner.audit.law import Shipment
from planner.domain.case import Case
from planner.domain.horizon import Node, Period
from planner.domain.offer import Offer
from planner.domain.product_life import closes
from planner.domain.workload import Workload
from planner.performance import busy_pflops
from planner.units import DAYS_PER_YEAR, MONTHS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

Record = Mapping[str, Any]
Tables = Mapping[str, "list[Record] | pd.DataFrame"]
"""The rows of each table, as records or as a frame."""
Place = tuple[str, str, str]
Key = tuple[str, str, str, str | None]
F = TypeVar("F", bound="Facts")
Answer = TypeVar("Answer")


class Facts:
    """A case, the tables of its plan, and what follows from the two. A `Place` is (accelerator, site, node)."""

    def __init__(self, case: Case, tables: Tables, objective_hkd: float, known: Known | None = None) -> None:
        self.case = case
        self.objective_hkd = objective_hkd
        self.tables = tables
        known = known or nothing_known(case)
        self.law, self.rates = known.law, known.rates
        self.nodes: dict[str, Node] = {node.id: node for node in case.tree}
        self._records: dict[str, list[Record]] = {}
        self._grown: dict[tuple[float, str], float] = {}
        self._busy: dict[str, float] = {}
        self._shipments: dict[Place, list[Shipment]] = {}
        self._asked: dict[tuple[str, str], float] = {}
        self.answers: dict[Callable[..., Any], Any] = {}
        """By question: what these facts answered."""

    def records(self, table: str) -> list[Record]:
        """The lines of a table; an empty cell is None."""
        if table not in self._records:
            rows = self.tables[table]
            self._records[table] = rows if isinstance(rows, list) else _of_frame(rows)
        return self._records[table]

    @cached_property
    def days(self) -> dict[str, int]:
        """By node: days that count, those after the decision date."""
        first = self.case.horizon.first_day
        return {n.id: (n.period.end - max(n.period.start, first)).days for n in self.nodes.values()}

    def years(self, node: str) -> float:
        return self.days[node] / DAYS_PER_YEAR

    def months(self, node: str) -> float:
        return self.years(node) * MONTHS_PER_YEAR

    @cached_property
    def weight(self) -> dict[str, float]:
        """By node: probability times the discount of the middle day of what counts."""
        weights = {}
        for node in self.nodes.values():
            start = max(node.period.start, self.case.horizon.first_day)
            middle = start + timedelta(days=(node.period.end - start).days / 2)
            weights[node.id] = node.probability * self.discount(middle)
        return weights

    def discount(self, day: date) -> float:
        """What a HKD of that day is worth on the decision date."""
        years = (day - self.case.horizon.first_day).days / DAYS_PER_YEAR
        return float((1.0 + self.case.economics.discount_rate) ** -years)

    def quarters(self, node: str) -> float:
        """Quarters of the node's period that count."""
        period = self.nodes[node].period
        return period.months / 3 * self.days[node] / period.days

    def year_part(self, year: int, nodes: Iterable[str]) -> float:
        """Part of a calendar year that these nodes of it cover."""
        return sum(self.days[node] for node in nodes) / (date(year + 1, 1, 1) - date(year, 1, 1)).days

    def grown(self, rate_per_year: float, node: str) -> float:
        """Growth from the decision date to the first day of the node's period."""
        if not rate_per_year:
            return 1.0
        key = rate_per_year, node
        if key not in self._grown:
            days = (self.nodes[node].period.start - self.case.horizon.first_day).days
            self._grown[key] = float((1.0 + rate_per_year) ** max(0.0, days / DAYS_PER_YEAR))
        return self._grown[key]

    def price_grown(self, offer: Offer, node: str) -> float:
        """Growth of the offer's price, its own or that of its market, since the decision date or its first day after it."""
        e, own = self.case.economics, offer.price_growth_per_year
        market = {"rental": e.rent_growth_per_year, "secondary": e.used_price_growth_per_year}
        kind = "rental" if offer.kind == "rental" else offer.channel
        rate = (market.get(kind, e.new_price_growth_per_year) if own is None else own).mid
        since = self.case.horizon.first_day
        if offer.available_from is not None:
            since = max(since, Period.parse(offer.available_from).start)
        days = (self.nodes[node].period.start - since).days
        return float((1.0 + rate) ** max(0.0, days / DAYS_PER_YEAR))

    @cached_property
    def obtainable(self) -> tuple[str, ...]:
        """Devices that the case knows a way to."""
        standing = (fleet.accelerator for site in self.case.sites.values() for fleet in site.fleet)
        return tuple(dict.fromkeys((*(offer.accelerator for offer in self.case.offers.values()), *standing)))

    @cached_property
    def path(self) -> dict[str, tuple[str, ...]]:
        """By node: the ids from the root to it."""
        return {node.id: tuple(step.id for step in node.path) for node in self.nodes.values()}

    @cached_property
    def leaves_below(self) -> dict[str, list[Node]]:
        """By node: the ends of the branches through it."""
        leaves: dict[str, list[Node]] = defaultdict(list)
        for leaf in self.case.tree.leaves:
            for node in leaf.path:
                leaves[node.id].append(leaf)
        return leaves

    def within(self, node: str, start: str | None, end: str | None) -> bool:
        """Whether the node's period lies within first and last period."""
        period = self.nodes[node].period
        return (start is None or period.start >= Period.parse(start).start) and (
            end is None or period.end <= Period.parse(end).end
        )

    def open(self, offer: Offer, node: str) -> bool:
        """Whether the offer can be taken in the node: once it has begun, and before it or the life of its device ends."""
        period, ends = self.nodes[node].period, closes(offer, self.case.accelerators[offer.accelerator])
        last_day = max(period.start, self.case.horizon.first_day)
        if offer.kind == "rental":
            last_day = period.end - timedelta(days=1)
        return self.within(node, offer.available_from, None) and (ends is None or last_day < ends)

    def parent(self, node: str) -> str | None:
        above = self.nodes[node].parent
        return above.id if above else None

    def shipments(self, offer: str, site: str, node: str) -> list[Shipment]:
        """What becomes of an order in each branch below its node."""
        key, case = (offer, site, node), self.case
        if key not in self._shipments:
            leaves = self.leaves_below[node]
            self._shipments[key] = self.law.shipments(case.offers[offer], case.sites[site], self.nodes[node], leaves)
        return self._shipments[key]

    def arrivals(self, offer: str, site: str, node: str) -> dict[str, Shipment]:
        """By the node from which an order first stands: its shipment there.

        Branches that law or the horizon closes have none.
        """
        made = self.shipments(offer, site, node)
        return {s.stands_from: s for s in made if s.ruling.allowed and s.stands_from is not None}

    def asked(self, workload: Workload, node: str) -> float:
        """Work asked for where it is counted, PFLOP/s-days."""
        if (workload.id, node) not in self._asked:
            self._asked[workload.id, node] = self._work_asked(workload, node)
        return self._asked[workload.id, node]

    def _work_asked(self, workload: Workload, node: str) -> float:
        begins, horizon = Period.parse(workload.start).start, self.case.horizon
        if workload.work_pflops_days is not None:
            begins, ends = max(begins, horizon.first_day), Period.parse(workload.end).end
            beyond = max(0, (ends - horizon.end_date).days)
            return workload.work_pflops_days.mid * (1 - beyond / (ends - begins).days)
        years = (self.nodes[node].period.start - begins).days / DAYS_PER_YEAR
        if workload.id not in self._busy:
            self._busy[workload.id] = busy_pflops(workload, self.case.models)
        return float(self._busy[workload.id] * (1 + workload.growth_per_year) ** years * self.days[node])

    def due(self, workload: Workload) -> list[str]:
        """Nodes in which its work is counted: all of a service's window, the last of a training's."""
        active = [node for node in self.nodes.values() if self.within(node.id, workload.start, workload.end)]
        last = max((node.position for node in active), default=-1)
        return [node.id for node in active if workload.kind == "service" or node.position == last]

    @cached_property
    def given(self) -> dict[tuple[str, str], float]:
        """By order, as its bucket is named, and node: what subsidies have paid of it, HKD."""
        subsidies: dict[tuple[str, str], float] = defaultdict(float)
        for line in self.records("draws"):
            if self.case.funds[line["fund"]].kind == "subsidy":
                subsidies[str(line["bucket"]).partition("@")[2], line["node"]] += line["hkd"]
        return subsidies

    @cached_property
    def fleet(self) -> dict[Place, float]:
        return self._by_place("fleet", "devices")

    @cached_property
    def retired(self) -> dict[Place, float]:
        return self._by_place("fleet", "retired")

    @cached_property
    def rented(self) -> dict[Place, float]:
        return self._by_place("rentals", "devices")

    @cached_property
    def running(self) -> dict[Place, float]:
        """Devices that run, over all workloads."""
        return self._by_place("service", "devices")

    @cached_property
    def running_part(self) -> dict[Place, float]:
        """Devices that run of those that stand a part of the node."""
        return self._by_place("service", "part_devices")

    @cached_property
    def orders(self) -> dict[Place, list[Record]]:
        """By (offer, site, node): the order's lines, one for each branch in which it stands."""
        orders: dict[Place, list[Record]] = defaultdict(list)
        for order in self.records("orders"):
            orders[order["offer"], order["site"], order["node"]].append(order)
        return orders

    @cached_property
    def rentals(self) -> dict[Place, Record]:
        """By (offer, site, node): the rental's line."""
        return {(line["offer"], line["site"], line["node"]): line for line in self.records("rentals")}

    @cached_property
    def levels(self) -> dict[Key, dict[str, float]]:
        """By (kind, subject, what, zone): how far a port or mechanism has been begun, 0 to 1, in every node."""
        claims: dict[Key, dict[str, float]] = defaultdict(dict)
        for line in self.records("readiness"):
            claims[line["kind"], line["subject"], line["what"], line["zone"]][line["node"]] = line["level"]
        levels: dict[Key, dict[str, float]] = {}
        for key, begun in claims.items():
            levels[key] = {}
            for node in self.nodes:
                above = self.parent(node)
                levels[key][node] = begun.get(node, levels[key][above] if above else 0.0)
        return levels

    @cached_property
    def begun(self) -> dict[Key, dict[str, float]]:
        """By the same: how much of it is begun in each node in which any is."""
        steps: dict[Key, dict[str, float]] = {}
        for key, by_node in self.levels.items():
            before = {node: by_node[above] if (above := self.parent(node)) else 0.0 for node in by_node}
            steps[key] = {node: level - before[node] for node, level in by_node.items() if level != before[node]}
        return steps

    @cached_property
    def spending(self) -> dict[str, list[Record]]:
        """By cost: the lines of the table of spending."""
        lines: dict[str, list[Record]] = defaultdict(list)
        for line in self.records("spend"):
            lines[line["cost"]].append(line)
        return lines

    def _by_place(self, table: str, column: str) -> dict[Place, float]:
        amounts: dict[Place, float] = defaultdict(float)
        for line in self.records(table):
            amounts[line["accelerator"], line["site"], line["node"]] += line[column]
        return amounts


def once(question: Callable[[F], Answer]) -> Callable[[F], Answer]:
    """Answered once by the same facts, whoever asks; nobody changes the answer."""

    @wraps(question)
    def ask(facts: F) -> Answer:
        if question not in facts.answers:
            facts.answers[question] = question(facts)
        answer: Answer = facts.answers[question]
        return answer

    return ask


def _of_frame(frame: pd.DataFrame) -> list[Record]:
    names = list(frame.columns)
    # NaN, which pandas makes of an empty cell, is the only value that differs from itself.
    cells = ([None if cell != cell else cell for cell in frame[name].tolist()] for name in names)
    return [dict(zip(names, line, strict=True)) for line in zip(*cells, strict=True)]
