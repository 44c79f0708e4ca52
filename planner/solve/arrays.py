"""A program as arrays, whole or in part: what HiGHS takes in one piece and gives back in one piece."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from planner.model.build import Model
from planner.model.rows import Terms
from planner.solve.outcome import Floats

Numbers = NDArray[np.int64]
OUTSIDE = -1


@dataclass(frozen=True)
class Arrays:
    """Minimise cost · x over row_low <= A x <= row_high and low <= x <= high.

    Shapes: `cost`, `low`, `high` (columns,); `row_low`, `row_high` (rows,); the terms of row r are those from
    `start[r]` to `start[r + 1]` of `column` and `value`; `whole` are the columns whose values are whole numbers. Money
    in million HKD.
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

    @property
    def in_fractions(self) -> Arrays:
        """The same with no whole numbers."""
        return replace(self, whole=np.empty(0, dtype=np.int64))

    def part(self, columns: Numbers, rows: Numbers, cost: Floats) -> Arrays:
        """The program of these columns (at these costs) and rows alone, in fractions; terms of other columns fall away."""
        renumbered = np.full(len(self.cost), OUTSIDE)
        renumbered[columns] = np.arange(len(columns))
        lengths = np.diff(self.start)[rows]
        owner = np.repeat(np.arange(len(rows)), lengths)
        terms = np.concatenate([np.arange(self.start[r], self.start[r + 1]) for r in rows] or [np.arange(0)])
        column = renumbered[self.column[terms]]
        inside = column != OUTSIDE
        start = np.concatenate([[0], np.cumsum(np.bincount(owner[inside], minlength=len(rows)))])
        return Arrays(
            cost,
            self.low[columns],
            self.high[columns],
            self.row_low[rows],
            self.row_high[rows],
            start,
            column[inside],
            self.value[terms][inside],
        )

    def eased(self, ways: Sequence[tuple[Mapping[int, float], float]]) -> Arrays:
        """The same limits at no cost and in fractions, with a column at the end for each way in which rows may give: by how much one unit
        of it adds to which row, and what the unit costs.
        """
        rows = np.array([row for way, _ in ways for row in way], dtype=np.int64)
        owner = np.concatenate([np.repeat(np.arange(len(self.row_low)), np.diff(self.start)), rows])
        order = np.argsort(owner, kind="stable")
        added = np.repeat(len(self.cost) + np.arange(len(ways)), [len(way) for way, _ in ways])
        return Arrays(
            np.concatenate([np.zeros(len(self.cost)), [cost for _, cost in ways]]),
            np.concatenate([self.low, np.zeros(len(ways))]),
            np.concatenate([self.high, np.full(len(ways), np.inf)]),
            self.row_low,
            self.row_high,
            np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(self.row_low)))]),
            np.concatenate([self.column, added])[order].astype(np.int64),
            np.concatenate([self.value, [by for way, _ in ways for by in way.values()]])[order],
        )


def arrays(model: Model, objective: list[float] | None = None) -> Arrays:
    """The model's program, its columns and rows in the model's order; terms of one column in a row are added up.
    `objective` per column replaces the cost.
    """
    columns, rows = model.columns.all, model.rows
    limits = np.array([row.limit for row in rows])
    senses = np.array([row.sense for row in rows])
    terms = [added_up(row.terms) for row in rows]
    return Arrays(
        np.array(model.cost_coefficients() if objective is None else objective),
        np.array([c.low for c in columns]),
        np.array([math.inf if c.high is None else c.high for c in columns]),
        np.where(senses == "<=", -np.inf, limits),
        np.where(senses == ">=", np.inf, limits),
        np.cumsum([0, *map(len, terms)]),
        np.fromiter(chain.from_iterable(terms), dtype=np.int64),
        np.fromiter(chain.from_iterable(row.values() for row in terms), dtype=float),
        np.flatnonzero([c.integer for c in columns]),
    )


def added_up(terms: Terms) -> dict[int, float]:
    """By column: the sum of its coefficients in a row."""
    sums: dict[int, float] = {}
    for column, value in terms:
        sums[column] = sums.get(column, 0.0) + value
    return sums
