"""A line of spending: what one unit of a column costs in one node, for whom and where."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planner.domain.horizon import Node
from planner.model.options import Options
from planner.model.rows import Terms
from planner.model.stay import Arrival


class Line(NamedTuple):
    """`hkd` per unit of the column, real and undiscounted, spent in `node`; `weight` is its probability times its
    discount.

    `cash` lines must be paid by funds; the others (unserved work, residual value, shortfalls) are values, not payments.
    `order`: the order whose residual value is credited for what the line pays.
    """

    cost: str
    column: int
    node: Node
    hkd: float
    weight: float
    site: str | None = None
    device_origin: str | None = None
    offer: str | None = None
    risky: bool = False
    cash: bool = True
    order: tuple[str, str, str] | None = None


NO_COLUMN = -1
"""What a line names that stands for many."""


class Spread:
    """A line of each of several columns, alike in all else: `like` says in what, `hkd` what a unit of each column costs."""

    __slots__ = ("_lines", "hkd", "like")

    def __init__(self, like: Line, hkd: Terms) -> None:
        self.like, self.hkd = like, hkd
        self._lines: dict[int, Line] = {}

    def line(self, place: int) -> Line:
        """That of the column at a place: the same whenever it is asked for."""
        if place not in self._lines:
            self._lines[place] = self.like._replace(column=self.hkd.columns[place], hkd=self.hkd.values[place])
        return self._lines[place]

    def __iter__(self) -> Iterator[Line]:
        return (self.like._replace(column=column, hkd=hkd) for column, hkd in self.hkd)

    def __len__(self) -> int:
        return len(self.hkd)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spread) and self.like == other.like and self.hkd == other.hkd


Piece = Line | Spread


def like(piece: Piece) -> Line:
    """A line that says all of a piece but columns and amounts."""
    return piece if isinstance(piece, Line) else piece.like


def _hkd_of(pieces: Iterable[Piece]) -> Terms:
    """HKD per unit of the column, line by line."""
    columns, hkd = array("i"), array("d")
    for piece in pieces:
        if isinstance(piece, Line):
            columns.append(piece.column)
            hkd.append(piece.hkd)
        else:
            columns.extend(piece.hkd.columns)
            hkd.extend(piece.hkd.values)
    return Terms(columns, hkd)


class Lines:
    """Lines in their order, with what is asked of all of them at once; those of many columns are held as one piece."""

    def __init__(self, pieces: Iterable[Piece] = ()) -> None:
        self.pieces = tuple(pieces)

    def __iter__(self) -> Iterator[Line]:
        for piece in self.pieces:
            if isinstance(piece, Line):
                yield piece
            else:
                yield from piece

    def __len__(self) -> int:
        return len(self.hkd)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lines) and self.pieces == other.pieces

    @cached_property
    def hkd(self) -> Terms:
        """By line: its column, and HKD per unit of it."""
        return _hkd_of(self.pieces)

    @cached_property
    def _lengths(self) -> NDArray[np.int64]:
        lengths = [1 if isinstance(piece, Line) else len(piece.hkd.columns) for piece in self.pieces]
        return np.array(lengths, dtype=np.int64)

    @property
    def columns(self) -> NDArray[np.intc]:
        """By line: its column."""
        return np.frombuffer(self.hkd.columns, dtype=np.intc)

    def by_line(self, what: Callable[[Line], float]) -> NDArray[np.float64]:
        """By line: what is the same for all lines of a piece."""
        return np.repeat(np.array([what(like(piece)) for piece in self.pieces], dtype=float), self._lengths)

    def decided(self, values: NDArray[np.float64]) -> Lines:
        """Those of a column whose value is not zero. A line is the same in all lines in which it stands."""
        return Lines(line for line, _ in self.of_pieces(values))

    def of_pieces(self, values: NDArray[np.float64]) -> Iterator[tuple[Line, Piece]]:
        """The same, each with the piece that holds it."""
        numbers = np.flatnonzero(values[self.columns])
        ends = np.cumsum(self._lengths)
        places = np.searchsorted(ends, numbers, side="right")
        within = numbers - (ends - self._lengths)[places]
        for piece, place in zip(map(self.pieces.__getitem__, places.tolist()), within.tolist(), strict=True):
            yield (piece if isinstance(piece, Line) else piece.line(place)), piece

    def spent(self, values: NDArray[np.float64]) -> Iterator[tuple[Line, float]]:
        """Each line with what it spends where the columns have these values, HKD."""
        return zip(self, (np.frombuffer(self.hkd.values) * values[self.columns]).tolist(), strict=True)

    @cached_property
    def weighted_hkd(self) -> NDArray[np.float64]:
        """By line: what a unit of its column counts in the objective, HKD."""
        return np.frombuffer(self.hkd.values) * self.by_line(attrgetter("weight"))


class Bucket(NamedTuple):
    """The cash lines that the same funds may pay; apart for an order whose residual value hangs on who pays."""

    funds: tuple[str, ...]
    order: tuple[str, str, str] | None = None

    @property
    def name(self) -> str:
        """As one index of a name."""
        return (".".join(self.funds) or "nobody") + ("@" + ".".join(self.order) if self.order else "")


def weight(options: Options, node: Node) -> float:
    """What a HKD spent in the node counts in the objective: probability times mid-period discount."""
    return options.weights[node.id]


def weight_on_arrival(options: Options, arrival: Arrival) -> float:
    """What a HKD spent on an arrival counts: of the period in which it arrives, though it may stand from the next."""
    node = arrival.node
    if node.parent is None or arrival.day >= node.period.start:
        return options.weights[node.id]
    return options.weights[node.parent.id] * node.probability / node.parent.probability
