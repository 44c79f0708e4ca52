"""Memory per device of a layout, in bytes.

    weights+gradients  6 P/(tp pp)            BF16 weight and FP32 gradient; FSDP divides by dp·cp as well
    optimiser          12 P/(tp pp)/(dp·cp)   FP32 master weight and two moments, always sharded
    activations        T h (18 + 4 f/h) / tp  bytes per layer kept (Korthikanti 2022, eq. 2 less the fused attention term)
                       T 2h / tp              with full recomputation, plus one live layer
                       + 5 T a s / tp         where attention is not fused and not recomputed
    in flight          min(m, pp) micro-batches on the first stage (1F1B)
    logits             6 T V / tp             output scores in FP32 and their gradient, on the last stage

T = b·s/cp tokens of a micro-batch. Experts are spread over ep, the rest is not. Sources: Rajbhandari 2020 (ZeRO),
Korthikanti 2022. A layout fits when the sum is at most `USABLE` of the memory less `RESERVED_BYTES` (driver, communicators).
"""

from __future__ import annotations

from planner.domain.model_shape import ModelShape
from planner.performance.layout import Layout
from planner.performance.piecewise import larger, smaller, where

USABLE = 0.92
RESERVED_BYTES = 3e9
WEIGHT_AND_GRADIENT_BYTES = 6.0
OPTIMISER_BYTES = 12.0
FROZEN_WEIGHT_BYTES = 2.0
SELECTIVE_SHARE = 0.6


def device_parameters(shape: ModelShape, layout: Layout) -> tuple[float, float]:
    """(dense, expert) parameters that one device holds before data-parallel sharding."""
    experts = shape.expert_parameters
    split = layout.tp * layout.pp
    return (shape.total_parameters - experts) / split, experts / (split * layout.ep)


def state_bytes(shape: ModelShape, layout: Layout, trainable_share: float = 1.0) -> float:
    """Weights, gradients and optimiser state. With LoRA only `trainable_share` of the weights carries gradients."""
    dense, expert = device_parameters(shape, layout)
    group = layout.dp * layout.cp
    held = 1.0 if layout.shard == 1 else 1.0 / group
    expert_group = larger(1.0, group / layout.ep)
    expert_held = 1.0 if layout.shard == 1 else 1.0 / expert_group
    kept = (
        WEIGHT_AND_GRADIENT_BYTES
        if trainable_share >= 1
        else FROZEN_WEIGHT_BYTES + trainable_share * WEIGHT_AND_GRADIENT_BYTES
    )
    optimiser = OPTIMISER_BYTES * min(1.0, trainable_share)
    return dense * (kept * held + optimiser / group) + expert * (kept * expert_held + optimiser / expert_group)


def activation_bytes(shape: ModelShape, layout: Layout) -> float:
    """Activations kept for the backward pass on the fullest stage, and the logits."""
    tokens = layout.micro_batch * shape.seq_len / layout.cp
    width = shape.ffn if not shape.experts else shape.experts_per_token * shape.expert_ffn + shape.shared_ffn
    layer = tokens * (18 * shape.hidden + 4 * width) / layout.tp
    if not shape.flash:
        layer = layer + (layout.recompute == "none") * (5 * tokens * shape.heads * shape.seq_len / layout.tp)
    layers = shape.layers / layout.pp
    in_flight = where(layout.pp > 1, smaller(layout.micro_batches, layout.pp), 1)
    layer = layer * where(layout.recompute == "selective", SELECTIVE_SHARE, 1.0)
    inputs = in_flight * layers * 2 * tokens * shape.hidden / layout.tp + layer
    kept = where(layout.recompute == "full", inputs, in_flight * layers * layer)
    return kept + 6 * tokens * shape.vocab / layout.tp


def memory_bytes(shape: ModelShape, layout: Layout, trainable_share: float = 1.0) -> float:
    """All of it."""
    return state_bytes(shape, layout, trainable_share) + activation_bytes(shape, layout)


def usable_bytes(device_memory_bytes: float) -> float:
    """What a training job may fill of a device's memory."""
    return USABLE * device_memory_bytes - RESERVED_BYTES
