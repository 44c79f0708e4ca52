"""Performance tax: what a device loses against the best CUDA device on which the model fits, per FLOP/s of peak.

    1 − tax = (useful/peak) / (useful/peak of the reference) = (1 − kernels) · (1 − scaling)
    kernels   1 − kernel efficiency over that of the reference
    scaling   1 − what communication, bubbles and failures leave, over that of the reference
    porting   months before the first token: time-to-market, shown apart because it does not slow a step

The references are devices that no export rule has cut: a device whose arithmetic was cut below its memory and links, as the
H20, has a share of peak that says nothing of its software. A negative part is an advantage.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from planner.performance.speed import Speed


@dataclass(frozen=True, slots=True)
class Tax:
    """Shares lost to kernels, to scaling, and together; months of porting; the accelerator it is measured against."""

    kernels: float
    scaling: float
    total: float
    porting_months: float
    reference: str


def performance_tax(speed: Speed, porting_months: float, references: Iterable[tuple[str, Speed]]) -> Tax | None:
    """Tax of `speed` against the best (useful per peak) of `references`; None when nothing fits."""
    fitting = [(name, other) for name, other in references if other.fits]
    if not speed.fits or not fitting:
        return None
    name, best = max(fitting, key=lambda item: item[1].mfu * item[1].goodput)
    kernels = 1 - speed.kernels / best.kernels
    scaling = 1 - speed.scaling / best.scaling
    return Tax(kernels, scaling, 1 - (1 - kernels) * (1 - scaling), porting_months, name)
