"""A plan as figures and papers read it: one just made or one saved, without its program."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from planner.domain.case import Case
from planner.plan.rows import Record, Rows, sums

VALUED = ("unserved", "shortfall")
"""Costs that nobody pays: the value of work not done and the price of targets missed."""


@dataclass(frozen=True)
class Measures:
    """What a plan comes to: money in HKD of present value, work in PFLOP/s-days, all expected over branches."""

    net_spending_hkd: float
    asked_pflops_days: float
    done_pflops_days: float
    unserved_hkd: float
    carbon_t: float


@dataclass(frozen=True)
class PlanRecord:
    """What a plan decides and costs, and what made it.

    `checks`: how many the audit held; `inputs_sha256`, `data_as_of` and `saved` are unknown to a plan that is not saved.
    `usual`: business as usual; None where nobody asked for it, or where the case has no plan without orders.
    """

    case: Case
    objective_hkd: float
    rows: Rows
    status: str
    checks: int
    solver: Mapping[str, object]
    planner_version: str
    inputs_sha256: str | None = None
    data_as_of: str | None = None
    saved: str | None = None
    usual: Measures | None = None

    @cached_property
    def cost_hkd(self) -> dict[str, float]:
        """By cost, HKD, discounted and expected; the parts add up to the objective."""
        return cost_hkd(self.rows)

    @cached_property
    def probability(self) -> Mapping[str, float]:
        """By node: how likely its branch is."""
        return {node.id: node.probability for node in self.case.tree}

    @cached_property
    def measures(self) -> Measures:
        """What it comes to."""
        asked = sum(self.expected(self.rows.unserved, "workload", "asked_pflops_days").values())
        missing = sum(self.expected(self.rows.unserved, "workload", "unserved_pflops_days").values())
        return Measures(
            math.fsum(hkd for cost, hkd in self.cost_hkd.items() if cost not in VALUED),
            asked,
            asked - missing,
            self.cost_hkd.get("unserved", 0.0),
            sum(self.expected(self.rows.carbon, "site", "carbon_t").values()),
        )

    def expected(
        self, rows: Iterable[Record], key: str | tuple[str, ...], amount: str, *, node: str = "node"
    ) -> dict[Any, float]:
        """The amounts added up by key, each weighted by the probability of its node."""
        return sums(({**row, amount: float(row[amount]) * self.probability[row[node]]} for row in rows), key, amount)


def cost_hkd(rows: Rows) -> dict[str, float]:
    """By cost, HKD, discounted and expected."""
    amounts: dict[str, list[float]] = {}
    for row in rows.spend:
        amounts.setdefault(row["cost"], []).append(row["objective_hkd"])
    return {cost: math.fsum(parts) for cost, parts in amounts.items()}
