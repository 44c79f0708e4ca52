"""A measured speed that no device can reach: above its peak it is a slip of unit, or that of another device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from planner.domain.accelerator import RATE_FIELDS
from planner.errors import Problem
from planner.intake.document import ANY
from planner.intake.merge import Merged
from planner.units import TFLOPS_PER_PFLOPS


def speeds(merged: Merged) -> Iterator[Problem]:
    """Useful PFLOP/s per device lie below the device's dense peak at the workload's precision.

    Where the catalogue lacks that rate, the highest that it has stands for it; where it has none, anything goes.
    """
    devices = merged.data.get("accelerators")
    for path, value in merged.each("workloads", ANY, "measured_pflops_per_device", ANY):
        device = devices.get(path[-1]) if isinstance(devices, dict) else None
        precision = next((word for _, word in merged.each(*path[:2], "precision")), "bf16")
        peak = _peak_pflops(device, str(precision))
        if peak and isinstance(value, int | float) and not isinstance(value, bool) and value > peak:
            what = (
                f"{value:g} useful PFLOP/s per device is above the peak of {path[-1]}, {peak:g} PFLOP/s in {precision}"
            )
            yield merged.problem(path, what, "Was it meant in TFLOP/s, or for a whole server?")


def _peak_pflops(device: Any, precision: str) -> float | None:
    """Dense peak, PFLOP/s, of a device as a noun or as the plain data of a case."""
    held = device if isinstance(device, Mapping) else getattr(device, "__dict__", {})
    rates = {name: held.get(field) for name, field in RATE_FIELDS.items()}
    known = {name: rate for name, rate in rates.items() if isinstance(rate, int | float)}
    rate = known.get(precision) or max(known.values(), default=0.0)
    return rate / TFLOPS_PER_PFLOPS or None
