"""What one training step does on one device, before any efficiency: seconds at peak, bytes, volumes, by kind.

Nothing here is fitted. `T = b·s/cp` tokens of a micro-batch, `l = L/pp` layers of a stage; per micro-batch and stage:

    matrix products     passes · 2 T n k / peak, with their dimensions (m, n, k), tp-sharded
    attention           3.5 (fused) or 3 full squares (not fused) of the forward product / peak
    memory-bound        l T (64 h + 16 f)/tp bytes: norms, residuals, activation functions, forward and backward
    tensor parallel     4 l all-reduces of 2 T h bytes over the link of the group    (Megatron; 6 with recomputation)
    context parallel    3 (cp−1) exchanges of keys and values
    expert parallel     4 l all-to-alls of 2 k T h bytes, the part that leaves the domain over the NIC
    pipeline            2 T h bytes each way per chunk
per step:
    data parallel       6 P bytes (reduce gradients in FP32, gather weights in BF16); FSDP: 6 P per micro-batch
    optimiser           30 P / group bytes

A layout may be many at once, its degrees arrays of floats; the counts are then arrays, each equal to that of its one layout.
A group that spans nodes moves data at min(link, NIC · peers per node): all NICs of a node carry the ring.
Sources: Narayanan 2021, Korthikanti 2022, Rajbhandari 2020, Isaev 2023 (per-operator roofline).
"""

from __future__ import annotations

from math import log2
from typing import Any, NamedTuple, SupportsFloat, cast

import numpy as np

from planner.domain.model_shape import ModelShape
from planner.performance.device import Device
from planner.performance.layout import Layout
from planner.performance.memory import device_parameters
from planner.performance.piecewise import larger, smaller, where
from planner.performance.work import Method, passes, trainable_share

REFERENCE_PEAK = 312e12
"""A100: sizes at which matrix products saturate are stated for it and scale with the square root of the peak."""


class Product(NamedTuple):
    """A matrix product: seconds at BF16 peak over all its passes, and its dimensions divided by the device's scale."""

    seconds: float
    m: float
    n: float
    k: float


NO_PRODUCT = Product(0.0, 1.0, 1.0, 1.0)
"""What a dense model has in place of each product of its experts."""


class Counts(NamedTuple):
    """One step of one device. Seconds are at peak rate or at nominal bandwidth; `micro_batches` and below are per step."""

    dense: tuple[Product, ...]
    experts: tuple[Product, ...]
    logits: Product
    speedup: float
    attention: float
    attention_unfused: float
    attention_low: float
    memory_bound: float
    moe_memory: float
    tensor: float
    context: float
    expert: float
    pipeline: float
    kernels: float
    moe_kernels: float
    bubble: float
    stages: float
    micro_batches: float
    data_once: float
    data_each: float
    optimiser: float
    doublings: float
    tokens: float


def _product(seconds: float, m: float, n: float, k: float, scale: float) -> Product:
    return Product(seconds, m / scale, n / scale, k / scale)


