"""Bids: cluster options of which some should be funded, as `planner compare` reads them.

A file of options names the case that it is for (workloads, sites, scenarios, rates); a bid is a fleet that is fixed, with
its price, dates and claims.
"""

from __future__ import annotations

from datetime import date
from math import isclose, isinf
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from planner.domain.base import Assumed, Id, Noun, Range
from planner.domain.workload import Precision

Covered = Literal["freight", "equipment", "fit_out", "maintenance", "insurance", "staff", "hosting"]
"""Costs of a plan that a bid's price may cover; energy is paid as it is used."""
CRITERIA = ("cost", "months", "law", "data", "carbon", "expansion", "local_benefit")
DEFAULT_WEIGHTS: dict[str, float] = {
    "cost": 30, "months": 20, "law": 15, "data": 10, "carbon": 10, "expansion": 10, "local_benefit": 5
}  # fmt: skip
DEFAULT_SET_BY = "planner's default, judgement: a committee sets its own before it opens bids"
Share = Annotated[float, Field(ge=0, le=1)]
Judgement = Annotated[float, Field(ge=0, le=1, description="0 to 1, as the committee judges")]


class Payment(Noun):
    """A part of the price of a bid that is due some months after the award."""

    month: float = Field(ge=0, le=240, description="months after the award")
    share: float = Field(gt=0, le=1, description="share of the price, 0.3 = 30 %")


class Claim(Noun):
    """What the bidder says of the cluster, to be worked out again."""

    pflops: float | None = Field(None, gt=0, le=1e7, description="computing power as the bid states it, PFLOP/s")
    precision: Precision | None = Field(None, description="precision of that figure; none: the bid does not say")
    sparse: bool = Field(False, description="the bid says that the figure counts zeros that are skipped")
    power_mw: float | None = Field(
        None, gt=0, le=2_000, description="power at the meter that the cluster draws, as the bid states it, MW"
    )


class Part(Noun):
    """Devices of one kind at one site: bought at a price for all of them, or rented by the hour."""

    accelerator: Id = Field(description="device of the catalogue")
    devices: float = Field(gt=0, le=5_000_000, description="number of devices")
    site: Id = Field(description="site of the case at which they stand")
    kind: Literal["purchase", "rental"] = "purchase"
    channel: Literal["direct", "distributor", "domestic", "licensed", "secondary", "cloud", "operator"] = Field(
        description="lawful way of supply; there is no grey channel"
    )
    price_hkd: float | None = Field(None, gt=0, le=1e12, description="purchase: price of all of them, HKD")
    rent_hkd_per_device_hour: float | None = Field(
        None,
        ge=0.01,
        le=1_550,
        description="rental: HKD per device and hour, energy included, paid whether used or not",
    )
    term_months: float | None = Field(None, gt=0, le=240, description="rental: length of the contract, months")
    transit_months: float = Field(1.0, ge=0, le=60, description="shipment to service: freight, installation, tests")
    licence_months: float = Field(
        0.0,
        ge=0,
        le=60,
        description="purchase: months of the time to service that the bid counts for its licence; the wait that the case expects takes their place",
    )
    lifetime_years: float = Field(5.0, gt=0, le=20, description="service life of a purchase, years")
    assume: dict[str, Assumed] = Field(
        default_factory=dict, description="facts of the transaction that law asks for; see `planner controls --help`"
    )

    @model_validator(mode="after")
    def _price_of_its_kind(self) -> Part:
        rented = self.kind == "rental"
        for name, wanted in (("price_hkd", not rented), ("rent_hkd_per_device_hour", rented), ("term_months", rented)):
            if (getattr(self, name) is not None) is not wanted:
                raise ValueError(f"{name} belongs to a {'rental' if rented is wanted else 'purchase'} and only to it")
        return self


class PlannedFleet(Noun):
    """A saved plan whose orders are the fleet of a bid: awarded with the first of them, in service when the last of them stands."""

    file: str = Field(description="folder of a saved plan, or its JSON, beside this file")
    orders_to: date | None = Field(
        None, description="orders placed up to this day count, ISO date; none: all that the plan places"
    )


def _parts_or_plan(schema: dict[str, Any]) -> None:
    """A file that names a plan states neither parts nor service."""
    own = ["parts", "service_date"]
    schema["required"] = [name for name in schema["required"] if name not in own]
    schema["anyOf"] = [{"required": own}, {"required": ["plan"]}]


