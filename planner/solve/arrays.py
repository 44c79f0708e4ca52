"""A program as arrays, whole or in part: what HiGHS takes in one piece and gives back in one piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.solve.outcome import Floats

Numbers = NDArray[np.int64]
OUTSIDE = -1
ONE_TENANT, DEVICE_PERIODS = 1, 2


@dataclass(frozen=True)
class Arrays:
    """Minimise cost · x over row_low <= A x <= row_high and low <= x <= high.

    Shapes: `cost`, `low`, `high` (columns,); `row_low`, `row_high` (rows,); the terms of row r are those from
    `start[r]` to `start[r + 1]` of `column` and `value`; `whole` are the columns whose values are whole numbers; `kin`,
    where it is known, has the same number for columns that differ in their node alone, and `binds` tells the rows that
    bind ONE_TENANT alone or the DEVICE_PERIODS that all share from the others. Money in million HKD.
    """

    cost: Floats
    low: Floats
    high: Floats
    row_low: Floats
    row_high: Floats
    start: Numbers
    column: Numbers
    value: Floats
    whole: Numbers = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    kin: Numbers = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    binds: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, dtype=np.int8))

    @property
    def in_fractions(self) -> Arrays:
        """The same with no whole numbers."""
        return self if not len(self.whole) else replace(self, whole=np.empty(0, dtype=np.int64))

    def part(self, columns: Numbers, rows: Numbers, cost: Floats | None = None) -> Arrays:
        """The program of these columns (at these costs, else their own) and rows alone, in fractions; terms of other
        columns fall away. Rows in rising order.
        """
        renumbered = np.full(len(self.cost), OUTSIDE)
        renumbered[columns] = np.arange(len(columns))
        inside = (renumbered != OUTSIDE)[self.column]
        if len(rows) < len(self.row_low):
            kept = np.zeros(len(self.row_low), dtype=bool)
            kept[rows] = True
            inside &= self.terms_of(kept)
        lengths = np.bincount(self.row[inside], minlength=len(self.row_low))[rows]
        return Arrays(
            self.cost[columns] if cost is None else cost,
            self.low[columns],
            self.high[columns],
            self.row_low[rows],
            self.row_high[rows],
            starts(lengths),
            renumbered[self.column[inside]],
            self.value[inside],
            binds=self.binds[rows] if len(self.binds) else self.binds,
        )

    def held(self, columns: Numbers, values: Floats) -> Arrays:
        """The program with columns held at values; one that lies outside its bounds by rounding is taken to the bound."""
        low, high = self.low.copy(), self.high.copy()
        low[columns] = high[columns] = np.clip(values, low[columns], high[columns])
        return replace(self, low=low, high=high)

    @cached_property
    def row(self) -> Numbers:
        """By term: its row."""
        return np.repeat(np.arange(len(self.row_low)), np.diff(self.start))

    def terms_of(self, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """By term: whether its row is one of these."""
        return np.repeat(rows, np.diff(self.start))

    def sums(self, values: Floats) -> Floats:
        """By row: A x."""
        # Most columns of a plan are zero.
        some = np.flatnonzero((values != 0)[self.column])
        amounts = self.value[some] * values[self.column[some]]
        return np.asarray(np.bincount(self.row[some], amounts, minlength=len(self.row_low)), dtype=float)

    def losses(self, prices: Floats) -> Floats:
        """By column: what a unit of it costs beyond what it brings at these prices of the rows; its reduced cost."""
        return self.cost - self.brought(prices)

    def turnovers(self, prices: Floats) -> Floats:
        """By column: all that a unit of it costs and brings, whatever the sign; what it loses is small or large beside it."""
        column, moved = self._moved(prices)
        return np.abs(self.cost) + np.bincount(column, np.abs(moved), minlength=len(self.cost))

    def brought(self, prices: Floats) -> Floats:
        """By column: what a unit of it brings at these prices of the rows."""
        return np.asarray(np.bincount(*self._moved(prices), minlength=len(self.cost)), dtype=float)

    def _moved(self, prices: Floats) -> tuple[Numbers, Floats]:
        """By term of a row with a price: its column, and what a unit of that moves there."""
        # Three of four rows have none; what is as long as all terms takes longer to be given memory than to be added up.
        priced = prices != 0
        terms = self.terms_of(priced)
        return self.column[terms], self.value[terms] * np.repeat(prices[priced], np.diff(self.start)[priced])

    def by_column(self, columns: Numbers) -> tuple[Numbers, Numbers, Floats]:
        """Start, row and value of the terms of these columns, column after column."""
        place = np.full(len(self.cost), OUTSIDE)
        place[columns] = np.arange(len(columns))
        terms = np.flatnonzero((place != OUTSIDE)[self.column])
        # Whole numbers of sixteen bits are sorted by their digits, which takes a tenth of the time.
        owner = place[self.column[terms]].astype(np.min_scalar_type(len(columns)))
        terms = terms[np.argsort(owner, kind="stable")]
        lengths = np.bincount(owner, minlength=len(columns))
        return starts(lengths), self.row[terms], self.value[terms]

    def eased(self, ways: Sequence[tuple[Mapping[int, float], float]]) -> Arrays:
        """The same limits at no cost and in fractions, with a column at the end for each way in which rows may give: by how much one unit
        of it adds to which row, and what the unit costs.
        """
        return replace(self, cost=np.zeros(len(self.cost))).in_fractions.joined(ways)

    def joined(self, ways: Sequence[tuple[Mapping[int, float], float]]) -> Arrays:
        """The same with a column at the end for each way: its terms by row, and its cost per unit."""
        rows = np.array([row for way, _ in ways for row in way], dtype=np.int64)
        owner = np.concatenate([self.row, rows])
        order = np.argsort(owner, kind="stable")
        added = np.repeat(len(self.cost) + np.arange(len(ways)), [len(way) for way, _ in ways])
        kin = int(self.kin.max(initial=-1)) + 1 + np.arange(len(ways))
        return replace(
            self,
            cost=np.concatenate([self.cost, [cost for _, cost in ways]]),
            low=np.concatenate([self.low, np.zeros(len(ways))]),
            high=np.concatenate([self.high, np.full(len(ways), np.inf)]),
            start=starts(np.bincount(owner, minlength=len(self.row_low))),
            column=np.concatenate([self.column, added])[order].astype(np.int64),
            value=np.concatenate([self.value, [by for way, _ in ways for by in way.values()]])[order],
            kin=np.concatenate([self.kin, kin]) if len(self.kin) else self.kin,
        )


def distinct(numbers: Numbers) -> Numbers:
    """These numbers of columns or rows, each once, in order. numpy's `unique` would first load arrays with gaps, 10 ms."""
    return np.flatnonzero(np.bincount(numbers))


def starts(lengths: NDArray[Any]) -> Numbers:
    """Where each of several runs begins, one after the other, and where the last ends."""
    return np.concatenate([[0], np.cumsum(lengths)])


def ranges(firsts: Numbers, lengths: Numbers) -> Numbers:
    """As many numbers from each first on, one range after the other."""
    return np.arange(lengths.sum()) + np.repeat(firsts - np.cumsum(lengths) + lengths, lengths)
