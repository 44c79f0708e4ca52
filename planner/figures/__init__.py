"""Pictures of answers, a subject a file. `figure(plan, "fleet")` draws one of a plan; each is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from planner.errors import UsageError, meant_any
from planner.figures.figure import Figure
from planner.plan.record import PlanRecord
from planner.report.language import IN_ENGLISH, Language

if TYPE_CHECKING:
    from planner.study.compare.compare import Compared

OF_A_PLAN = {
    "capacity": "capacity",
    "fleet": "fleet",
    "places": "fleet",
    "procurement": "procurement",
    "availability": "lawful",
    "rental_availability": "lawful",
    "cost_years": "cost",
    "bridge": "cost",
    "cash": "cost",
    "power": "power",
    "sites": "sites",
    "prices": "prices",
    "jobs": "jobs",
}
"""Figures of a plan, and the file that draws each by a function of its name."""


OF_A_COMPARISON = ("claims", "cost_effectiveness", "scores", "regret", "rank_stability", "time_to_train")
"""Figures of options compared, each a function of `planner.figures.comparison`."""


def figures_of_comparison(answer: Compared, say: Language = IN_ENGLISH) -> dict[str, Figure]:
    """By name: those of the figures that have something to show."""
    from planner.figures import comparison

    drawn = {name: getattr(comparison, name)(answer, say) for name in OF_A_COMPARISON}
    return {name: each for name, each in drawn.items() if each is not None}


def figure(plan: PlanRecord, name: str, say: Language = IN_ENGLISH) -> Figure:
    """The figure of that name. Raises UsageError where there is none, or nothing to be shown in it."""
    check([name])
    drawn = _draw(plan, name, say)
    if drawn is None:
        raise UsageError(f"the plan has nothing that the figure '{name}' could show.")
    return drawn


def check(names: Sequence[str]) -> None:
    """Raise UsageError for a figure that there is not."""
    for name in names:
        if name not in OF_A_PLAN:
            there = f"There are {', '.join(OF_A_PLAN)}."
            raise UsageError(f"there is no figure '{name}'. {meant_any(name, OF_A_PLAN, there)}")


def figures(plan: PlanRecord, names: Sequence[str] = tuple(OF_A_PLAN), say: Language = IN_ENGLISH) -> dict[str, Figure]:
    """By name: those of the figures that have something to show."""
    drawn = {name: _draw(plan, name, say) for name in names}
    return {name: each for name, each in drawn.items() if each is not None}


def _draw(plan: PlanRecord, name: str, say: Language) -> Figure | None:
    draw = getattr(import_module(f"planner.figures.{OF_A_PLAN[name]}"), name)
    drawn: Figure | None = draw(plan, say)
    return drawn
