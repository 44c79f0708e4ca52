"""Why a rule decides, which other rule came nearest to deciding, and what the answer hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from planner.domain.match import METRICS, AllOf, AnyOf, Between, Facts, Leaf, Match, NoneOf
from planner.domain.rule import Ground
from planner.law.words import fact_words, failed_words, held_words, limit, metric_words

# How far a failed comparison is from holding. A number misses by its share of the threshold; an unknown figure may turn
# out either way; the default always lies in wait; another kind of buyer or device is a world apart.
UNKNOWN_STEP = 0.05
DEFAULT_STEP = 10.0
OTHER_FACT_STEP = 100.0
DAYS_OF_ONE_STEP = 365.0
EDGE_STEP = 1e-9
NARROW = 0.02


@dataclass(frozen=True)
class Nearest:
    """The rule of another outcome that came nearest to deciding, and why it did not."""

    ground: Ground
    why_not: str
    narrow: bool


def why_it_decides(ground: Ground, facts: Facts) -> str:
    """`Letters of April 2025 …; memory bandwidth 3,700 GB/s ≥ 1,400`, the ground in words."""
    if ground.is_default:
        return "no rule in force reaches it"
    return "; ".join(part for part in (ground.source_name, held_words(_held(ground.rule.match, facts), facts)) if part)


def narrow_margins(ground: Ground, facts: Facts) -> str:
    """Comparisons of the deciding rule that hold by less than 2 % of their threshold, in words; empty without any."""
    numbers = [leaf for leaf in _held(ground.rule.match, facts) if _is_number(leaf, facts)]
    return held_words([leaf for leaf in numbers if _gap(leaf, facts) < NARROW], facts)


def bounded_figures(ground: Ground, facts: Facts) -> str:
    """Unknown figures of which the bounds alone settle a comparison of the deciding rule, in words; empty without any."""
    undecided = {leaf.metric for other in ground.possible for leaf in other.rule.match.undecided(facts)}
    held = (leaf.metric for leaf in _held(ground.rule.match, facts) if isinstance(facts[leaf.metric], Between))
    return ", ".join(fact_words(metric, facts[metric]) for metric in dict.fromkeys(held) if metric not in undecided)


def nearest_other(
    decider: Ground, here: Sequence[Ground], in_force: Sequence[Ground], facts: Facts, on: date
) -> Nearest | None:
    """The rule of another outcome that would decide after the smallest change. `here` are all rules of the place."""
    in_time = frozenset(map(id, in_force))
    distances = [
        (_distance_of(ground, id(ground) in in_time, facts, on), -ground.rule.priority, ground)
        for ground in here
        if ground.rule.outcome not in decider.outcomes and not _is_of_chips(ground, facts)
    ]
    if not distances:
        return None
    distance, _, ground = min(distances, key=lambda entry: entry[:2])
    why_not = _why_not(ground, decider, id(ground) in in_time, facts, on)
    return Nearest(ground, ", ".join(why_not), narrow=0 < distance < NARROW)


def _is_of_chips(ground: Ground, facts: Facts) -> bool:
    """Whether the rule speaks of the arithmetic of chips, and the question is about a memory stack, which has none."""
    return facts["item_type"] == "hbm" and any(leaf.metric == "tpp" for leaf in _leaves(ground.rule.match))


def undecided_metrics(decider: Ground, facts: Facts) -> tuple[str, ...]:
    """The unknown figures between whose values the possible outcomes lie, in words."""
    leaves = (leaf for ground in decider.possible for leaf in ground.rule.match.undecided(facts))
    return tuple(dict.fromkeys(metric_words(leaf.metric) for leaf in leaves))


def what_it_hangs_on(decider: Ground, facts: Facts) -> str:
    """`it may be notify (rule_a) or uncontrolled (rule_b), by figures that nobody published: TPP unknown`."""
    open_ones = {leaf.metric: None for ground in decider.possible for leaf in ground.rule.match.undecided(facts)}
    outcomes = " or ".join(f"{ground.rule.outcome} ({ground.rule.id})" for ground in decider.possible)
    figures = ", ".join(fact_words(metric, facts[metric]) for metric in open_ones)
    return f"it may be {outcomes}, by figures that nobody published: {figures}"


def _distance_of(ground: Ground, in_time: bool, facts: Facts, on: date) -> float:
    """How far a rule is from deciding."""
    distance = _distance(ground.rule.match, facts)
    if not in_time:
        return distance + max((ground.first_day - on).days, (on - ground.last_day).days, 1) / DAYS_OF_ONE_STEP
    return DEFAULT_STEP if distance == 0 and ground.is_default else distance


def _why_not(ground: Ground, decider: Ground, in_time: bool, facts: Facts, on: date) -> tuple[str, ...]:
    failed = _failed(ground.rule.match, facts)
    if not in_time:
        return (*failed, _why_not_in_force(ground, on))
    return failed or (
        f"it matches as well, but its priority {ground.rule.priority} lies below {decider.rule.priority}",
    )


def _why_not_in_force(ground: Ground, on: date) -> str:
    if on < ground.first_day:
        return f"it begins on {ground.first_day}"
    return f"it ended on {ground.last_day}" if on > ground.last_day else "the scenario suspends it"


def _distance(match: Match, facts: Facts) -> float:
    """How far a match is from holding: nothing when it does."""
    match match:
        case Leaf():
            return _step(match, facts)
        case AllOf():
            return sum(_distance(part, facts) for part in match.all)
        case AnyOf():
            return min(_distance(part, facts) for part in match.any)
    return 0.0 if match.test(facts) else OTHER_FACT_STEP


def _failed(match: Match, facts: Facts) -> tuple[str, ...]:
    """What of a match does not hold, in words; of an `any`, what is nearest."""
    if match.test(facts):
        return ()
    match match:
        case Leaf():
            return (failed_words(match, facts),)
        case AllOf():
            return tuple(dict.fromkeys(words for part in match.all for words in _failed(part, facts)))
        case AnyOf():
            return _failed(min(match.any, key=lambda part: _distance(part, facts)), facts)
    return (held_words(_leaves(match), facts),)


def _step(leaf: Leaf, facts: Facts) -> float:
    holds = leaf.test(facts)
    if holds:
        return 0.0
    if holds is None:
        return UNKNOWN_STEP
    # A figure on the very edge (4,800 against < 4,800) still misses, by the least there is.
    return max(_gap(leaf, facts), EDGE_STEP) if _is_number(leaf, facts) else OTHER_FACT_STEP


def _is_number(leaf: Leaf, facts: Facts) -> bool:
    return METRICS[leaf.metric] == "number" and isinstance(facts[leaf.metric], int | float)


def _gap(leaf: Leaf, facts: Facts) -> float:
    """Distance of a number from its threshold, as a share of the threshold."""
    fact = facts[leaf.metric]
    assert isinstance(fact, int | float)
    return abs(fact - limit(leaf)) / limit(leaf)


def _held(match: Match, facts: Facts) -> list[Leaf]:
    """The comparisons that make a match hold; of an `any`, those of the first part that does."""
    match match:
        case Leaf():
            return [match] if match.test(facts) else []
        case AllOf():
            return [leaf for part in match.all for leaf in _held(part, facts)]
        case AnyOf():
            first = next((part for part in match.any if part.test(facts)), None)
            return _held(first, facts) if first else []
    return []


def _leaves(match: Match) -> list[Leaf]:
    match match:
        case Leaf():
            return [match]
        case AllOf(all=parts) | AnyOf(any=parts):
            return [leaf for part in parts for leaf in _leaves(part)]
        case NoneOf(negated=part):
            return _leaves(part)
    return []
