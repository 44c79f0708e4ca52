"""The program of a scenario tree, taken apart by node: each future by itself, and the hedged optimum over all of them.

A future is a leaf of the tree with the nodes on its way. Its program is that part of the tree's program that stands on
these nodes, every cost at its discounted value with nothing taken for chance: the plan that one would make knowing this
future (perfect information). The likeliest future is solved from scratch, the others from its optimum. The tree is
solved from all of theirs put together, as one program; a very large one by branch (`by_branch`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from planner.domain.horizon import Node, Tree
from planner.model.build import Model
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.solve.arrays import Arrays, Numbers
from planner.solve.basis import BASIC
from planner.solve.begun import from_nothing
from planner.solve.between_trees import Future, of_futures, of_tree
from planner.solve.by_branch import ByBranch, by_branch
from planner.solve.of_model import arrays
from planner.solve.outcome import Floats, Standing
from planner.solve.part import LITTLE
from planner.solve.resolve import PRIMAL, Optimum, told_by
from planner.solve.share import Share, in_turn
from planner.solve.sifted import solve_near
from planner.solve.split import Split, split

LAW_IN_FORCE = "law_in_force"
"""Name of the trunk, where no scenario of the case is it."""


class TreeProgram:
    """A model on the tree of its case. Values are per column of `model`; costs in million HKD per future, in the order of
    `leaves`.
    """

    def __init__(self, model: Model, near: TreeProgram | None = None, share: Share = in_turn) -> None:
        """Nothing is solved yet.

        Args:
            near: that of a case much like it, already solved, from whose optimum this one's is found far sooner.
            share: who solves what does not hang on one another, as `planner.study.workers.shared_out`.
        """
        self.model, self._near, self._share = model, near, share
        self.tree: Tree = model.case.tree
        self.program: Arrays = arrays(model)
        self.leaves: tuple[Node, ...] = self.tree.leaves
        self.chances: Floats = np.array([leaf.probability for leaf in self.leaves])

    @cached_property
    def _nodes(self) -> dict[str | None, int]:
        """By name the place of a node in the tree; what belongs to none is the root's."""
        places: dict[str | None, int] = {node.id: place for place, node in enumerate(self.tree)}
        return {None: places[self.tree.root.id], **places}

    @cached_property
    def column_nodes(self) -> Numbers:
        """By column the place in the tree of the node in which it is decided."""
        return np.array([self._nodes[column.node] for column in self.model.columns.all])

    @cached_property
    def _row_nodes(self) -> Numbers:
        return np.array([self._nodes[row.node] for row in self.model.rows])

    def _among(self, nodes: Iterable[Node]) -> NDArray[np.bool_]:
        """By place in the tree whether a node is one of these."""
        among = np.zeros(len(self._nodes), dtype=bool)
        among[[self._nodes[node.id] for node in nodes]] = True
        return among

    @cached_property
    def leaf_costs(self) -> Floats:
        """(futures, columns): million HKD per unit of each column in each future, discounted."""
        lines = self.model.lines
        million = lines.weighted_hkd / lines.by_line(lambda line: line.node.probability) / HKD_PER_MODEL_UNIT
        column, node = lines.columns, lines.by_line(lambda line: self._nodes[line.node.id]).astype(np.int64)
        costs = []
        for leaf in self.leaves:
            here = self._among(leaf.path)[node]
            costs.append(np.bincount(column[here], million[here], minlength=len(self.program.cost)))
        return np.array(costs)

    def costs(self, values: Floats) -> Floats:
        """(futures,): what the values cost in each future, million HKD."""
        return np.asarray(self.leaf_costs @ values)

    @cached_property
    def first_stage(self) -> tuple[Node, ...]:
        """The nodes before the first reveal: those that every future passes through."""
        return tuple(node for node in self.tree if all(node in leaf.path for leaf in self.leaves))

    def name(self, place: int) -> str:
        """The scenario of a future; one that nothing is revealed in has the law in force."""
        return self.leaves[place].scenario or LAW_IN_FORCE

    @cached_property
    def alone(self) -> tuple[Optimum, ...]:
        """The optimum of each future by itself, in the numbers of the whole tree; zero off its way."""
        places, optima = list(range(len(self.leaves))), dict[int, Optimum]()
        if self._near is None:
            places.remove(self._likeliest)
            first = self.ways[self._likeliest]
            optima[self._likeliest] = first.told(from_nothing(first.program))
        seen = self._seen(places, optima.get(self._likeliest))
        units = [(self.ways[place].program, known) for place, known in zip(places, seen, strict=True)]
        for number, best in self._share(_nearby, None, units):
            optima[places[number]] = self.ways[places[number]].told(best)
        return tuple(optima[place] for place in range(len(self.leaves)))

    @property
    def _likeliest(self) -> int:
        return int(np.argmax(self.chances))

    @property
    def _by_chance(self) -> list[tuple[int, Node]]:
        """The futures with their places, the likeliest last."""
        return [(place, self.leaves[place]) for place in np.argsort(self.chances, kind="stable").tolist()]

    def place(self, name: str) -> int:
        """The place of the future of that name; without one, of the likeliest."""
        names = [self.name(place) for place in range(len(self.leaves))]
        return names.index(name) if name in names else self._likeliest

    @cached_property
    def ways(self) -> list[_Way]:
        """Of each future its columns and rows."""
        ways = []
        for leaf, costs in zip(self.leaves, self.leaf_costs, strict=True):
            here = self._among(leaf.path)
            columns, rows = np.flatnonzero(here[self.column_nodes]), np.flatnonzero(here[self._row_nodes])
            ways.append(_Way(self.program, columns, rows, costs))
        return ways

    def _seen(self, places: list[int], likeliest: Optimum | None) -> Iterator[Optimum]:
        """As an optimum of each of these futures, that of the likeliest; without one, that of the same future of `near`."""
        if likeliest is not None:
            yield from of_futures(map(self.named, places), self.named(self._likeliest), likeliest)
            return
        assert self._near is not None
        for place in places:
            there = self._near.place(self.name(place))
            yield from of_futures([self.named(place)], self._near.named(there), self._near.alone[there])

    def named(self, place: int) -> Future:
        """A future by its columns and rows."""
        way = self.ways[place]
        return Future(self.model, self.tree, way.columns, way.rows)

    @cached_property
    def decomposed(self) -> ByBranch | None:
        """The hedged optimum by branch; None where the tree is small enough for one program, is no tree, or a row ties its
        branches together.
        """
        limits = self.model.case.decomposition
        if len(self.leaves) == 1 or len(self.program.cost) <= limits.above_columns:
            return None
        parts = self._split
        if parts is None:
            return None
        near, _ = self._together
        return by_branch(parts, self.alone, near, self.chances, limits, self._share)

    @property
    def _split(self) -> Split | None:
        ways = [self._among(leaf.path) for leaf in self.leaves]
        trunk = np.sum(ways, axis=0) > 1
        return split(self.program, self.column_nodes, self._row_nodes, trunk, ways, self._likeliest)

    @cached_property
    def hedged(self) -> Optimum:
        """The least expected cost over the tree: the stochastic optimum; of one solved by branch the best that was found."""
        if len(self.leaves) == 1:
            return self.alone[0]
        if self.decomposed is not None:
            return self.decomposed.best
        if self._near is not None:
            near = self._near
            ways = [(leaf.path, near.leaves[near.place(self.name(place))].path) for place, leaf in self._by_chance]
            seen = of_tree(self.model, near.model, ways, near.hedged)
            return solve_near(self.program, seen, little=LITTLE, strategy=PRIMAL)
        return solve_near(self.program, *self._together)

    @property
    def _together(self) -> tuple[Optimum, Numbers]:
        """The optima of all futures as one of the tree, where they share nodes that of the likeliest; and all columns that
        matter to one of them.
        """
        likeliest = self._likeliest
        order = [*(place for place in range(len(self.leaves)) if place != likeliest), likeliest]
        best = self.alone[likeliest]
        values, columns, rows = best.values.copy(), best.at.columns.copy(), best.at.rows.copy()
        matter = np.zeros(len(columns), dtype=bool)
        for place in order:
            way, optimum = self.ways[place], self.alone[place]
            values[way.columns] = optimum.values[way.columns]
            columns[way.columns], rows[way.rows] = optimum.at.columns[way.columns], optimum.at.rows[way.rows]
            matter |= (optimum.at.columns == BASIC) | (optimum.values != 0)
        prices = np.sum(
            [chance * optimum.prices for chance, optimum in zip(self.chances, self.alone, strict=True)], axis=0
        )
        expected = float(self.chances @ [optimum.objective for optimum in self.alone])
        return Optimum(expected, values, prices, Standing(columns, rows)), np.flatnonzero(matter)


def _nearby(context: None, unit: tuple[Arrays, Optimum]) -> Optimum:
    return solve_near(*unit, little=LITTLE)


@dataclass(frozen=True)
class _Way:
    """A future: the numbers of the columns and rows on its way, and what they cost there, by column of the tree."""

    tree: Arrays
    columns: Numbers
    rows: Numbers
    costs: Floats

    @cached_property
    def program(self) -> Arrays:
        return self.tree.part(self.columns, self.rows, self.costs[self.columns])

    def told(self, optimum: Optimum) -> Optimum:
        """An optimum of its program, in the numbers of the tree."""
        return told_by(optimum, self.tree, self.columns, self.rows)
