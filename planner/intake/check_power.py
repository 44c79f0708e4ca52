"""Devices whose power nobody published: what is assumed is told, since halls and energy hang on it."""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.accelerator import Accelerator
from planner.domain.economics import UNKNOWN_TDP_W
from planner.errors import Problem
from planner.intake.document import ANY
from planner.intake.merge import Merged


def assumed_power(merged: Merged) -> Iterator[Problem]:
    """Once for each device that is offered or stands."""
    devices, measured = (
        merged.data.get("accelerators"),
        merged.data.get("economics", {}).get("server_kw_per_device", {}),
    )
    told: set[str] = set()
    for pattern in (("offers", ANY, "accelerator"), ("sites", ANY, "fleet", ANY, "accelerator")):
        for path, name in merged.each(*pattern):
            device = devices.get(name) if isinstance(devices, dict) and isinstance(name, str) else None
            if isinstance(device, Accelerator) and device.tdp_w is None and name not in measured and name not in told:
                told.add(name)
                what = f"nobody published the power of {name}: {UNKNOWN_TDP_W:g} W per device are assumed"
                yield merged.problem(path, what, f"Give economics.server_kw_per_device.{name} where you know it.")
