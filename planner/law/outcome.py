"""The outcome of law for one device, one transaction and one day: the rule that decides, and what else was in play.

The highest-ranking rule that is in force and matches decides; `planner.domain.regime` states the order in full. Asking
for the deciding rule alone (`outcome_of`) is cheap enough to be asked for every offer, site and period of a plan;
`decide` answers the same and adds the reasons.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NoReturn

from planner.domain.accelerator import Accelerator
from planner.domain.policy import Told
from planner.domain.regime import PolicyScenario, RuleBook
from planner.domain.rule import DECIDING_LAYER, FLAG_LAYERS, Certainty, Ground, Layer
from planner.domain.transaction import Transaction
from planner.errors import UsageError
from planner.law.explain import (
    Nearest,
    bounded_figures,
    narrow_margins,
    nearest_other,
    undecided_metrics,
    what_it_hangs_on,
    why_it_decides,
)
from planner.law.unknown import facts_of, settled
from planner.law.words import MEANING_WORDS, sentence

MEDIUM_AFTER, LOW_AFTER = timedelta(days=92), timedelta(days=365)
FIRST_CHIP_RULE = date(2022, 8, 26)


@dataclass(frozen=True)
class Verdict:
    """What law says, under which rule, and why. `others` also matched but rank lower; `flags` are of non-US layers.

    `unknown`: the figures on which the outcome hangs, where they leave more than one open.
    """

    accelerator: str
    on: date
    transaction: Transaction
    scenario: str | None
    ground: Ground
    confidence: Certainty
    because: str
    flags: tuple[Ground, ...]
    others: tuple[Ground, ...]
    nearest: Nearest | None
    unknown: tuple[str, ...]
    known_to: date

    @property
    def outcome(self) -> Told:
        return self.ground.outcome

    @property
    def fee_or_tax_pct(self) -> float:
        """Levied on the price, percent."""
        return self.ground.fee_or_tax_pct

    @property
    def citation(self) -> str:
        """The paragraph of the rule, then what its regime rests on."""
        return "; ".join(dict.fromkeys((self.ground.rule.source, *self.ground.citations)))


def outcome_of(
    accelerator: Accelerator, transaction: Transaction, on: date, rulebook: RuleBook, scenario: str | None = None
) -> Ground:
    """The rule that decides, with the regime or scenario that carries it: as `decide`, without the reasons."""
    layer = DECIDING_LAYER[transaction.channel]
    in_force = _in_force(layer, transaction, on, rulebook, scenario_of(rulebook, scenario))
    ground = settled(in_force, facts_of(accelerator, transaction, rulebook, on))
    return ground if ground is not None else _before_the_book(layer, on, rulebook)


def flags_of(
    accelerator: Accelerator, transaction: Transaction, on: date, rulebook: RuleBook, scenario: str | None = None
) -> tuple[Ground, ...]:
    """The matching rules of all layers that do not decide: mainland, Hong Kong, third countries, US investment; of those
    that speak of purchases or of rentals alone, the ones of the transaction's channel.
    """
    facts = facts_of(accelerator, transaction, rulebook, on)
    active = scenario_of(rulebook, scenario)
    return tuple(
        ground
        for layer in FLAG_LAYERS
        for ground in _in_force(layer, transaction, on, rulebook, active)
        if (ground.channel not in DECIDING_LAYER or ground.channel == transaction.channel) and ground.rule.test(facts)
    )


def decide(
    accelerator: Accelerator, transaction: Transaction, on: date, rulebook: RuleBook, scenario: str | None = None
) -> Verdict:
    """The outcome for a device that ships on a day, with its reasons.

    Args:
        accelerator: the device.
        transaction: channel, destination, and who buys what for.
        on: the day of shipment, which is the day that counts.
        rulebook: regimes and scenarios.
        scenario: id of a scenario of the rulebook; None is the law as it stands.

    Raises:
        UsageError: the rulebook has no such scenario, or begins after the day.
    """
    facts = facts_of(accelerator, transaction, rulebook, on)
    layer, active = DECIDING_LAYER[transaction.channel], scenario_of(rulebook, scenario)
    in_force = _in_force(layer, transaction, on, rulebook, active)
    ground = settled(in_force, facts) or _before_the_book(layer, on, rulebook)
    below = (other for other in in_force if other.rule.priority < ground.rule.priority and other not in ground.possible)
    known = (*(active.grounds.get(layer, ()) if active else ()), *rulebook.grounds[layer])
    here = tuple(candidate for candidate in known if transaction.region in candidate.destinations)
    nearest = nearest_other(ground, here, in_force, facts, on)
    doubts = _doubts(accelerator, narrow_margins(ground, facts), bounded_figures(ground, facts), nearest)
    beyond = _beyond_knowledge(ground, on, rulebook.as_of)
    says = f"{why_it_decides(ground, facts)}: {MEANING_WORDS[ground.outcome]}"
    hangs = [what_it_hangs_on(ground, facts)] if ground.possible else []
    return Verdict(
        accelerator=accelerator.id,
        on=on,
        transaction=transaction,
        scenario=scenario,
        ground=ground,
        confidence=_less_certain(
            _confidence(ground.rule.confidence, bool(ground.possible), bool(doubts)), on, rulebook
        ),
        because=" ".join(sentence(reason) for reason in (says, *hangs, *doubts, *beyond)),
        flags=flags_of(accelerator, transaction, on, rulebook, scenario),
        others=tuple(other for other in below if other.rule.test(facts)),
        nearest=nearest,
        unknown=undecided_metrics(ground, facts),
        known_to=rulebook.as_of,
    )


def _doubts(accelerator: Accelerator, narrow: str, bounded: str, nearest: Nearest | None) -> list[str]:
    """What makes the figures behind an answer less than certain."""
    doubts = [f"it is a close call: {narrow}"] if narrow else []
    if bounded:
        graded = accelerator.item_type == "hbm"
        doubts.append(
            f"its grades differ, and all of them settle it: {bounded}"
            if graded
            else f"nobody published it, but bounds settle it: {bounded}"
        )
    if nearest is not None and nearest.narrow:
        doubts.append(f"it is a close call with {nearest.ground.rule.id}: {nearest.why_not}")
    if accelerator.tpp_basis == "estimated":
        doubts.append("the vendor publishes no rate, so TPP is an estimate")
    return doubts


def _confidence(of_rule: Certainty, unknown: bool, doubtful: bool) -> Certainty:
    """That of the rule; low when unknown figures leave it open, at most medium when it is a close call."""
    if unknown:
        return "low"
    return "medium" if doubtful and of_rule == "high" else of_rule


def _beyond_knowledge(ground: Ground, on: date, as_of: date) -> list[str]:
    """What the answer does not know: the law of days to come, and that of before the first rule on advanced chips."""
    if on > as_of + MEDIUM_AFTER:
        return [f"rules are known to {as_of}; by {on} they may have changed"]
    if on < FIRST_CHIP_RULE and ground.is_default:
        return [
            f"before {FIRST_CHIP_RULE} no rule spoke of advanced accelerators; what reached computers of high performance then "
            "(ECCN 4A003, exception APP) lies outside this book"
        ]
    return []


def _less_certain(certainty: Certainty, on: date, rulebook: RuleBook) -> Certainty:
    """Certainty fades after the day to which rules are known: at most medium after a quarter, low after a year."""
    if on > rulebook.as_of + LOW_AFTER:
        return "low"
    outside = on < FIRST_CHIP_RULE or on > rulebook.as_of + MEDIUM_AFTER
    return "medium" if outside and certainty == "high" else certainty


def _before_the_book(layer: Layer, on: date, rulebook: RuleBook) -> NoReturn:
    first = min(ground.first_day for ground in rulebook.grounds[layer] if ground.is_default)
    raise UsageError(f"the rules of {layer} begin on {first}; there is no answer for {on}")


def scenario_of(rulebook: RuleBook, scenario: str | None) -> PolicyScenario | None:
    """The scenario by id; None for None."""
    if scenario is None:
        return None
    if scenario not in rulebook.scenarios:
        raise UsageError(f"no scenario is called {scenario!r}; there are {', '.join(rulebook.scenarios)}")
    return rulebook.scenarios[scenario]


def _in_force(
    layer: Layer, transaction: Transaction, on: date, rulebook: RuleBook, scenario: PolicyScenario | None
) -> tuple[Ground, ...]:
    """Rules of a layer that hold there and then, highest priority first: the same for every device, so kept with the book."""
    place, since = transaction.region, transaction.en_route_since
    key = layer, place, on, since, scenario and scenario.id
    if key not in rulebook.kept_in_force:
        rulebook.kept_in_force[key] = tuple(_holding(layer, place, since, on, rulebook, scenario))
    return rulebook.kept_in_force[key]


def _holding(
    layer: Layer, place: str, since: date | None, on: date, rulebook: RuleBook, scenario: PolicyScenario | None
) -> Iterator[Ground]:
    dropped: tuple[str, ...] = ()
    if scenario is not None and on >= scenario.start_date:
        dropped = scenario.disable_regimes
        for ground in scenario.grounds.get(layer, ()):
            if place in ground.destinations:
                yield ground
    for ground in rulebook.grounds.get(layer, ()):
        if ground.source_id not in dropped and ground.holds(place, on, since):
            yield ground
