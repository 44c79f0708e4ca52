"""A hall that grows into a supercomputer needs a licence for every item that is subject to US rules.

    sum over devices in the hall of fp64 peak < ceiling.fp64_pflops,   and the same for fp32

The ceiling holds for one envelope (41,600 cubic feet, about 1,178 m3) in China, Hong Kong or Macau. It bites on devices
that need no licence one by one: about 1,900 gaming cards of 105 TFLOP/s FP32 reach 200 PFLOP/s.
"""

from __future__ import annotations

from datetime import date

from planner.domain.accelerator import Accelerator
from planner.domain.regime import RuleBook, SupercomputerCeiling
from planner.units import TFLOPS_PER_PFLOPS


def ceiling_on(rulebook: RuleBook, destination: str, on: date) -> SupercomputerCeiling | None:
    """The ceiling that holds for halls at a destination on a day; None where none does."""
    ceiling = rulebook.supercomputer
    holds = destination in ceiling.destination_scope and on >= ceiling.effective_from
    return ceiling if holds else None


def hall_peak_pflops(accelerator: Accelerator, precision: str) -> float:
    """What one device adds to the peak of its hall at FP64 or FP32, PFLOP/s.

    Where unpublished, the BF16 or FP16 peak, which neither exceeds: unknown is not zero.
    """
    known = (accelerator.peak_tflops(p) for p in (precision, "bf16", "fp16"))
    return next((peak for peak in known if peak is not None), 0.0) / TFLOPS_PER_PFLOPS


def counts_as_us_origin(accelerator: Accelerator) -> bool:
    """Whether the device itself is subject to US rules, so that its hall is held to the ceiling."""
    return accelerator.vendor_country != "CN"
