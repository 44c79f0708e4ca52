"""The futures of a scenario tree in hand: what `tree_program` knows of them, and decisions carried out in every future.

The tree's program stays in hand by the columns that may matter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from planner.domain.case import Case
from planner.domain.horizon import Node
from planner.errors import Infeasible
from planner.model.branch import Branch
from planner.model.build import build
from planner.model.splice import spliced
from planner.solve.arrays import Arrays, Numbers
from planner.solve.choices import chosen, taken_over
from planner.solve.objective import solve_model
from planner.solve.outcome import Floats
from planner.solve.part import LITTLE
from planner.solve.resolve import PRIMAL, Optimum, seen_from
from planner.solve.restricted import Restricted
from planner.solve.share import Share, in_turn
from planner.solve.sifted import solve_near
from planner.solve.tree_program import LAW_IN_FORCE, TreeProgram

Halls = Literal["chosen", "held", "as near"]

DECIDED = ("order", "port", "clear")
"""What binds those who decide: purchases, ports and legal mechanisms. Rentals, runs and retirements follow the day."""

CHOSEN_BELOW_COLUMNS = 100_000
"""Above, a search for the halls to declare free takes longer than all the rest: each of its programs takes minutes."""


class Futures(TreeProgram):
    """The futures of a case with scenarios.

    Values are per column of `model`; costs in million HKD per future, in the order of `leaves`.
    """

    def __init__(
        self,
        case: Case,
        branches: Mapping[str, Case] | None = None,
        near: Futures | None = None,
        halls: Halls = "chosen",
        share: Share = in_turn,
    ) -> None:
        """The program is built here. Nothing is solved yet, but where halls may be declared free of US-origin devices: the
        tree's own choice of them holds in every future. On a very large tree none is declared free: `halls_held`.

        Args:
            case: on the tree of its scenarios.
            branches: by scenario, the case that holds in its branch where more differs than law.
            near: the futures of a case much like it, already solved, from whose optimum this one's is found far sooner.
            share: who solves what does not hang on one another, as `planner.study.workers.shared_out`.
            halls: whether those to declare free are chosen, none is, or those are that `near` declares free.
        """
        self.case, self.branches = case, branches or {}
        own = {name: build(_along(inside, {name}), Branch(name, case)) for name, inside in self.branches.items()}
        # Where no branch sets controls, what law says hangs on the day and the scenario alone, whenever that is revealed.
        law = near.model.options.law.of(case) if near and not (own or near.branches) else None
        trunk = build(_along(case, _others(case, own)), Branch(LAW_IN_FORCE, case), law=law)
        model = spliced(trunk, own)
        model = replace(model, options=replace(model.options, case=case))
        large = len(model.columns.all) > CHOSEN_BELOW_COLUMNS
        self.halls_held: bool = bool(model.columns.us_free) and (halls == "held" or large)
        if halls == "as near" and near is not None:
            model = taken_over(model, near.model)
        elif model.columns.us_free and not self.halls_held:
            model, _ = chosen(model, solve_model)
        super().__init__(model, near, share)

    def decisions(self, nodes: tuple[Node, ...]) -> Numbers:
        """Columns of purchases, ports and mechanisms decided in the nodes."""
        decided = np.array([column.kind in DECIDED for column in self.model.columns.all])
        return np.flatnonzero(decided & self._among(nodes)[self.column_nodes])

    def weighing(self) -> Callable[[Floats], tuple[float, Floats]]:
        """What finds the least of Σ weight · cost over the futures, on the tree, for weights (futures,) above zero, and the
        values: at first from the hedged optimum, then from its last answer.
        """
        tree = Restricted(self.program, self.hedged)

        def least(weights: Floats) -> tuple[float, Floats]:
            tree.price(weights @ self.leaf_costs)
            return tree.solve(PRIMAL)

        return least

    def carried_out(self, columns: Numbers, plans: Sequence[Floats]) -> list[Optimum | None]:
        """For each plan, values per column, the least expected cost with these columns held as it has them; None where that
        cannot be.
        """
        optima = dict(
            self._share(_carried_out, (self.program, self.hedged, columns), [plan[columns] for plan in plans])
        )
        return [optima[place] for place in range(len(plans))]

    def carried_out_alone(self, place: int, columns: Numbers, values: Floats) -> Optimum | None:
        """The same in one future that is known once the columns are held; None when they cannot be held there."""
        way = self.ways[place]
        here = np.flatnonzero(np.isin(way.columns, columns))
        program = way.program.held(here, values[way.columns[here]])
        try:
            return way.told(solve_near(program, seen_from(self.alone[place], way.columns, way.rows)))
        except Infeasible:
            return None


def _others(case: Case, own: Collection[str]) -> set[str | None]:
    """The scenarios without a case of their own; where the trunk ends before the horizon, the last that parts from it too, for
    rows at its last node depend on its going on.
    """
    others = {node.scenario for node in case.tree if node.scenario not in own}
    goes_on = case.tree.leaves[0] in case.tree.trunk
    return others if goes_on else {*others, case.tree.leaves[-1].scenario}


def _along(case: Case, scenarios: Collection[str | None]) -> Case:
    """The case on its tree, of which the ways to the nodes of these scenarios alone are looked at."""
    along = case.model_copy()
    vars(along)["tree"] = case.tree.along(scenarios)
    return along


def _carried_out(context: tuple[Arrays, Optimum, Numbers], values: Floats) -> Optimum | None:
    program, near, columns = context
    try:
        return solve_near(program.held(columns, values), near, little=LITTLE)
    except Infeasible:
        return None