def _group_bandwidth(device: Device, group: float, inner: float) -> float:
    """Bytes/s per device of a ring over `group` ranks that lie `inner` devices apart."""
    local = larger(1, device.domain // inner)
    return where(group <= local, device.link, smaller(device.link, device.nic * local))


def _doublings(devices: SupportsFloat) -> float:
    """Doublings of a cluster beyond one server of eight. Arrays take the same logarithm as numbers, each value once."""
    if not isinstance(devices, np.ndarray):
        return log2(max(1.0, float(devices) / 8))
    known = {value: _doublings(value) for value in set(devices.ravel().tolist())}
    doublings: Any = np.array([known[value] for value in devices.ravel().tolist()]).reshape(devices.shape)
    return cast(float, doublings)


def _feed_forward(
    shape: ModelShape, layers: float, width: int, rows: float, unit: float, layout: Layout, scale: float
) -> tuple[Product, ...]:
    """Up (with gate) and down products of `layers` layers, `unit` seconds per row and parameter."""
    up = (shape.matrices - 1) * width / layout.tp
    each = unit * layers * rows * shape.hidden * width / layout.tp
    return (
        _product(each * (shape.matrices - 1), rows, larger(up, 1.0), shape.hidden, scale),
        _product(each, rows, shape.hidden, larger(width / layout.tp, 1.0), scale),
    )


def _products(
    shape: ModelShape, device: Device, layout: Layout, method: Method
) -> tuple[tuple[Product, ...], tuple[Product, ...], Product]:
    scale = (device.peak / REFERENCE_PEAK) ** 0.5
    tokens = layout.micro_batch * shape.seq_len / layout.cp
    layers = shape.layers / layout.pp
    dense_share = (shape.layers - shape.expert_layers) / shape.layers
    again = 1 * (layout.recompute == "full")
    unit = 2 * shape.fill * (passes(method) + again) / device.peak
    out_width = shape.heads * (shape.v_dim or shape.head_dim)
    in_width = max(shape.attention_matrix / shape.hidden - out_width, 1.0)
    dense = (
        _product(
            unit * layers * tokens * shape.hidden * in_width / layout.tp,
            tokens,
            in_width / layout.tp,
            shape.hidden,
            scale,
        ),
        _product(
            unit * layers * tokens * shape.hidden * out_width / layout.tp,
            tokens,
            shape.hidden,
            out_width / layout.tp,
            scale,
        ),
        *_feed_forward(shape, layers * dense_share, shape.ffn, tokens, unit, layout, scale),
    )
    logit_seconds = 2 * passes(method) * tokens * shape.hidden * shape.vocab / layout.tp / device.peak
    logits = _product(logit_seconds, tokens, shape.vocab / layout.tp, shape.hidden, scale)
    if not shape.experts:
        return (*dense, NO_PRODUCT, NO_PRODUCT), (NO_PRODUCT, NO_PRODUCT), logits
    shared = _feed_forward(shape, layers * (1 - dense_share), shape.shared_ffn, tokens, unit, layout, scale)
    local_experts = larger(shape.experts / layout.ep, 1.0)
    rows = larger(tokens * shape.experts_per_token / local_experts, 1.0)
    routed = _feed_forward(
        shape, layers * (1 - dense_share) * local_experts, shape.expert_ffn, rows, unit, layout, scale
    )
    return (*dense, *shared), routed, logits


def _attention(shape: ModelShape, device: Device, layout: Layout) -> tuple[float, float]:
    """(seconds at peak, seconds of traffic of un-fused scores) of a stage and micro-batch."""
    tokens = layout.micro_batch * shape.seq_len / layout.cp
    layers = shape.layers / layout.pp
    again = 1 * (layout.recompute != "none")
    square = tokens * shape.attended * shape.heads * layers / layout.tp
    if shape.flash:
        return (3.5 + again) * square * shape.score_dims / device.peak, 0.0
    return 2 * (3 + again) * square * shape.score_dims / device.peak, 8 * (3 + again) * square / device.memory_bandwidth


def _exchanges(shape: ModelShape, device: Device, layout: Layout) -> tuple[float, float, float, float]:
    """(tensor, context, expert, pipeline) seconds of a stage and micro-batch at nominal bandwidth."""
    tokens = layout.micro_batch * shape.seq_len / layout.cp
    layers = shape.layers / layout.pp
    again = 1 * (layout.recompute == "full")
    hidden_bytes = 2 * tokens * shape.hidden
    tensor = (
        (4 + 2 * again)
        * layers
        * 2
        * (layout.tp - 1)
        / layout.tp
        * hidden_bytes
        / _group_bandwidth(device, layout.tp, 1)
    )
    kv_bytes = 4 * tokens * shape.kv_heads * shape.head_dim / layout.tp
    context = 3 * (layout.cp - 1) * layers * kv_bytes / _group_bandwidth(device, layout.cp, layout.tp)
    pipeline = (layout.pp > 1) * (2 * layout.virtual * hidden_bytes / layout.tp / device.nic)
    if not shape.experts:
        return tensor, context, 0.0, pipeline
    moe_layers = shape.expert_layers / layout.pp
    local = smaller(layout.ep, larger(1, device.domain // layout.tp))
    per_byte = (local - 1) / layout.ep / device.link + (layout.ep - local) / layout.ep / device.nic
    expert = (4 + 2 * again) * moe_layers * shape.experts_per_token * hidden_bytes / layout.tp * per_byte
    return tensor, context, expert, pipeline


def _data_parallel(shape: ModelShape, device: Device, layout: Layout, share: float) -> tuple[float, float, float]:
    """(once per step, each micro-batch, optimiser) seconds at nominal bandwidth."""
    dense, expert = device_parameters(shape, layout)
    group = layout.dp * layout.cp
    expert_group = larger(1, group // layout.ep)
    held: list[tuple[float, float, float]] = [(dense, group, layout.tp)]
    if shape.experts:
        held.append((expert, expert_group, layout.tp * layout.ep))
    once = 0.0
    for parameters, size, inner in held:
        once = once + 6 * parameters * (size - 1) / size / _group_bandwidth(device, size, inner)
    optimiser = 30 * share * (dense / group + expert / expert_group) / device.memory_bandwidth
    return (share * once, 0.0, optimiser) if layout.shard == 1 else (0.0, once * (1 + 2 * share) / 3, optimiser)


def counts(shape: ModelShape, device: Device, layout: Layout, method: Method = "pretrain") -> Counts:
    """One step of one device under `layout`."""
    tokens = layout.micro_batch * shape.seq_len / layout.cp
    layers = shape.layers / layout.pp
    again = 1 + (layout.recompute != "none") / 3
    width = shape.ffn if not shape.experts else shape.experts_per_token * shape.expert_ffn + shape.shared_ffn
    dense, experts, logits = _products(shape, device, layout, method)
    attention, unfused = _attention(shape, device, layout)
    tensor, context, expert, pipeline = _exchanges(shape, device, layout)
    once, each, optimiser = _data_parallel(shape, device, layout, trainable_share(method))
    moved = layers * tokens * (64 * shape.hidden + 16 * width) / layout.tp
    permuted = shape.expert_layers / layout.pp * tokens * shape.experts_per_token * shape.hidden * 24 / layout.tp
    return Counts(
        dense=dense,
        experts=experts,
        logits=logits,
        speedup=device.speedup,
        attention=attention * (passes(method) / 3),
        attention_unfused=unfused,
        attention_low=1.0 if shape.score_dims < 200 else 0.0,
        memory_bound=again * moved / device.memory_bandwidth,
        moe_memory=again * permuted / device.memory_bandwidth,
        tensor=tensor,
        context=context,
        expert=expert,
        pipeline=pipeline,
        kernels=layers * again,
        moe_kernels=shape.expert_layers / layout.pp * again,
        bubble=(layout.pp - 1) / layout.virtual,
        stages=1.0 * layout.pp,
        micro_batches=1.0 * layout.micro_batches,
        data_once=once,
        data_each=each,
        optimiser=optimiser,
        doublings=_doublings(layout.devices),
        tokens=1.0 * (layout.micro_batches * layout.dp * layout.micro_batch * shape.seq_len),
    )
