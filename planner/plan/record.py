"""A plan as figures and papers read it: one just made or one saved, without its program."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from planner.domain.case import Case
from planner.plan.rows import Record, Rows, sums


@dataclass(frozen=True)
class PlanRecord:
    """What a plan decides and costs, and what made it.

    `checks`: how many the audit held; `inputs_sha256`, `data_as_of` and `saved` are unknown to a plan that is not saved.
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

    @cached_property
    def cost_hkd(self) -> dict[str, float]:
        """By cost, HKD, discounted and expected; the parts add up to the objective."""
        return cost_hkd(self.rows)

    @cached_property
    def probability(self) -> Mapping[str, float]:
        """By node: how likely its branch is."""
        return {node.id: node.probability for node in self.case.tree}

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
