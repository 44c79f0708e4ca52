"""Memory of a layout, added up by hand."""

from __future__ import annotations

import pytest

from planner.domain.model_shape import ModelShape
from planner.performance.layout import Layout
from planner.performance.memory import activation_bytes, device_parameters, state_bytes, usable_bytes


def test_state_of_one_device_is_18_bytes_a_parameter(tiny: ModelShape) -> None:
    assert state_bytes(tiny, Layout()) == 18 * tiny.total_parameters


def test_sharding_divides_the_optimiser_and_with_fsdp_everything(tiny: ModelShape) -> None:
    assert state_bytes(tiny, Layout(dp=4)) == (6 + 12 / 4) * tiny.total_parameters
    assert state_bytes(tiny, Layout(dp=4, shard=3)) == 18 / 4 * tiny.total_parameters


def test_experts_spread_over_expert_parallelism_and_nothing_else_does(tiny_moe: ModelShape) -> None:
    dense, expert = device_parameters(tiny_moe, Layout(tp=2, dp=4, ep=4))
    assert expert == tiny_moe.expert_parameters / 8
    assert dense == (tiny_moe.total_parameters - tiny_moe.expert_parameters) / 2


def test_lora_keeps_frozen_weights_at_two_bytes(tiny: ModelShape) -> None:
    assert state_bytes(tiny, Layout(), "tuned_lora") == pytest.approx((2 + 0.18) * tiny.total_parameters)


def test_an_ordinary_stack_gathers_two_layers_and_unpacks_one_matrix(tiny: ModelShape) -> None:
    # Two tables of 8 x 10 stay at two bytes; of two layers both are gathered; the largest matrix is 8 x 16.
    # Adapters of rank 16 on 128 inputs and outputs of two layers, 18 bytes each.
    layers = tiny.total_parameters - 160
    trained = 18 * 16 * 128 * 2
    assert state_bytes(tiny, Layout(), "lora") == pytest.approx(2 * layers + 320 + trained)
    packed, matrix = 0.516 * layers + 320, 2 * 8 * 16
    assert state_bytes(tiny, Layout(), "qlora") == pytest.approx(packed + trained + matrix)
    live = 0.516 * layers + matrix
    assert state_bytes(tiny, Layout(dp=2, shard=3), "qlora") == pytest.approx((packed + trained) / 2 + live)
    assert state_bytes(tiny, Layout(dp=2, shard=3, offload=True), "qlora") == pytest.approx(trained / 2 + live)


def test_activations_by_hand_and_with_recomputation(tiny: ModelShape) -> None:
    layer = 6 * (18 * 8 + 4 * 16)
    logits = 6 * 6 * 10
    assert activation_bytes(tiny, Layout()) == 2 * layer + logits
    assert activation_bytes(tiny, Layout(recompute="full")) == 2 * 2 * 6 * 8 + layer + logits
    assert activation_bytes(tiny, Layout(pp=2, micro_batches=8)) == 2 * layer + logits, (
        "two micro-batches in flight on one layer"
    )


def test_usable_memory_leaves_room_for_the_driver() -> None:
    assert usable_bytes(80e9) == pytest.approx(70.6e9)
