"""Rows: one limit of the program, with its name, its terms and why it exists."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Sense = Literal["<=", ">=", "=="]
Term = tuple[int, float]
_NOT_FOR_NAMES = re.compile(r"[^A-Za-z0-9_.]")


def label(kind: str, *index: str) -> str:
    """A name that every solver takes and a person can read: `power(hk_aisc,2027q2)`."""
    if not index:
        return kind
    return f"{kind}({','.join(map(_word, index))})"


@lru_cache(maxsize=65_536)
def _word(part: str) -> str:
    return _NOT_FOR_NAMES.sub("_", part)


class Terms:
    """A sum of columns, each by its number with its coefficient, in order; one column may stand in it more than once.

    Two arrays of plain numbers, 12 bytes a term: pairs of objects take up to 100. Nobody changes them: rows share them, and so do programs.
    """

    __slots__ = ("columns", "values")
    columns: array[int]
    values: array[float]

    def __init__(self, columns: Iterable[int] = (), values: Iterable[float] = ()) -> None:
        """`columns` and `values` are kept where they are arrays of C integers and doubles already."""
        self.columns = columns if isinstance(columns, array) else array("i", columns)
        self.values = values if isinstance(values, array) else array("d", values)

    @classmethod
    def of(cls, pairs: Iterable[Term]) -> Terms:
        """The terms of these pairs of column and coefficient."""
        # Most sums are of a few columns, for which one by one takes half of the time of all at once.
        columns, values = array("i"), array("d")
        for column, value in pairs:
            columns.append(column)
            values.append(value)
        return cls(columns, values)

    @classmethod
    def each(cls, columns: Iterable[int], value: float) -> Terms:
        """All with the same coefficient."""
        columns = columns if isinstance(columns, array) else array("i", columns)
        return cls(columns, array("d", (value,)) * len(columns))

    @classmethod
    def joined(cls, some: Iterable[Terms]) -> Terms:
        """One sum after the other."""
        columns, values = array("i"), array("d")
        for terms in some:
            columns.extend(terms.columns)
            values.extend(terms.values)
        return cls(columns, values)

    def times(self, factor: float) -> Terms:
        """The same with every coefficient multiplied."""
        return Terms(self.columns, decimals(np.frombuffer(self.values) * factor))

    def summed(self) -> dict[int, float]:
        """By column, in the order in which they first stand: the sum of its coefficients."""
        sums = dict(self)
        if len(sums) < len(self):
            sums = {}
            for column, value in self:
                sums[column] = sums.get(column, 0.0) + value
        return sums

    def __len__(self) -> int:
        return len(self.columns)

    def __iter__(self) -> Iterator[Term]:
        return zip(self.columns, self.values, strict=True)

    def __add__(self, other: Terms) -> Terms:
        return Terms(self.columns + other.columns, self.values + other.values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Terms) and self.columns == other.columns and self.values == other.values

    def __repr__(self) -> str:
        return f"Terms.of({list(self)})"


def whole_numbers(numbers: NDArray[np.integer[Any]]) -> array[int]:
    """The same numbers as terms keep their columns."""
    return array("i", numbers.astype(np.intc, copy=False).tobytes())


def decimals(numbers: NDArray[np.float64]) -> array[float]:
    """The same numbers as terms keep their coefficients."""
    return array("d", numbers.tobytes())


class Row(NamedTuple):
    """`sum of coefficient * column  sense  limit`, and the rule, contract or policy behind it.

    `what` is limited, `node` when (None: the plan as a whole), `part` which limit of it where there are
    several. A row that only adds up or keeps in step what other rows limit is none itself: `is_limit` is False.
    """

    family: str
    what: tuple[str, ...]
    node: str | None
    terms: Terms
    sense: Sense
    limit: float
    because: str
    part: tuple[str, ...] = ()
    is_limit: bool = True

    @property
    def subject(self) -> tuple[str, ...]:
        """What is limited, the same in every node."""
        return (*self.what, *self.part)

    @property
    def key(self) -> tuple[str, ...]:
        """What tells the row from all others of its family."""
        return (*self.what, *(() if self.node is None else (self.node,)), *self.part)

    @property
    def name(self) -> str:
        return label(self.family, *self.key)
