"""How a solution is read back: quantities and spending by kind and index, the same for every table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planner.model.build import Model
from planner.solve.outcome import Floats

NEGLIGIBLE = 1e-6
Record = dict[str, Any]


def amounts(model: Model, values: Floats, kind: str) -> Iterator[tuple[tuple[str, ...], float]]:
    """Index and value of every column of a kind that is not negligible."""
    for key, column in model.columns.table(kind).items():
        if abs(values[column]) > NEGLIGIBLE:
            yield key, float(values[column])


def spent_on(model: Model, values: Floats, cost: str) -> dict[int, float]:
    """HKD of one cost by column, undiscounted."""
    spent: dict[int, float] = {}
    for line in model.lines:
        if line.cost == cost:
            spent[line.column] = spent.get(line.column, 0.0) + line.hkd * float(values[line.column])
    return spent


def period(model: Model, node: str) -> str:
    """Period of a node."""
    return str(model.options.node(node).period)
