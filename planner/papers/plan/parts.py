"""What the sections of a plan's paper share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from planner.domain.offer import Offer
from planner.figures.figure import Figure
from planner.figures.lawful import Standing, standings
from planner.figures.names import device_names, site_names
from planner.papers.paper import Sources
from planner.plan.record import PlanRecord
from planner.plan.rows import Record
from planner.report.language import IN_ENGLISH, Language

SURE = ("sourced", "high")
LEAST_HKD = 0.5


@dataclass(frozen=True)
class Context:
    """The plan, the language, the figures that have something to show, and the sources referred to."""

    plan: PlanRecord
    say: Language
    figures: dict[str, Figure] = field(repr=False)
    sources: Sources

    def drawn(self, *names: str) -> Iterator[Figure]:
        """Those of the figures that there are."""
        yield from (self.figures[name] for name in names if name in self.figures)

    @cached_property
    def law(self) -> list[Standing]:
        """What law says of every offer in every node."""
        return list(standings(self.plan))

    @cached_property
    def orders(self) -> list[Record]:
        """Orders, each once, by date: the table has a line for every branch in which one arrives."""
        once: dict[tuple[str, str, str], Record] = {}
        for row in self.plan.rows.orders:
            once.setdefault((row["offer"], row["site"], row["node"]), row)
        return sorted(once.values(), key=lambda row: (row["order_date"], -row["hkd"], row["offer"]))

    @cached_property
    def first_orders(self) -> list[Record]:
        """Orders of the first period."""
        first = str(self.plan.case.horizon.periods[0])
        return [row for row in self.orders if row["period"] == first]

    @cached_property
    def spent_on(self) -> dict[str, float]:
        """By offer taken: HKD of its purchases and rents, expected, undiscounted, the dearest first."""
        bought = self.plan.expected(self.plan.rows.orders, "offer", "hkd", node="stands_from")
        rented = self.plan.expected(self.plan.rows.rentals, "offer", "hkd")
        spent = {offer: bought.get(offer, 0.0) + rented.get(offer, 0.0) for offer in {**bought, **rented}}
        return dict(sorted(spent.items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def net_spending_hkd(self) -> float:
        """The objective less what is only valued, HKD in present value."""
        return self.plan.measures.net_spending_hkd

    @property
    def asked_pflops_days(self) -> float:
        return self.plan.measures.asked_pflops_days

    @property
    def done_pflops_days(self) -> float:
        return self.plan.measures.done_pflops_days

    def device(self, accelerator: str) -> str:
        return device_names(self.plan.case)(accelerator)

    def site(self, site: str) -> str:
        return site_names(self.plan.case)(site)

    def source_of(self, offer: Offer) -> str:
        """The mark of the source of an offer's price and lead time."""
        text = "; ".join(filter(None, (offer.source, offer.as_of and f"as of {offer.as_of}")))
        return self.sources.mark(text)


def context_of(plan: PlanRecord, say: Language = IN_ENGLISH, drawn: dict[str, Figure] | None = None) -> Context:
    """Of a plan, with the figures that are drawn of it."""
    return Context(plan, say, drawn or {}, Sources())
