"""The case: everything one plan is made from."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from planner.domain.accelerator import Accelerator
from planner.domain.base import Assumed, Id, Noun
from planner.domain.country import Country
from planner.domain.data_rule import DataGovernance
from planner.domain.decomposition import Decomposition
from planner.domain.economics import Economics
from planner.domain.fund import Fund
from planner.domain.horizon import Horizon, Period, Scenario, Tree, build_tree
from planner.domain.model_shape import ModelShape
from planner.domain.offer import Offer
from planner.domain.policy import (
    CapacityTarget,
    CarbonCap,
    ControlOverride,
    Licence,
    Risk,
    Silo,
    Tenant,
    VendorShare,
    VendorSupply,
    ZoneShare,
)
from planner.domain.product_life import closes
from planner.domain.regime import RuleBook
from planner.domain.site import Site
from planner.domain.stack import Stack
from planner.domain.workload import Workload

SEARCHED_LOTS = 500
"""Orders and rentals, at a site and in a node each, up to which whole lots are searched for the best."""
LOTS = "whole.lots"
Objective = Literal["min_cost", "max_compute", "min_time"]


class Buyer(Noun):
    """Who buys: the facts of the transaction that law asks for."""

    end_user_hq: Country = Field("HK", description="headquarters of the end user and its ultimate parent, ISO code")
    us_exposure: bool = Field(
        True,
        description="has US banking, cloud, listing or suppliers; without it a device of outcome `compliance_risk` may be bought",
    )
    assume: dict[str, Assumed] = Field(
        default_factory=dict,
        description="further facts of the transaction, such as buyer_listed; see `planner controls --help`",
    )


class Whole(Noun):
    """What must come in whole units. Without it the plan is a linear program and its counts may be fractions."""

    lots: bool = Field(
        False,
        description="orders and rentals come in whole lots, none below its offer's least, each at its fixed cost; rentals for their term",
    )
    porting: bool = Field(False, description="a workload is ported wholly or not at all; mechanisms likewise")
    gap: float = Field(0.001, ge=0, lt=1, description="relative gap at which the search for whole numbers stops")
    time_limit_seconds: float = Field(
        120, gt=0, le=1e7, description="time after which the best plan found is taken, its gap shown"
    )


class Variant(Noun):
    """A named what-if of the case: `planner whatif CASE --variant NAME`."""

    set: dict[str, Any] = Field(
        default_factory=dict, description="overrides by path, as `planner whatif --set` takes them"
    )
    scenario: Id | None = Field(None, description="future of policy that is known from the start; none: as in the case")
    description: str = ""


class Case(Noun):
    """Everything one plan is made from.

    Mappings are by id; an entry of the catalogue may be left empty or overridden in part.
    """

    schema_version: Literal[1] = 1
    title: str
    description: str = ""
    horizon: Horizon
    objective: Objective = Field(
        "min_cost", description="min_cost, max_compute within the budget, or min_time to the capacity targets"
    )
    buyer: Buyer = Buyer()
    scenarios: tuple[Scenario, ...] = Field((), description="futures of policy; none: the rules of today go on")
    sites: dict[Id, Site] = Field(min_length=1)
    offers: dict[Id, Offer] = Field(default_factory=dict)
    workloads: dict[Id, Workload] = Field(default_factory=dict)
    funds: dict[Id, Fund] = Field(default_factory=dict)
    budget_hkd: float | None = Field(
        None, ge=0, le=1e15, description="ceiling on all cash spending of the plan, HKD, undiscounted; none: no ceiling"
    )
    licences: dict[Id, Licence] = Field(
        default_factory=dict, description="licences hoped for; none given: none granted"
    )
    vendor_supply: dict[str, VendorSupply] = Field(
        default_factory=dict, description="by vendor, as the catalogue spells it"
    )
    vendor_share: VendorShare | None = None
    zone_share: ZoneShare | None = None
    capacity_targets: dict[Id, CapacityTarget] = Field(default_factory=dict)
    carbon_cap: CarbonCap | None = None
    silos: dict[Id, Silo] = Field(default_factory=dict)
    tenants: dict[Id, Tenant] = Field(
        default_factory=dict, description="facts of those who own workloads, as data law asks for them"
    )
    economics: Economics = Economics()
    risk: Risk = Risk()
    near_tie_share: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="plans that cost at most so much more than the best count as equal, and of them one at few sites, with few devices and few moves is told, 0.001 = 0.1 %",
    )
    whole: Whole = Whole()
    decomposition: Decomposition = Decomposition()
    tax: dict[Id, Annotated[float, Field(ge=-1, lt=1)]] = Field(
        default_factory=dict,
        description="kernel tax of a stack set by hand, 0.3: its software reaches 70 % of the ceilings that CUDA's reaches, on the "
        "device's own memory and links; below zero: better than CUDA; none: as modelled",
    )
    controls: dict[Id, ControlOverride] = Field(
        default_factory=dict,
        description="what-ifs on law by accelerator: its purchase beats every rule of the book; rentals keep theirs",
    )
    accelerators: dict[Id, Accelerator] = Field(
        default_factory=dict, description="devices beside the catalogue, or overrides of it"
    )
    stacks: dict[Id, Stack] = Field(
        default_factory=dict, description="software stacks beside the catalogue, or overrides of it"
    )
    variants: dict[Id, Variant] = Field(
        default_factory=dict, description="named what-ifs; they change nothing until one is asked for"
    )
    overrides: dict[str, Any] = Field(
        default_factory=dict,
        description="what is changed of the case once all else is read, by path, as --set takes it: {sites.*.power_mw: '*1.2'}",
    )
    governance: SkipJsonSchema[DataGovernance]
    rulebook: SkipJsonSchema[RuleBook]
    performance: SkipJsonSchema[Any] = None
    models: SkipJsonSchema[dict[str, ModelShape]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _key_is_id(cls, value: Any) -> Any:
        """A record's id is the key under which it stands; writing it twice is not asked for."""
        if not isinstance(value, dict):
            return value
        value = dict(value)
        for field in ("sites", "offers", "workloads", "funds", "stacks", "accelerators"):
            entries = value.get(field)
            if isinstance(entries, dict):
                value[field] = {
                    key: {**entry, "id": key} if isinstance(entry, dict) else entry for key, entry in entries.items()
                }
        return value

    @cached_property
    def tree(self) -> Tree:
        """The nodes on which this case decides."""
        return build_tree(self.horizon, self.scenarios, self.revealed, self.staying)

    @cached_property
    def staying(self) -> frozenset[str]:
        """Scenarios of the rule book that change neither law nor case: in them what is in force goes on."""
        known = self.rulebook.scenarios
        return frozenset(s.id for s in self.scenarios if s.id in known and not known[s.id].changes_law and not s.set)

    @cached_property
    def revealed(self) -> dict[str, date]:
        """Day on which the world learns of each scenario."""
        known = self.rulebook.scenarios
        return {
            s.id: s.revealed or (known[s.id].start_date if s.id in known else self.horizon.first_day)
            for s in self.scenarios
        }

    @property
    def hkd_per_usd(self) -> float:
        return self.economics.hkd_per_usd

    def is_open(self, offer: Offer, period: Period) -> bool:
        """Whether the offer can be taken in the period. An order needs the day on which it is placed, a rental all of it."""
        if offer.available_from is not None and period.start < Period.parse(offer.available_from).start:
            return False
        end = closes(offer, self.accelerators[offer.accelerator])
        if end is None:
            return True
        return self.horizon.order_date(period) < end if offer.kind == "purchase" else period.end <= end

    @property
    def rounds_lots(self) -> bool:
        """Whether its lots are too many to be searched, so that a plan rounds an optimum in fractions and proves the gap.

        Whole ports, and objectives other than least cost, are searched whatever their size.
        """
        if not self.whole.lots or self.whole.porting or self.objective != "min_cost":
            return False
        places = sum(len(self.sites) if offer.sites == ("*",) else len(offer.sites) for offer in self.offers.values())
        return places * len(self.tree.nodes) > SEARCHED_LOTS

    @property
    def comparable(self) -> Case:
        """The case as studies compare it with others: at the least cost itself, no near tie, and in fractions where a plan
        rounds lots, for two roundings differ by more than most changes of a case do. `overrides` tells of lots.
        """
        if not (self.rounds_lots or self.near_tie_share):
            return self
        least: dict[str, Any] = {"near_tie_share": 0.0}
        if self.rounds_lots:
            whole = self.whole.model_copy(update={"lots": False})
            least |= {"whole": whole, "overrides": {**self.overrides, LOTS: False}}
        return self.model_copy(update=least)

    def lot_devices(self, offer: Offer) -> int:
        """Devices of the offer that come together: as it says, as its device is sold, else by the server, as rentals are."""
        sold = self.accelerators[offer.accelerator].lot_devices if offer.kind == "purchase" else None
        return offer.lot_devices or sold or self.economics.devices_per_server

    def needs_liquid(self, accelerator: str) -> bool:
        """Whether the device is too hot for air; a device of unknown TDP is taken to be."""
        tdp_w = self.accelerators[accelerator].tdp_w
        return tdp_w is None or tdp_w > self.economics.liquid_cooling_above_tdp_w

    def tax_on(self, accelerator: str) -> float | None:
        """The kernel tax set by hand on the device's software stack; None where there is none."""
        return self.tax.get(self.accelerators[accelerator].software_stack)

    def kw_per_device(self, accelerator: str) -> float:
        """IT power of a device with its share of the server, kW."""
        return self._kw_per_device[accelerator]

    @cached_property
    def _kw_per_device(self) -> dict[str, float]:
        return {name: self.economics.kw_per_device(device) for name, device in self.accelerators.items()}
