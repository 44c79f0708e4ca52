"""What is known on one tree of scenarios, in the numbers of another: nodes are told by their periods and futures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from planner.domain.horizon import Node, Tree
from planner.model.build import Model
from planner.solve.arrays import OUTSIDE, Numbers
from planner.solve.resolve import Optimum, seen_from

Name = tuple[object, ...]


class Future(NamedTuple):
    """One way through a tree: its columns and rows, by their numbers in the model."""

    model: Model
    tree: Tree
    columns: Numbers
    rows: Numbers

    @property
    def names(self) -> tuple[list[Name], list[Name]]:
        """What its columns and its rows are, whatever the branch: nodes are told by their periods."""
        period = {node.id: str(node.period) for node in self.tree}
        columns = [self.model.columns.all[number] for number in self.columns.tolist()]
        rows = [self.model.rows[number] for number in self.rows.tolist()]
        return (
            [(column.kind, *map(period.get, column.key, column.key)) for column in columns],
            [(row.family, *map(period.get, row.key, row.key)) for row in rows],
        )


def of_futures(futures: Iterable[Future], other: Future, known: Optimum) -> Iterator[Optimum]:
    """An optimum of another future as one of each of these, which count their columns and rows from zero."""
    numbers = [
        dict(zip(names, way.tolist(), strict=True))
        for names, way in zip(other.names, (other.columns, other.rows), strict=True)
    ]
    for future in futures:
        columns, rows = (_found(by_name, names) for by_name, names in zip(numbers, future.names, strict=True))
        yield seen_from(known, columns, rows)


def of_tree(
    model: Model, other: Model, ways: Iterable[tuple[Sequence[Node], Sequence[Node]]], known: Optimum
) -> Optimum:
    """An optimum on another tree as one on this. `ways`: of each future its nodes here and there, the likeliest last, which counts
    where several pass.
    """
    there: dict[str, str] = {}
    for here, way in ways:
        there |= {node.id: twin.id for node, twin in zip(here, way, strict=True)}

    def at(key: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(there.get(part, part) for part in key)

    columns: dict[Name, int] = {(column.kind, column.key): number for number, column in enumerate(other.columns.all)}
    rows: dict[Name, int] = {(row.family, row.key): number for number, row in enumerate(other.rows)}
    return seen_from(
        known,
        _found(columns, [(column.kind, at(column.key)) for column in model.columns.all]),
        _found(rows, [(row.family, at(row.key)) for row in model.rows]),
    )


def _found(numbers: Mapping[Name, int], names: Iterable[Name]) -> Numbers:
    return np.array([numbers.get(name, OUTSIDE) for name in names], dtype=np.int64)
