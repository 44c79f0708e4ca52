"""The program of a scenario tree in hand: each future's own optimum, the hedged optimum, decisions carried out in every
future.

A future is a leaf of the tree with the nodes on its way. Its program is that part of the tree's program that stands on
these nodes, every cost at its discounted value with nothing taken for chance: the plan that one would make knowing this
future (perfect information). The tree is solved from the bases of its futures put together, which are nearly right for
it, and stays in hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from planner.domain.case import Case
from planner.domain.horizon import Node
from planner.errors import Infeasible
from planner.model.branch import Branch
from planner.model.build import Model, build
from planner.model.splice import spliced
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.solve.arrays import Arrays, Numbers, arrays
from planner.solve.choices import chosen, taken_over
from planner.solve.objective import solve_model
from planner.solve.outcome import Floats, Standing
from planner.solve.resolve import AT_LOW, BASIC, Live, Optimum

DECIDED = ("order", "port", "clear")
"""What binds those who decide: purchases, ports and legal mechanisms. Rentals, runs and retirements follow the day."""

CHOSEN_BELOW_COLUMNS = 100_000
"""Above, a search for the halls to declare free takes longer than all the rest: each of its programs takes minutes."""

LAW_IN_FORCE = "law_in_force"
"""Name of the trunk, where no scenario of the case is it."""


class Futures:
    """The futures of a case with scenarios.

    Values are per column of `model`; costs in million HKD per future, in the order of `leaves`.
    """

    def __init__(
        self,
        case: Case,
        branches: Mapping[str, Case] | None = None,
        near: Futures | None = None,
        *,
        hold_halls: bool = False,
    ) -> None:
        """The program is built here. Nothing is solved yet, but where halls may be declared free of US-origin devices: the
        tree's own choice of them holds in every future. On a very large tree none is declared free: `halls_held`.

        Args:
            case: on the tree of its scenarios.
            branches: by scenario, the case that holds in its branch where more differs than law.
            near: the futures of a case much like it, already solved, whose basis is nearly right here too.
            hold_halls: declare none free, as on a very large tree.
        """
        self.case, self.branches = case, branches or {}
        self._near = near
        own = {name: build(inside, Branch(name, case)) for name, inside in self.branches.items()}
        model = spliced(build(case, Branch(LAW_IN_FORCE, case)), own)
        large = len(model.columns.all) > CHOSEN_BELOW_COLUMNS
        self.halls_held: bool = bool(model.columns.us_free) and (hold_halls or large)
        if near is not None:
            model = taken_over(model, near.model)
        elif model.columns.us_free and not self.halls_held:
            model, _ = chosen(model, solve_model)
        self.model: Model = model
        self.program: Arrays = arrays(self.model)
        self.leaves: tuple[Node, ...] = case.tree.leaves
        self.chances: Floats = np.array([leaf.probability for leaf in self.leaves])

    @cached_property
    def column_nodes(self) -> list[str]:
        """By column the node in which it is decided; the root for what belongs to none."""
        root = self.case.tree.root.id
        return [column.node or root for column in self.model.columns.all]

    @cached_property
    def _row_nodes(self) -> list[str]:
        return [row.node or self.case.tree.root.id for row in self.model.rows]

    @cached_property
    def leaf_costs(self) -> Floats:
        """(futures, columns): million HKD per unit of each column in each future, discounted."""
        lines = self.model.lines
        column = np.array([line.column for line in lines])
        million = np.array([line.hkd * line.weight / line.node.probability for line in lines]) / HKD_PER_MODEL_UNIT
        node = np.array([line.node.id for line in lines])
        costs = []
        for leaf in self.leaves:
            here = np.isin(node, [at.id for at in leaf.path])
            costs.append(np.bincount(column[here], million[here], minlength=len(self.program.cost)))
        return np.array(costs)

    def costs(self, values: Floats) -> Floats:
        """(futures,): what the values cost in each future, million HKD."""
        return np.asarray(self.leaf_costs @ values)

    def decisions(self, nodes: tuple[Node, ...]) -> Numbers:
        """Columns of purchases, ports and mechanisms decided in the nodes."""
        names = {node.id for node in nodes}
        return np.array(
            [
                number
                for number, (column, node) in enumerate(zip(self.model.columns.all, self.column_nodes, strict=True))
                if column.kind in DECIDED and node in names
            ],
            dtype=np.int64,
        )

    @cached_property
    def first_stage(self) -> tuple[Node, ...]:
        """The nodes before the first reveal: those that every future passes through."""
        return tuple(node for node in self.case.tree if all(node in leaf.path for leaf in self.leaves))

    def name(self, place: int) -> str:
        """The scenario of a future; one that nothing is revealed in has the law in force."""
        return self.leaves[place].scenario or LAW_IN_FORCE

    @cached_property
    def alone(self) -> tuple[Optimum, ...]:
        """The optimum of each future by itself, its values per column of the whole tree; zero off its way."""
        return tuple(self._alone[0])

    @cached_property
    def _alone(self) -> tuple[list[Optimum], Standing]:
        columns = np.full(len(self.program.cost), AT_LOW, dtype=np.int8)
        rows = np.full(len(self.program.row_low), BASIC, dtype=np.int8)
        optima: dict[int, Optimum] = {}
        # The likeliest last, so that the nodes which futures share start from its basis.
        for place in np.argsort(self.chances, kind="stable"):
            on_way, rows_on_way = self._on_way(self.leaves[place])
            part = Live(self.program.part(on_way, rows_on_way, self.leaf_costs[place][on_way]))
            best = part.solve()
            values = np.zeros(len(self.program.cost))
            values[on_way] = best.values
            optima[int(place)] = Optimum(best.objective, values, best.prices, best.at)
            columns[on_way], rows[rows_on_way] = best.at.columns, best.at.rows
        return [optima[place] for place in range(len(self.leaves))], Standing(columns, rows)

    def _on_way(self, leaf: Node) -> tuple[Numbers, Numbers]:
        way = {node.id for node in leaf.path}
        columns = [number for number, node in enumerate(self.column_nodes) if node in way]
        rows = [number for number, node in enumerate(self._row_nodes) if node in way]
        return np.array(columns, dtype=np.int64), np.array(rows, dtype=np.int64)

    @cached_property
    def _tree(self) -> Live:
        live = Live(self.program)
        live.stand(self._like(self._near) if self._near else self._alone[1])
        return live

    def _like(self, near: Futures) -> Standing:
        """The basis of the hedged optimum of the other futures, by the names of columns and rows."""
        columns = dict(zip((c.name for c in near.model.columns.all), near._at_hedged.columns, strict=True))
        rows = dict(zip((row.name for row in near.model.rows), near._at_hedged.rows, strict=True))
        return Standing(
            np.array([columns.get(column.name, AT_LOW) for column in self.model.columns.all], dtype=np.int8),
            np.array([rows.get(row.name, BASIC) for row in self.model.rows], dtype=np.int8),
        )

    @property
    def hedged(self) -> Optimum:
        """The least expected cost over the tree: the stochastic optimum."""
        return self._hedged[0]

    @property
    def _at_hedged(self) -> Standing:
        return self._hedged[1]

    @cached_property
    def _hedged(self) -> tuple[Optimum, Standing]:
        return self._tree.solve(), self._tree.standing

    def weighted(self, weights: Floats) -> Optimum:
        """The least of Σ weight · cost over the futures, on the tree. Weights (futures,) above zero."""
        self._tree.stand(self._at_hedged)
        self._tree.price(weights @ self.leaf_costs)
        try:
            return self._tree.solve(costs_changed=True)
        finally:
            self._tree.price(self.program.cost)

    def carried_out(self, columns: Numbers, values: Floats) -> Optimum:
        """The least expected cost with these columns held at their part of `values`.

        Raises Infeasible when that cannot be.
        """
        self._tree.stand(self._at_hedged)
        self._tree.fix(columns, values[columns])
        try:
            return self._tree.solve()
        finally:
            self._tree.free(columns)

    def carried_out_alone(self, place: int, columns: Numbers, values: Floats) -> Optimum | None:
        """The same in one future that is known once the columns are held; None when they cannot be held there."""
        on_way, rows = self._on_way(self.leaves[place])
        part = Live(self.program.part(on_way, rows, self.leaf_costs[place][on_way]))
        held = np.isin(on_way, columns)
        part.fix(np.flatnonzero(held), values[on_way[held]])
        try:
            best = part.solve()
        except Infeasible:
            return None
        amounts = np.zeros(len(self.program.cost))
        amounts[on_way] = best.values
        return Optimum(best.objective, amounts, best.prices, best.at)
