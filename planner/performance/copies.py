"""Copies of a model that serve: how many answers at once each serves within its limits, and how fast, on several devices at once.

    batch       the most answers at once that memory holds and the limits allow (at most `BATCH_MAX` a device)
    rate        B · out / (out · step + B · prompt) tokens/s of a copy: prompts steal the time of steps
    apart       prompts on devices of their own in the ratio that balances both: the same device-seconds, but a token waits
                for its step alone
    copy        the number of devices (a power of two) that serves most per device; a dense copy stays within its domain

Copies of every width on every device are timed as arrays, by the lines that time one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, NamedTuple

import numpy as np

from planner.domain.model_shape import ModelShape
from planner.performance.memory import usable_bytes
from planner.performance.piecewise import any_of, at_once, each_of, larger, root, smaller, where
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

BATCH_MAX = 1024.0
REPLICA_MAX = 64
POWERS = tuple(2**n for n in range(REPLICA_MAX.bit_length()))
NEAR = 1.01
TOO_SLOW = "no batch keeps the limits of latency"


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


class Copy(NamedTuple):
    """A copy at work on `batch` answers: rates per device, what a user waits for, and the seconds of all prompts and of all
    steps. A batch of nothing: not even one answer keeps the limits.
    """

    batch: float
    output_tokens_per_s: float
    requests_per_s: float
    tpot_ms: float
    ttft_s: float
    prompts: float
    steps: Step

    @property
    def binds(self) -> str:
        """The largest part of its time."""
        parts = {"prompts": self.prompts, **self.steps._asdict()}
        return max(parts, key=lambda name: parts[name])


class Best(NamedTuple):
    """The copy that serves most per device, with its width in devices; None, and why, where there is none."""

    devices: int
    copy: Copy | None
    reason: str = ""


On = Sequence[tuple[Server, ServingRates]]
Lane = tuple[int, int]
"""A device, by its place among those asked about, and the width of a copy on it."""


def best_copies(shape: ModelShape, on: On, wish: Wish) -> list[Best]:
    """The best copy on each device."""
    lanes = [(place, devices) for place, (server, _) in enumerate(on) for devices in _widths(shape, server, wish)]
    most = dict(pair for some in _together(on, lanes) for pair in _rooms(shape, on, wish, some))
    roomy = [lane for lane in lanes if most[lane] >= 1 or wish.batch is not None]
    copies = dict(pair for some in _together(on, roomy) for pair in _copies(shape, on, wish, some, most))
    best = [Best(1, None, "no copy is wide enough")] * len(on)
    for place, devices in lanes:
        copy, before = copies.get((place, devices)), best[place].copy
        if copy is not None and copy.batch:
            if before is None or copy.output_tokens_per_s > before.output_tokens_per_s:
                best[place] = Best(devices, copy)
        elif before is None:
            none = f"its weights and one request do not fit {devices} devices"
            best[place] = Best(devices, None, none if copy is None else TOO_SLOW)
    return best


def _widths(shape: ModelShape, server: Server, wish: Wish) -> Sequence[int]:
    """A dense copy as wide as its domain at most, unless weights need more."""
    if wish.devices:
        return (wish.devices,)
    need, room = weight_bytes(shape, server.weight_bytes), usable_bytes(server.memory_bytes)
    wide = max(8, server.domain)
    return [n for n in POWERS if n <= wide or shape.experts or need > n / 2 * room]


def _together(on: On, lanes: Sequence[Lane]) -> Iterator[Sequence[Lane]]:
    """All at once; those of one device one by one, which is sooner for so few."""
    return iter([[lane] for lane in lanes] if len(on) == 1 else [lanes] if lanes else [])


def _as_one(on: On, lanes: Sequence[Lane]) -> tuple[Server, ServingRates, Any]:
    """Servers, rates and widths of the lanes: arrays, or numbers where there is but one device."""
    which = np.array([place for place, _ in lanes])
    widths = np.array([devices for _, devices in lanes], float) if len(on) > 1 else lanes[0][1]
    return at_once([server for server, _ in on], which), at_once([rates for _, rates in on], which), widths


def _rooms(shape: ModelShape, on: On, wish: Wish, lanes: Sequence[Lane]) -> Iterator[tuple[Lane, float]]:
    """Answers that fit beside the weights, each at its mean length."""
    server, _, devices = _as_one(on, lanes)
    room = devices * usable_bytes(server.memory_bytes) - weight_bytes(shape, server.weight_bytes)
    most = larger(room, 0.0) / cache_bytes(shape, wish.load.context, server.cache_bytes)
    return zip(lanes, each_of(most, len(lanes)), strict=True)


def _copies(
    shape: ModelShape, on: On, wish: Wish, lanes: Sequence[Lane], most: Mapping[Lane, float]
) -> Iterator[tuple[Lane, Copy]]:
    """Copies at their largest batch."""
    server, r, devices = _as_one(on, lanes)
    room: Any = np.array([most[lane] for lane in lanes]) if len(on) > 1 else most[lanes[0]]
    timed = _timing(shape, server, r, wish, devices)
    batch: Any = wish.batch or _largest_batch(timed, wish, smaller(room, BATCH_MAX * devices))
    took, out = timed(batch), wish.load.tokens_out
    rates = batch * out / took.busy / devices, batch / took.busy / devices
    steps = (each_of(seconds * out / wish.accepted, len(lanes)) for seconds in took.step)
    copies = (each_of(each, len(lanes)) for each in (batch, *rates, took.tpot_ms, took.ttft_s, took.prompts))
    return zip(lanes, map(Copy, *copies, map(Step, *steps)), strict=True)


class _Timing(NamedTuple):
    """Seconds of a batch of answers: one step, all its prompts, the copy's time, and what a user waits for."""

    step: Step
    prompts: float
    busy: float
    tpot_ms: float
    ttft_s: float


