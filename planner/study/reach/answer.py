"""A target of capacity, asked what keeps it and what would meet it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.domain.policy import CapacityTarget
from planner.errors import UsageError, meant_any
from planner.plan.plan import Plan
from planner.study.reach.alone import Reach, alone
from planner.study.reach.cheapest import Way, cheapest
from planner.study.reach.moves import FAMILIES
from planner.study.reach.standing import first_due, missing_hkd, standing_pflops
from planner.study.worth.lifted import Tell

PLAY = 1.0 - 1e-6


@dataclass(frozen=True)
class Story:
    """A target in a plan. `due`: the first period in which it counts, None where that is beyond the plan; `kinds`: the moves
    asked for. Of a target that is met, `alone` and `way` say nothing; `way` is None, too, where no moves of limits meet it.
    """

    name: str
    target: CapacityTarget
    due: str | None
    stands_pflops: float
    missing_hkd: float
    met: bool
    kinds: tuple[str, ...]
    alone: tuple[Reach, ...] = ()
    way: Way | None = None


def story(plan: Plan, name: str, kinds: Sequence[str], tell: Tell) -> Story:
    """What keeps a target, and the least moves of these kinds that meet it, proved by a plan."""
    target = plan.case.capacity_targets[name]
    due, stands = first_due(plan, name), standing_pflops(plan, name)
    met = not due or stands >= target.pflops * PLAY
    target_story = Story(
        name, target, str(due[0].period) if due else None, stands, missing_hkd(plan, name), met, tuple(kinds)
    )
    if met:
        return target_story
    way = cheapest(plan, name, kinds, tell)
    return Story(**{**target_story.__dict__, "alone": tuple(alone(plan.model, name)), "way": way})


def known_target(names: Sequence[str], name: str) -> str:
    """The name. Raises UsageError with names like it where the case has no such target."""
    if name not in names:
        there = f"Targets are {', '.join(names)}." if names else "The case has none."
        raise UsageError(f"no capacity target is called '{name}'. {meant_any(name, names, there)}")
    return name


__all__ = ["FAMILIES", "Story", "known_target", "story"]
