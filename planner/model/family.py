"""A constraint family: what it says of a plan, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from planner.model.options import Options
from planner.model.rows import Row
from planner.model.variables import Columns


class Family(NamedTuple):
    """A constraint family: its rows, the unit of its limit, and what its shadow price says (its module tells the
    algebra).
    """

    name: str
    rows: Callable[[Options, Columns], Iterator[Row]]
    unit: str
    price_says: str
