"""How the outcome for a device changed over time: one span for each run of days with the same rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.accelerator import Accelerator
from planner.domain.policy import Told
from planner.domain.regime import RuleBook
from planner.domain.rule import DECIDING_LAYER, Certainty, Ground
from planner.domain.transaction import Transaction
from planner.law.outcome import outcome_of


@dataclass(frozen=True)
class Span:
    """First and last day of a rule's answer; no last day: it goes on."""

    accelerator: str
    first: date
    last: date | None
    ground: Ground

    @property
    def outcome(self) -> Told:
        return self.ground.outcome

    @property
    def confidence(self) -> Certainty:
        return "low" if self.ground.possible else self.ground.rule.confidence


def history(
    accelerator: Accelerator, transaction: Transaction, rulebook: RuleBook, scenario: str | None = None
) -> list[Span]:
    """The spans from the first day of the book on, earliest first."""
    layer = DECIDING_LAYER[transaction.channel]
    begins = min(ground.first_day for ground in rulebook.grounds[layer] if ground.is_default)
    spans: list[Span] = []
    for day in (begins, *(day for day in rulebook.changes if day > begins)):
        ground = outcome_of(accelerator, transaction, day, rulebook, scenario)
        if spans and (spans[-1].ground.rule.id, spans[-1].ground.outcomes) == (ground.rule.id, ground.outcomes):
            continue
        if spans:
            spans[-1] = Span(accelerator.id, spans[-1].first, day - timedelta(days=1), spans[-1].ground)
        spans.append(Span(accelerator.id, day, None, ground))
    return spans
