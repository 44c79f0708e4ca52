"""Where the simplex method begins on a large program of many tenants: where it ends with some of them.

Rows that are one tenant's alone tell apart what each decides for himself; halls, supply, money and whatever else all share
bind them together (block-angular; Dantzig and Wolfe 1960). Half of the tenants, each of whom counts for what the left out
ask as well, give prices to what is shared, and at these prices each of those left out is solved by himself. The bases of
all make one of the whole program, and no column would lower its cost, since each is priced as where it was solved: the
dual simplex method has only to settle what is shared. Half of the tenants are begun with a quarter of them, and so on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from planner.errors import Infeasible, SolverFailed
from planner.solve.arrays import ONE_TENANT, Arrays, Numbers
from planner.solve.highs import FROM_SCRATCH
from planner.solve.outcome import Floats, Standing
from planner.solve.resolve import DUAL, Live, Optimum, seen_from, told_by
from planner.solve.restricted import Restricted
from planner.solve.tenants import Tenants

LARGE_COLUMNS = 100_000
"""Below, the dual simplex method from nothing takes no longer."""
FEWEST = 14
"""So many tenants can stand for all; fewer ask for other things."""
LARGEST = 3
"""Of those that stand for all, one in so many is there for his size, and counts for himself alone."""


def begun(program: Arrays) -> Standing | None:
    """A basis at or next to the optimum of a program in fractions; None where it is small, has few tenants, or some of
    them have no plan. It hangs on nothing but the program.
    """
    if len(program.cost) < LARGE_COLUMNS or not (program.binds == ONE_TENANT).any():
        return None
    tenants = Tenants.of(program)
    steps = _steps(tenants.use)
    if len(steps) == 1:
        return None
    try:
        few = _Some(tenants, steps[0])
        best = few.told(Live(few.program, FROM_SCRATCH).solve())
        for fewer, more in pairwise(steps):
            best = _more(best, _Some(tenants, more), np.flatnonzero((fewer == 0) & (more > 0)))
    except (Infeasible, SolverFailed):
        return None
    return best.at


def from_nothing(program: Arrays) -> Optimum:
    """The optimum of a program of which nothing is known. Raises Infeasible when there is none, SolverFailed when it is not found."""
    live = Live(program, FROM_SCRATCH)
    if at := begun(program):
        live.stand(at)
    return live.solve()


def _steps(use: Floats) -> list[Floats]:
    """By step, what each tenant counts for: nothing where he is left out, and 1 for all in the last."""
    steps = [np.ones(len(use))]
    while (count := int(np.count_nonzero(steps[0])) // 2) >= FEWEST:
        steps.insert(0, _half(steps[0], use, count))
    return steps


def _half(weights: Floats, use: Floats, count: int) -> Floats:
    """So many of the tenants, who use as much as all: the largest for themselves, of the others every other by size."""
    size, there = weights * use, np.flatnonzero(weights)
    largest, others = np.split(there[np.argsort(-size[there], kind="stable")], [count // LARGEST])
    among = (np.arange(count - len(largest)) + 0.5) * (len(others) / (count - len(largest)))
    some = others[among.astype(int)]
    half = np.zeros_like(weights)
    half[largest] = weights[largest]
    half[some] = weights[some] * (size[others].sum() / size[some].sum() if size[some].any() else 1.0)
    return half


@dataclass(frozen=True)
class _Some:
    """The program with some of its tenants. Whoever counts for others takes of what is shared, and pays, as many times as much."""

    tenants: Tenants
    weights: Floats

    @cached_property
    def _of_column(self) -> Floats:
        """By column of the whole program: how many times it counts."""
        return np.append(self.weights, 1.0)[self.tenants.column]

    @cached_property
    def _of_row(self) -> Floats:
        return np.append(self.weights, 1.0)[self.tenants.row]

    @cached_property
    def columns(self) -> Numbers:
        return np.flatnonzero(self._of_column)

    @cached_property
    def rows(self) -> Numbers:
        return np.flatnonzero(self._of_row)

    @cached_property
    def program(self) -> Arrays:
        whole, times = self.tenants.program, self._of_column[self.columns]
        if (self._of_column == 1).all():
            return whole
        part = whole.part(self.columns, self.rows, whole.cost[self.columns] * times)
        alone = part.terms_of(part.binds == ONE_TENANT)
        value = np.where(alone, part.value, part.value * times[part.column])
        return replace(part, value=value, kin=whole.kin[self.columns] if len(whole.kin) else whole.kin)

    @property
    def doing_without(self) -> Numbers:
        """The columns of this program that take nothing of what is shared: by them a tenant can do without."""
        takes = np.zeros(len(self.columns), dtype=bool)
        takes[self.program.column[self.program.terms_of(self.program.binds != ONE_TENANT)]] = True
        return np.flatnonzero(~takes)

    def told(self, optimum: Optimum) -> Optimum:
        """An optimum of this program in the numbers of the whole, where everybody counts for himself."""
        seen = told_by(optimum, self.tenants.program, self.columns, self.rows)
        times = np.where(self._of_row > 0, self._of_row, 1.0)
        return replace(seen, prices=seen.prices / times)

    def seen(self, optimum: Optimum) -> Optimum:
        """An optimum told in that way, in the numbers of this program."""
        seen = seen_from(optimum, self.columns, self.rows)
        return replace(seen, prices=seen.prices * self._of_row[self.rows])


def _more(best: Optimum, more: _Some, joining: Numbers) -> Optimum:
    """The optimum with more tenants, from that with fewer: whoever joins begins where he would be at its prices by himself."""
    whole = more.tenants.program
    values, prices = best.values.copy(), best.prices.copy()
    columns, rows = best.at.columns.copy(), best.at.rows.copy()
    losses = whole.losses(np.where(whole.binds == ONE_TENANT, 0.0, prices))
    for alone, live in more.tenants.each(joining.tolist(), losses):
        optimum = live.solve()
        values[alone.columns], prices[alone.rows] = optimum.values, optimum.prices
        columns[alone.columns], rows[alone.rows] = optimum.at.columns, optimum.at.rows
    near = Optimum(best.objective, values, prices, Standing(columns, rows))
    hand = Restricted(more.program, more.seen(near), more.doing_without)
    hand.solve(DUAL)
    return more.told(hand.optimum)
