"""How fast a device serves a model under a load and its limits of latency.

    batch       the most answers at once that memory holds and the limits allow (at most `BATCH_MAX` a device)
    rate        B · out / (out · step + B · prompt) tokens/s of a copy: prompts steal the time of steps
    apart       prompts on devices of their own in the ratio that balances both: the same device-seconds, but a token waits
                for its step alone
    copy        the number of devices (a power of two) that serves most per device; a dense copy stays within its domain

Arithmetic runs in the precision asked for or in BF16, whichever is faster on the device; a weight takes the bytes of its
format whatever the arithmetic. Which term binds is the largest part of the time of a token.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from planner.domain.accelerator import Accelerator
from planner.domain.model_shape import ModelShape
from planner.domain.serving_parameters import ServingBand, ServingParameters, ServingStack
from planner.domain.speed_parameters import SpeedParameters
from planner.errors import InvalidInput, Problem
from planner.performance.kept import Kept
from planner.performance.memory import usable_bytes
from planner.performance.rates import LOW_PRECISION, OTHER, device_of
from planner.performance.serving_step import (
    Load,
    Server,
    ServingRates,
    Step,
    cache_bytes,
    decoding,
    prompt_seconds,
    weight_bytes,
)  # fmt: skip

FORMAT_BYTES = {
    "fp32": 4.0, "bf16": 2.0, "fp16": 2.0, "fp8": 1.0, "mxfp8": 1.03, "int8": 1.0, "fp4": 0.5625, "nvfp4": 0.5625,
    "mxfp4": 0.53, "int4": 0.53,
}  # fmt: skip
"""Bytes of a weight in memory, the scales of its block included."""

BATCH_MAX = 1024.0
REPLICA_MAX = 64
LATENCY_MS = 60.0
"""A limit on the time of a token below this, or a batch of at most `SMALL_BATCH`, counts as bound by latency."""
SMALL_BATCH = 32.0
TOO_SLOW = "no batch keeps the limits of latency"
UNKNOWN_BAND = ServingBand(p10=0.5, p90=2.0)


@dataclass(frozen=True, slots=True)
class Wish:
    """How it is to be served; None leaves it to the model."""

    load: Load
    precision: str = "bf16"
    weights: str | None = None
    cache: str = "bf16"
    tpot_ms: float | None = None
    ttft_s: float | None = None
    tuned: bool = True
    apart: bool = False
    devices: int | None = None
    batch: float | None = None
    accepted: float = 1.0


@dataclass(frozen=True, slots=True)
class Served:
    """Speed of one device in a copy of `devices`. When it cannot be, speeds are zero and `reason` says why."""

    fits: bool
    reason: str
    devices: int = 1
    batch: float = 0.0
    output_tokens_per_s: float = 0.0
    requests_per_s: float = 0.0
    tpot_ms: float = 0.0
    ttft_s: float = 0.0
    binds: str = ""
    precision: str = "bf16"
    weights: str = "bf16"
    apart: bool = False
    peak: float = 0.0
    band: ServingBand = UNKNOWN_BAND


def runs_in(accelerator: Accelerator, precision: str, weights: str = "bf16") -> str:
    """The arithmetic that is fastest on the device among what was asked for and BF16.

    Weights of four bits are widened to BF16 where the device has no FP4 arithmetic.
    """
    if FORMAT_BYTES[weights] < 1 and not accelerator.fp4_tflops:
        return "bf16"
    low = LOW_PRECISION.get(precision)
    plain = accelerator.bf16_tflops or accelerator.fp16_tflops or 0.0
    return precision if low is None or (accelerator.peak_tflops(low) or 0.0) > plain else "bf16"


def serving_rates(accelerator: Accelerator, precision: str, p: ServingParameters, tuned: bool) -> ServingRates:
    """What the stack of a device reaches in that arithmetic."""
    stack = serving_stack(accelerator.software_stack, p)
    low = p.fp4 if LOW_PRECISION.get(precision) == "fp4" else 1.0
    slow = 1.0 if tuned else p.untuned
    return ServingRates(
        stack.prompt * low, stack.decode * low, stack.bandwidth, stack.layer_us / 1e6, p.doubling, p.expert_width,
        p.expert_layer, p.balance, p.exposed, p.wide, slow,
    )  # fmt: skip


def serving_stack(name: str, p: ServingParameters) -> ServingStack:
    """What engines of a stack reach, or those of `other` where nobody measured it."""
    return p.stacks.get(name) or p.stacks[OTHER]


def server_of(accelerator: Accelerator, precision: str, wish: Wish, shape: ModelShape, p: SpeedParameters) -> Server:
    """The device under that arithmetic and those formats. InvalidInput when a figure is not published."""
    device = device_of(accelerator, precision, p)
    return Server(
        peak=device.peak * device.speedup,
        attention_peak=device.peak,
        bandwidth=device.memory_bandwidth,
        memory_bytes=device.memory_bytes,
        link=device.link,
        nic=device.nic,
        domain=device.domain,
        weight_bytes=FORMAT_BYTES[format_of(shape, wish)],
        cache_bytes=FORMAT_BYTES[wish.cache],
    )


def format_of(shape: ModelShape, wish: Wish) -> str:
    """Format of the weights: as wished, else the smaller of the arithmetic's and the published one."""
    if wish.weights:
        return wish.weights
    return min((shape.weights, wish.precision), key=lambda name: FORMAT_BYTES.get(name, 2.0))


