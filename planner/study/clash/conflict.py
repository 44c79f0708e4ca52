"""Which limits clash, and how far each would have to give.

The smallest story is an irreducible set of rows: take one away and the rest can be met. HiGHS finds it. How far limits
must give is asked of an elastic program: it has no costs of its own, only a price on easing each limit, the same for
all in relative terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.errors import Infeasible
from planner.model.build import Model
from planner.model.rows import Row
from planner.solve.arrays import Arrays, arrays
from planner.solve.highs import PRESOLVED, load
from planner.solve.outcome import Floats
from planner.solve.resolve import Live

# 2: from an infeasible subset that the linear program shows; 4: made irreducible.
FROM_PROGRAM_IRREDUCIBLE = 2 + 4
TIME_LIMIT_SECONDS = 30.0
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

    The prices of the least that all rows would have to give weigh rows that cannot all be met (Farkas). They are few, and
    HiGHS makes them irreducible in no time, where on the whole program it takes minutes.
    """
    program = arrays(model)
    columns = np.arange(len(program.cost))
    least = Live(_each_row_gives(program), PRESOLVED).solve()
    weighed = np.flatnonzero(np.abs(least.prices) > BINDS)
    if least.objective <= BINDS or not len(weighed):
        return ()
    few = load(program.part(columns, weighed, np.zeros(len(columns))))
    few.setOptionValue("iis_strategy", FROM_PROGRAM_IRREDUCIBLE)
    few.setOptionValue("time_limit", TIME_LIMIT_SECONDS)
    _, system = few.getIis()
    return tuple(model.rows[weighed[number]] for number in sorted(system.row_index_))


def _each_row_gives(program: Arrays) -> Arrays:
    """The program at no cost but one for every unit by which a row gives."""
    gives = [(int(n), 1.0) for n in np.flatnonzero(np.isfinite(program.row_low))]
    gives += [(int(n), -1.0) for n in np.flatnonzero(np.isfinite(program.row_high))]
    return program.eased([({n: by}, 1.0) for n, by in gives])


class Elastic:
    """The rows of a model, with a price on easing each of the slacks; asked again and again."""

    def __init__(self, model: Model, slacks: Sequence[Slack]) -> None:
        self._model, self._slacks = model, tuple(slacks)
        self._program = arrays(model)
        self._first = len(self._program.cost)
        # Nearly all costs are zero, on which the simplex method stalls for minutes without presolve.
        self._live = Live(_elastic(self._program, self._slacks, model), PRESOLVED)
        self._numbers = np.arange(self._first, self._first + len(self._slacks))

    def from_then_on(self, name: str, rows: Sequence[int], needed: float) -> bool:
        """Whether easing only these of the slack's rows takes no more of it than `needed`, what easing all takes."""
        place = next(n for n, slack in enumerate(self._slacks) if slack.name == name)
        column, slack = self._first + place, self._slacks[place]
        rigid = [(number, _eases(self._model.rows[number], unit)) for number, unit in slack.rows if number not in rows]
        try:
            for number, _ in rigid:
                self._live.engine.changeCoeff(number, column, 0.0)
            given = self.least([name])
        finally:
            for number, coefficient in rigid:
                self._live.engine.changeCoeff(number, column, coefficient)
        return given is not None and given.amounts[name] <= needed * SAME

    def least(self, names: Sequence[str], without: Sequence[int] = ()) -> Given | None:
        """The least easing of the named slacks alone, the rows in `without` let go; None when that is not enough."""
        shut = [n for n, slack in zip(self._numbers, self._slacks, strict=True) if slack.name not in names]
        shut_columns = np.array(shut, dtype=np.int64)
        self._live.free(self._numbers)
        self._live.fix(shut_columns, np.zeros(len(shut)))
        for row in without:
            self._live.limit(row, -np.inf, np.inf)
        self._live.engine.clearSolver()
        try:
            optimum = self._live.solve()
        except Infeasible:
            return None
        finally:
            for row in without:
                self._live.limit(row, float(self._program.row_low[row]), float(self._program.row_high[row]))
        eased = zip(self._slacks, optimum.values[self._numbers], strict=True)
        amounts = {slack.name: float(amount) for slack, amount in eased if amount > BINDS * slack.scale}
        return Given(amounts, self._needing(optimum.values))

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
