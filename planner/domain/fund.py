"""Funds: money with an origin, a window, a ceiling and strings."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from planner.domain.base import Confidence, Id, Noun
from planner.domain.offer import PeriodText


class Strings(Noun):
    """What a fund may pay for. An empty condition asks nothing; all conditions that are given must hold."""

    device_origins: tuple[str, ...] = Field(
        (), description="vendor countries whose devices it may pay for, such as CN or US"
    )
    sites: tuple[Id, ...] = Field((), description="sites at which it may be spent")
    public_sites_only: bool = Field(False, description="only at public sites")
    costs: tuple[str, ...] = Field(
        (), description="cost terms it may pay, such as purchase or energy; see `planner formulation`"
    )
    operator_parents_barred: tuple[str, ...] = Field(
        (), description="homes of operators' parents at whose sites it may not be spent"
    )


class Fund(Noun):
    """Money that may be drawn within a window, up to a ceiling, for what its strings allow."""

    id: str = Field("", description="the key under which it stands")
    name: str = ""
    kind: Literal["budget", "loan", "subsidy"] = Field(
        description="budget: own money; loan: repaid with interest; subsidy: pays a share of a price and lowers the plan's cost"
    )
    origin: str = Field(
        "HK", description="home of the money: HK, CN, US, …; US money never pays for what US rules mark as a risk"
    )
    amount_hkd: float | None = Field(None, ge=0, le=1e15, description="ceiling over the window, HKD; none: no ceiling")
    amount_hkd_per_year: float | None = Field(
        None,
        ge=0,
        le=1e15,
        description="ceiling per calendar year, HKD; a part of a year within plan and window gets its part; none: no ceiling",
    )
    start: PeriodText | None = Field(None, description="first period in which it may be drawn; none: from the start")
    end: PeriodText | None = Field(None, description="last period in which it may be drawn; none: to the end")
    strings: Strings = Strings()
    share_max: float | None = Field(
        None, gt=0, le=1, description="subsidy: largest share of a price that it pays, 0.7 = 70 %"
    )
    application_months: float = Field(
        0.0,
        ge=0,
        le=60,
        description="subsidy: application to approval, months; time to train counts it, a plan draws from the start of the window",
    )
    interest_per_year: float | None = Field(None, ge=0, lt=1, description="loan: real interest per year")
    loan_years: float | None = Field(
        None,
        gt=0,
        le=50,
        description="loan: years of equal yearly repayments, paid by own money that might have paid in its place; what is owed when the plan ends is due then",
    )
    confidence: Confidence = "estimate"
    source: str = ""
    as_of: str = ""
    note: str = ""

    @property
    def limited(self) -> bool:
        """It has a ceiling."""
        return self.amount_hkd is not None or self.amount_hkd_per_year is not None

    @model_validator(mode="after")
    def _fields_of_its_kind(self) -> Fund:
        needed = {"loan": ("interest_per_year", "loan_years"), "subsidy": ("share_max",), "budget": ()}
        for kind, fields in needed.items():
            for field in fields:
                if (getattr(self, field) is not None) != (kind == self.kind):
                    raise ValueError(f"{field} belongs to a {kind} and only to it")
        return self
