"""Sites: where devices stand, what they may draw, and under whose law."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from planner.domain.base import Confidence, Id, Noun, Range
from planner.domain.country import Place


class Phase(Noun):
    """What a site offers in all from a day on (totals, not additions). Within a period of the plan the least of its days
    counts.
    """

    from_date: date = Field(description="first day of this phase, ISO date")
    power_mw: float = Field(
        ge=0, le=2_000, description="power at the meter that this plan may use, cooling included, MW"
    )
    racks: float | None = Field(
        None, ge=0, le=1_000_000, description="racks that this plan may use; none: no limit known"
    )
    liquid_cooled_mw: float | None = Field(
        None, ge=0, le=2_000, description="IT load that liquid cooling can take, MW; none: no limit"
    )
    confidence: Confidence = "estimate"


class StandingFleet(Noun):
    """Devices that stand at the site when the plan begins."""

    accelerator: Id
    devices: float = Field(gt=0, le=5_000_000, description="number of devices")
    installed: date = Field(description="day of installation, ISO date")
    lifetime_years: float = Field(
        6.0, gt=0, le=20, description="service life from installation, years; it ends on its day"
    )
    source: str = ""
    confidence: Confidence = "estimate"


class Location(Noun):
    """Where a map draws a site: the coordinates of the place named, which may be that of its district or town."""

    place: str = Field(
        min_length=1, description="hall, district or town whose coordinates these are, as the map calls it"
    )
    latitude_deg: float = Field(ge=-90, le=90, description="degrees north, WGS 84")
    longitude_deg: float = Field(ge=-180, le=180, description="degrees east, WGS 84")
    confidence: Confidence = "estimate"
    as_of: str = ""
    source: str = ""


class Site(Noun):
    """A place with power, cooling, a tariff, a grid and a legal zone."""

    id: str = Field("", description="the key under which it stands")
    name: str
    destination: Place = Field(
        description="country in which it lies, ISO code; OTHER: an unnamed one outside China, Hong Kong and Macau"
    )
    legal_zone: Id = Field(description="zone of the data-governance matrix, such as hk_onprem or cn_gba")
    location: Location | None = Field(None, description="where a map draws it; none: it is named beside the map")
    operator: str = ""
    operator_parent: str = Field(description="home of the operator's parent: HK, CN, US, SG, JP, EU or MIXED")
    access: Literal["own", "rent", "both"] = Field(
        description="own: purchases may stand here; rent: only rentals; both"
    )
    listed_operator: bool = Field(
        False, description="operator or parent on a US list: barred to whoever has US exposure"
    )
    power_mw: float | None = Field(
        None, ge=0, le=2_000, description="power this plan may use, in place of the phases' own figures, MW"
    )
    phases: tuple[Phase, ...] = Field((), description="power, racks and cooling by date; a rental site needs none")
    pue: float = Field(ge=1, le=3, description="power usage effectiveness: facility power over IT power")
    tariff_hkd_per_kwh: Range = Field(ge=0, le=100, description="energy price at the meter, HKD per kWh, real prices")
    tariff_growth_per_year: float = Field(0.0, gt=-0.5, lt=1, description="real change of the tariff per year")
    demand_charge_hkd_per_kw_month: float = Field(
        0.0, ge=0, le=10_000, description="charge on peak power, HKD per kW and month"
    )
    carbon_kg_per_kwh: float = Field(ge=0, le=3, description="grid factor, kg CO2e per kWh")
    carbon_growth_per_year: float = Field(
        0.0, gt=-1, lt=1, description="change of the grid factor per year, -0.03 = -3 %"
    )
    hosting_hkd_per_kw_month: Range = Field(
        default=Range(low=0, mid=0, high=0),
        ge=0,
        le=100_000,
        description="colocation or hall cost per kW of IT load and month, HKD, power excluded",
    )
    fit_out_hkd_per_kw: Range = Field(
        default=Range(low=0, mid=0, high=0),
        ge=0,
        le=1_000_000,
        description="one-off fit-out per kW of new IT load (liquid cooling, busbars), HKD",
    )
    fit_out_months: float = Field(
        0.0,
        ge=0,
        le=60,
        description="months from an order to a hall ready for it; devices come in time for it, or are stored where only an earlier shipment is lawful",
    )
    rack_kw: float | None = Field(
        None, ge=1, le=2_000, description="IT power one rack can feed and cool, kW; none: no limit known"
    )
    envelopes: float = Field(
        1.0,
        gt=0,
        le=10_000_000,
        description="halls of 41,600 cubic feet (1,178 m3), for the supercomputer end-use rule",
    )
    public: bool = Field(False, description="public site: public funds may pay for capacity here")
    fleet: tuple[StandingFleet, ...] = ()
    confidence: Confidence = "estimate"
    source: str = ""
    as_of: str = ""
    note: str = ""

    @property
    def takes_purchases(self) -> bool:
        return self.access != "rent"

    def phase_on(self, day: date) -> Phase | None:
        """The phase in force on the day, with `power_mw` of the site in place of its own; None before the first."""
        current = [phase for phase in self.phases if phase.from_date <= day]
        if not current or self.power_mw is None:
            return current[-1] if current else None
        return current[-1].model_copy(update={"power_mw": self.power_mw})

    def phase_within(self, first: date, end: date) -> Phase | None:
        """The least that holds on every day from `first` up to `end`; None where there is none on the first of them."""
        begins = self.phase_on(first)
        if begins is None:
            return None
        later = [phase.from_date for phase in self.phases if first < phase.from_date < end]
        if not later:
            return begins
        held = [begins, *(phase for day in later if (phase := self.phase_on(day)) is not None)]
        racks = [phase.racks for phase in held if phase.racks is not None]
        liquid = [phase.liquid_cooled_mw for phase in held if phase.liquid_cooled_mw is not None]
        least = {
            "power_mw": min(phase.power_mw for phase in held),
            "racks": min(racks, default=None),
            "liquid_cooled_mw": min(liquid, default=None),
        }
        return begins.model_copy(update=least)

    @model_validator(mode="after")
    def _phases_rise_in_time(self) -> Site:
        days = [phase.from_date for phase in self.phases]
        if days != sorted(set(days)):
            raise ValueError("phases must be in order of their dates, each date once; sort them, or drop the second")
        if self.takes_purchases and not self.phases:
            raise ValueError("a site that takes purchases needs at least one phase with its power_mw")
        if self.access == "rent" and self.fleet:
            raise ValueError("a site with access `rent` holds no fleet of its own; use `own` or `both`")
        return self