class Bid(Noun):
    """A cluster that somebody offers to build or to let."""

    model_config = ConfigDict(json_schema_extra=_parts_or_plan)

    name: str
    bidder: str = ""
    award_date: date | None = Field(None, description="day of the award, ISO date; none: that of the comparison")
    service_date: date = Field(description="day on which the bidder says that it serves, ISO date")
    parts: dict[Id, Part] = Field(min_length=1)
    plan: PlannedFleet | None = Field(
        None,
        description="a saved plan in place of parts, award and service: its orders, at what it pays for the devices",
    )
    payments: tuple[Payment, ...] = Field(
        (), description="when purchases are paid; none: a fifth at the award, the rest at service"
    )
    price_covers: tuple[Covered, ...] = Field(
        ("freight", "equipment"),
        description="costs that the prices of purchases cover; the others are planned beside them",
    )
    running_hkd_per_year: float = Field(
        0.0,
        ge=0,
        le=1e12,
        description="what the operator asks per year of service beside all this: staff, support, HKD",
    )
    claim: Claim = Claim()
    scores: dict[Id, Judgement] = Field(
        default_factory=dict, description="criteria that are judged, such as local_benefit, 0 to 1"
    )
    divisible: bool = Field(False, description="a part of it can be had at a part of the price")
    commitments: tuple[str, ...] = Field((), description="what the bidder binds itself to, as the committee reads it")
    source: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _all_is_paid(self) -> Bid:
        paid = sum(payment.share for payment in self.payments)
        if self.payments and not isclose(paid, 1.0, abs_tol=1e-6):
            raise ValueError(f"payments add up to {paid:g}; make it 1")
        return self


class ReferenceJob(Noun):
    """A training by which clusters are compared."""

    model: str = Field(description="model of the catalogue by name (`planner catalog models`)")
    tokens_b: float = Field(gt=0, le=1e6, description="tokens, billions")


class Weights(Noun):
    """How much each criterion counts, and who says so."""

    set_by: str = Field(min_length=1, description="who set the weights, and when")
    criteria: dict[Id, Annotated[float, Field(ge=0, le=1e6)]] = Field(
        min_length=1,
        description=f"weight by criterion: {', '.join(CRITERIA)}, or one of your own that bids are judged by",
    )

    @model_validator(mode="after")
    def _something_counts(self) -> Weights:
        if not sum(self.criteria.values()) > 0:
            raise ValueError("criteria need a weight above zero")
        return self


class Comparison(Noun):
    """A file of options: what is asked, for which case, and the bids."""

    schema_version: Literal[1] = 1
    title: str
    decision: str = Field("", description="what the committee is asked to decide")
    case: str = Field(description="file of the case that the options are for, beside this file")
    award_date: date = Field(description="day of the award, ISO date")
    months_limit: float = Field(18.0, gt=0, le=120, description="months from award to service that are allowed")
    grant_hkd: float | None = Field(
        None, gt=0, le=1e12, description="money to be granted, HKD; asks for the best set of options within it"
    )
    mix: dict[Id, Share] = Field(
        default_factory=dict, description="share of each workload in the work of the cluster; none: as the case asks"
    )
    weights: Weights = Weights(set_by=DEFAULT_SET_BY, criteria=DEFAULT_WEIGHTS)
    reference_jobs: tuple[ReferenceJob, ...] = Field(
        (
            ReferenceJob(model="llama-2-7b", tokens_b=1_000),
            ReferenceJob(model="llama-3.1-70b", tokens_b=1_000),
        ),
        description="trainings whose days are told",
    )
    do_minimum: tuple[Id, ...] = Field(
        (), description="rentals of the case that may be taken without any grant; none: all of them"
    )
    price_factor: Range = Field(
        Range(low=0.9, mid=1.0, high=1.53),
        ge=0.1,
        le=10,
        description="how far prices may come out beside the bids; 1.53 is what KISTI-6 came to after failed tenders",
    )
    options: dict[Id, Bid] = Field(min_length=1)

    @model_validator(mode="after")
    def _mix_is_whole(self) -> Comparison:
        total = sum(self.mix.values())
        if self.mix and (isinf(total) or not isclose(total, 1.0, abs_tol=1e-6)):
            raise ValueError(f"mix adds up to {total:g}; make it 1")
        return self