def serve(shape: ModelShape, accelerator: Accelerator, wish: Wish, parameters: SpeedParameters) -> Served:
    """The fastest way to serve on that device; `Served.reason` says why there is none."""
    for name in (wish.precision, wish.weights, wish.cache):
        if name is not None and name not in FORMAT_BYTES:
            raise InvalidInput(Problem(f"{name} is no format", f"Use one of {', '.join(FORMAT_BYTES)}."))
    return _serve(shape, accelerator, wish, Kept(parameters))


def serve_on(
    shape: ModelShape, accelerators: Sequence[Accelerator], wish: Wish, parameters: SpeedParameters
) -> list[Served | InvalidInput]:
    """The same on each of several; InvalidInput where a figure is not published."""
    answers: list[Served | InvalidInput] = []
    for accelerator in accelerators:
        try:
            answers.append(serve(shape, accelerator, wish, parameters))
        except InvalidInput as error:
            answers.append(error)
    return answers


@lru_cache(maxsize=20_000)
def _serve(shape: ModelShape, accelerator: Accelerator, wish: Wish, kept: Kept) -> Served:
    p, fitted = kept.parameters, kept.parameters.of_serving
    precision = runs_in(accelerator, wish.precision, format_of(shape, wish))
    server = server_of(accelerator, precision, wish, shape, p)
    r = serving_rates(accelerator, precision, fitted, wish.tuned)
    widths = (wish.devices,) if wish.devices else tuple(2**n for n in range(REPLICA_MAX.bit_length()))
    copies = [copy_of(shape, server, r, wish, devices) for devices in widths if _sensible(shape, server, devices, wish)]
    able = [each for each in copies if each.fits]
    if not able:
        last = copies[-1] if copies else Served(False, "no copy is wide enough")
        return replace(last, reason=f"{shape.name} on {accelerator.id}: {last.reason}")
    best = max(able, key=lambda each: each.output_tokens_per_s)
    band = _band(accelerator, best, wish, fitted)
    return replace(best, precision=precision, weights=format_of(shape, wish), peak=server.peak, band=band)


def _sensible(shape: ModelShape, server: Server, devices: int, wish: Wish) -> bool:
    """A dense copy as wide as its domain at most, unless weights need more."""
    need = weight_bytes(shape, server.weight_bytes)
    wide = devices <= max(8, server.domain) or bool(shape.experts)
    return bool(wish.devices) or wide or need > devices / 2 * usable_bytes(server.memory_bytes)


