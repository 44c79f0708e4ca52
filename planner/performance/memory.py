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
from planner.performance.work import LORA_RANK, ORDINARY, Method, adapted_widths, trainable_share

USABLE = 0.92
RESERVED_BYTES = 3e9
WEIGHT_AND_GRADIENT_BYTES = 6.0
OPTIMISER_BYTES = 12.0
FROZEN_WEIGHT_BYTES = 2.0
FOUR_BIT_BYTES = 0.516
"""NF4 with doubly quantised scales: 4.127 bits a weight (Dettmers 2023)."""
SELECTIVE_SHARE = 0.6
LIVE_LAYERS = 2


def device_parameters(shape: ModelShape, layout: Layout) -> tuple[float, float]:
    """(dense, expert) parameters that one device holds before data-parallel sharding."""
    experts = shape.expert_parameters
    split = layout.tp * layout.pp
    return (shape.total_parameters - experts) / split, experts / (split * layout.ep)


def frozen_bytes(method: Method) -> float:
    """Bytes of a weight that is not trained."""
    return FOUR_BIT_BYTES if method == "qlora" else FROZEN_WEIGHT_BYTES


def state_bytes(shape: ModelShape, layout: Layout, method: Method = "pretrain") -> float:
    """Weights, gradients and optimiser state. With adapters only a small share of the weights carries gradients.

    Frozen weights that lie in host memory, and those that FSDP gathers, are on the device two layers at a time. Weights of four
    bits are unpacked one matrix at a time; embeddings and the output layer are never packed.
    """
    share = trainable_share(method)
    dense, expert = device_parameters(shape, layout)
    group = layout.dp * layout.cp
    held = 1.0 if layout.shard == 1 else 1.0 / group
    expert_group = larger(1.0, group / layout.ep)
    expert_held = 1.0 if layout.shard == 1 else 1.0 / expert_group
    if method in ORDINARY:
        return _ordinary_state_bytes(shape, layout, method)
    kept = WEIGHT_AND_GRADIENT_BYTES if share >= 1 else FROZEN_WEIGHT_BYTES + share * WEIGHT_AND_GRADIENT_BYTES
    optimiser = OPTIMISER_BYTES * min(1.0, share)
    return dense * (kept * held + optimiser / group) + expert * (kept * expert_held + optimiser / expert_group)


def _ordinary_state_bytes(shape: ModelShape, layout: Layout, method: Method) -> float:
    parameters = shape.total_parameters
    unpacked = shape.hidden * shape.vocab * (1 if shape.tied else 2)
    frozen = frozen_bytes(method) * (parameters - unpacked) + FROZEN_WEIGHT_BYTES * unpacked
    adapters = LORA_RANK * adapted_widths(shape) * shape.layers
    trained = adapters * (WEIGHT_AND_GRADIENT_BYTES + OPTIMISER_BYTES)
    split = layout.tp * layout.pp * (1 if layout.shard == 1 else layout.dp)
    gathered = LIVE_LAYERS * frozen_bytes(method) * (parameters - unpacked) / shape.layers
    matrix = FROZEN_WEIGHT_BYTES * shape.hidden * max(shape.ffn, shape.hidden) if method == "qlora" else 0.0
    live = (0.0 if layout.shard == 1 else gathered) + matrix
    return trained / split + (0.0 if layout.offload else frozen / split) + live / layout.tp


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


def memory_bytes(shape: ModelShape, layout: Layout, method: Method = "pretrain") -> float:
    """All of it."""
    return state_bytes(shape, layout, method) + activation_bytes(shape, layout)


def usable_bytes(device_memory_bytes: float) -> float:
    """What a training job may fill of a device's memory."""
    return USABLE * device_memory_bytes - RESERVED_BYTES
