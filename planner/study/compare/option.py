"""The record of an option of a comparison: what it costs, does and keeps; its fields are the keys of the JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from planner.performance.estimate import Spread
from planner.study.compare.carry_out import Limit
from planner.study.compare.cash import CashYear
from planner.study.compare.claims import Check
from planner.study.compare.findings import Hindrance


@dataclass(frozen=True)
class LegalPart:
    """What law in force says of a part on the day that counts."""

    part: str
    accelerator: str
    allowed: bool
    outcome: str | None
    rule: str | None
    on: str | None
    because: str


@dataclass(frozen=True)
class Legal:
    """Whether all of an option may be had under the law in force, part by part, and the share of it that comes in every scenario."""

    allowed: bool
    parts: tuple[LegalPart, ...]
    arrives_by_scenario: Mapping[str, float]


@dataclass(frozen=True)
class InScenario:
    """The option in one future of policy. `cost_hkd`: all that the need costs then, unserved work included; `arrives`: share of its devices."""

    scenario: str
    probability: float
    cost_hkd: float
    regret_hkd: float
    arrives: float
    served_pflops_days: float


@dataclass(frozen=True)
class TrainingDays:
    """Days that a reference training takes on the largest part that may run it."""

    model: str
    tokens_b: float
    accelerator: str | None
    devices: int | None
    days: Spread | None
    reason: str = ""


@dataclass(frozen=True)
class JobDone:
    """A training of the need: the share that is done, and the day on which it ends."""

    workload: str
    done_share: float
    finish: str | None


@dataclass(frozen=True)
class Option:
    """The record of an option. Money in HKD, discounted to the decision date; costs are above business as usual.

    `criteria`: as they are; `values`: as they are scored, 0 to 1, on the short list alone. `rank`: by weighted criteria among the short list, 1 the best; `rank_by_cost`: by cost-effectiveness; None off the list.
    `annual_cost_hkd`: equal payments at the end of each year in service that are worth the NPV cost on the decision date.
    `effective_pflops`: useful PFLOP/s on the mix when all of it serves; `hkd_per_effective_pflops_day`: NPV cost over the discounted
    work that it adds, with work allocated at least cost; `hkd_per_capacity_pflops_day`: the same over what it could do.
    """

    option: str
    name: str
    kind: str
    bidder: str
    rank: int | None
    rank_by_cost: int | None
    shortlisted: bool
    excluded_by: tuple[Hindrance, ...]
    npv_cost_hkd: float
    annual_cost_hkd: float | None
    net_value_hkd: float
    costs: Mapping[str, float]
    cash: tuple[CashYear, ...]
    price_hkd: float
    residual_value_hkd: float
    devices: float
    devices_standing: float
    peak_pflops: float
    effective_pflops: float
    performance_tax: float | None
    hkd_per_effective_pflops_day: float | None
    hkd_per_capacity_pflops_day: float | None
    hkd_per_million_tokens: Mapping[str, float]
    utilisation: float | None
    break_even_utilisation: float | None
    work_pflops_days: float
    service_date: date | None
    months_to_service: float | None
    peers_slower_share: float | None
    deliverable_in_time: bool
    legal: Legal
    lawful_share: float
    power_mw: float
    power_fits: bool
    pflops_per_kw: float | None
    carbon_t: float
    data_classes: tuple[str, ...]
    owners: tuple[str, ...]
    servable_share: float
    jobs: tuple[JobDone, ...]
    days_to_train: tuple[TrainingDays, ...]
    regret_hkd: float
    expected_regret_hkd: float
    scenarios: tuple[InScenario, ...]
    criteria: Mapping[str, float]
    values: Mapping[str, float]
    score: float | None
    checks: tuple[Check, ...]
    limits: tuple[Limit, ...]
    commitments: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """As JSON shows it, the difference of each check with it."""
        fields = asdict(self)
        fields["checks"] = [{**asdict(check), "difference": check.difference} for check in self.checks]
        return fields
