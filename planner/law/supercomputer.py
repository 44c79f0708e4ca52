"""A hall that grows into a supercomputer needs a licence for every item that is subject to US rules.

    sum over devices in the hall of fp64 peak < ceiling.fp64_pflops,   and the same for fp32

The ceiling holds for one envelope (41,600 cubic feet, about 1,178 m3) in China, Hong Kong or Macau. It bites on devices
that need no licence one by one: about 1,900 gaming cards of 105 TFLOP/s FP32 reach 200 PFLOP/s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.domain.accelerator import Accelerator
from planner.domain.regime import RuleBook, SupercomputerCeiling
from planner.units import TFLOPS_PER_PFLOPS


@dataclass(frozen=True)
class HallPeak:
    """What one device adds to the peak of its hall, PFLOP/s; None is a rate that nobody published."""

    fp64_pflops: float | None
    fp32_pflops: float | None


def ceiling_on(rulebook: RuleBook, destination: str, on: date) -> SupercomputerCeiling | None:
    """The ceiling that holds for halls at a destination on a day; None where none does."""
    ceiling = rulebook.supercomputer
    holds = destination in ceiling.destination_scope and on >= ceiling.effective_from
    return ceiling if holds else None


def hall_peak(accelerator: Accelerator) -> HallPeak:
    """Dense FP64 and FP32 peak of one device, PFLOP/s."""
    fp64, fp32 = (accelerator.peak_tflops(precision) for precision in ("fp64", "fp32"))
    return HallPeak(
        fp64_pflops=None if fp64 is None else fp64 / TFLOPS_PER_PFLOPS,
        fp32_pflops=None if fp32 is None else fp32 / TFLOPS_PER_PFLOPS,
    )


def counts_as_us_origin(accelerator: Accelerator) -> bool:
    """Whether the device itself is subject to US rules, so that its hall is held to the ceiling."""
    return accelerator.vendor_country != "CN"
