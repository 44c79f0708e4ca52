"""Time to train: from a speed and a number of tokens to days, accelerator-hours and energy, each with its band.

    accelerator-hours = tokens / (tokens/s per device · practice · goodput) / 3,600
    days              = accelerator-hours / (24 N)
    energy            = accelerator-hours · kW per device (server share included) · PUE

The band of a whole run is that of published runs; for LoRA and QLoRA on ordinary stacks, whose figures are of runs, that of their
throughput; where the user measured the throughput it is the narrower band of a measurement. Where the stack is unmeasured the two widen each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Literal

from planner.domain.model_shape import ModelShape
from planner.domain.speed_parameters import Band, SpeedParameters
from planner.performance.speed import MEASURED_BAND, UNMEASURED_BAND, Speed
from planner.units import HOURS_PER_DAY

SECONDS_PER_HOUR = 3600.0
DEFAULT_DEVICES = (8, 2048)
DEVICES_PER_BILLION = 8


Share = Literal["p10", "p50", "p90"]


@dataclass(frozen=True, slots=True)
class Spread:
    """An uncertain number: one in ten lies below p10, one in ten above p90."""

    p10: float
    p50: float
    p90: float

    def at(self, share: Share) -> float:
        """The percentile of that name."""
        return {"p10": self.p10, "p50": self.p50, "p90": self.p90}[share]

    def times(self, factor: float) -> Spread:
        """The same spread in another unit; `factor` is positive."""
        return Spread(self.p10 * factor, self.p50 * factor, self.p90 * factor)

    def plus(self, amount: float) -> Spread:
        """The same spread beside an amount that is certain."""
        return Spread(self.p10 + amount, self.p50 + amount, self.p90 + amount)


def spread(mid: float, band: Band) -> Spread:
    """`mid` with a band of factors around it."""
    return Spread(mid * band.p10, mid, mid * band.p90)


def throughput(speed: Speed) -> Spread:
    """Tokens per second and device in steady state, before goodput."""
    return spread(speed.tokens_per_s_per_device, speed.band)


def run_band(speed: Speed, parameters: SpeedParameters) -> Band:
    """Band of accelerator-hours: of published runs, of adapters, of the user's own measurement, or of an unmeasured stack."""
    if speed.band is MEASURED_BAND:
        return Band(p10=1 / MEASURED_BAND.p90, p90=1 / MEASURED_BAND.p10)
    if speed.band is parameters.adapters.band:
        return Band(p10=1 / speed.band.p90, p90=1 / speed.band.p10)
    band = parameters.run_band
    if speed.band is UNMEASURED_BAND:
        low = -sqrt(log(band.p10) ** 2 + log(UNMEASURED_BAND.p90) ** 2)
        high = sqrt(log(band.p90) ** 2 + log(UNMEASURED_BAND.p10) ** 2)
        return Band(p10=exp(low), p90=exp(high))
    return band


def accelerator_hours(speed: Speed, tokens: float, parameters: SpeedParameters) -> Spread:
    """Accelerator-hours of one pass over `tokens`; `speed` must fit."""
    rate = speed.tokens_per_s_per_device * speed.practice * speed.goodput
    return spread(tokens / rate / SECONDS_PER_HOUR, run_band(speed, parameters))


def days(hours: Spread, devices: int) -> Spread:
    """Wall-clock days of accelerator-hours on `devices`."""
    return hours.times(1 / (devices * HOURS_PER_DAY))


def usual_devices(shape: ModelShape) -> int:
    """Cluster size when nobody says: eight devices per billion parameters, a power of two from 8 to 2,048."""
    wanted = 2 ** round(log(max(shape.total_parameters / 1e9 * DEVICES_PER_BILLION, 1.0), 2))
    return int(min(max(wanted, DEFAULT_DEVICES[0]), DEFAULT_DEVICES[1]))
