"""Many layouts and devices at once: as records whose fields are arrays, and choices between numbers that hold for these too.

The search counts all its layouts with the very lines that count one, to the same bit, so nothing in them may branch on a
layout or a device: `where` multiplies by one or by nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log2, sqrt
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np

Record = TypeVar("Record", bound=NamedTuple)


def at_once(records: Sequence[Record], which: Any) -> Record:
    """Records as one, which stands for `records[which[0]]`, `records[which[1]]` and so on. A field in which all are equal stays
    what it is, any other is an array.
    """
    if len(records) == 1:
        return records[0]
    fields: list[Any] = []
    for values in zip(*records, strict=True):
        first = values[0]
        if values.count(first) == len(values):
            fields.append(first)
        else:
            fields.append(np.array(values, None if isinstance(first, str) else float)[which])
    return type(records[0])(*fields)


def each_of(x: Any, count: int) -> list[Any]:
    """The numbers that x stands for: `count` of them, as plain numbers."""
    return x.tolist() if isinstance(x, np.ndarray) else [x] * count


def at(record: Record, rows: Any) -> Record:
    """Those rows, or that row, of a record that stands for many."""
    fields: list[Any] = [field[rows] if isinstance(field, np.ndarray) else field for field in record]
    return type(record)(*fields)


def where(condition: bool, yes: float, no: float) -> float:
    """`yes` where the condition holds, else `no`."""
    return yes * condition + no * (1 - condition)


def larger(x: float, y: float) -> float:
    """The larger of two."""
    return where(x >= y, x, y)


def smaller(x: float, y: float) -> float:
    """The smaller of two."""
    return where(x <= y, x, y)


def any_of(condition: Any) -> bool:
    """Whether it holds anywhere."""
    return bool(condition.any() if isinstance(condition, np.ndarray) else condition)


def root(x: float) -> float:
    """Square root."""
    return np.sqrt(x) if isinstance(x, np.ndarray) else sqrt(x)


def power(x: float, y: float) -> float:
    """x to the power of y. Arrays take the same power as numbers: numpy's own differs in the last digit between machines."""
    many = isinstance(x, np.ndarray) or isinstance(y, np.ndarray)
    return cast(float, _POWER(x, y).astype(float)) if many else pow(x, y)


def doublings(x: float) -> float:
    """How often one doubles to x: its logarithm to base 2, for arrays the same as for numbers."""
    return _LOG2(x).astype(float) if isinstance(x, np.ndarray) else log2(x)


_POWER, _LOG2 = np.frompyfunc(pow, 2, 1), np.frompyfunc(log2, 1, 1)
