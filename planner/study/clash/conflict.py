"""Which limits clash, and how far each would have to give.

The smallest story is an irreducible set of rows: take one away and the rest can be met. How far limits
must give is asked of an elastic program: it has no costs of its own, only a price on easing each limit, the same for
all in relative terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.errors import SolverFailed
from planner.model.build import Model
from planner.model.rows import Row
from planner.solve.arrays import Arrays, distinct
from planner.solve.highs import INFEASIBLE, OPTIMAL, PRESOLVED, load, run
from planner.solve.of_model import arrays
from planner.solve.outcome import Floats
from planner.solve.resolve import Live
from planner.solve.restricted import Restricted

BINDS, SAME = 1e-9, 1 + 1e-7


@dataclass(frozen=True)
class Slack:
    """A limit that may give.

    `rows`: (number of a row, by how much one unit eases its limit); `scale`: the size of the limit, its unit's.
    """

    name: str
    rows: tuple[tuple[int, float], ...]
    scale: float


@dataclass(frozen=True)
class Given:
    """How far each limit gives, in its own unit, and the rows that need it."""

    amounts: Mapping[str, float]
    rows: frozenset[int]


def irreducible(model: Model) -> tuple[Row, ...]:
    """Rows that cannot all be met, none of them too many; empty when the linear program has no such set.

    The prices of the least that all rows would have to give weigh rows that cannot all be met (Farkas). They are few. Each is let go,
    and stays so where the others clash without it; HiGHS' own search takes the bounds of every column for such limits too, and minutes.
    """
    program = arrays(model)
    least = Live(_each_row_gives(program), PRESOLVED).solve()
    weighed = np.flatnonzero(np.abs(least.prices) > BINDS)
    if least.objective <= BINDS or not len(weighed):
        return ()
    named = distinct(program.column[np.isin(program.row, weighed)])
    few = program.part(named, weighed, np.zeros(len(named)))
    engine, kept = load(few), []
    for number, row in enumerate(weighed.tolist()):
        engine.changeRowBounds(number, -np.inf, np.inf)
        if run(engine) != INFEASIBLE:
            engine.changeRowBounds(number, few.row_low[number], few.row_high[number])
            kept.append(model.rows[row])
    return tuple(kept)


def _each_row_gives(program: Arrays) -> Arrays:
    """The program at no cost but one for every unit by which a row gives."""
    gives = [(int(n), 1.0) for n in np.flatnonzero(np.isfinite(program.row_low))]
    gives += [(int(n), -1.0) for n in np.flatnonzero(np.isfinite(program.row_high))]
    return program.eased([({n: by}, 1.0) for n, by in gives])


class Elastic:
    """The rows of a model, with a price on easing each of the slacks; asked again and again.

    Work that is left unserved breaks no limit, so hardly a column of work matters, and few are in hand: those that price in.
    """

    def __init__(self, model: Model, slacks: Sequence[Slack]) -> None:
        self._model, self._slacks = model, tuple(slacks)
        self._program = arrays(model)
        first = len(self._program.cost)
        self._numbers = np.arange(first, first + len(self._slacks))
        inside = np.ones(first + len(self._slacks), dtype=bool)
        inside[model.columns.runs.column] = False
        self._hand = Restricted(_elastic(self._program, self._slacks, model), inside=np.flatnonzero(inside))
        self._hand.run()
        self._hand.keep()
        self._places = self._hand.place(self._numbers)

    def from_then_on(self, name: str, rows: Sequence[int], needed: float) -> bool:
        """Whether easing only these of the slack's rows takes no more of it than `needed`, what easing all takes."""
        place = next(n for n, slack in enumerate(self._slacks) if slack.name == name)
        column, slack = int(self._places[place]), self._slacks[place]
        rigid = [(number, _eases(self._model.rows[number], unit)) for number, unit in slack.rows if number not in rows]
        try:
            for number, _ in rigid:
                self._hand.engine.changeCoeff(number, column, 0.0)
            given = self.least([name])
        finally:
            for number, coefficient in rigid:
                self._hand.engine.changeCoeff(number, column, coefficient)
        return given is not None and given.amounts[name] <= needed * SAME

    def least(self, names: Sequence[str], without: Sequence[int] = ()) -> Given | None:
        """The least easing of the named slacks alone, the rows in `without` let go; None when that is not enough."""
        most = np.array([np.inf if slack.name in names else 0.0 for slack in self._slacks])
        engine = self._hand.engine
        engine.changeColsBounds(len(most), self._places, np.zeros(len(most)), most)
        for row in without:
            engine.changeRowBounds(row, -np.inf, np.inf)
        self._hand.back()
        try:
            status = self._hand.run()
            if status == INFEASIBLE:
                return None
            if status != OPTIMAL:
                raise SolverFailed(f"HiGHS stopped with limits eased: {engine.modelStatusToString(status)}")
            values = self._hand.values
        finally:
            for row in without:
                engine.changeRowBounds(row, float(self._program.row_low[row]), float(self._program.row_high[row]))
        eased = zip(self._slacks, values[self._numbers], strict=True)
        amounts = {slack.name: float(amount) for slack, amount in eased if amount > BINDS * slack.scale}
        return Given(amounts, self._needing(values))

    def _needing(self, values: Floats) -> frozenset[int]:
        """Rows that the values break when nothing is eased."""
        broken = set()
        for slack in self._slacks:
            for number, _ in slack.rows:
                row = self._model.rows[number]
                left = sum(coefficient * float(values[column]) for column, coefficient in row.terms)
                over = left - row.limit if row.sense == "<=" else row.limit - left
                if over > BINDS * max(1.0, abs(row.limit)):
                    broken.add(number)
        return frozenset(broken)


def _eases(row: Row, per_unit: float) -> float:
    """Coefficient with which a slack eases the row."""
    return -per_unit if row.sense == "<=" else per_unit


def _elastic(program: Arrays, slacks: Sequence[Slack], model: Model) -> Arrays:
    """The program at no cost but a price on easing each slack."""
    return program.eased(
        [({n: _eases(model.rows[n], by) for n, by in slack.rows}, 1.0 / slack.scale) for slack in slacks]
    )
