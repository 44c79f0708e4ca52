"""Public clusters: what others paid, and how long it took from award to service."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from planner.domain.base import Confidence, Noun
from planner.domain.horizon import add_months
from planner.units import DAYS_PER_MONTH

ROUNDING_DAYS = 0.1 * DAYS_PER_MONTH


class Cluster(Noun):
    """A cluster that public money bought, or a programme of such."""

    name: str
    country: str
    accelerators: str
    devices: int | None = Field(None, gt=0, description="number of devices")
    peak_pflops_bf16_dense: float | None = Field(None, gt=0, description="dense BF16 peak, PFLOP/s")
    capex_usd: float | None = Field(None, gt=0, description="price as published, USD; `note` says what it covers")
    power_mw: float | None = Field(None, gt=0, description="power at the meter, MW")
    award_date: date | None = None
    service_date: date | None = Field(None, description="first service to users; planned where it is yet to come")
    months: float | None = Field(None, gt=0, description="from award to service")
    status: Literal["in_service", "planned"]
    confidence: Confidence
    as_of: date
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _months_follow(self) -> Cluster:
        if self.award_date and self.service_date and self.months:
            off = abs((self.service_date - add_months(self.award_date, self.months)).days)
            if off > 2 * ROUNDING_DAYS:
                raise ValueError(f"months {self.months:g} is not what lies between award_date and service_date")
        return self
