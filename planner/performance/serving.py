"""How fast a device serves a model under a load and its limits of latency.

Arithmetic runs in the precision asked for or in BF16, whichever is faster on the device; a weight takes the bytes of its
format whatever the arithmetic. How wide a copy is and how many answers it works on at once: `planner.performance.copies`. Which
term binds is the largest part of the time of a token.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from planner.domain.accelerator import Accelerator
from planner.domain.model_shape import ModelShape
from planner.domain.serving_parameters import ServingBand, ServingParameters, ServingStack
from planner.domain.speed_parameters import SpeedParameters
from planner.errors import InvalidInput, Problem
from planner.performance.copies import Wish, best_copies
from planner.performance.kept import Answers, Kept, answered, given
from planner.performance.rates import LOW_PRECISION, OTHER, device_of
from planner.performance.serving_step import Server, ServingRates

FORMAT_BYTES = {
    "fp32": 4.0, "bf16": 2.0, "fp16": 2.0, "fp8": 1.0, "mxfp8": 1.03, "int8": 1.0, "fp4": 0.5625, "nvfp4": 0.5625,
    "mxfp4": 0.53, "int4": 0.53,
}  # fmt: skip
"""Bytes of a weight in memory, the scales of its block included."""

LATENCY_MS = 60.0
"""A limit on the time of a token below this, or a batch of at most `SMALL_BATCH`, counts as bound by latency."""
SMALL_BATCH = 32.0
UNKNOWN_BAND = ServingBand(p10=0.5, p90=2.0)


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
    """The fastest way to serve on that device; `Served.reason` says why there is none. InvalidInput when a figure is not published."""
    (answer,) = serve_on(shape, (accelerator,), wish, parameters)
    return given(answer)


def serve_on(
    shape: ModelShape, accelerators: Sequence[Accelerator], wish: Wish, parameters: SpeedParameters
) -> list[Served | InvalidInput]:
    """The same on each of several, far sooner than one by one."""
    for name in (wish.precision, wish.weights, wish.cache):
        if name is not None and name not in FORMAT_BYTES:
            raise InvalidInput(Problem(f"{name} is no format", f"Use one of {', '.join(FORMAT_BYTES)}."))
    asked = shape, wish, Kept(parameters)
    return SERVED.of(asked, accelerators, lambda missing: _worked_out(shape, missing, wish, parameters))


SERVED = Answers[Accelerator, Served | InvalidInput]()


def _worked_out(
    shape: ModelShape, accelerators: Sequence[Accelerator], wish: Wish, p: SpeedParameters
) -> Iterator[Served | InvalidInput]:
    weights = format_of(shape, wish)
    precisions = [runs_in(accelerator, wish.precision, weights) for accelerator in accelerators]
    asked = zip(accelerators, precisions, strict=True)
    servers = [answered(partial(server_of, *each, wish, shape, p)) for each in asked]
    able = [
        (server, serving_rates(accelerator, precision, p.of_serving, wish.tuned))
        for accelerator, precision, server in zip(accelerators, precisions, servers, strict=True)
        if isinstance(server, Server)
    ]
    best = iter(best_copies(shape, able, wish))
    for accelerator, precision, server in zip(accelerators, precisions, servers, strict=True):
        if isinstance(server, InvalidInput):
            yield server
            continue
        devices, copy, reason = next(best)
        if copy is None:
            yield Served(False, f"{shape.name} on {accelerator.id}: {reason}", devices)
            continue
        yield Served(
            fits=True,
            reason="",
            devices=devices,
            batch=copy.batch,
            output_tokens_per_s=copy.output_tokens_per_s,
            requests_per_s=copy.requests_per_s,
            tpot_ms=copy.tpot_ms,
            ttft_s=copy.ttft_s,
            binds=copy.binds,
            precision=precision,
            weights=weights,
            apart=wish.apart,
            peak=server.peak,
            band=_band(accelerator, copy.batch, wish, p.of_serving),
        )


def _band(accelerator: Accelerator, batch: float, wish: Wish, p: ServingParameters) -> ServingBand:
    name = band_name(accelerator.software_stack, batch, wish.tpot_ms)
    return p.bands.get(name, UNKNOWN_BAND)


def band_name(stack: str, batch: float, tpot_ms: float | None) -> str:
    """The class of a question that has a band of its own."""
    tight = batch <= SMALL_BATCH or (tpot_ms is not None and tpot_ms <= LATENCY_MS)
    return f"{'latency' if tight else 'high_load'}_{'cuda' if stack == 'cuda' else 'other'}"
