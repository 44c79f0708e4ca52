"""The serving model that plans used before, kept to compare with: shape guessed from counts, 3 : 1, no limit of latency.

prompt    2 N tokens at half the training ceiling of the stack
answer    max( 2 N B / (peak · e), (weights + B · cache / 2) / (0.7 · bandwidth) ) a step; B what memory holds, at most 256
"""

from __future__ import annotations

from benchmarks.serving_cases import ServingCase
from planner.domain.model_shape import ModelShape
from planner.intake.catalogue import accelerators, performance_parameters
from planner.performance.device import Device
from planner.performance.guess import guess
from planner.performance.memory import usable_bytes
from planner.performance.rates import LOW_PRECISION, device_of, rates, setting_of
from planner.performance.step_time import Rates

PROMPT_PER_ANSWER, BATCH_MIN, BATCH_MAX, REPLICA_MAX = 3.0, 8.0, 256.0, 64
COMPUTE_SHARE, BANDWIDTH_SHARE = 0.5, 0.7


def previous_output_tokens(row: ServingCase) -> float:
    """Tokens of the answer per second and device as a plan asked for them."""
    p, accelerator = performance_parameters(), accelerators()[row.accelerator]
    total, active = row.shape.total_parameters / 1e9, row.shape.active_matrix_parameters / 1e9
    shape = guess(total, active if row.shape.experts else None)
    low = LOW_PRECISION.get(row.wish.precision)
    precision = row.wish.precision if low is None or accelerator.peak_tflops(low) else "bf16"
    device = device_of(accelerator, precision, p)
    r = rates(setting_of(device, precision, 2026.0, False, p), p.shared)
    tokens = _share_of_peak(shape, device, r) * device.peak * device.speedup / (2 * shape.active_matrix_parameters)
    load = row.wish.load
    return max(tokens, 1e-9) * load.tokens_out / (load.tokens_in + load.tokens_out)


def _share_of_peak(shape: ModelShape, device: Device, r: Rates) -> float:
    """Model FLOP over peak of the best copy; zero when the model does not fit."""
    weights, cache = shape.total_parameters * 2.0 / device.speedup, _cache_bytes(shape)
    widths = (2**n for n in range(REPLICA_MAX.bit_length()))
    room = weights + BATCH_MIN * cache
    fewest = next((n for n in widths if room <= n * usable_bytes(device.memory_bytes)), None)
    return 0.0 if fewest is None else max(_copy_share(shape, device, r, n * fewest) for n in (1, 2, 4))


def _cache_bytes(shape: ModelShape) -> float:
    return 4.0 * shape.layers * shape.kv_heads * shape.head_dim * shape.attended


def _copy_share(shape: ModelShape, device: Device, r: Rates, devices: int) -> float:
    weights, cache = shape.total_parameters * 2.0 / device.speedup, _cache_bytes(shape)
    batch = min(BATCH_MAX, (devices * usable_bytes(device.memory_bytes) - weights) / cache)
    peak, flop = device.peak * device.speedup * devices, 2 * shape.active_matrix_parameters
    prompt = PROMPT_PER_ANSWER * flop * batch / (peak * r.low * COMPUTE_SHARE)
    compute = flop * batch / (peak * r.low * COMPUTE_SHARE)
    memory = (weights + batch * cache / 2) / (devices * device.memory_bandwidth * BANDWIDTH_SHARE)
    return (1 + PROMPT_PER_ANSWER) * flop * batch / (prompt + max(compute, memory)) / peak
