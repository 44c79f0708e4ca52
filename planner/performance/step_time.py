"""Seconds of one training step: what is counted, divided by what the stack achieves.

    product     seconds / e · (1 + t₀/m)(1 + w₀/n)(1 + w₀/k)                  a large product runs at e of peak
    low         seconds / (speedup · e_low) · …  + cast · seconds / e         casts and what stays in BF16
    micro-batch products + attention + memory-bound + launches
                + exposed shares of tensor, context, expert and pipeline traffic
    step        (m + bubble · (pp−1)/v) · micro-batch + exposed data-parallel + optimiser, times 1 + jitter · log2(N/8)

Every name on the right is a field of `Rates`, fitted once for all models and stacks (`data/performance.yaml`). The
arithmetic works on floats and on numpy arrays alike, so the refit and the estimate share these lines.
"""

from __future__ import annotations

from typing import NamedTuple

from planner.performance.counts import Counts, Product

UNHIDDEN = 0.05
"""Share of FSDP traffic that no computation hides: the first gather and the last scatter."""

OPTIMISER_BANDWIDTH = 0.8
"""Share of memory bandwidth that a fused optimiser reaches."""


class Rates(NamedTuple):
    """What a stack achieves on a device at one precision and date."""

    matmul: float
    low: float
    cast: float
    rows: float
    width: float
    expert: float
    expert_rows: float
    attention: float
    attention_small: float
    unfused: float
    memory: float
    moe_memory: float
    tensor: float
    context: float
    expert_exchange: float
    pipeline: float
    launch: float
    moe_launch: float
    logit_imbalance: float
    bubble: float
    data_once: float
    data_each: float
    overlap: float
    jitter: float


def _stretch(product: Product, rows: float, width: float) -> float:
    """How much longer a product of this size takes than a large one of the same work."""
    return (1 + rows / product.m) * (1 + width / product.n) * (1 + width / product.k)


def _positive(x: float) -> float:
    return 0.5 * (x + abs(x))


def matrix_seconds(c: Counts, r: Rates) -> float:
    """Products of the layers of one stage and micro-batch, at the training precision."""
    grow = c.speedup**0.5
    low = 1 / (c.speedup * r.low) + r.cast / r.matmul
    dense = sum(p.seconds * _stretch(p, r.rows * grow, r.width * grow) for p in c.dense)
    experts = sum(p.seconds * _stretch(p, r.expert_rows * grow, r.width * grow) for p in c.experts)
    return (dense + experts / r.expert) * low


def _compute(c: Counts, r: Rates) -> float:
    """One stage and micro-batch without traffic: products, attention, memory-bound operations, launches, output layer."""
    attention = c.attention / (r.matmul * r.attention) * (1 + r.attention_small * c.attention_low)
    moved = r.unfused * c.attention_unfused + r.memory * c.memory_bound + r.moe_memory * c.moe_memory
    launched = r.launch * c.kernels + r.moe_launch * c.moe_kernels
    return matrix_seconds(c, r) + attention + moved + launched


def _logits(c: Counts, r: Rates) -> float:
    """The output layer of one micro-batch."""
    return c.logits.seconds / r.matmul * _stretch(c.logits, r.rows, r.width)


def micro_batch_seconds(c: Counts, r: Rates) -> float:
    """One stage, one micro-batch, forward and backward."""
    exchanged = r.tensor * c.tensor + r.context * c.context + r.expert_exchange * c.expert + r.pipeline * c.pipeline
    share = 1 / c.stages + r.logit_imbalance * (1 - 1 / c.stages)
    return _compute(c, r) + exchanged + _logits(c, r) * share


def compute_seconds(c: Counts, r: Rates) -> float:
    """One optimiser step if kernels were all: no traffic, no bubble, no jitter."""
    return c.micro_batches * (_compute(c, r) + _logits(c, r) / c.stages)


def step_seconds(c: Counts, r: Rates) -> float:
    """One optimiser step."""
    return step_of(c, r, micro_batch_seconds(c, r))


def step_of(c: Counts, r: Rates, micro_batch: float) -> float:
    """One optimiser step of micro-batches that take so many seconds."""
    compute = (c.micro_batches + r.bubble * c.bubble) * micro_batch
    late = _positive(r.data_each * c.data_each - r.overlap * micro_batch) + UNHIDDEN * c.data_each
    once = r.data_once * c.data_once + c.optimiser / OPTIMISER_BANDWIDTH
    return (compute + late * c.micro_batches + once) * (1 + r.jitter * c.doublings)
