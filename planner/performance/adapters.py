"""LoRA and QLoRA on an ordinary stack: a trainer that wraps each matrix in an adapter, shards by FSDP and launches from Python.

Such stacks have no tensor or pipeline parallelism of their own and recompute activations. One micro-batch of T tokens takes

    max( step of the model + adapters + dequantised , launches )  + gather that is not hidden + host
    adapters     a · T · Σ (inputs + outputs of the adapted matrices) / memory bandwidth        a bytes per value, all passes
    dequantised  q · P · passes / memory bandwidth         QLoRA: 4-bit weights are unpacked for every pass over them
    launches     t₀ · L                                    host time of the kernels of one layer, forward to backward
    gather       2 w P (N − 1)/N / link                    FSDP: forward and backward; w bytes a weight
    host         2 w P / N / PCIe                          weights kept in host memory, where they fit nowhere else

a, q and t₀ are fitted to published throughputs (`data/performance.yaml`, adapters). Chosen is the faster of a copy
on each device and FSDP; weights lie in host memory only where neither fits. A pinned tp or pp is taken as given: adapters slow it likewise.
Sources: Hu 2021 (LoRA), Dettmers 2023 (QLoRA), Answer.AI 2024 (FSDP with QLoRA).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import ceil
from typing import Literal, NamedTuple

import numpy as np

from planner.domain.model_shape import ModelShape
from planner.domain.speed_parameters import AdapterParameters
from planner.performance.counts import Counts, counts
from planner.performance.device import Device, side_by_side
from planner.performance.layout import Layout
from planner.performance.memory import frozen_bytes, memory_bytes, usable_bytes
from planner.performance.piecewise import at_once, each_of, larger, smaller, where
from planner.performance.search import FREE, MICRO_BATCHES, Choice, Pins, default_batch, fastest_on
from planner.performance.step_time import Rates, micro_batch_seconds, step_of
from planner.performance.work import Method, adapted_widths, passes

PCIE_BYTES_PER_S = 28e9
"""One way, PCIe 4.0 x16, as an offload reaches it."""

PLACES: tuple[tuple[Literal[1, 3], bool], ...] = ((1, False), (3, False), (3, True))
"""A copy on each device; sharded over them; in host memory."""

HOST_BYTES_PER_DEVICE = 128e9
"""Host memory for weights: 1 TB in a server of eight."""


class Seconds(NamedTuple):
    """One optimiser step, and one micro-batch without what FSDP gathers: the device's time, or the host's if that is longer."""

    step: float
    kernels: float


def seconds(
    shape: ModelShape, device: Device, layout: Layout, r: Rates, p: AdapterParameters, method: Method
) -> Seconds:
    """What a job takes under `layout`."""
    counted, kernels = _kernels(shape, device, layout._replace(shard=1, offload=False), r, p, method)
    once = counted.data_once if layout.shard == 1 else 0.0
    gathered = counted._replace(data_once=once, data_each=_gather(shape, device, layout, method))
    return Seconds(step_of(gathered, r, kernels) + layout.micro_batches * _host(shape, layout, method), kernels)


def _kernels(
    shape: ModelShape, device: Device, layout: Layout, r: Rates, p: AdapterParameters, method: Method
) -> tuple[Counts, float]:
    """What is counted of a step, and the kernels of a micro-batch: the same wherever the weights lie."""
    counted = counts(shape, device, layout, method)
    weights = shape.total_parameters / (layout.tp * layout.pp)
    layers, tokens = shape.layers / layout.pp, layout.micro_batch * shape.seq_len / layout.cp
    adapters = p.bytes_per_value * tokens * layers * adapted_widths(shape) / layout.tp / device.memory_bandwidth
    each_pass = passes(method) + (layout.recompute == "full")
    unpacked = p.dequantise_bytes * weights * each_pass / device.memory_bandwidth if method == "qlora" else 0.0
    return counted, larger(micro_batch_seconds(counted, r) + adapters + unpacked, p.layer_s * layers)


def _gather(shape: ModelShape, device: Device, layout: Layout, method: Method) -> float:
    """Seconds at nominal bandwidth in which FSDP gathers the weights of a micro-batch."""
    if layout.shard == 1:
        return 0.0
    group = layout.dp
    local = smaller(group, device.domain)
    bandwidth = where(group <= local, device.link, smaller(device.link, device.nic * local))
    return 2 * frozen_bytes(method) * shape.total_parameters * (group - 1) / group / bandwidth


def _host(shape: ModelShape, layout: Layout, method: Method) -> float:
    """Seconds in which a device reads its part of the weights from the host, forward and backward."""
    if not layout.offload:
        return 0.0
    return 2 * frozen_bytes(method) * shape.total_parameters / layout.dp / PCIE_BYTES_PER_S


def seconds_on(
    shape: ModelShape, laid_out: Sequence[tuple[Device, Rates, Layout]], p: AdapterParameters, method: Method
) -> list[Seconds]:
    """The same of several devices, each under a layout of its own."""
    by_row: dict[int, Seconds] = {}
    for shard, offload in PLACES:
        rows = [row for row, (*_, each) in enumerate(laid_out) if (each.shard, each.offload) == (shard, offload)]
        if rows:
            devices, rates, layouts = zip(*(laid_out[row] for row in rows), strict=True)
            which = np.arange(len(rows))
            device, layout, r = side_by_side(devices, which), at_once(layouts, which), at_once(rates, which)
            took = seconds(shape, device, layout, r, p, method)
            by_row.update(zip(rows, map(Seconds, *(each_of(each, len(rows)) for each in took)), strict=True))
    return [by_row[row] for row in range(len(laid_out))]


def choose_on(
    shape: ModelShape,
    on: Sequence[Device],
    devices: int,
    rates: Sequence[Rates],
    p: AdapterParameters,
    pins: Pins,
    method: Method,
) -> list[Choice | None]:
    """On each device the fastest layout that fits, or None where nothing does."""
    if pins.tp or pins.pp:
        return fastest_on(shape, on, devices, rates, pins, method)
    fitting = [
        (d, r, *fits) for d, r in zip(on, rates, strict=True) for fits in _fitting(shape, d, devices, pins, method)
    ]
    took = seconds_on(shape, [(device, r, layout) for device, r, layout, _ in fitting], p, method)
    tried: dict[tuple[Device, Rates], list[Choice]] = defaultdict(list)
    for (device, r, layout, held), each in zip(fitting, took, strict=True):
        tried[device, r].append(Choice(layout, each.step, held, True))
    return [min(tried[one], key=_preference, default=None) for one in zip(on, rates, strict=True)]


def _preference(choice: Choice) -> tuple[bool, float]:
    """Weights lie in host memory only where they fit nowhere else."""
    return choice.layout.offload, choice.seconds / choice.layout.sequences


def holds(shape: ModelShape, device: Device, devices: int, method: Method) -> bool:
    """Whether any layout fits on so many devices."""
    return any(_fitting(shape, device, devices, FREE, method))


def _fitting(
    shape: ModelShape, device: Device, devices: int, pins: Pins, method: Method
) -> Iterator[tuple[Layout, float]]:
    """Layouts that fit, with their bytes per device."""
    room = usable_bytes(device.memory_bytes)
    host_room = frozen_bytes(method) * shape.total_parameters <= devices * HOST_BYTES_PER_DEVICE
    for layout, held in _layouts(shape, devices, pins, method):
        if held <= room and (host_room or not layout.offload):
            yield layout, held


@lru_cache(maxsize=128)
def _layouts(shape: ModelShape, devices: int, pins: Pins, method: Method) -> tuple[tuple[Layout, float], ...]:
    """What may be tried, with its bytes per device: the same on all devices, so kept for the next one."""
    return tuple((layout, memory_bytes(shape, layout, method)) for layout in _degrees(shape, devices, pins))


def _degrees(shape: ModelShape, devices: int, pins: Pins) -> Iterator[Layout]:
    batch = pins.global_batch or max(devices, default_batch(shape, devices, "lora") // devices * devices)
    if batch < devices and not pins.micro_batch:
        return
    per_rank = max(1, batch // devices)
    for size in (pins.micro_batch,) if pins.micro_batch else (b for b in MICRO_BATCHES if per_rank % b == 0):
        for shard, offload in PLACES:
            if devices > 1 or shard == 1 or offload:
                yield Layout(
                    dp=devices, micro_batch=size, micro_batches=max(1, ceil(per_rank / size)), shard=shard,
                    recompute=pins.recompute or "full", offload=offload,
                )  # fmt: skip
