"""Why a rule decides, which other rule came nearest to deciding, and what hangs on figures that nobody published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from planner.domain.match import METRICS, AllOf, AnyOf, Facts, Leaf, Match, NoneOf
from planner.domain.rule import Ground
from planner.law.words import fails_words, holds_words, metric_words

# How far a failed comparison is from holding. A number misses by its share of the threshold; other facts are steps:
# an unknown figure may turn out either way, another kind of buyer or device is a world apart.
UNKNOWN_STEP = 0.05
OTHER_FACT_STEP = 1.0
DAYS_OF_ONE_STEP = 365.0


@dataclass(frozen=True)
class Nearest:
    """The rule of another outcome that came nearest to deciding, and why it did not."""

    ground: Ground
    why_not: str


@dataclass(frozen=True)
class _Miss:
    distance: float
    reasons: tuple[str, ...] = ()


def why_it_decides(ground: Ground, facts: Facts) -> str:
    """`us_3a090a1_dc (Rule of 17 October 2023 …) decides, since TPP 15,832 ≥ 4,800`."""
    if ground.is_default:
        return "no rule in force reaches it"
    held = ", ".join(dict.fromkeys(_held(ground.rule.match, facts)))
    return f"{ground.source_name}; {held}"


def nearest_other(
    decider: Ground, here: Sequence[Ground], in_force: Sequence[Ground], facts: Facts, on: date
) -> Nearest | None:
    """The rule of another outcome that would decide after the smallest change. `here` are all rules of the place."""
    found = [
        (miss.distance, -ground.rule.priority, Nearest(ground, ", ".join(miss.reasons)))
        for ground in here
        if ground.rule.outcome != decider.rule.outcome and not ground.is_default
        for miss in (_miss_of(ground, decider, in_force, facts, on),)
    ]
    return min(found, key=lambda entry: entry[:2])[2] if found else None


def undecided_metrics(decider: Ground, in_force: Sequence[Ground], facts: Facts) -> tuple[str, ...]:
    """Unknown metrics that could let a higher-ranking rule of another outcome decide instead."""
    unknown: dict[str, None] = {}
    for ground in in_force:
        if ground.rule.priority <= decider.rule.priority:
            break
        if ground.rule.outcome != decider.rule.outcome and _could_hold(ground.rule.match, facts):
            unknown.update(dict.fromkeys(map(metric_words, _unknown(ground.rule.match, facts))))
    return tuple(unknown)


def _miss_of(ground: Ground, decider: Ground, in_force: Sequence[Ground], facts: Facts, on: date) -> _Miss:
    miss = _miss(ground.rule.match, facts)
    if ground not in in_force:
        days = max((ground.first_day - on).days, (on - ground.last_day).days)
        steps = max(days, 1) / DAYS_OF_ONE_STEP
        return _Miss(miss.distance + steps, (*miss.reasons, _why_not_in_force(ground, on)))
    if miss.distance == 0:
        ranks = f"its priority {ground.rule.priority} lies below {decider.rule.priority}"
        return _Miss(0.0, (f"it matches as well, but {ranks}",))
    return miss


def _why_not_in_force(ground: Ground, on: date) -> str:
    if on < ground.first_day:
        return f"it is in force from {ground.first_day} only"
    if on > ground.last_day:
        return f"it ended on {ground.last_day}"
    return "the scenario suspends it"


def _miss(match: Match, facts: Facts) -> _Miss:
    """How far a match is from holding: nothing when it does."""
    match match:
        case Leaf():
            return _leaf_miss(match, facts)
        case AllOf():
            misses = [_miss(part, facts) for part in match.all]
            reasons = tuple(dict.fromkeys(reason for miss in misses for reason in miss.reasons))
            return _Miss(sum(miss.distance for miss in misses), reasons)
        case AnyOf():
            return min((_miss(part, facts) for part in match.any), key=lambda miss: miss.distance)
        case NoneOf():
            holds = _miss(match.negated, facts).distance == 0
            return _Miss(OTHER_FACT_STEP, tuple(_held(match.negated, facts))) if holds else _Miss(0.0)
    return _Miss(0.0)


def _leaf_miss(leaf: Leaf, facts: Facts) -> _Miss:
    if leaf.compiled()(facts):
        return _Miss(0.0)
    fact, reasons = facts[leaf.metric], (fails_words(leaf, facts),)
    if METRICS[leaf.metric] != "number":
        return _Miss(OTHER_FACT_STEP, reasons)
    if fact is None:
        return _Miss(UNKNOWN_STEP, reasons)
    assert isinstance(leaf.value, int | float)
    # A figure on the very edge (4,800 against < 4,800) still misses, by the least there is.
    return _Miss(max(abs(float(fact) - leaf.value) / leaf.value, 1e-9), reasons)


def _held(match: Match, facts: Facts) -> list[str]:
    """The comparisons that make a match hold; of an `any`, the first."""
    match match:
        case Leaf():
            return [holds_words(match, facts)]
        case AllOf():
            return [words for part in match.all for words in _held(part, facts)]
        case AnyOf():
            return _held(next(part for part in match.any if part.compiled()(facts)), facts)
    return []


def _could_hold(match: Match, facts: Facts) -> bool:
    """Whether unknown figures leave it open that the match holds."""
    match match:
        case Leaf():
            return match.compiled()(facts) or facts[match.metric] is None
        case AllOf():
            return all(_could_hold(part, facts) for part in match.all)
        case AnyOf():
            return any(_could_hold(part, facts) for part in match.any)
    return match.compiled()(facts)


def _unknown(match: Match, facts: Facts) -> list[str]:
    """Unknown metrics on the way to holding."""
    match match:
        case Leaf():
            return [match.metric] if facts[match.metric] is None else []
        case AllOf():
            return [metric for part in match.all for metric in _unknown(part, facts)]
        case AnyOf():
            return [metric for part in match.any if _could_hold(part, facts) for metric in _unknown(part, facts)]
    return []
