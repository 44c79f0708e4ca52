"""Choice of a layout: the fastest that fits, under what is pinned.

Degrees are enumerated as practitioners set them: tp a power of two within the scale-up domain (at most 16), pp up to the
number of layers, cp for long sequences only, ep a power of two that divides the experts, FSDP only without pipeline. For
each the largest micro-batches that fit are tried, without and with recomputation. A global batch that is not given is
4 M tokens, or one sequence per data-parallel rank if that is more.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Literal, NamedTuple

from planner.domain.model_shape import ModelShape
from planner.performance.counts import counts
from planner.performance.device import Device
from planner.performance.layout import Layout, Recompute
from planner.performance.memory import memory_bytes, state_bytes, usable_bytes
from planner.performance.step_time import Rates, step_seconds
from planner.performance.work import Method, trainable_share

DEFAULT_BATCH_TOKENS = 4_194_304
BATCH_GROWS_FROM_DEVICES = 1024
BATCH_GROWTH_MAX = 8
TP_MAX = 16
BUSY_SHARE = 0.97
MICRO_BATCHES = (1, 2, 4, 8, 16, 32)
LONG_SEQUENCE = 8192


class Pins(NamedTuple):
    """What the user fixes; None is free."""

    tp: int | None = None
    pp: int | None = None
    cp: int | None = None
    ep: int | None = None
    virtual: int | None = None
    micro_batch: int | None = None
    shard: Literal[1, 3] | None = None
    recompute: Recompute | None = None
    global_batch: int | None = None


FREE = Pins()


class Choice(NamedTuple):
    """A layout with its step time and memory. `fits` is False when a pinned layout overflows the memory."""

    layout: Layout
    seconds: float
    memory_bytes: float
    fits: bool


def _powers(limit: int) -> list[int]:
    return [2**i for i in range(max(limit, 1).bit_length())]


def _pipelines(layers: int, limit: int) -> list[int]:
    divisors = {p for p in range(1, min(layers, limit) + 1) if layers % p == 0}
    return sorted(divisors | {p for p in (2, 4, 8, 16) if p <= min(layers, limit)})


def _degrees(shape: ModelShape, device: Device, devices: int, pins: Pins) -> Iterator[tuple[int, int, int, int, int]]:
    """(tp, pp, cp, dp, ep) whose product is the cluster, or leaves a few devices of it idle."""
    tps = (
        [pins.tp]
        if pins.tp
        else [t for t in _powers(min(device.domain, TP_MAX, devices)) if shape.heads % t == 0 or t == 1]
    )
    cps = [pins.cp] if pins.cp else [c for c in _powers(max(1, shape.seq_len // LONG_SEQUENCE)) if c <= 8]
    for tp in tps:
        for cp in cps:
            pps = [pins.pp] if pins.pp else _pipelines(shape.layers, devices // (tp * cp))
            for pp in pps:
                dp = devices // (tp * cp * pp)
                if dp < 1 or (dp * tp * cp * pp < BUSY_SHARE * devices and not (pins.tp or pins.pp)):
                    continue
                yield from ((tp, pp, cp, dp, ep) for ep in _expert_degrees(shape, dp * cp, pins))


def _expert_degrees(shape: ModelShape, group: int, pins: Pins) -> list[int]:
    if not shape.experts:
        return [1]
    if pins.ep:
        return [pins.ep]
    return [e for e in _powers(min(group, shape.experts, 64)) if group % e == 0 and shape.experts % e == 0]


def default_batch(shape: ModelShape, devices: int) -> int:
    """Sequences per step when nobody says: 4 M tokens, growing with the cluster up to 32 M."""
    grown = DEFAULT_BATCH_TOKENS * min(max(1.0, devices / BATCH_GROWS_FROM_DEVICES), BATCH_GROWTH_MAX)
    return max(1, int(grown / shape.seq_len))


def _global_batch(shape: ModelShape, dp: int, devices: int, pins: Pins) -> int:
    return pins.global_batch or max(dp, default_batch(shape, devices) // dp * dp)


def _layouts(
    shape: ModelShape, device: Device, devices: int, pins: Pins, share: float
) -> Iterator[tuple[Layout, float]]:
    """Layouts that fit, with their memory; for each set of degrees the two largest micro-batches with and without recomputation."""
    room = usable_bytes(device.memory_bytes)
    for tp, pp, cp, dp, ep in _degrees(shape, device, devices, pins):
        batch = _global_batch(shape, dp, devices, pins)
        if batch < dp and not pins.micro_batch:
            continue
        virtual = pins.virtual or (2 if pp > 1 and shape.layers % (2 * pp) == 0 else 1)
        bare = Layout(tp, pp, dp, cp, ep, virtual, 1, 1, pins.shard or 1)
        if state_bytes(shape, bare, share) > room:
            continue
        for recompute in _recomputes(pins):
            yield from _fitting(shape, bare._replace(recompute=recompute), batch, pins, room, share)


def _recomputes(pins: Pins) -> tuple[Recompute, ...]:
    if pins.recompute:
        return (pins.recompute,)
    return ("none", "selective", "full")


def _fitting(
    shape: ModelShape, bare: Layout, batch: int, pins: Pins, room: float, share: float
) -> Iterator[tuple[Layout, float]]:
    found = 0
    per_rank = max(1, batch // bare.dp)
    sizes = (pins.micro_batch,) if pins.micro_batch else tuple(b for b in reversed(MICRO_BATCHES) if per_rank % b == 0)
    for size in sizes:
        layout = bare._replace(micro_batch=size, micro_batches=max(1, ceil(per_rank / size)))
        need = memory_bytes(shape, layout, share)
        if need <= room:
            yield layout, need
            found += 1
            if found == 2 and bare.pp == 1:
                return


def fastest(
    shape: ModelShape, device: Device, devices: int, rates: Rates, pins: Pins, method: Method = "pretrain"
) -> Choice | None:
    """The fastest layout that fits, or None when nothing does."""
    share = trainable_share(method)
    best: Choice | None = None
    for layout, need in _layouts(shape, device, devices, pins, share):
        seconds = step_seconds(counts(shape, device, layout, method, share), rates)
        rate = seconds / (layout.micro_batches * layout.micro_batch * layout.dp)
        if best is None or rate < best.seconds / (best.layout.micro_batches * best.layout.micro_batch * best.layout.dp):
            best = Choice(layout, seconds, need, True)
    if best is None and pins.shard is None and (pins.pp or 1) == 1:
        return fastest(shape, device, devices, rates, pins._replace(shard=3, pp=1), method)
    return best
