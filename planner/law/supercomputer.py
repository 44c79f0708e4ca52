"""A hall that grows into a supercomputer needs a licence for every item that is subject to US rules.

    sum over devices in the hall of fp64 peak < ceiling.fp64_pflops,   and the same for fp32

The ceiling holds for one envelope (41,600 cubic feet, about 1,178 m3) in China, Hong Kong or Macau. It bites on devices
that need no licence one by one: about 1,900 gaming cards of 105 TFLOP/s FP32 reach 200 PFLOP/s.

A rate that nobody published is unknown; it is bounded, so that a hall that passes would pass whatever the rate is:

    fp64 <= tpp / 64 and fp64 <= fp32,   fp32 <= tpp / 32

for total processing performance is the most of rate times bits over all precisions. A device of which not even that is
known may reach the ceiling alone.
"""

from __future__ import annotations

from datetime import date

from planner.domain.accelerator import TPP_BITS, Accelerator
from planner.domain.regime import RuleBook, SupercomputerCeiling
from planner.units import TFLOPS_PER_PFLOPS


def ceiling_on(rulebook: RuleBook, destination: str, on: date) -> SupercomputerCeiling | None:
    """The ceiling that holds for halls at a destination on a day; None where none does."""
    ceiling = rulebook.supercomputer
    region = destination if destination in ("HK", "CN", "MO") else "OTHER"
    holds = region in ceiling.destination_scope and on >= ceiling.later.get(region, ceiling.effective_from)
    return ceiling if holds else None


def hall_peak_pflops(accelerator: Accelerator, precision: str, ceiling: SupercomputerCeiling) -> float:
    """What one device adds to the peak of its hall at FP64 or FP32, PFLOP/s: as published, else the most it can be."""
    published = accelerator.peak_tflops(precision)
    if published is not None:
        return published / TFLOPS_PER_PFLOPS
    bounds = [accelerator.fp32_tflops] if precision == "fp64" else []
    if accelerator.tpp is not None:
        bounds.append(accelerator.tpp / TPP_BITS[precision])
    known = [bound / TFLOPS_PER_PFLOPS for bound in bounds if bound is not None]
    return min(known, default=ceiling.limits[precision])


def counts_as_us_origin(accelerator: Accelerator) -> bool:
    """Whether the device itself is subject to US rules, so that its hall is held to the ceiling."""
    return accelerator.vendor_country != "CN"
