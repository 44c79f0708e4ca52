"""What runs: the columns of work as arrays side by side, and the same in groups.

Most columns of a large program are of work, and most terms of its rows: an object for each would take 250 bytes, and a step
of a loop in every family that adds them up.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from planner.domain.horizon import Node
from planner.model.placement import Placement
from planner.model.rows import decimals, whole_numbers

Numbers = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]
OUTSIDE = -1
"""The number of no group and of no column."""


class Run(NamedTuple):
    """A column of work: what runs where in which node, on devices that are there all of the node or a part of it.

    In a program made from another the nouns of `placement` may be the other's: what is read of them is what no field moves
    that `model.nearby` knows. `useful` is per device, PFLOP/s; `work` the same over the days of the node, PFLOP/s-days.
    """

    column: int
    placement: Placement
    node: Node
    part: bool
    useful: float
    work: float


class Runs:
    """All runs of a program in the order of their columns. By run: its column, the number of its placement, the number of its node
    in the tree, whether it is of devices that stand a part of the node, and `useful` and `work` of a `Run`.
    """

    def __init__(
        self,
        placements: Sequence[Placement] = (),
        nodes: Sequence[Node] = (),
        column: Sequence[int] | Numbers = (),
        placement: Sequence[int] | Numbers = (),
        node: Sequence[int] | Numbers = (),
        part: Sequence[int] | NDArray[np.bool_] = (),
        useful: Sequence[float] | Floats = (),
        work: Sequence[float] | Floats = (),
    ) -> None:
        self.placements, self.nodes = placements, nodes
        self.column, self.placement, self.node = (np.array(each, dtype=np.intc) for each in (column, placement, node))
        self.part = np.array(part, dtype=bool)
        self.useful, self.work = np.array(useful, dtype=float), np.array(work, dtype=float)

    def __len__(self) -> int:
        return len(self.column)

    def __iter__(self) -> Iterator[Run]:
        return self.some(np.arange(len(self)))

    def at_speeds(self, useful: Floats, work: Floats) -> Runs:
        """The same runs with other `useful` and `work`."""
        return Runs(
            self.placements, self.nodes, self.column, self.placement, self.node, self.part, useful=useful, work=work
        )

    def some(self, numbers: NDArray[np.integer[Any]]) -> Iterator[Run]:
        """These of them, one by one."""
        fields = (self.column, self.placement, self.node, self.part, self.useful, self.work)
        for column, placement, node, *rest in zip(*(each[numbers].tolist() for each in fields), strict=True):
            yield Run(column, self.placements[placement], self.nodes[node], *rest)

    def some_at(self, place: tuple[str, str], node: str) -> Iterator[Run]:
        """Those of an (accelerator, site) in a node, one by one."""
        return self.some(self.at_place.order[self.at_place[place, node]])

    @cached_property
    def of_workload(self) -> Groups:
        """By workload: what works on it."""
        return Groups(self, lambda placement: placement.workload.id)

    @cached_property
    def at_place(self) -> Groups:
        """By (accelerator, site): what runs there."""
        return Groups(self, lambda placement: placement.key[1:])

    @cached_property
    def on_stack(self) -> Groups:
        """By (workload, software stack): what works on it on devices of that stack, where it must be ported."""
        return Groups(self, lambda p: (p.workload.id, p.stack) if p.ported else None)

    @cached_property
    def in_zone(self) -> Groups:
        """By (workload, legal zone): what works on it there, where its data wait for mechanisms."""
        return Groups(self, lambda p: (p.workload.id, p.site.legal_zone) if p.mechanisms else None)

    @cached_property
    def busy_at_place(self) -> Floats:
        """By run, as they stand in `at_place`: mean load over that of the busy hour."""
        busy = np.array([1 / placement.workload.peak_over_mean for placement in self.placements])
        return np.asarray(busy[self.placement[self.at_place.order]])

    @cached_property
    def numbers_of(self) -> dict[str, list[int]]:
        """By workload: the numbers of its placements."""
        numbers: dict[str, list[int]] = defaultdict(list)
        for number, placement in enumerate(self.placements):
            numbers[placement.workload.id].append(number)
        return numbers

    @cached_property
    def number_of(self) -> dict[str, int]:
        """By node: its number."""
        return {node.id: number for number, node in enumerate(self.nodes)}


class Groups:
    """Runs that stand together by what a key makes of their placements, then by node, and within these in their order; those of which it
    makes None are left out.
    """

    def __init__(self, runs: Runs, key: Callable[[Placement], Hashable]) -> None:
        self._runs, self._numbers = runs, dict[Hashable, int]()
        keys = list(map(key, runs.placements))
        of = [OUTSIDE if k is None else self._numbers.setdefault(k, len(self._numbers)) for k in keys]
        group = np.array(of, dtype=np.int64)[runs.placement]
        some = np.flatnonzero(group != OUTSIDE)
        cells = group[some] * len(runs.nodes) + runs.node[some]
        self.order = some[np.argsort(cells, kind="stable")].astype(np.intc)
        """The numbers of the runs, group after group."""
        lengths = np.bincount(cells, minlength=len(self._numbers) * len(runs.nodes))
        self._starts = [0, *np.cumsum(lengths).tolist()]

    def __getitem__(self, index: tuple[Hashable, str]) -> slice:
        """Where the runs of a group in a node stand in `order`, and in all that is in its order."""
        key, node = index
        if key not in self._numbers:
            return slice(0, 0)
        cell = self._numbers[key] * len(self._runs.nodes) + self._runs.number_of[node]
        return slice(self._starts[cell], self._starts[cell + 1])

    def all_of(self, key: Hashable) -> slice:
        """Where all runs of a group stand, node after node."""
        if key not in self._numbers:
            return slice(0, 0)
        first = self._numbers[key] * len(self._runs.nodes)
        return slice(self._starts[first], self._starts[first + len(self._runs.nodes)])

    def by_node(self, key: Hashable) -> list[tuple[int, slice]]:
        """For each node in which something of a group runs: its number, and where that stands."""
        if key not in self._numbers:
            return []
        first = self._numbers[key] * len(self._runs.nodes)
        starts = self._starts[first : first + len(self._runs.nodes) + 1]
        return [(number, slice(*at)) for number, at in enumerate(pairwise(starts)) if at[0] < at[1]]

    def most_work(self, key: Hashable) -> Floats:
        """By node: the most that a device of the group does, PFLOP/s-days."""
        first = self._numbers[key] * len(self._runs.nodes)
        return self._most_work[first : first + len(self._runs.nodes)]

    @cached_property
    def _most_work(self) -> Floats:
        starts = np.array(self._starts[:-1])
        most, some = np.zeros(len(starts)), np.flatnonzero(np.diff(self._starts))
        most[some] = np.maximum.reduceat(self._runs.work[self.order], starts[some])
        return most

    @cached_property
    def columns(self) -> array[int]:
        """By run, in their order here: its column."""
        return whole_numbers(self._runs.column[self.order])

    @cached_property
    def part(self) -> array[int]:
        """By run, in their order here: 1 where it is of devices that stand a part of the node."""
        return array("b", self._runs.part[self.order].tobytes())

    @cached_property
    def work(self) -> array[float]:
        """By run, in their order here: PFLOP/s-days per device."""
        return decimals(self._runs.work[self.order])
