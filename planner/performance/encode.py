"""Encoders of pictures, speech and histories: one pass over the input, nothing written.

    batch     B inputs at once: B · pass + weights / (D · bandwidth · e_b) + layers · t₀ seconds, at most the limit `ttft_s`
    rate      B / seconds, for the largest B that keeps the limit
    pass      (2 N n + attention of n tokens to n) / (D · peak · e_p): as the prompt of a decoder is read

Judgement: nobody has measured encoders for this model; it takes them to reach what prompts reach on the same stack.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from planner.domain.accelerator import Accelerator
from planner.domain.model_shape import ModelShape
from planner.domain.speed_parameters import SpeedParameters
from planner.errors import InvalidInput
from planner.performance.copies import BATCH_MAX, REPLICA_MAX, Wish
from planner.performance.kept import answered
from planner.performance.memory import usable_bytes
from planner.performance.serving import Served, format_of, runs_in, server_of, serving_rates
from planner.performance.serving_step import encode_seconds, weight_bytes


def encode_on(
    shape: ModelShape, accelerators: Sequence[Accelerator], wish: Wish, parameters: SpeedParameters
) -> list[Served | InvalidInput]:
    """The speed of one device of each at passes over `tokens_in` tokens; `Served.reason` says why there is none, InvalidInput
    which figure is not published.
    """
    return [answered(partial(_encode, shape, accelerator, wish, parameters)) for accelerator in accelerators]


def _encode(shape: ModelShape, accelerator: Accelerator, wish: Wish, parameters: SpeedParameters) -> Served:
    weights = format_of(shape, wish)
    precision = runs_in(accelerator, wish.precision, weights)
    server = server_of(accelerator, precision, wish, shape, parameters)
    r = serving_rates(accelerator, precision, parameters.of_serving, wish.tuned)
    held = weight_bytes(shape, server.weight_bytes)
    devices = next((2**n for n in range(7) if held <= 2**n * usable_bytes(server.memory_bytes)), None)
    if devices is None:
        return Served(False, f"{shape.name} on {accelerator.id}: its weights do not fit {REPLICA_MAX} devices")
    each = encode_seconds(shape, server, devices, wish.load.tokens_in, r)
    reading = r.slow * held / (devices * server.bandwidth * r.bandwidth)
    once = reading + r.slow * shape.layers * r.layer
    batch = BATCH_MAX if wish.ttft_s is None else min(BATCH_MAX, (wish.ttft_s - once) / each)
    if batch < 1:
        return Served(
            False, f"{shape.name} on {accelerator.id}: not even one input keeps the limit of latency", devices
        )
    seconds = once + batch * each
    return Served(
        fits=True,
        reason="",
        devices=devices,
        batch=batch,
        requests_per_s=batch / seconds / devices,
        ttft_s=seconds,
        binds="prompts" if batch * each >= once else "weights",
        precision=precision,
        weights=weights,
        peak=server.peak,
    )
