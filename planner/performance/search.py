"""Choice of a layout: the fastest that fits, under what is pinned.

Degrees are enumerated as practitioners set them: tp a power of two within the scale-up domain (at most 16), pp up to the
number of layers, cp for long sequences only, ep a power of two that divides the experts, FSDP only without pipeline. For
each the largest micro-batches that fit are tried, without and with recomputation. A global batch that is not given is
4 M tokens in pretraining and 64 sequences of 4,096 in fine-tuning (Touvron 2023), or one sequence per data-parallel rank if
that is more.

All layouts of a search, on all devices that it asks about, are counted at once, as arrays; what does not depend on the device
is kept for the next search.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import numpy as np

from planner.domain.model_shape import ModelShape
from planner.performance.counts import counts
from planner.performance.device import Device, side_by_side
from planner.performance.layout import Layout, Recompute
from planner.performance.memory import memory_bytes, usable_bytes
from planner.performance.piecewise import at, at_once
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
RECOMPUTE: tuple[Recompute, ...] = ("none", "selective", "full")


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
    """Layouts of the same degrees, to be tried with every way to recompute, and the micro-batches to try, the largest first."""

    bare: Layout
    per_rank: int
    sizes: tuple[int, ...]


class _Layouts(NamedTuple):
    """All layouts of a search as one layout of arrays, with their memory and the first row of their group. `again`: the rows of
    those that recompute, and for each the row of the same layout that recomputes less.
    """

    all: Layout
    memory_bytes: Any
    first: Any
    again: tuple[Any, Any]

    def one(self, row: int) -> Layout:
        """The layout of a row by itself."""
        *degrees, shard, recompute, _ = at(self.all, row)
        plain: list[Any] = [*map(int, degrees), shard, str(recompute)]
        return Layout(*plain)


def _groups(shape: ModelShape, tp_max: int, devices: int, pins: Pins, method: Method) -> Iterator[_Group]:
    for tp, pp, cp, dp, ep in _degrees(shape, tp_max, devices, pins):
        batch = _global_batch(shape, dp, devices, pins, method)
        if batch < dp and not pins.micro_batch:
            continue
        virtual = pins.virtual or (2 if pp > 1 and shape.layers % (2 * pp) == 0 else 1)
        per_rank = max(1, batch // dp)
        sizes = (
            (pins.micro_batch,) if pins.micro_batch else tuple(b for b in reversed(MICRO_BATCHES) if per_rank % b == 0)
        )
        if sizes:
            yield _Group(Layout(tp, pp, dp, cp, ep, virtual, 1, 1, pins.shard or 1), per_rank, sizes)


@lru_cache(maxsize=128)
def _layouts(shape: ModelShape, tp_max: int, devices: int, pins: Pins, method: Method) -> _Layouts | None:
    """Layouts in the order of preference among equals, whether they fit or not; None when no degrees make a layout."""
    groups = list(_groups(shape, tp_max, devices, pins, method))
    if not groups:
        return None
    ways = (pins.recompute,) if pins.recompute else RECOMPUTE
    # Rows by group, then by what is recomputed, then by size.
    lengths = np.repeat([len(group.sizes) for group in groups], len(ways))
    block = np.repeat(np.arange(len(lengths)), lengths)
    of_group, way = np.divmod(block, len(ways))
    sizes = np.array([size for group in groups for size in group.sizes * len(ways)], float)
    per_rank = np.array([group.per_rank for group in groups], float)[of_group]
    differ: dict[str, Any] = {
        "micro_batch": sizes,
        "micro_batches": np.maximum(1.0, np.ceil(per_rank / sizes)),
        "recompute": np.array(ways)[way],
    }
    layouts = at_once([group.bare for group in groups], of_group)._replace(**differ)
    again = np.flatnonzero(way > 0)
    first = (np.cumsum(lengths) - lengths)[block]
    return _Layouts(layouts, memory_bytes(shape, layouts, method), first, (again, again - lengths[block[again]]))


def _tried(layouts: _Layouts, room: Any) -> tuple[Any, Any]:
    """(device, row) of the layouts that fit in the `room` of each device, in bytes; of a group without pipeline only its two
    largest micro-batches that do. To recompute more takes longer, so whatever does is left out where the same layout is tried with less.
    """
    fits = layouts.memory_bytes <= room[:, None]
    before = np.cumsum(fits, axis=1) - fits
    pipelined: Any = layouts.all.pp > 1
    tried = fits & (pipelined | (before - before[:, layouts.first] < LARGEST_TRIED))
    again, less = layouts.again
    tried[:, again] &= ~tried[:, less]
    device, row = np.nonzero(tried)
    return device, row


def holds(shape: ModelShape, device: Device, devices: int, method: Method = "pretrain") -> bool:
    """Whether any layout fits on so many devices: whether `fastest` finds one."""
    for pins in (FREE, SHARDED):
        layouts = _layouts(shape, min(device.domain, TP_MAX, devices), devices, pins, method)
        if layouts is not None and (layouts.memory_bytes <= usable_bytes(device.memory_bytes)).any():
            return True
    return False


def fastest(
    shape: ModelShape, device: Device, devices: int, rates: Rates, pins: Pins, method: Method = "pretrain"
) -> Choice | None:
    """The fastest layout that fits, or None when nothing does."""
    return fastest_on(shape, (device,), devices, (rates,), pins, method)[0]


def fastest_on(
    shape: ModelShape, on: Sequence[Device], devices: int, rates: Sequence[Rates], pins: Pins, method: Method
) -> list[Choice | None]:
    """The same for each of several devices, with the rates of each."""
    choices: list[Choice | None] = [None] * len(on)
    alike: dict[int, list[int]] = defaultdict(list)
    for place, device in enumerate(on):
        alike[min(device.domain, TP_MAX, devices)].append(place)
    for tp_max, places in alike.items():
        layouts = _layouts(shape, tp_max, devices, pins, method)
        if layouts is not None:
            some, theirs = [on[place] for place in places], [rates[place] for place in places]
            for place, choice in zip(places, _fastest(shape, layouts, some, theirs, method), strict=True):
                choices[place] = choice
    unfit = [place for place, choice in enumerate(choices) if choice is None]
    if unfit and pins.shard is None and (pins.pp or 1) == 1:
        sharded = pins._replace(shard=SHARDED.shard, pp=SHARDED.pp)
        some, theirs = [on[place] for place in unfit], [rates[place] for place in unfit]
        for place, choice in zip(unfit, fastest_on(shape, some, devices, theirs, sharded, method), strict=True):
            choices[place] = choice
    return choices


def _fastest(
    shape: ModelShape, layouts: _Layouts, on: Sequence[Device], rates: Sequence[Rates], method: Method
) -> Iterator[Choice | None]:
    """On each device the fastest of the layouts that fit it."""
    which, rows = _tried(layouts, np.array([usable_bytes(device.memory_bytes) for device in on]))
    tried = at(layouts.all, rows)
    seconds: Any = step_seconds(counts(shape, side_by_side(on, which), tried, method), at_once(rates, which))
    each = seconds / (tried.micro_batches * tried.micro_batch * tried.dp)
    ends = np.searchsorted(which, np.arange(len(on) + 1))
    for begin, end in pairwise(ends.tolist()):
        if begin == end:
            yield None
            continue
        best = begin + int(np.argmin(each[begin:end]))
        row = int(rows[best])
        yield Choice(layouts.one(row), float(seconds[best]), float(layouts.memory_bytes[row]), True)
