"""Which rules may decide where figures of a device are unknown.

    tpp / density <= area of the logic dies <= what its package holds beside memory   =>   density >= tpp / that area

The rules are asked from the highest priority down. A rule of which nobody can tell whether it holds splits the world in
two, one in which the comparison that is open holds and one in which it does not, and both are followed to the end; so
rules that test the same unknown figure never contradict each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from planner.domain.accelerator import Accelerator
from planner.domain.match import Between, Facts
from planner.domain.policy import Outcome
from planner.domain.regime import RuleBook
from planner.domain.rule import Ground
from planner.domain.transaction import Transaction

STRICTEST: tuple[Outcome, ...] = (
    "prohibited",
    "presumption_of_denial",
    "compliance_risk",
    "case_by_case",
    "notify",
    "uncontrolled",
)


def facts_of(accelerator: Accelerator, transaction: Transaction, rulebook: RuleBook, on: date) -> Facts:
    """What rules may test: an unknown density bounded from below, countries by the groups to which they belong."""
    facts = {**accelerator.facts, **transaction.facts}
    facts["destination_groups"] = rulebook.groups_of(transaction.destination, on)
    facts["end_user_groups"] = rulebook.groups_of(transaction.end_user_hq, on)
    if accelerator.performance_density is None and accelerator.tpp is not None:
        area = accelerator.die_area_at_most_mm2 or _most_logic_mm2(accelerator, rulebook)
        facts["performance_density"] = Between(accelerator.tpp / area) if area else Between()
    return facts


def _most_logic_mm2(accelerator: Accelerator, rulebook: RuleBook) -> float | None:
    """What the largest package of the device's time (of an unknown time, the largest of all) leaves beside its memory."""
    month = accelerator.release_date
    released = date.fromisoformat(f"{month if '-' in month else f'{month}-12'}-01") if month else date.max
    fits = (p for p in rulebook.packages if p.released_until is None or released <= p.released_until)
    package, stacks = next(fits, None), rulebook.memory_stacks
    if package is None:
        return None
    return package.logic_mm2 - (stacks.area_mm2(accelerator.memory_type, accelerator.memory_gb) if stacks else 0.0)


def settled(in_force: Sequence[Ground], facts: Facts) -> Ground | None:
    """The ground that decides; where unknown facts leave several outcomes open, the strictest with all that may. Of
    several with one outcome, the one that needs no unknown fact to hold.
    """
    possible = tuple(dict.fromkeys(_may_decide(in_force, facts)))
    if not possible:
        return None
    if len({ground.rule.outcome for ground in possible}) == 1:
        return possible[-1]
    strictest = min(possible, key=lambda ground: STRICTEST.index(ground.rule.outcome))
    return replace(strictest, possible=possible)


def _may_decide(in_force: Sequence[Ground], facts: Facts) -> list[Ground]:
    for place, ground in enumerate(in_force):
        holds = ground.rule.test(facts)
        if holds:
            return [ground]
        if holds is None:
            leaf = next(ground.rule.match.undecided(facts))
            sides = leaf.narrowed(facts[leaf.metric])
            return [
                decider for side in sides for decider in _may_decide(in_force[place:], {**facts, leaf.metric: side})
            ]
    return []