def copy_of(shape: ModelShape, server: Server, r: ServingRates, wish: Wish, devices: int) -> Served:
    """The same for a copy of so many devices."""
    most = batch_in_memory(shape, server, wish.load, devices)
    if most < 1 and wish.batch is None:
        return Served(False, f"its weights and one request do not fit {devices} devices", devices)
    timed = _timing(shape, server, r, wish, devices)
    batch = wish.batch or _largest_batch(timed, wish, min(most, BATCH_MAX * devices))
    if not batch:
        return Served(False, TOO_SLOW, devices)
    return _served(timed(batch), wish, devices, batch)


def batch_in_memory(shape: ModelShape, server: Server, load: Load, devices: int) -> float:
    """Answers that fit beside the weights, each at its mean length."""
    room = devices * usable_bytes(server.memory_bytes) - weight_bytes(shape, server.weight_bytes)
    each = cache_bytes(shape, load.context, server.cache_bytes)
    return room / each if room > 0 else 0.0


class _Timing(NamedTuple):
    """Seconds of a batch of answers: one step, all its prompts, the copy's time, and what a user waits for."""

    step: Step
    prompts: float
    busy: float
    tpot_ms: float
    ttft_s: float


def _timing(shape: ModelShape, server: Server, r: ServingRates, wish: Wish, devices: int) -> Callable[[float], _Timing]:
    """What a copy of so many devices takes, by the batch."""
    load = wish.load
    wide = wish.apart and bool(shape.experts)
    # Beyond the domain a copy is a pipeline of domains, each at work on its own share of the answers.
    group = devices if wide else min(devices, server.domain)
    stages = devices / group
    step_of = decoding(shape, server, group, load, r, wide)
    prompt = prompt_seconds(shape, server, group, load, r) / stages

    def timed(batch: float) -> _Timing:
        step = step_of(max(1.0, batch / stages))
        seconds, prompts = step.seconds, batch * prompt
        answer = load.tokens_out * seconds / wish.accepted
        busy = answer + prompts
        share = prompts / busy
        token = answer if wish.apart else busy
        queue = share / 2 / (1 - share)
        return _Timing(step, prompts, busy, 1e3 * token / load.tokens_out, prompt * (stages + queue) + seconds)

    return timed


def _served(timing: _Timing, wish: Wish, devices: int, batch: float) -> Served:
    out, busy = wish.load.tokens_out, timing.busy
    parts = {"prompts": timing.prompts, **{k: v * out / wish.accepted for k, v in timing.step._asdict().items()}}
    return Served(
        fits=True,
        reason="",
        devices=devices,
        batch=batch,
        output_tokens_per_s=batch * out / busy / devices,
        requests_per_s=batch / busy / devices,
        tpot_ms=timing.tpot_ms,
        ttft_s=timing.ttft_s,
        binds=max(parts, key=lambda name: parts[name]),
        apart=wish.apart,
    )


def _largest_batch(timed: Callable[[float], _Timing], wish: Wish, most: float) -> float | None:
    """The largest batch up to `most` that keeps both limits; both times grow with it. None when not even one does."""

    def keeps(batch: float) -> bool:
        timing = timed(batch)
        slow = wish.tpot_ms is not None and timing.tpot_ms > wish.tpot_ms
        return not slow and (wish.ttft_s is None or timing.ttft_s <= wish.ttft_s)

    if wish.tpot_ms is None and wish.ttft_s is None:
        return most
    if keeps(most):
        return most
    low, high = 1.0, most
    if not keeps(low):
        return None
    while high / low > 1.01:
        middle = (low * high) ** 0.5
        low, high = (middle, high) if keeps(middle) else (low, middle)
    return low


def _band(accelerator: Accelerator, copy: Served, wish: Wish, p: ServingParameters) -> ServingBand:
    name = band_name(accelerator.software_stack, copy.batch, wish.tpot_ms)
    return p.bands.get(name, UNKNOWN_BAND)


def band_name(stack: str, batch: float, tpot_ms: float | None) -> str:
    """The class of a question that has a band of its own."""
    tight = batch <= SMALL_BATCH or (tpot_ms is not None and tpot_ms <= LATENCY_MS)
    return f"{'latency' if tight else 'high_load'}_{'cuda' if stack == 'cuda' else 'other'}"
