"""Offers: the lawful ways to get an accelerator."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from planner.domain.base import Assumed, Confidence, Id, Noun, Range
from planner.domain.horizon import Period


def _known_period(text: str) -> str:
    Period.parse(text)
    return text


PeriodText = Annotated[str, AfterValidator(_known_period), Field(description="2027q1, 2027m03 or 2027")]


class Access(Noun):
    """How a single tenant comes to a rental. Time to train counts it; a plan books capacity from the start of a period."""

    application_months: float = Field(0.0, ge=0, le=60, description="application to approval, months")
    queue_months: float = Field(0.0, ge=0, le=60, description="approval to free devices, months")
    term_months: float = Field(
        0.0, ge=0, le=120, description="shortest term that is let, months; a shorter job pays it whole"
    )
    confidence: Confidence = "estimate"
    source: str = ""
    as_of: str = ""


class Offer(Noun):
    """A way to get a device: bought or rented, at a price, after a lead time, from a limited supply.

    Whether it is lawful is not written here: law decides, by the device, the day of shipment and the buyer (formulation
    §6).
    """

    id: str = Field("", description="the key under which it stands")
    name: str = ""
    kind: Literal["purchase", "rental"]
    accelerator: Id = Field(description="device of the catalogue")
    channel: Literal["direct", "distributor", "domestic", "licensed", "secondary", "cloud", "operator"] = Field(
        description="lawful way of supply; there is no grey channel"
    )
    sites: tuple[str, ...] = Field(
        min_length=1, description="site ids where it may stand; `*` is every site that takes purchases"
    )
    price_usd_per_device: Range | None = Field(
        None,
        ge=10,
        le=10_000_000,
        description="purchase: device alone, USD per device on the decision date or the offer's first day after it, real prices; what stands already belongs under the site's fleet",
    )
    rent_usd_per_device_hour: Range | None = Field(
        None, ge=0.001, le=200, description="rental: USD per device and hour, energy included"
    )
    price_growth_per_year: Range | None = Field(
        None,
        gt=-1,
        lt=2,
        description="real change of the price per year, 0.05 = +5 %; none: as the economics say of new devices, second-hand ones or rents",
    )
    lead_time_months: Range = Field(
        default=Range(low=0, mid=0, high=0),
        ge=0,
        le=60,
        description="order to running, licence wait not included, months",
    )
    transit_months: float = Field(
        0.0, ge=0, le=60, description="shipment to running (freight, customs, installation), months"
    )
    supply_devices_per_quarter: float | None = Field(
        None,
        ge=0,
        le=1e9,
        description="purchase: devices that can be ordered in a quarter, more or less in longer or shorter periods; rental: devices on offer at any time; none: no limit known",
    )
    supply_growth_per_year: float = Field(0.0, gt=-1, lt=10, description="growth of the supply per year, 0.3 = +30 %")
    supply_devices_total: float | None = Field(
        None,
        ge=0,
        le=1e9,
        description="purchase: devices that can be ordered over the whole horizon; rental: devices that can be rented at any one time; none: no limit",
    )
    supply_device_months: float | None = Field(
        None,
        ge=0,
        le=1e12,
        description="rental: devices times months that can be rented over the whole horizon; none: no limit",
    )
    lot_devices: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        description="devices that come together in a plan in whole lots; none: a purchase as its device is sold, a rental by the server",
    )
    min_order_devices: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        description="in a plan in whole lots, fewest devices of an order at a hall, or of a rental's contract; none: one lot",
    )
    min_term_months: float = Field(
        0.0,
        ge=0,
        le=120,
        description="rental, in a plan in whole lots: shortest contract, months from the first day of its period",
    )
    available_from: PeriodText | None = Field(None, description="first period in which it can be ordered or rented")
    available_to: PeriodText | None = Field(
        None,
        description="last period in which it can be ordered or rented; none: new devices until the last order of the device, rented ones until its last support, second-hand ones while it is supported for their service life",
    )
    lifetime_years: float = Field(5.0, gt=0, le=20, description="service life of a purchase, years")
    deposit_share: float = Field(0.2, ge=0, le=1, description="part of the price lost when law overtakes an order")
    subsidised_by: tuple[Id, ...] = Field((), description="funds of kind `subsidy` that pay a share of it")
    access: Access = Field(Access(), description="rental: application, queue and shortest term of a single tenant")
    assume: dict[str, Assumed] = Field(
        default_factory=dict,
        description="facts of the transaction that law asks for, such as end_user_hq or shipped_from_us; they hold when the device comes and, rented, whenever it is used",
    )
    confidence: Confidence = "estimate"
    source: str = Field("", description="where price, lead time and supply come from")
    as_of: str = Field("", description="date of the source")
    note: str = ""

    @property
    def bought_new(self) -> bool:
        """Whether its devices come from whoever makes them, so that they end with the maker's last order."""
        return self.kind == "purchase" and self.channel != "secondary"

    @model_validator(mode="after")
    def _price_of_its_kind(self) -> Offer:
        wanted, other = ("price_usd_per_device", "rent_usd_per_device_hour")
        if self.kind == "rental":
            wanted, other = other, wanted
        price = getattr(self, wanted)
        if price is None:
            raise ValueError(f"a {self.kind} needs {wanted}")
        if getattr(self, other) is not None:
            raise ValueError(f"a {self.kind} takes no {other}")
        if self.kind == "purchase" and self.supply_device_months is not None:
            raise ValueError("a purchase takes no supply_device_months; give supply_devices_total")
        if self.kind == "rental" and (len(self.sites) != 1 or self.sites[0] == "*"):
            raise ValueError("a rental stands at exactly one site; make an offer of each")
        if self.kind == "purchase" and self.min_term_months:
            raise ValueError("a purchase takes no min_term_months; what is bought is kept as the plan sees fit")
        if self.kind == "purchase" and self.access != Access():
            raise ValueError("a purchase takes no access; its wait is lead_time_months")
        if self.transit_months > self.lead_time_months.low:
            raise ValueError(
                "transit_months is part of the lead time and cannot exceed its low value; give a longer lead time or a shorter transit"
            )
        return self
