"""A linear program by kinds of variables and families of limits, with tables in place of a library's objects."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Key = tuple[str, ...]
Term = tuple[int, float]
Sense = Literal["<=", ">=", "=="]
Numbers, Floats = NDArray[np.int64], NDArray[np.float64]


class VariableTable(NamedTuple):
    """All variables of a kind: index, bounds, and million HKD per unit."""

    keys: list[Key]
    low: Floats
    high: Floats
    cost: Floats


class LimitTable(NamedTuple):
    """All limits of a family. `terms`: by kind of variable, (number of the limit, number of the variable, coefficient)."""

    keys: list[Key]
    sense: Sense
    limit: Floats
    terms: dict[str, tuple[Numbers, Numbers, Floats]]


@dataclass
class Family:
    """The limits of one name and sense, as they are written."""

    sense: Sense
    keys: list[Key] = field(default_factory=list)
    limit: array[float] = field(default_factory=lambda: array("d"))
    row: array[int] = field(default_factory=lambda: array("q"))
    column: array[int] = field(default_factory=lambda: array("q"))
    value: array[float] = field(default_factory=lambda: array("d"))

    def add(self, key: Key, terms: Iterable[Term], limit: float) -> None:
        """One limit more."""
        row = len(self.keys)
        self.keys.append(key)
        self.limit.append(limit)
        for column, value in terms:
            self.row.append(row)
            self.column.append(column)
            self.value.append(value)


class Program:
    """Minimise the cost, million HKD. Variables have numbers over all kinds, in the order in which they come."""

    def __init__(self) -> None:
        self.kinds: dict[str, dict[Key, int]] = {}
        self.families: dict[str, Family] = {}
        self.cost, self.high, self.low = array("d"), array("d"), array("d")

    def variable(self, kind: str, key: Key, high: float = math.inf, low: float = 0.0) -> int:
        """A new variable; its number."""
        table = self.kinds.setdefault(kind, {})
        if key in table:
            raise ValueError(f"{kind} {key} exists already")
        table[key] = number = len(self.cost)
        self.cost.append(0.0)
        self.low.append(low)
        self.high.append(high)
        return number

    def at(self, kind: str, *key: str) -> int:
        """The number of a variable that is there."""
        return self.kinds[kind][key]

    def of(self, kind: str) -> dict[Key, int]:
        """The numbers of all variables of a kind, by index."""
        return self.kinds.get(kind, {})

    def some(self, kind: str, *key: str) -> list[int]:
        """The variable, where it is there."""
        number = self.kinds.get(kind, {}).get(key)
        return [] if number is None else [number]

    def limit(self, name: str, key: Key, terms: Iterable[Term], sense: Sense, limit: float) -> None:
        """One limit more of a family, whose limits all have one sense."""
        self.families.setdefault(name, Family(sense)).add(key, terms, limit)

    def tables(self) -> tuple[dict[str, VariableTable], dict[str, LimitTable]]:
        """Variables by kind and limits by family; terms of one variable in a limit are added up."""
        columns = len(self.cost)
        kind_of, place_of = np.zeros(columns, dtype=np.int64), np.zeros(columns, dtype=np.int64)
        names = [kind for kind, table in self.kinds.items() if table]
        numbers = [np.fromiter(self.kinds[kind].values(), dtype=np.int64) for kind in names]
        for number, mine in enumerate(numbers):
            kind_of[mine], place_of[mine] = number, np.arange(len(mine))
        low, high, cost = (np.array(values) for values in (self.low, self.high, self.cost))
        variables = {
            kind: VariableTable(list(self.kinds[kind]), low[mine], high[mine], cost[mine])
            for kind, mine in zip(names, numbers, strict=True)
        }
        limits = {}
        for name, family in self.families.items():
            row, column, value = summed(np.array(family.row), np.array(family.column), np.array(family.value), columns)
            terms = {}
            for number in np.unique(kind_of[column]):
                mine = kind_of[column] == number
                terms[names[number]] = row[mine], place_of[column[mine]], value[mine]
            limits[name] = LimitTable(family.keys, family.sense, np.array(family.limit), terms)
        return variables, limits


def summed(row: Numbers, column: Numbers, value: Floats, columns: int) -> tuple[Numbers, Numbers, Floats]:
    """The entries by row and column, those of one place added up, zeros left out."""
    place = row.astype(np.int64) * columns + column
    places, first = np.unique(place, return_inverse=True)
    sums = np.bincount(first, value, minlength=len(places))
    kept = sums != 0
    return places[kept] // columns, places[kept] % columns, sums[kept]
