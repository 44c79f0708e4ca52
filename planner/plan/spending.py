"""The tables of money: spending by cost, node, site and fund, and what each fund gives.

A fund's part of a line is its part of what the line's bucket draws in that node; lines that no fund pays carry none.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.build import Model
from planner.model.constraints.budget import drawn
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.plan.amounts import Record, amounts, period
from planner.solve.outcome import Floats


def spend(model: Model, values: Floats) -> Iterator[Record]:
    """Spending by cost, node, site and fund; `hkd` is undiscounted, `objective_hkd` is what it counts in the objective.

    A fund's part of a line is its part of what the line's bucket draws in that node; lines that no fund pays carry
    none.
    """
    shares = _fund_shares(model, values)
    sums: dict[tuple[str, str, str, str], list[float]] = {}
    chosen: list[float] = values.tolist()
    for line in model.lines:
        amount = line.hkd * chosen[line.column]
        if not amount:
            continue
        for fund, share in shares.get(id(line), (("", 1.0),)):
            total = sums.setdefault((line.cost, line.node.id, line.site or "", fund), [0.0, 0.0])
            total[0] += amount * share
            total[1] += amount * share * line.weight
    for (cost, node, site, fund), (hkd, objective) in sums.items():
        weight = objective / hkd if hkd else 0.0
        yield {
            "cost": cost, "node": node, "period": period(model, node), "site": site, "fund": fund, "hkd": hkd,
            "weight": weight, "objective_hkd": objective,
        }  # fmt: skip


def _fund_shares(model: Model, values: Floats) -> dict[int, tuple[tuple[str, float], ...]]:
    shares: dict[int, tuple[tuple[str, float], ...]] = {}
    for (bucket, node), lines in model.columns.buckets.items():
        given = {fund: float(values[column]) for fund, column in drawn(model.columns, bucket, node).items()}
        total = sum(given.values())
        if total > 0:
            parts = tuple((fund, amount / total) for fund, amount in given.items() if amount > 0)
            shares |= {id(line): parts for line in lines}
    return shares


def draws(model: Model, values: Floats) -> Iterator[Record]:
    """Money taken from each fund."""
    for (fund, bucket, node), amount in amounts(model, values, "draw"):
        yield {
            "fund": fund,
            "bucket": bucket,
            "node": node,
            "period": period(model, node),
            "hkd": amount * HKD_PER_MODEL_UNIT,
        }
