"""Speed of serving a model: a roofline of reading the prompt and writing the answer. An estimate, not fitted.

    prompt    2 N tokens at half the training ceiling of the stack (short and ragged sequences)
    answer    one step per token for a batch of B sequences:
              max( 2 N B / (peak · e),  (weights + B · KV cache) / (0.7 · memory bandwidth) )
    B         what memory holds beside the weights, at most 256
    useful    2 N (prompt + answer tokens) / time, in PFLOP/s of model FLOP per device

A request reads three tokens for each that it writes. Weights are at the serving precision; the fewest devices that hold them
(with room for a batch), or two or four times as many where that serves more per device, share a copy. Source of the form: Pope 2022; the two shares are judgement.
"""

from __future__ import annotations

from planner.domain.model_shape import ModelShape
from planner.performance.device import Device
from planner.performance.memory import usable_bytes
from planner.performance.step_time import Rates

PROMPT_PER_ANSWER = 3.0
PROMPT_SHARE = 0.5
ANSWER_COMPUTE_SHARE = 0.5
ANSWER_BANDWIDTH_SHARE = 0.7
BATCH_MAX = 256.0
BATCH_MIN = 8.0
REPLICA_MAX = 64
KV_BYTES = 2.0
BF16_BYTES = 2.0


def kv_bytes_per_sequence(shape: ModelShape) -> float:
    """Key and value cache of one sequence of full length, BF16."""
    return 2 * KV_BYTES * shape.layers * shape.kv_heads * shape.head_dim * shape.attended


def replica_devices(shape: ModelShape, device: Device) -> int | None:
    """Fewest devices (a power of two) that hold the weights and a small batch; None when not even 64 do."""
    weights = shape.total_parameters * BF16_BYTES / device.speedup
    devices = 1
    while devices <= REPLICA_MAX:
        if weights + BATCH_MIN * kv_bytes_per_sequence(shape) <= devices * usable_bytes(device.memory_bytes):
            return devices
        devices *= 2
    return None


def inference_mfu(shape: ModelShape, device: Device, r: Rates) -> float:
    """Share of peak at the serving precision that model FLOP reach; zero when the model does not fit."""
    fewest = replica_devices(shape, device)
    if fewest is None:
        return 0.0
    # A copy that only just fits has no memory left for a batch: twice or four times the devices may serve more per device.
    return max(_copy_mfu(shape, device, r, devices) for devices in (fewest, 2 * fewest, 4 * fewest))


def _copy_mfu(shape: ModelShape, device: Device, r: Rates, devices: int) -> float:
    """The same for a copy of the weights on so many devices."""
    weights = shape.total_parameters * BF16_BYTES / device.speedup
    cache = kv_bytes_per_sequence(shape)
    batch = min(BATCH_MAX, (devices * usable_bytes(device.memory_bytes) - weights) / cache)
    peak = device.peak * device.speedup * devices
    flop = 2 * shape.active_matrix_parameters
    prompt = PROMPT_PER_ANSWER * flop * batch / (peak * r.low * PROMPT_SHARE)
    compute = flop * batch / (peak * r.low * ANSWER_COMPUTE_SHARE)
    memory = (weights + batch * cache / 2) / (devices * device.memory_bandwidth * ANSWER_BANDWIDTH_SHARE)
    return (1 + PROMPT_PER_ANSWER) * flop * batch / (prompt + max(compute, memory)) / peak
