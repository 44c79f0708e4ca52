"""Architectures guessed from parameter counts."""

from __future__ import annotations

import pytest

from planner.errors import InvalidInput
from planner.performance.guess import guess


@pytest.mark.parametrize("params_b", [0.05, 0.5, 1.1, 7, 13, 70, 405, 1000, 3000])
def test_the_stated_parameter_count_is_kept_exactly(params_b: float) -> None:
    shape = guess(params_b)
    if params_b >= 0.5:
        assert shape.total_parameters == pytest.approx(params_b * 1e9)
    assert len(shape.guessed) == 1


@pytest.mark.parametrize(("params_b", "layers", "hidden"), [(8, 32, 4096), (70, 80, 8192), (175, 96, 12288)])
def test_known_sizes_have_known_dimensions(params_b: float, layers: int, hidden: int) -> None:
    shape = guess(params_b)
    assert (shape.layers, shape.hidden) == (layers, hidden)
    assert shape.guessed[0] == f"architecture guessed from {params_b:g} B parameters: {layers} layers of width {hidden}"


@pytest.mark.parametrize(("total_b", "active_b"), [(671, 37), (46.7, 12.9), (235, 22), (30.5, 3.3)])
def test_a_mixture_keeps_its_total_and_comes_near_its_active_count(total_b: float, active_b: float) -> None:
    shape = guess(total_b, active_b)
    assert shape.total_parameters == pytest.approx(total_b * 1e9)
    assert shape.active_matrix_parameters == pytest.approx(active_b * 1e9, rel=0.12)


def test_a_sparse_mixture_has_eight_active_experts_and_a_dense_one_two() -> None:
    assert (guess(235, 22).layers, guess(235, 22).experts_per_token) == (49, 8)
    assert guess(46.7, 12.9).experts_per_token == 2


@pytest.mark.parametrize(("params_b", "active_b"), [(0, None), (-3, None), (7, 9), (7, 0)])
def test_impossible_counts_are_refused(params_b: float, active_b: float | None) -> None:
    with pytest.raises(InvalidInput):
        guess(params_b, active_b)
