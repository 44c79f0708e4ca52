"""A measured speed that no device can reach is a slip of unit, or that of a whole server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from planner.domain.accelerator import RATE_FIELDS
from planner.errors import Problem
from planner.intake.document import ANY, Path
from planner.intake.merge import Merged
from planner.units import TFLOPS_PER_PFLOPS

# Work is counted at the workload's precision, and low precision or sparsity may do it faster; not three times faster.
OUT_OF_REACH = 3.0


def speeds(merged: Merged) -> Iterator[Problem]:
    """Useful PFLOP/s per device far above the highest dense peak that the catalogue has of the device."""
    for path, value, peak in _above_peak(merged):
        if value > OUT_OF_REACH * peak:
            what = f"{value:g} useful PFLOP/s per device is {value / peak:,.3g} times the highest peak of {path[-1]}, {peak:g} PFLOP/s"
            yield merged.problem(path, what, "Was it meant in TFLOP/s, or for a whole server?")


def doubtful_speeds(merged: Merged) -> Iterator[Problem]:
    """Those above that peak, but not beyond all reach."""
    for path, value, peak in _above_peak(merged):
        if value <= OUT_OF_REACH * peak:
            what = f"{value:g} useful PFLOP/s per device is above the highest peak of {path[-1]}, {peak:g} PFLOP/s"
            yield merged.problem(path, what, "Check it.")


def _above_peak(merged: Merged) -> Iterator[tuple[Path, float, float]]:
    devices = merged.data.get("accelerators")
    for path, value in merged.each("workloads", ANY, "measured_pflops_per_device", ANY):
        device = devices.get(path[-1]) if isinstance(devices, dict) else None
        peak = _peak_pflops(device)
        if peak and isinstance(value, int | float) and not isinstance(value, bool) and value > peak:
            yield path, value, peak


def _peak_pflops(device: Any) -> float:
    """Highest dense peak, PFLOP/s, of a device as a noun or as the plain data of a case; 0 where none is known."""
    held = device if isinstance(device, Mapping) else getattr(device, "__dict__", {})
    rates = [held.get(field) for field in RATE_FIELDS.values()]
    return max((rate for rate in rates if isinstance(rate, int | float)), default=0.0) / TFLOPS_PER_PFLOPS
