"""Choice of a layout: the fastest that fits, under what is pinned.

Degrees are enumerated as practitioners set them: tp a power of two within the scale-up domain (at most 16), pp up to the
number of layers, cp for long sequences only, ep a power of two that divides the experts, FSDP only without pipeline. For
each the largest micro-batches that fit are tried, without and with recomputation. A global batch that is not given is
4 M tokens in pretraining and 64 sequences of 4,096 in fine-tuning (Touvron 2023), or one sequence per data-parallel rank if
that is more.

All layouts of a search are counted at once, as arrays; what does not depend on the device is kept for the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import ceil
from typing import Any, Literal, NamedTuple

import numpy as np

from planner.domain.model_shape import ModelShape
from planner.performance.counts import counts
from planner.performance.device import Device
from planner.performance.layout import Layout, Recompute
from planner.performance.memory import memory_bytes, usable_bytes
from planner.performance.step_time import Rates, step_seconds
from planner.performance.work import Method

DEFAULT_BATCH_TOKENS = 4_194_304
FINE_TUNE_BATCH_TOKENS = 262_144
BATCH_GROWS_FROM_DEVICES = 1024
BATCH_GROWTH_MAX = 8
TP_MAX = 16
BUSY_SHARE = 0.97
MICRO_BATCHES = (1, 2, 4, 8, 16, 32)
LARGEST_TRIED = 2
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
SHARDED = Pins(shard=3, pp=1)
"""Tried where nothing fits without FSDP."""


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


def _degrees(shape: ModelShape, tp_max: int, devices: int, pins: Pins) -> Iterator[tuple[int, int, int, int, int]]:
    """(tp, pp, cp, dp, ep) whose product is the cluster, or leaves a few devices of it idle."""
    tps = [pins.tp] if pins.tp else [t for t in _powers(tp_max) if shape.heads % t == 0 or t == 1]
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


def default_batch(shape: ModelShape, devices: int, method: Method = "pretrain") -> int:
    """Sequences per step when nobody says: 4 M tokens, growing with the cluster up to 32 M; 262,144 in fine-tuning."""
    if method not in ("pretrain", "continued"):
        return max(1, FINE_TUNE_BATCH_TOKENS // shape.seq_len)
    grown = DEFAULT_BATCH_TOKENS * min(max(1.0, devices / BATCH_GROWS_FROM_DEVICES), BATCH_GROWTH_MAX)
    return max(1, int(grown / shape.seq_len))


def _global_batch(shape: ModelShape, dp: int, devices: int, pins: Pins, method: Method) -> int:
    return pins.global_batch or max(dp, default_batch(shape, devices, method) // dp * dp)


class _Group(NamedTuple):
    """Layouts of the same degrees and recomputation, and the micro-batches to try, the largest first."""

    bare: Layout
    per_rank: int
    sizes: tuple[int, ...]

    def rows(self) -> Iterator[Layout]:
        tp, pp, dp, cp, ep, virtual, _, _, shard, recompute, _ = self.bare
        return (
            Layout(tp, pp, dp, cp, ep, virtual, b, max(1, ceil(self.per_rank / b)), shard, recompute)
            for b in self.sizes
        )


class _Layouts(NamedTuple):
    """All layouts of a search: one by one, as one layout of arrays, with their memory and the first row of their group."""

    one_by_one: tuple[Layout, ...]
    at_once: Layout
    memory_bytes: Any
    first: Any


def _groups(shape: ModelShape, tp_max: int, devices: int, pins: Pins, method: Method) -> Iterator[_Group]:
    recomputes: tuple[Recompute, ...] = (pins.recompute,) if pins.recompute else ("none", "selective", "full")
    for tp, pp, cp, dp, ep in _degrees(shape, tp_max, devices, pins):
        batch = _global_batch(shape, dp, devices, pins, method)
        if batch < dp and not pins.micro_batch:
            continue
        virtual = pins.virtual or (2 if pp > 1 and shape.layers % (2 * pp) == 0 else 1)
        per_rank = max(1, batch // dp)
        sizes = (
            (pins.micro_batch,) if pins.micro_batch else tuple(b for b in reversed(MICRO_BATCHES) if per_rank % b == 0)
        )
        for recompute in recomputes:
            yield _Group(Layout(tp, pp, dp, cp, ep, virtual, 1, 1, pins.shard or 1, recompute), per_rank, sizes)


def _at_once(layouts: list[Layout]) -> Layout:
    """Many layouts of one sharding as one layout, whose degrees are arrays of floats."""
    *degrees, _, recompute, _ = zip(*layouts, strict=True)
    columns: list[Any] = [*np.array(degrees, float), layouts[0].shard, np.array(recompute)]
    return Layout(*columns)


@lru_cache(maxsize=128)
def _layouts(shape: ModelShape, tp_max: int, devices: int, pins: Pins, method: Method) -> _Layouts | None:
    """Layouts in the order of preference among equals, whether they fit or not; None when no degrees make a layout."""
    rows: list[Layout] = []
    first: list[int] = []
    for group in _groups(shape, tp_max, devices, pins, method):
        first += [len(rows)] * len(group.sizes)
        rows += group.rows()
    if not rows:
        return None
    at_once = _at_once(rows)
    return _Layouts(tuple(rows), at_once, memory_bytes(shape, at_once, method), np.array(first))


def _tried(layouts: _Layouts, room: float) -> Any:
    """Rows that fit in `room` bytes; of a group without pipeline only its two largest micro-batches that do."""
    fits = layouts.memory_bytes <= room
    before = np.cumsum(fits) - fits
    pipelined: Any = layouts.at_once.pp > 1
    return np.flatnonzero(fits & (pipelined | (before - before[layouts.first] < LARGEST_TRIED)))


def holds(shape: ModelShape, device: Device, devices: int, method: Method = "pretrain") -> bool:
    """Whether any layout fits on so many devices: whether `fastest` finds one."""
    for pins in (FREE, SHARDED):
        layouts = _layouts(shape, min(device.domain, TP_MAX, devices), devices, pins, method)
        if layouts is not None and (layouts.memory_bytes <= usable_bytes(device.memory_bytes)).any():
            return True
    return False


def _picked(layouts: Layout, rows: Any) -> Layout:
    columns: list[Any] = [part[rows] if isinstance(part, np.ndarray) else part for part in layouts]
    return Layout(*columns)


def fastest(
    shape: ModelShape, device: Device, devices: int, rates: Rates, pins: Pins, method: Method = "pretrain"
) -> Choice | None:
    """The fastest layout that fits, or None when nothing does."""
    layouts = _layouts(shape, min(device.domain, TP_MAX, devices), devices, pins, method)
    rows = _tried(layouts, usable_bytes(device.memory_bytes)) if layouts else ()
    if layouts is None or not len(rows):
        again = pins.shard is None and (pins.pp or 1) == 1
        sharded = pins._replace(shard=SHARDED.shard, pp=SHARDED.pp)
        return fastest(shape, device, devices, rates, sharded, method) if again else None
    tried = _picked(layouts.at_once, rows)
    seconds: Any = step_seconds(counts(shape, device, tried, method), rates)
    best = int(np.argmin(seconds / (tried.micro_batches * tried.micro_batch * tried.dp)))
    row = int(rows[best])
    return Choice(layouts.one_by_one[row], float(seconds[best]), float(layouts.memory_bytes[row]), True)
