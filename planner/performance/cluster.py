"""Clusters: how many devices make sense, how few hold a model, and why a given number does not."""

from __future__ import annotations

from functools import lru_cache

from planner.domain.model_shape import ModelShape
from planner.errors import InvalidInput, Problem
from planner.performance import adapters
from planner.performance.device import Device
from planner.performance.layout import Layout
from planner.performance.memory import activation_bytes, state_bytes, usable_bytes
from planner.performance.search import Pins, holds
from planner.performance.work import ORDINARY, Method

DEVICES_MAX = 1_000_000
CLUSTER_MAX = 16_384
TOO_MUCH = 0.5
"""Share of the memory above which it is the length of a sequence, not the model, that does not fit."""


def check_devices(devices: int) -> None:
    """InvalidInput unless a cluster of that size could exist."""
    if devices < 1:
        raise InvalidInput(Problem(f"{devices} devices cannot train anything", "Give --count of at least 1."))
    if devices > DEVICES_MAX:
        what = f"{devices:,} devices is more than any cluster that exists"
        raise InvalidInput(Problem(what, f"Give --count of at most {DEVICES_MAX:,}."))


def why_not(shape: ModelShape, device: Device, devices: int, pins: Pins, method: Method) -> str:
    """Why no layout exists, and the smallest cluster on which one does."""
    need = state_bytes(shape, Layout(dp=devices, shard=3), method) / 1e9
    room = usable_bytes(device.memory_bytes) / 1e9
    if pins != Pins(global_batch=pins.global_batch):
        return f"the pinned layout does not divide {devices} devices, or overflows the {room:.0f} GB of {device.name}"
    if need <= room and pins.global_batch and pins.global_batch < devices:
        return f"{devices} devices have no use for a global batch of {pins.global_batch} sequences"
    smallest = smallest_cluster(shape, device, method)
    one = activation_bytes(shape, Layout(dp=devices, recompute="full")) / 1e9
    if method in ORDINARY and smallest is None and one > TOO_MUCH * room:
        return (
            f"one sequence of {shape.seq_len:,} tokens takes {one:.0f} of the {room:.0f} GB usable of {device.name}, "
            f"beside the weights of {shape.name}: shorter sequences may fit (--seq-len 2048)"
        )
    where = (
        f"it needs {smallest:,} devices"
        if smallest
        else f"it does not fit on any cluster up to {CLUSTER_MAX:,} devices"
    )
    return f"{shape.name} does not fit {devices} × {device.name} ({room:.0f} GB usable each); {where}"


@lru_cache(maxsize=2_000)
def smallest_cluster(shape: ModelShape, device: Device, method: Method = "pretrain") -> int | None:
    """Fewest devices (a power of two) on which the model fits, or None when not even `CLUSTER_MAX` do."""
    devices, room = 1, usable_bytes(device.memory_bytes)
    while devices <= CLUSTER_MAX:
        if method in ORDINARY:
            if adapters.holds(shape, device, devices, method):
                return devices
        elif state_bytes(shape, Layout(dp=devices, shard=3), method) <= room and holds(shape, device, devices, method):
            return devices
        devices *= 2
    return None