def _timing(shape: ModelShape, server: Server, r: ServingRates, wish: Wish, devices: float) -> Callable[[Any], _Timing]:
    """What a copy of so many devices takes, by the batch."""
    load = wish.load
    wide = wish.apart and bool(shape.experts)
    # Beyond the domain a copy is a pipeline of domains, each at work on its own share of the answers.
    group = devices if wide else smaller(devices, server.domain)
    stages = devices / group
    step_of = decoding(shape, server, group, load, r, wide)
    prompt = prompt_seconds(shape, server, group, load, r) / stages

    def timed(batch: Any) -> _Timing:
        step = step_of(larger(batch / stages, 1.0))
        seconds, prompts = step.seconds, batch * prompt
        answer = load.tokens_out * seconds / wish.accepted
        busy = answer + prompts
        share = prompts / busy
        token = answer if wish.apart else busy
        queue = share / 2 / (1 - share)
        return _Timing(step, prompts, busy, 1e3 * token / load.tokens_out, prompt * (stages + queue) + seconds)

    return timed


def _largest_batch(timed: Callable[[Any], _Timing], wish: Wish, most: Any) -> Any:
    """The largest batch up to `most` that keeps both limits; both times grow with it. Nothing when not even one does."""
    if wish.tpot_ms is None and wish.ttft_s is None:
        return most
    tpot_ms, ttft_s = (inf if limit is None else limit for limit in (wish.tpot_ms, wish.ttft_s))

    def keeps(batch: Any) -> Any:
        timing = timed(batch)
        return (timing.tpot_ms <= tpot_ms) & (timing.ttft_s <= ttft_s)

    all_of_it, one = keeps(most), keeps(1.0)
    low, high = where(all_of_it, most, 1.0), most
    while any_of(going := one * (high / low) > NEAR):
        middle = root(low * high)
        kept = keeps(middle)
        low, high = where(going & kept, middle, low), where(going > kept, middle, high)
    return where(all_of_it, most, one * low)
