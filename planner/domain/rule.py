"""Rules: a condition, what follows from it, and where and when it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field

from planner.domain.base import Id, Noun, Range
from planner.domain.match import Always, Match, Test
from planner.domain.policy import Outcome, Told
from planner.domain.transaction import Destination, TradeChannel

Layer = Literal[
    "us_hardware",
    "us_cloud",
    "us_parties",
    "us_investment",
    "us_tariff_info",
    "us_guidance_info",
    "us_bill_info",
    "prc_procurement",
    "prc_data",
    "prc_countermeasure",
    "hk",
    "third_country",
]
Channel = Literal["purchase", "cloud", "foundry", "investment", "data", "any"]
Certainty = Literal["high", "medium", "low", "recalled"]

DECIDING_LAYER: dict[TradeChannel, Layer] = {"purchase": "us_hardware", "cloud": "us_cloud"}
FLAG_LAYERS: tuple[Layer, ...] = (
    "us_parties",
    "us_investment",
    "prc_procurement",
    "prc_data",
    "prc_countermeasure",
    "hk",
    "third_country",
)
FIRST_OVERRIDE_PRIORITY = 2000


class Rule(Noun):
    """A condition and what follows from it."""

    id: Id
    priority: int = Field(
        ge=0, le=1_000_000, description="the highest of the matching rules decides; unique over the book"
    )
    match: Match
    outcome: Outcome
    fee_or_tax_pct: float = Field(0.0, ge=0, le=100, description="levied on the price, percent")
    approval_share: Range | None = Field(
        None, ge=0, le=1, description="share of notices that are let through, where few are; none: all of them"
    )
    volume_cap_note: str | None = Field(None, description="limit of volume that comes with it, in words")
    eccn: str | None = Field(None, description="classification of what the match describes, where it classifies")
    exception: str | None = Field(None, description="licence exception on which it rests")
    review: str | None = Field(None, description="how applications are reviewed, with the paragraph")
    source: str = Field(description="paragraph or document the rule is read from")
    confidence: Certainty = Field(description="high: primary text seen; medium: agreeing secondary sources; low: thin")

    @property
    def test(self) -> Test:
        """The match as a function of facts, built once."""
        return self.match.test


class Override(Rule):
    """A rule that a scenario adds."""

    layer: Layer
    channel: Channel
    destination_scope: tuple[Destination, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A rule with what carries it: where and when it holds, and what to cite. `source_id` is a regime or a scenario.

    `possible`: where unknown figures decide between rules of different outcomes, the grounds that may decide, highest
    priority first; the ground itself is then the strictest of them.
    """

    rule: Rule
    source_id: str
    source_name: str
    layer: Layer
    channel: Channel
    destinations: frozenset[str]
    first_day: date
    last_day: date
    citations: tuple[str, ...]
    savings_until: date | None = None
    possible: tuple[Ground, ...] = ()

    def holds(self, place: str, on: date, en_route_since: date | None = None) -> bool:
        """Whether it is in force there and then, for what was on its way since a day."""
        if not self.first_day <= on <= self.last_day or place not in self.destinations:
            return False
        under_way = en_route_since is not None and en_route_since <= self.first_day
        return not (under_way and self.savings_until is not None and on < self.savings_until)

    @property
    def outcome(self) -> Told:
        """That of the rule, or that it is unknown."""
        return "unknown" if self.possible else self.rule.outcome

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Every outcome that may come about."""
        return tuple(dict.fromkeys(ground.rule.outcome for ground in self.possible or (self,)))

    @property
    def fee_or_tax_pct(self) -> float:
        """Levied on the price, percent: the most that may be where the outcome is unknown."""
        return max(ground.rule.fee_or_tax_pct for ground in self.possible or (self,))

    @property
    def seldom_let_through(self) -> bool:
        """Whether notices under it are seldom let through, so that they are hoped for as licences are."""
        return any(ground.rule.approval_share is not None for ground in self.possible or (self,))

    @property
    def is_default(self) -> bool:
        return isinstance(self.rule.match, Always)


Grounds = dict[Layer, tuple[Ground, ...]]


def ranked(grounds: Iterable[Ground]) -> Grounds:
    """By layer, highest priority first."""
    by_layer: dict[Layer, tuple[Ground, ...]] = {}
    for ground in sorted(grounds, key=lambda ground: -ground.rule.priority):
        by_layer[ground.layer] = (*by_layer.get(ground.layer, ()), ground)
    return by_layer
