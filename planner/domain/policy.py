"""Policies: limits and targets that people set, as against those of law and of nature."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from planner.domain.base import Confidence, Id, Noun, Range
from planner.domain.offer import PeriodText
from planner.domain.workload import Precision

QUARTERS_PER_YEAR = 4
Outcome = Literal["uncontrolled", "notify", "case_by_case", "presumption_of_denial", "prohibited", "compliance_risk"]
Told = Outcome | Literal["unknown"]
"""What law says of a device: an outcome, or that it hangs on figures that nobody knows."""


class Licence(Noun):
    """What the planner expects of export licences for a device that law reviews case by case."""

    accelerators: tuple[Id, ...] = Field(min_length=1, description="devices that share the quota")
    quota_devices: float = Field(ge=0, le=1e9, description="devices applied for over the horizon")
    quota_devices_per_year: float | None = Field(
        None, ge=0, le=1e9, description="devices applied for per calendar year; a part of a year gets its part"
    )
    approval_share: Range = Field(ge=0, le=1, description="part of the quota expected to be approved, 0 to 1")
    wait_months: Range = Field(ge=0, le=60, description="months from application to licence")
    confidence: Confidence = "estimate"
    source: str = ""


class VendorSupply(Noun):
    """What a vendor can deliver to this plan over all its devices: so many a quarter, or a share of what it turns out."""

    devices_per_quarter: float | None = Field(
        None, ge=0, le=1e9, description="devices that can be ordered in a quarter at the start"
    )
    growth_per_year: float = Field(0.0, gt=-1, lt=10, description="growth of `devices_per_quarter`, 0.2 = +20 %")
    output_per_year: dict[Annotated[str, Field(pattern=r"^\d{4}$")], Annotated[float, Field(ge=0, le=1e9)]] = Field(
        default_factory=dict,
        description="devices that the vendor turns out for all its buyers, by calendar year; one that is not given counts as the last before it, or as the first",
    )
    output_scale: Range = Field(
        Range(low=1, mid=1, high=1), ge=0, le=100, description="how far the output may be out: a factor on every year"
    )
    share: Range = Field(
        Range(low=1, mid=1, high=1), ge=0, le=1, description="part of the output that this plan can order, 0.01 = 1 %"
    )
    confidence: Confidence = "estimate"
    source: str = ""
    as_of: str = ""

    @model_validator(mode="after")
    def _said_once(self) -> VendorSupply:
        if (self.devices_per_quarter is None) is not bool(self.output_per_year):
            raise ValueError("give either devices_per_quarter, or output_per_year and the share of it")
        return self

    def quarterly(self, year: int, grown: float) -> float:
        """Devices that can be ordered in a quarter of the calendar year; `grown`: growth since the plan began."""
        if self.devices_per_quarter is not None:
            return self.devices_per_quarter * grown
        years = sorted(self.output_per_year)
        known = [text for text in years if int(text) <= year] or years[:1]
        return self.output_per_year[known[-1]] * self.output_scale.mid * self.share.mid / QUARTERS_PER_YEAR


class VendorShare(Noun):
    """No vendor above a share of effective compute, for resilience."""

    max_share: float = Field(gt=0, le=1, description="largest share of one vendor, 0.6 = 60 %")
    start: PeriodText | None = Field(None, description="first period in which it holds")


class ZoneShare(Noun):
    """No legal zone above a share of effective compute, so that no one jurisdiction can stop the city's work."""

    max_share: float = Field(gt=0, le=1, description="largest share of one legal zone, 0.6 = 60 %")
    start: PeriodText | None = Field(None, description="first period in which it holds")


class CapacityTarget(Noun):
    """A target of capacity at a date, always with its precision basis."""

    pflops: float = Field(ge=0.1, le=10_000_000, description="PFLOP/s to stand at the date")
    by: PeriodText = Field(description="first period in which it must stand; it holds from then on")
    basis: Literal["peak", "effective"] = Field(
        description="peak of the data sheet (dense), or model FLOP after all losses"
    )
    precision: Precision = "bf16"
    sites: tuple[Id, ...] = Field((), description="sites that count; none: all")
    rented_counts: bool = Field(False, description="rented devices count too")
    shortfall_hkd_per_pflops: float | None = Field(
        None, gt=0, le=1e12, description="price of each missing PFLOP/s, HKD, once; none: the target is hard"
    )
    source: str = ""


class CarbonCap(Noun):
    """Emissions of the plan in a calendar year."""

    tonnes_per_year: float = Field(ge=0, le=1e9, description="t CO2e in a full year; a part of a year gets its part")
    start: PeriodText | None = None
    source: str = ""


class Tenant(Noun):
    """What data law asks of whoever owns workloads; what is left out is assumed, and told by `planner check`."""

    seat: Literal["hk", "gba_mainland", "mainland", "abroad"] | None = Field(
        None,
        description="where whoever sends or receives its data is registered, the farthest of them: hk; gba_mainland, the nine cities of the Greater Bay Area; mainland elsewhere; abroad; none: assumed outside the Greater Bay Area",
    )
    parties_in_gba: bool | None = Field(
        None, description="the same as yes or no, registered in Hong Kong or the nine cities; none: as `seat` says"
    )
    critical_operator: bool | None = Field(
        None, description="operator of critical information infrastructure on the mainland; none: assumed not"
    )

    @model_validator(mode="after")
    def _seat_agrees(self) -> Tenant:
        if None not in (self.seat, self.parties_in_gba) and self.parties_in_gba is not self._seat_in_gba:
            raise ValueError(f"seat {self.seat} and parties_in_gba {self.parties_in_gba} contradict each other")
        return self

    @property
    def _seat_in_gba(self) -> bool:
        return self.seat in ("hk", "gba_mainland")

    @property
    def in_gba(self) -> bool | None:
        """Whether all parties are registered in the Greater Bay Area; None where the case says neither."""
        return self._seat_in_gba if self.seat else self.parties_in_gba


class Silo(Noun):
    """Tenants that share no capacity with those of other silos (balkanised architecture)."""

    tenants: tuple[Id, ...] = Field(min_length=1)
    entity_hkd_per_year: float = Field(
        0.0, ge=0, le=1e12, description="cost of the separate legal entity, HKD per year"
    )


class ControlOverride(Noun):
    """A what-if on law: from a period on, this device ships with this outcome, whatever the rules say.

    It speaks of hardware that is bought; renting the device elsewhere stays under the rules on remote access.
    """

    outcome: Outcome
    start: PeriodText | None = None


class Risk(Noun):
    """Aversion to dear futures: (1 - weight) * expected cost + weight * CVaR."""

    weight: float = Field(0.0, ge=0, le=1, description="0: risk neutral; 1: only the tail counts")
    tail: float = Field(0.2, gt=0, le=1, description="probability mass of the tail, 0.2 = the dearest 20 %")
