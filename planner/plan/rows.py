"""What the tables of a plan hold, a row each: units by the end of a name, money undiscounted but where it says otherwise.

Rows are plain records inside; `Frames` makes pandas of them when somebody asks for a table by its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypedDict, get_args, get_type_hints

from planner.solve.shadow_prices import ShadowPrice

if TYPE_CHECKING:
    import pandas as pd

Record = Mapping[str, Any]
"""A row of any table."""


class Order(TypedDict):
    """A purchase, once for each branch in which it arrives; `hkd` is discounted nowhere and counts the whole price."""

    offer: str
    accelerator: str
    site: str
    node: str
    period: str
    devices: float
    order_date: str
    shipped: str
    arrives_on: str
    stands_from: str
    stands_on: str
    stored_months: float
    outcome: str
    rule: str
    citation: str
    price_hkd_per_device: float
    hkd: float


class Rental(TypedDict):
    """Devices rented in a node."""

    offer: str
    accelerator: str
    site: str
    node: str
    period: str
    devices: float
    outcome: str
    rule: str
    hkd: float


class Fleet(TypedDict):
    """Devices owned that stand all of a node, with what joined them and was taken out then."""

    accelerator: str
    site: str
    node: str
    period: str
    devices: float
    arrived: float
    retired: float


class PartPeriod(TypedDict):
    """Devices that stand a part of a node's period; those of the start have no offer."""

    offer: str | None
    accelerator: str
    site: str
    ordered: str
    node: str
    period: str
    devices: float
    share: float


class Service(TypedDict):
    """What runs where, averaged over the node; `part_devices` of them stand a part of it."""

    workload: str
    accelerator: str
    site: str
    node: str
    period: str
    devices: float
    part_devices: float
    useful_pflops_per_device: float
    work_pflops_days: float


class Unserved(TypedDict):
    """Work asked for and not done, at its price."""

    workload: str
    node: str
    period: str
    asked_pflops_days: float
    unserved_pflops_days: float
    share: float
    hkd: float


class Readiness(TypedDict):
    """A port or mechanism, in the node in which it is begun or carried further; `level` is a share."""

    kind: str
    subject: str
    what: str
    zone: str | None
    node: str
    period: str
    level: float


class Energy(TypedDict):
    """Energy at the meter."""

    accelerator: str
    site: str
    node: str
    period: str
    energy_mwh: float


class Carbon(TypedDict):
    """Carbon of that energy."""

    accelerator: str
    site: str
    node: str
    period: str
    carbon_t: float


class Spend(TypedDict):
    """Money by cost, node, site and fund; `objective_hkd` is what it counts in the objective, discounted and expected."""

    cost: str
    node: str
    period: str
    site: str
    fund: str
    hkd: float
    weight: float
    objective_hkd: float


class Draw(TypedDict):
    """Money taken from a fund."""

    fund: str
    bucket: str
    node: str
    period: str
    hkd: float


class CashYear(TypedDict):
    """What one cost takes from one fund in a financial year of one branch; see `planner.plan.cash`."""

    cost: str
    fund: str
    node: str
    financial_year: str
    committed_hkd: float
    paid_hkd: float
    committed_nominal_hkd: float
    paid_nominal_hkd: float


class FundYear(TypedDict):
    """A fund's account of a financial year of one branch; no balance where it has no ceiling; see `planner.plan.cash`."""

    fund: str
    node: str
    financial_year: str
    opening_hkd: float | None
    granted_hkd: float | None
    committed_hkd: float
    paid_hkd: float
    lapsed_hkd: float | None
    closing_hkd: float | None
    outstanding_hkd: float
    uncommitted_hkd: float | None
    paid_nominal_hkd: float
    closing_nominal_hkd: float | None


class SubsidyYear(TypedDict):
    """What a subsidy pays in a financial year of one branch for the devices that a tenant's work runs on."""

    fund: str
    tenant: str
    node: str
    financial_year: str
    hkd: float
    nominal_hkd: float


class Shortfall(TypedDict):
    """Capacity of a target that does not stand."""

    target: str
    node: str
    period: str
    target_pflops: float
    missing_pflops: float
    hkd: float


class TargetPeak(TypedDict):
    """What counts towards a target when it is due, at one precision: dense peak of the devices that publish a rate at it."""

    target: str
    node: str
    period: str
    precision: str
    target_pflops: float
    devices: float
    devices_without_rate: float
    peak_pflops: float


class Silo(TypedDict):
    """Devices that are a silo's own all of the node, newly given then, and, averaged, those of a part of it."""

    silo: str
    accelerator: str
    site: str
    node: str
    period: str
    devices: float
    given: float
    part_devices: float


class Job(TypedDict):
    """A training on one branch: when it runs, what it does and what it costs in present value."""

    workload: str
    node: str
    start: str | None
    finish: str | None
    days: float
    asked_pflops_days: float
    done_pflops_days: float
    device_days: float
    cost_hkd: float
    hkd_per_pflops_day: float


class Refused(TypedDict):
    """What never became a column, by which rule; see `planner.model.ledger`."""

    family: str
    rule: str
    because: str
    accelerator: str
    site: str
    offer: str | None
    workload: str | None
    node: str | None
    outcome: str | None
    regime: str | None
    citation: str | None


@dataclass(frozen=True)
class Rows:
    """The rows of every table of a plan."""

    orders: list[Order]
    rentals: list[Rental]
    fleet: list[Fleet]
    part_periods: list[PartPeriod]
    service: list[Service]
    unserved: list[Unserved]
    readiness: list[Readiness]
    energy: list[Energy]
    carbon: list[Carbon]
    spend: list[Spend]
    draws: list[Draw]
    cash_years: list[CashYear]
    fund_years: list[FundYear]
    subsidy_years: list[SubsidyYear]
    shortfall: list[Shortfall]
    target_peaks: list[TargetPeak]
    silos: list[Silo]
    jobs: list[Job]
    refused: list[Refused]
    shadow_prices: list[ShadowPrice]

    @property
    def by_name(self) -> dict[str, list[Record]]:
        return dict(vars(self))


@cache
def columns() -> dict[str, tuple[str, ...]]:
    """By table: its columns, in order."""
    rows = {name: get_args(hint)[0] for name, hint in get_type_hints(Rows).items()}
    return {name: tuple(row.__annotations__) for name, row in rows.items()}


class Frames(Mapping[str, "pd.DataFrame"]):
    """The tables as pandas, each made when it is first asked for."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows.by_name
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        import pandas as pd

        if name not in self._made:
            self._made[name] = pd.DataFrame(self._rows[name], columns=list(columns()[name]))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def sums(rows: Iterable[Mapping[str, object]], key: str | tuple[str, ...], amount: str) -> dict[Any, float]:
    """The amounts added up by key, in the order in which the keys come."""
    totals: dict[Any, float] = {}
    for row in rows:
        name = row[key] if isinstance(key, str) else tuple(row[part] for part in key)
        counted: Any = row[amount]
        totals[name] = totals.get(name, 0.0) + float(counted)
    return totals
