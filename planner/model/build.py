"""The assembly: case → options → columns, lines of spending and rows → one program, always a minimisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter

import numpy as np

from planner.collector import uncollected
from planner.domain.case import Case
from planner.errors import Infeasible, InvalidInput, Problem
from planner.model.branch import Branch
from planner.model.constraints import FAMILIES, Family, lots, supercomputer_ceiling
from planner.model.constraints.budget import open_buckets
from planner.model.costs import COSTS, FUNDING, Line, Lines, Piece, risk
from planner.model.costs.line import like
from planner.model.declare import declare
from planner.model.options import Options, find_options
from planner.model.permission import Law
from planner.model.rows import Row
from planner.model.runs import Floats
from planner.model.useful import Speeds
from planner.model.variables import HKD_PER_MODEL_UNIT, Columns, grouped


@dataclass(frozen=True)
class Model:
    """A program before it is solved: what may be decided, its columns, what they spend, and its rows."""

    options: Options
    columns: Columns
    lines: Lines
    rows: tuple[Row, ...]

    @property
    def case(self) -> Case:
        return self.options.case

    @cached_property
    def _lines_of(self) -> Mapping[int, list[Line]]:
        return grouped(self.lines, attrgetter("column"))

    @cached_property
    def _rows_of(self) -> dict[str, tuple[Row, ...]]:
        return {family: tuple(rows) for family, rows in groupby(self.rows, lambda row: row.family)}

    def rows_of(self, family: str) -> tuple[Row, ...]:
        """The rows of a constraint family, which stand together."""
        return self._rows_of.get(family, ())

    @cached_property
    def _lines_on(self) -> Mapping[str, list[Piece]]:
        return grouped(self.lines.pieces, lambda piece: like(piece).cost)

    def lines_on(self, cost: str) -> list[Piece]:
        """What is spent on a cost, as it is held."""
        return self._lines_on.get(cost, [])

    def lines_of(self, column: int) -> list[Line]:
        """What a column spends."""
        return self._lines_of.get(column, [])

    def cost_coefficients(self) -> Floats:
        """Million HKD, discounted and expected, per unit of each column."""
        weighted = self.lines.weighted_hkd / HKD_PER_MODEL_UNIT
        return np.asarray(np.bincount(self.lines.columns, weighted, len(self.columns.all)), dtype=float)


@uncollected
def build(case: Case, branch: Branch | None = None, *, law: Law | None = None, speeds: Speeds | None = None) -> Model:
    """The program of a case. Raises Infeasible when a limit can be seen to fail before any solving.

    `branch`: the case holds only in the nodes of that scenario; the program is meant for `splice`. `law`, `speeds`: as
    `find_options` takes them.

    Raises:
        InvalidInput: a scenario of the case sets fields of it, which one program for all branches cannot honour.
    """
    if branch is None:
        _refuse_sets(case)
    return program(find_options(case, branch, law=law, speeds=speeds))


def program(options: Options) -> Model:
    """The program of what may be decided. Raises Infeasible as `build` does."""
    x = declare(options)
    supercomputer_ceiling.declare(options, x)
    lots.declare(options, x)
    lines = spend(options, x)
    return Model(options, x, lines, tuple(row for family in FAMILIES for row in rows_of(family, options, x)))


def spend(options: Options, x: Columns, known: Mapping[str, Sequence[Piece]] = {}) -> Lines:
    """What the columns spend, and the columns of what funds may draw for it. `known`: lines by cost."""
    x.lines = [line for cost, term in COSTS.items() for line in (known[cost] if cost in known else term(options, x))]
    x.buckets = open_buckets(options, x, x.lines)
    x.lines += [line for term in FUNDING.values() for line in term(options, x)]
    x.lines += list(risk.lines(options, x))
    return Lines(x.lines)


def rows_of(family: Family, options: Options, x: Columns) -> tuple[Row, ...]:
    """The rows of a family that say something. Raises Infeasible for one that nothing in the case can keep."""
    return tuple(row for row in family.rows(options, x) if _says_something(row, options.case))


def _refuse_sets(case: Case) -> None:
    for scenario in case.scenarios:
        if scenario.set:
            raise InvalidInput(
                Problem(
                    f"scenario {scenario.id} sets {', '.join(scenario.set)}, and a plan over all scenarios knows their law alone",
                    f"Plan for it with --scenario {scenario.id}, or carry plans out in every scenario with `planner stress`.",
                )
            )


def _says_something(row: Row, case: Case) -> bool:
    """False for an empty row that holds; an empty row that fails is a clash seen before solving."""
    if row.terms.columns:
        return True
    holds = {"<=": row.limit >= 0, ">=": row.limit <= 0, "==": row.limit == 0}[row.sense]
    if not holds:
        raise Infeasible(f"{row.name} asks for {row.limit:g}, and nothing in the case can give it: {row.because}", case)
    return False
