"""The tenants of a program: which columns and rows are one tenant's alone, and his own program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from planner.solve.arrays import DEVICE_PERIODS, ONE_TENANT, OUTSIDE, Arrays, Numbers, distinct, ranges, starts
from planner.solve.outcome import Floats
from planner.solve.resolve import Live


class Alone(NamedTuple):
    """A tenant by himself, with no limit that he shares: the numbers of his columns and rows, and his program."""

    columns: Numbers
    rows: Numbers
    program: Arrays


@dataclass(frozen=True)
class Tenants:
    """`column` and `row` give the tenant of each column and row, OUTSIDE for those that are nobody's alone. Work of one
    tenant that no row binds together counts as that of several.
    """

    program: Arrays
    column: Numbers
    row: Numbers

    @classmethod
    def of(cls, program: Arrays) -> Tenants:
        """The columns that rows of one tenant alone connect, directly or through others."""
        lengths = np.diff(program.start)
        rows = np.flatnonzero((program.binds == ONE_TENANT) & (lengths > 0))
        lengths = lengths[rows]
        column, first = program.column[ranges(program.start[rows], lengths)], starts(lengths)[:-1]
        before, least = None, np.arange(len(program.cost))
        while before is None or (least != before).any():
            before = least
            least_of_row = np.minimum.reduceat(before[column], first)
            least = before.copy()
            np.minimum.at(least, column, np.repeat(least_of_row, lengths))
            least = least[least]
        of_column, of_row = np.full(len(program.cost), OUTSIDE), np.full(len(program.row_low), OUTSIDE)
        owner = least[column[first]]
        of_row[rows] = np.searchsorted(distinct(owner), owner)
        of_column[column] = np.repeat(of_row[rows], lengths)
        return cls(program, of_column, of_row)

    @cached_property
    def count(self) -> int:
        return int(self.row.max(initial=OUTSIDE)) + 1

    @cached_property
    def use(self) -> Floats:
        """(tenants,): the device-periods that each would use by himself."""
        program, values = self.program, np.zeros(len(self.program.cost))
        for alone, live in self.each(range(self.count), program.cost):
            values[alone.columns] = live.values()
        devices = program.terms_of(program.binds == DEVICE_PERIODS) & (self.column != OUTSIDE)[program.column]
        column = program.column[devices]
        used = np.abs(program.value[devices]) * values[column]
        return np.asarray(np.bincount(self.column[column], used, minlength=self.count), dtype=float)

    def each(self, tenants: Iterable[int], cost: Floats) -> Iterator[tuple[Alone, Live]]:
        """Each by himself, and his program in HiGHS, the same for all: it is his until the next is asked for."""
        live = None
        for tenant in tenants:
            alone = self.alone(tenant, cost)
            if live is None:
                live = Live(alone.program)
            else:
                live.take(alone.program)
            yield alone, live

    def alone(self, tenant: int, cost: Floats) -> Alone:
        """A tenant by himself, his columns at these costs."""
        program, columns, rows = self.program, self._columns[tenant], self._rows[tenant]
        start, column, value = self._terms
        firsts = start[self._rows.start[tenant] : self._rows.start[tenant + 1] + 1]
        his = slice(firsts[0], firsts[-1])
        own = Arrays(
            cost[columns],
            program.low[columns],
            program.high[columns],
            program.row_low[rows],
            program.row_high[rows],
            firsts - firsts[0],
            column[his],
            value[his],
        )
        return Alone(columns, rows, own)

    @cached_property
    def _columns(self) -> _ByTenant:
        return _ByTenant(self.column, self.count)

    @cached_property
    def _rows(self) -> _ByTenant:
        return _ByTenant(self.row, self.count)

    @cached_property
    def _terms(self) -> tuple[Numbers, Numbers, Floats]:
        """Start, column and value of the terms of the tenants' rows, tenant after tenant; columns by their place among the tenant's."""
        program, columns, rows = self.program, self._columns, self._rows.order
        lengths = np.diff(program.start)[rows]
        terms = ranges(program.start[rows], lengths)
        place = np.empty(len(program.cost), dtype=np.int64)
        place[columns.order] = np.arange(len(columns.order)) - np.repeat(columns.start[:-1], np.diff(columns.start))
        return starts(lengths), place[program.column[terms]], program.value[terms]


class _ByTenant:
    """The columns or rows of each tenant, in rising order: all in `order`, those of a tenant from his `start` on."""

    def __init__(self, tenant: Numbers, count: int) -> None:
        # Whole numbers of sixteen bits are sorted by their digits, which takes a tenth of the time.
        order = np.argsort(tenant.astype(np.min_scalar_type(-1 - count)), kind="stable")
        self.order = order[np.count_nonzero(tenant == OUTSIDE) :]
        self.start = starts(np.bincount(tenant[self.order], minlength=count))

    def __getitem__(self, tenant: int) -> Numbers:
        numbers: Numbers = self.order[self.start[tenant] : self.start[tenant + 1]]
        return numbers
