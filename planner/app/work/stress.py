"""How plans fare in the futures of a case, as `planner stress` tells it."""

from __future__ import annotations

from collections.abc import Mapping

from planner.app.cases import CaseFiles
from planner.app.numbers import number
from planner.app.process import Teller
from planner.app.sliders import asked
from planner.app.work.known import inputs_of
from planner.app.work.told import Told
from planner.domain.policy import Risk
from planner.figures.stress import stress_figures
from planner.report.language import language
from planner.report.stress import page
from planner.report.words import overridden
from planner.study.stress.stress import AVERSION, stress
from planner.study.whatif.variant import changed

WEIGHT, TAIL, CHANCE = "risk", "tail", "chance_"
"""Fields: weight and mass of the tail, and what begins the name of a future's probability."""


def stressed(tell: Teller, files: CaseFiles, fields: Mapping[str, str], lang: str) -> Told:
    """The matrix of regret, the hedge and what knowing would be worth, with the sliders of the plan where they stand.

    Raises UsageError for probabilities that do not add up to 1, Infeasible where a future has no plan.
    """
    case = inputs_of(files).case
    sets, _ = asked(case, fields)
    case = changed(case, sets)
    own = case.risk if case.risk.weight else AVERSION
    risk = Risk(weight=number(fields, WEIGHT, own.weight), tail=number(fields, TAIL, own.tail))
    chances = {name.removeprefix(CHANCE): number(fields, name, 0.0) for name in fields if name.startswith(CHANCE)}
    answer = stress(case, {name: chance for name, chance in chances.items() if chance > 0}, risk, tell=tell)
    say, changes = language(lang), overridden(case)
    with_these = [say("With {changes}.", changes=", ".join(changes))] if changes else []
    return Told.of([*with_these, *page(answer, say)], stress_figures(answer, say))
