"""Programs as arrays: sums, prices and parts."""

from __future__ import annotations

import numpy as np
import pytest

from planner.solve.arrays import Arrays, distinct


@pytest.mark.parametrize("seed", range(4))
def test_sums_prices_and_parts_are_those_of_the_matrix(seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = np.where(rng.random((9, 14)) < 0.3, rng.uniform(-1, 1, (9, 14)), 0.0)
    matrix[4] = 0.0
    row, column = np.nonzero(matrix)
    cost = rng.uniform(-1, 1, 14)
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=9))])
    program = Arrays(
        cost, np.zeros(14), np.ones(14), np.zeros(9), np.ones(9), start, column, matrix[row, column],
        binds=np.arange(9, dtype=np.int8),
    )  # fmt: skip
    prices = np.where(rng.random(9) < 0.5, rng.uniform(-1, 1, 9), 0.0)
    values = np.where(rng.random(14) < 0.5, rng.uniform(0, 1, 14), 0.0)
    assert program.sums(values) == pytest.approx(matrix @ values)
    assert program.losses(prices) == pytest.approx(cost - prices @ matrix)
    assert program.turnovers(prices) == pytest.approx(np.abs(cost) + np.abs(prices) @ np.abs(matrix))
    columns, rows = np.array([11, 2, 7, 4]), np.array([1, 4, 5, 8])
    part = program.part(columns, rows)
    assert dense(part) == pytest.approx(matrix[rows][:, columns])
    assert part.binds.tolist() == rows.tolist()
    assert dense(program.part(columns, np.arange(9))) == pytest.approx(matrix[:, columns])


def dense(program: Arrays) -> np.ndarray:
    matrix = np.zeros((len(program.row_low), len(program.cost)))
    matrix[program.row, program.column] = program.value
    return matrix


def test_numbers_told_more_than_once_are_told_once() -> None:
    assert distinct(np.array([7, 2, 2, 0, 7])).tolist() == [0, 2, 7]
    assert distinct(np.array([], dtype=np.int64)).tolist() == []
