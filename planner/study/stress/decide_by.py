"""Until when the first-stage decision stays right: the reveal is moved later, period by period, and the tree solved
anew.

The decision stays when holding it costs no more than deciding anew would; a plan may differ and be as good.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from planner.domain.case import Case
from planner.domain.horizon import add_months
from planner.errors import Infeasible
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.solve.futures import Futures
from planner.solve.outcome import CLASH, Floats
from planner.solve.share import Share, in_turn
from planner.study.told_apart import Account, Apart

SAME = 1e-6


@dataclass(frozen=True)
class Later:
    """The first reveal moved to a day. `extra`: what holding today's decision costs more than deciding anew."""

    periods: int
    first_reveal: date
    extra: Apart
    same: bool


def decide_by(
    futures: Futures, values: Floats, periods: int, hard: tuple[str, ...] = (), share: Share = in_turn
) -> tuple[Later, ...]:
    """The reveal so many periods later, one by one, up to the first that changes the decision.

    `values`: the hedged plan, per column of `futures`; its decisions in the first period of the tree are the ones held.
    `hard`: targets whose price is made up.
    """
    case = futures.case
    root = case.tree.root
    held = {futures.model.columns.all[column].name: float(values[column]) for column in futures.decisions((root,))}
    reveals: list[Later] = []
    near = futures
    for shift in range(1, periods + 1):
        moved = revealed_later(case, shift)
        again = Futures(
            moved,
            {name: revealed_later(inside, shift) for name, inside in futures.branches.items()},
            near,
            "as near",
            share,
        )
        if len(again.leaves) == 1:
            break
        account, leaves = Account(again, hard), len(again.leaves)
        best = account.expected([again.hedged.values] * leaves)
        columns = again.decisions((again.case.tree.root,))
        amounts = np.zeros(len(again.program.cost))
        amounts[columns] = [held.get(again.model.columns.all[column].name, 0.0) for column in columns]
        (kept,) = again.carried_out(columns, [amounts])
        if kept is None:
            raise Infeasible(CLASH, again.case)
        extra = account.expected([kept.values] * leaves).less(best)
        same = extra.hkd <= SAME * max(HKD_PER_MODEL_UNIT, abs(best.hkd))
        reveals.append(Later(shift, first_reveal(moved), extra, same))
        if not same:
            break
        near = again
    return tuple(reveals)


def revealed_later(case: Case, periods: int) -> Case:
    """The case whose scenarios, but those that change nothing, are revealed and begin so many periods later."""
    months = periods * case.horizon.periods[0].months
    later = {
        s.id: {"revealed": add_months(case.revealed[s.id], months)} for s in case.scenarios if s.id in _parting(case)
    }
    moved = tuple(s.model_copy(update=later.get(s.id, {})) for s in case.scenarios)
    return case.model_copy(update={"scenarios": moved})


def first_reveal(case: Case) -> date:
    """The day on which the world first learns that the law in force does not go on."""
    return min(case.revealed[name] for name in _parting(case))


def _parting(case: Case) -> frozenset[str]:
    return frozenset(s.id for s in case.scenarios) - case.staying
