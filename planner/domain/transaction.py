"""Transactions: the facts of a purchase or a rental that law asks for, beside the device itself."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Literal

from pydantic import Field

from planner.domain.base import Noun
from planner.domain.country import Country, Place
from planner.domain.match import METRICS, Facts

Destination = Literal["HK", "CN", "MO", "OTHER"]
"""What regimes speak of: Hong Kong, the mainland, Macau, and all other countries."""
TradeChannel = Literal["purchase", "cloud"]


class Transaction(Noun):
    """Who gets a device, how and what for. Defaults: a civil, unlisted buyer of Hong Kong who buys for inference."""

    channel: TradeChannel = Field(
        "purchase", description="purchase: the device changes hands; cloud: it is rented remotely"
    )
    destination: Place = Field(
        "HK",
        description="country in which the device stands, ISO code; OTHER: an unnamed one outside China, Hong Kong and Macau",
    )
    end_user_hq: Country = Field("HK", description="home of the end user and its ultimate parent, ISO code")
    shipped_from_us: bool = Field(True, description="exported from the US after the test of a US laboratory")
    buyer_listed: bool = Field(False, description="on the US Entity List")
    buyer_owned_50pct_by_listed: bool = Field(False, description="half or more owned by listed parties")
    buyer_sdn: bool = Field(False, description="blocked by the US Treasury (SDN list), itself or half owned")
    buyer_denied: bool = Field(False, description="on the Denied Persons List")
    buyer_unverified: bool = Field(False, description="on the Unverified List: no licence exceptions, a statement else")
    seller_listed: bool = Field(False, description="seller, or maker if not of the catalogue, on the US Entity List")
    seller_sdn: bool = Field(False, description="seller blocked by the US Treasury (SDN list)")
    seller_denied: bool = Field(False, description="seller on the Denied Persons List")
    mainland_business: bool = Field(
        False, description="buyer does business on the mainland, so that its countermeasures reach it"
    )
    built_for_d5_party: bool = Field(
        False, description="bought or built by another for a party based in country group D:5 or Macau"
    )
    transfer_in_country: bool = Field(False, description="changes hands within the country in which it stands")
    repair: bool = Field(False, description="replaces a part of equipment that was exported lawfully, one for one")
    allied_packaging: bool = Field(
        False,
        description="memory goes straight to a packaging site that a firm based in the US or country group A:5 owns and runs",
    )
    military_end_use: bool = Field(False, description="military or military-intelligence end use or user")
    supercomputer_end_use: bool = Field(False, description="for a hall above the supercomputer thresholds")
    use_case: Literal["inference", "training"] = Field("inference", description="what the devices are for")
    en_route_since: date | None = Field(
        None, description="day since which it is on its way aboard a carrier, for the savings clauses of new rules"
    )
    training_flop: float | None = Field(
        None, ge=0, le=1e33, description="operations of the training run, for US investors' rules"
    )

    @property
    def region(self) -> Destination:
        """The destination as regimes speak of it."""
        return self.destination if self.destination in ("HK", "CN", "MO") else "OTHER"  # type: ignore[return-value]

    @cached_property
    def facts(self) -> Facts:
        """What rules may test, by metric."""
        return {metric: getattr(self, metric) for metric in _TESTED}


_TESTED = tuple(metric for metric in METRICS if metric in Transaction.model_fields)
