"""How a solution is read back: quantities by kind and index, money by cost, node, site and fund.

Quantities below `NEGLIGIBLE` of their unit are left out. A fund's part of a line is its part of what the line's bucket draws
in that node; lines that no fund pays carry none.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.model.build import Model
from planner.model.constraints.budget import drawn
from planner.model.costs import Lines
from planner.model.runs import Numbers
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.plan.rows import Draw, Spend
from planner.solve.outcome import Floats

NEGLIGIBLE = 1e-6

Shares = dict[int, tuple[tuple[str, float], ...]]
"""By id of a cash line: the funds that pay it, each with its part."""


def amounts(model: Model, values: Floats, kind: str) -> Iterator[tuple[tuple[str, ...], float]]:
    """Index and value of every column of a kind that is not negligible."""
    some = decided(model, values, kind)
    return zip([model.columns.all[number].key for number in some.tolist()], values[some].tolist(), strict=True)


def decided(model: Model, values: Floats, kind: str) -> Numbers:
    """The numbers of the columns of a kind that are not negligible."""
    numbers = model.columns.numbers(kind)
    return numbers[np.abs(values[numbers]) > NEGLIGIBLE]


def spent_on(model: Model, values: Floats, cost: str) -> dict[int, float]:
    """HKD of one cost by column, undiscounted."""
    spent: dict[int, float] = {}
    for line, hkd in Lines(model.lines_on(cost)).spent(values):
        spent[line.column] = spent.get(line.column, 0.0) + hkd
    return spent


def period(model: Model, node: str) -> str:
    """Period of a node."""
    return str(model.options.node(node).period)


def spend(model: Model, values: Floats, shares: Shares) -> Iterator[Spend]:
    """Spending by cost, node, site and fund; `hkd` is undiscounted, `objective_hkd` is what it counts in the objective."""
    sums: dict[tuple[str, str, str, str], list[float]] = {}
    for line, amount in model.lines.spent(values):
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


def fund_shares(model: Model, values: Floats) -> Shares:
    """Who pays what: each fund's part of what the bucket of a line draws."""
    of_piece: dict[int, tuple[tuple[str, float], ...]] = {}
    for (bucket, node), lines in model.columns.buckets.items():
        given = {fund: float(values[column]) for fund, column in drawn(model.columns, bucket, node).items()}
        total = sum(given.values())
        if total > 0:
            parts = tuple((fund, amount / total) for fund, amount in given.items() if amount > 0)
            of_piece.update(dict.fromkeys(map(id, lines.pieces), parts))
    pieces = model.lines.of_pieces(values) if of_piece else ()
    return {id(line): of_piece[id(piece)] for line, piece in pieces if id(piece) in of_piece}


def draws(model: Model, values: Floats) -> Iterator[Draw]:
    """Money taken from each fund."""
    for (fund, bucket, node), amount in amounts(model, values, "draw"):
        yield {
            "fund": fund,
            "bucket": bucket,
            "node": node,
            "period": period(model, node),
            "hkd": amount * HKD_PER_MODEL_UNIT,
        }
