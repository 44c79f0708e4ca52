"""Parameters and FLOP per token, counted by hand."""

from __future__ import annotations

import pytest

from planner.domain.model_shape import ModelShape
from planner.intake.catalogue import models
from planner.performance.work import flop_per_token


def test_parameters_of_a_dense_model_by_hand(tiny: ModelShape) -> None:
    attention = 8 * 4 * (2 + 2) + 8 * 4 * (1 + 1)  # Q and O over two heads, K and V over one
    layer = attention + 3 * 8 * 16
    assert tiny.attention_matrix == attention == 192
    assert tiny.total_parameters == 2 * layer + 2 * 8 * 10 == 1312
    assert tiny.active_matrix_parameters == 2 * layer + 8 * 10, "the input embedding multiplies nothing"


def test_experts_count_as_far_as_they_are_active(tiny_moe: ModelShape) -> None:
    dense_layer = 192 + 3 * 8 * 16
    expert_layer = 192 + 8 * 4 + 3 * 8 * (4 * 5 + 3)  # router, four experts, the shared one
    assert tiny_moe.total_parameters == dense_layer + expert_layer + 160
    assert tiny_moe.active_matrix_parameters == dense_layer + 192 + 8 * 4 + 3 * 8 * (2 * 5 + 3) + 80
    assert tiny_moe.expert_parameters == 3 * 8 * 4 * 5


def test_flop_per_token_counts_attention_causally(tiny: ModelShape) -> None:
    attention = 6 * 2 * 8 * 2  # sequence, heads, both head widths, layers: half of the square of two products
    assert flop_per_token(tiny) == 6 * tiny.active_matrix_parameters + 3 * attention
    assert flop_per_token(tiny, "lora") == 4 * tiny.active_matrix_parameters + 2 * attention
    assert flop_per_token(tiny, "continued") == flop_per_token(tiny, "full") == flop_per_token(tiny)


def test_a_window_costs_a_square_of_twice_its_width(tiny: ModelShape) -> None:
    windowed = tiny.model_copy(update={"window": 2})
    assert windowed.attended == 4
    assert windowed.model_copy(update={"window_share": 0.5}).attended == 5
    assert windowed.model_copy(update={"window": 100}).attended == 6


@pytest.mark.parametrize(
    ("name", "total_b", "active_b"),
    [
        ("llama2-7b", 6.74, 6.61),
        ("llama3-405b", 405.85, 403.75),
        ("mixtral-8x7b", 46.70, 12.75),
        ("deepseek-v3", 671.03, 36.62),
    ],
)
def test_published_models_have_their_published_size(name: str, total_b: float, active_b: float) -> None:
    assert models()[name].total_parameters / 1e9 == pytest.approx(total_b, abs=0.01)
    assert models()[name].active_matrix_parameters / 1e9 == pytest.approx(active_b, abs=0.01)


def test_the_catalogue_holds_at_least_forty_models_with_sources() -> None:
    assert len(models()) >= 40
    assert all(shape.source for shape in models().values())
