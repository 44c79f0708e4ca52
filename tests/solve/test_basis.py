"""Where the simplex method stands is told as HiGHS has it, and taken as it is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.solve.arrays import OUTSIDE, Arrays
from planner.solve.basis import AT_HIGH, AT_LOW, BASIC, basis, standing
from planner.solve.outcome import Standing
from planner.solve.resolve import Live

COLUMNS, ROWS = 30, 12


def boxed(seed: int) -> Arrays:
    """The cheapest mix of thirty wares, of each at least and at most so much, within ceilings, floors and balances."""
    rng = np.random.default_rng(seed)
    matrix = np.where(rng.random((ROWS, COLUMNS)) < 0.4, rng.uniform(-1, 2, (ROWS, COLUMNS)), 0.0)
    low = np.where(rng.random(COLUMNS) < 0.2, rng.uniform(0, 1, COLUMNS), 0.0)
    high = np.where(rng.random(COLUMNS) < 0.7, low + rng.uniform(0, 2, COLUMNS), np.inf)
    high[:3] = low[:3]
    sums = matrix @ np.where(np.isinf(high), low + 0.5, (low + high) / 2)
    row, column = np.nonzero(matrix)
    kind = np.arange(ROWS) % 3
    return Arrays(
        rng.uniform(-1, 1, COLUMNS) + np.where(np.isinf(high), 2.0, 0.0),
        low,
        high,
        np.where(kind == 0, -np.inf, sums - np.where(kind == 1, 0.1, 0.0)),
        np.where(kind == 1, np.inf, sums + np.where(kind == 0, 0.1, 0.0)),
        np.concatenate([[0], np.cumsum(np.bincount(row, minlength=ROWS))]),
        column,
        matrix[row, column],
    )


@pytest.mark.parametrize("seed", range(20))
def test_it_is_told_as_highs_has_it(seed: int) -> None:
    program = boxed(seed)
    live = Live(program)
    at, kept = live.solve().at, live.engine.getBasis()
    columns, rows = (np.array(list(map(int, statuses))) for statuses in (kept.col_status, kept.row_status))
    # Where both bounds are one, HiGHS names either.
    columns[(program.low == program.high) & (columns == AT_HIGH)] = AT_LOW
    rows[(program.row_low == program.row_high) & (rows == AT_HIGH)] = AT_LOW
    assert at.columns.tolist() == columns.tolist()
    assert at.rows.tolist() == rows.tolist()


def test_both_bounds_and_balances_are_met() -> None:
    told = [Live(boxed(seed)).solve().at for seed in range(20)]
    assert {*np.concatenate([at.columns for at in told]).tolist()} == {AT_LOW, BASIC, AT_HIGH}


def test_columns_by_their_numbers_in_the_program_and_no_rows_but_its_own() -> None:
    program, live = boxed(0), Live(boxed(0))
    live.limit_sum(np.ones(COLUMNS), 1e6)
    values = live.values()
    backwards = np.arange(COLUMNS)[::-1].copy()
    backwards[-1] = OUTSIDE
    turned = replace(program, low=program.low[::-1], high=program.high[::-1])
    at, there = standing(live.engine, program, values), standing(live.engine, turned, values[::-1], backwards)
    assert there.columns[1:].tolist() == at.columns[-2::-1].tolist()
    assert there.rows.tolist() == at.rows.tolist()
    assert len(at.rows) == ROWS


def test_without_columns_all_rows_are_basic() -> None:
    none = np.empty(0)
    program = Arrays(none, none, none, np.zeros(3), np.ones(3), np.zeros(4, dtype=int), np.empty(0, dtype=int), none)
    assert (Live(program).solve().at.rows == BASIC).all()


def test_where_no_row_has_a_term_all_rows_are_basic() -> None:
    program = Arrays(
        np.array([1.0, -1.0]), np.zeros(2), np.array([np.inf, 5.0]), np.zeros(3), np.ones(3), np.zeros(4, dtype=int),
        np.empty(0, dtype=int), np.empty(0),
    )  # fmt: skip
    best = Live(program).solve()
    assert best.values.tolist() == [0.0, 5.0]
    assert best.at.columns.tolist() == [AT_LOW, AT_HIGH]
    assert (best.at.rows == BASIC).all()


@pytest.mark.parametrize("basics", [0, 5, ROWS, COLUMNS])
def test_a_basis_of_any_size_is_begun_at(basics: int) -> None:
    program, best = boxed(3), Live(boxed(3)).solve()
    columns, rows = np.full(COLUMNS, AT_LOW, dtype=np.int8), np.full(ROWS, AT_HIGH, dtype=np.int8)
    columns[:basics] = BASIC
    assert basis(Standing(columns, rows)).alien == (basics != ROWS)
    live = Live(program)
    live.stand(Standing(columns, rows))
    assert live.solve().objective == pytest.approx(best.objective, rel=1e-9)


def test_it_ends_where_it_begins_at_its_own_basis() -> None:
    live = Live(boxed(4))
    best = live.solve()
    live.stand(best.at)
    assert live.solve().values == pytest.approx(best.values)
    assert live.engine.getInfo().simplex_iteration_count == 0
