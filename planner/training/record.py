"""The answers of `planner train-time` as typed records; their fields are the keys of its JSON, units in the names.

TrainTime     one option of a question: speed, time, cost, law, and whether it is chosen
CaseTime      one row of a table of cases: speed and time alone
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar

from planner.performance.estimate import Spread, throughput
from planner.performance.layout import Recompute
from planner.performance.speed import Speed
from planner.performance.tax import Tax


@dataclass(frozen=True)
class LayoutRecord:
    """Degrees of parallelism and what goes with them."""

    tp: int
    pp: int
    dp: int
    cp: int
    ep: int
    virtual: int
    micro_batch: int
    micro_batches: int
    shard: int
    recompute: Recompute
    offload: bool
    global_batch_sequences: int


@dataclass(frozen=True)
class SubsidyRecord:
    """Who pays which share of the rent."""

    fund: str
    name: str
    share: float | None


@dataclass(frozen=True)
class PurchaseRecord:
    """The whole of which a job on bought devices uses a share."""

    hkd: float
    life_years: float
    share_of_life: float


@dataclass(frozen=True)
class DataRecord:
    """What data law says of the class of data at the option's site."""

    permit: str
    zone: str
    mechanisms: tuple[str, ...]
    lead_months: float
    cost_hkd: float
    because: str


@dataclass(frozen=True)
class ByDate:
    """The answer to `--by`: the fewest devices that keep the date; None when no number does, or law bars the option."""

    devices_needed: int | None


@dataclass(frozen=True)
class Affordable:
    """The answer to `--budget-hkd`: billions of tokens for this model; parameters of the largest on 20 tokens each."""

    tokens_b_affordable: float | None
    params_b_affordable: float | None


@dataclass(frozen=True, kw_only=True)
class SpeedRecord:
    """What the performance model knows alone. None where nothing can be said."""

    FIRST: ClassVar[tuple[str, ...]] = ()
    """Fields that stand before these in JSON."""

    fits: bool
    reason: str | None = None
    devices: int | None = None
    tokens_per_s_per_device: Spread | None = None
    flop: float | None = None
    flop_per_token: float | None = None
    peak_pflops: float | None = None
    mfu: float | None = None
    goodput: float | None = None
    practice: float | None = None
    useful_pflops_per_device: float | None = None
    layout: LayoutRecord | None = None
    memory_gb_per_device: float | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON shows it."""
        fields = asdict(self)
        return {name: fields.pop(name) for name in self.FIRST} | fields


@dataclass(frozen=True, kw_only=True)
class CaseTime(SpeedRecord):
    """What the model says of one row; `reason` where it says nothing."""

    FIRST: ClassVar[tuple[str, ...]] = ("case", "accelerator")

    case: str
    accelerator: str | None
    days: Spread | None = None
    accelerator_hours: Spread | None = None
    assumptions: tuple[str, ...] = ()

    UNANSWERED: ClassVar[tuple[str, ...]] = (
        "case", "accelerator", "fits", "reason", "tokens_per_s_per_device", "flop", "mfu", "days", "accelerator_hours",
        "goodput", "layout", "memory_gb_per_device", "assumptions",
    )  # fmt: skip

    def plain(self) -> dict[str, Any]:
        """As JSON shows it: a row that could not be asked has the promised fields alone."""
        fields = super().plain()
        return fields if self.devices else {name: fields[name] for name in self.UNANSWERED}


@dataclass(frozen=True, kw_only=True)
class TrainTime(SpeedRecord):
    """All about one option. Without a fit there are no hours, dates or costs.

    `legal` is the verdict as `planner controls` gives it (`planner.law.record`).
    """

    FIRST: ClassVar[tuple[str, ...]] = (
        "option", "accelerator", "accelerator_name", "software_stack", "count", "where", "site", "subsidy",
    )  # fmt: skip

    option: str
    accelerator: str
    accelerator_name: str
    software_stack: str
    count: int
    where: str
    site: str
    subsidy: SubsidyRecord | None
    smallest_cluster_devices: int | None
    days: Spread | None
    accelerator_hours: Spread | None
    wait_months: float
    application_months: float
    queue_months: float
    hall_months: float
    term_months: float
    porting_months: float
    porting_hkd: float
    begin: date
    ready: date
    finish: date | None
    finish_p90: date | None
    energy_kwh: Spread | None
    carbon_kg: Spread | None
    cost_hkd: Spread | None
    purchase: PurchaseRecord | None
    performance_tax: Tax | None
    best_unrestricted: str | None
    times_best_unrestricted: float | None
    legal: Mapping[str, Any]
    may_use: bool
    needs_licence: bool
    allowed: bool
    obtainable: bool
    data_rule: DataRecord | None
    assumptions: tuple[str, ...]
    chosen: bool
    why_not: str | None
    by_date: ByDate | None = None
    affordable: Affordable | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON shows it: answers to `--by` and `--budget-hkd` stand among the rest, where they were asked for."""
        fields = super().plain()
        by_date, affordable = fields.pop("by_date"), fields.pop("affordable")
        return fields | (by_date or {}) | (affordable or {})


def speed_fields(speed: Speed, tokens: float | None) -> dict[str, Any]:
    """Values of the fields of `SpeedRecord`."""
    fields: dict[str, Any] = {
        "fits": speed.fits,
        "reason": speed.reason or None,
        "devices": speed.devices,
        "flop": speed.flop_per_token * tokens if tokens else None,
        "flop_per_token": speed.flop_per_token,
        "peak_pflops": speed.peak_pflops,
    }
    if speed.layout:
        fields["layout"] = LayoutRecord(**speed.layout._asdict(), global_batch_sequences=speed.batch_sequences)
    if speed.fits:
        fields |= {
            "tokens_per_s_per_device": throughput(speed),
            "mfu": speed.mfu,
            "goodput": speed.goodput,
            "practice": speed.practice,
            "useful_pflops_per_device": speed.useful_pflops,
            "memory_gb_per_device": speed.memory_gb,
        }
    return fields
