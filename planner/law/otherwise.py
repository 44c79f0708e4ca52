"""What the answer would be with other facts and on other days: the facts that it assumes, and the outcome were one of them
otherwise; how the outcome for a device changed over time: one span for each run of days with the same rule.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.accelerator import Accelerator
from planner.domain.match import METRICS
from planner.domain.policy import Told
from planner.domain.regime import RuleBook
from planner.domain.rule import DECIDING_LAYER, Certainty, Ground
from planner.domain.transaction import Transaction
from planner.law.outcome import outcome_of
from planner.law.words import fact_words

DEVICE_FACTS = ("datacenter_marketed", "us_commercially_available")
ELSEWHERE = {"HK": "SG", "CN": "SG", "MO": "SG"}
"""A home outside country group D:5 to compare with; for any other home Hong Kong is the comparison."""


@dataclass(frozen=True)
class Otherwise:
    """A fact as assumed, as it might be, and the outcome then."""

    fact: str
    assumed: str
    if_instead: str
    outcome: Told
    rule: str


def otherwise(
    accelerator: Accelerator,
    transaction: Transaction,
    on: date,
    rulebook: RuleBook,
    scenario: str | None = None,
    stated: Collection[str] = (),
) -> tuple[Otherwise, ...]:
    """Each fact that nobody stated and that changes the outcome, those of the device first."""
    base = outcome_of(accelerator, transaction, on, rulebook, scenario)
    changes = []
    for fact, device, asked in _changed(accelerator, transaction):
        ruling = outcome_of(device, asked, on, rulebook, scenario)
        if fact not in stated and (ruling.outcome, ruling.outcomes) != (base.outcome, base.outcomes):
            before = getattr(accelerator if fact in DEVICE_FACTS else transaction, fact)
            after = getattr(device if fact in DEVICE_FACTS else asked, fact)
            words = fact_words(fact, before), fact_words(fact, after)
            changes.append(Otherwise(fact, *words, ruling.outcome, ruling.rule.id))
    return tuple(changes)


def _changed(accelerator: Accelerator, transaction: Transaction) -> list[tuple[str, Accelerator, Transaction]]:
    """The question with one fact turned round, for each that can be turned."""
    turned = [
        (fact, accelerator.model_copy(update={fact: not getattr(accelerator, fact)}), transaction)
        for fact in DEVICE_FACTS
    ]
    for fact, kind in METRICS.items():
        if kind == "truth" and fact in Transaction.model_fields:
            turned.append((fact, accelerator, transaction.model_copy(update={fact: not getattr(transaction, fact)})))
    home = ELSEWHERE.get(transaction.end_user_hq, "HK")
    turned.append(("end_user_hq", accelerator, transaction.model_copy(update={"end_user_hq": home})))
    use = "inference" if transaction.use_case == "training" else "training"
    turned.append(("use_case", accelerator, transaction.model_copy(update={"use_case": use})))
    return turned


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
