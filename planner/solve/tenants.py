"""The tenants of a program: which columns and rows are one tenant's alone, and his own program."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from planner.solve.arrays import DEVICE_PERIODS, ONE_TENANT, OUTSIDE, Arrays, Numbers, ranges, starts
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
        terms = np.flatnonzero(program.binds[program.row] == ONE_TENANT)
        row, column = program.row[terms], program.column[terms]
        of_column, of_row = np.arange(len(program.cost)), np.full(len(program.row_low), len(program.cost))
        changes = True
        while changes:
            np.minimum.at(of_row, row, of_column[column])
            before = of_column.copy()
            np.minimum.at(of_column, column, of_row[row])
            changes = bool((of_column != before).any())
        _, number = np.unique(of_column[column], return_inverse=True)
        of_column[:], of_row[:] = OUTSIDE, OUTSIDE
        of_column[column], of_row[row] = number, number
        return cls(program, of_column, of_row)

    @cached_property
    def count(self) -> int:
        return int(self.row.max(initial=OUTSIDE)) + 1

    @cached_property
    def use(self) -> Floats:
        """(tenants,): the device-periods that each would use by himself."""
        program, values = self.program, np.zeros(len(self.program.cost))
        for tenant in range(self.count):
            alone = self.alone(tenant, program.cost)
            values[alone.columns] = Live(alone.program).values()
        devices = program.binds[program.row] == DEVICE_PERIODS
        terms = np.flatnonzero(devices & (self.column[program.column] != OUTSIDE))
        column = program.column[terms]
        used = np.abs(program.value[terms]) * values[column]
        return np.asarray(np.bincount(self.column[column], used, minlength=self.count), dtype=float)

    def alone(self, tenant: int, cost: Floats) -> Alone:
        """A tenant by himself, his columns at these costs."""
        program, columns, rows = self.program, self._columns[tenant], self._rows[tenant]
        firsts = program.start[rows]
        lengths = program.start[rows + 1] - firsts
        terms = ranges(firsts, lengths)
        own = Arrays(
            cost[columns],
            program.low[columns],
            program.high[columns],
            program.row_low[rows],
            program.row_high[rows],
            starts(lengths),
            np.searchsorted(columns, program.column[terms]),
            program.value[terms],
        )
        return Alone(columns, rows, own)

    @cached_property
    def _columns(self) -> list[Numbers]:
        return _by_tenant(self.column, self.count)

    @cached_property
    def _rows(self) -> list[Numbers]:
        return _by_tenant(self.row, self.count)


def _by_tenant(tenant: Numbers, count: int) -> list[Numbers]:
    """By tenant, the places in rising order."""
    order = np.argsort(tenant, kind="stable")
    return np.split(order, np.searchsorted(tenant[order], np.arange(count)))[1:]
