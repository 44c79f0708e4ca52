"""The least that limits have to be moved so that a target is met, and the plan that then meets it.

    least  Σ_l price · weight[l] · share[l]  +  cost of the plan
    with   terms[r]  <=  limit[r] + share[l] · size[l,r]        for each limit r of a lever l of a move
           shortfall[t,m]  =  0

    l  lever of a move: limits of one kind together, or a fund   t  target   m  nodes in which it is due   size  what a share of 1 adds

The price of a share is above all that a plan could save by it: first the sum of the shares is least, then the cost. So no kind of
limit is worth more than another, and the answer does not hang on units. Of each limit no more is then asked than the plan uses.
A plan of the case with these changes, and the target without a price for what is missing, proves them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.errors import Infeasible, InvalidInput, SolverFailed
from planner.intake.overrides.override import override
from planner.model.build import Model, build
from planner.plan.plan import Plan, make_plan
from planner.solve.arrays import Arrays
from planner.solve.choices import taken_over
from planner.solve.of_model import arrays
from planner.solve.outcome import Floats
from planner.solve.sifted import solve_near
from planner.study.clash.movable import Knob
from planner.study.clash.repair import rounded_up
from planner.study.reach.alone import binding
from planner.study.reach.moves import moves
from planner.study.reach.standing import missing_hkd, standing_pflops
from planner.study.worth.lifted import Tell

DEAREST_SHARE = 1e6
"""Million HKD for a share of 1."""
LITTLE = 1e-3
"""What counts for little, beside a share that counts."""
LEAST_SHARE = 1e-6
MARGINS = (1.0, 1.01, 1.05)


@dataclass(frozen=True)
class Change:
    """One limit as it is moved. `sets` are overrides, `words` the same in the user's units."""

    words: str
    sets: dict[str, Any]


@dataclass(frozen=True)
class Moved:
    """Limits of one kind that are moved: none of them above `factor` times what it is."""

    kind: str
    factor: float
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Proof:
    """The plan of the case with the changes, which keeps the target.

    `more_hkd`: what it costs beyond the plan of the case, in present value, leaving out what that pays for missing the target;
    `missing_hkd` is this.
    """

    objective_hkd: float
    more_hkd: float
    missing_hkd: float
    stands_pflops: float


@dataclass(frozen=True)
class Way:
    """What meets the target. `sets`: all overrides together, that which makes the target hard among them; `proof` is None
    where no plan was found with them. `still`: kinds not among the moves asked for without which they do not meet it; all moved
    kinds are then those that do.
    """

    moved: tuple[Moved, ...]
    sets: dict[str, Any]
    still: tuple[str, ...] = ()
    proof: Proof | None = None


def cheapest(base: Plan, name: str, kinds: Sequence[str], tell: Tell) -> Way | None:
    """The least moves of these kinds that meet a target that the plan misses, else of these and the fewest others; None where
    no limit is in its way: law, lead times and dates alone.
    """
    case = base.case
    hard = case.capacity_targets[name].model_copy(update={"shortfall_hkd_per_pflops": None})
    try:
        model = build(case.model_copy(update={"capacity_targets": {**case.capacity_targets, name: hard}}))
    except Infeasible:
        return None
    search = _Search(base, name, taken_over(model, base.model))
    asked = [kind for kind in kinds if kind in search.moves]
    tell(f"looking for the least moves of {', '.join(asked) or 'nothing'}")
    if eased := search.least(asked):
        return search.proved(asked, eased, tell)
    tell("looking for what else has to move")
    every = list(search.moves)
    eased = search.least(every, little=asked)
    if eased is None:
        return None
    way = search.way(every, eased, 1.0)
    return replace(way, still=tuple(moved.kind for moved in way.moved if moved.kind not in asked))


@dataclass(frozen=True)
class _Eased:
    """By kind its share, and by row what the plan uses of it."""

    shares: dict[str, float]
    used: Floats


class _Search:
    """The model of a case whose target is hard, and what may be moved in it."""

    def __init__(self, base: Plan, name: str, model: Model) -> None:
        self._base, self._name, self._model = base, name, model
        self._program = _freed(model, arrays(model))
        self.moves = moves(model, model.case.capacity_targets[name])

    def least(self, kinds: Sequence[str], little: Sequence[str] = ()) -> _Eased | None:
        """The least shares; None where the target cannot be met with these kinds. Those in `little` count for little."""
        levers = [(kind, lever) for kind in kinds for lever in self.moves[kind].levers]
        ways = [
            (
                {row: -size for row, size in lever.rows.items()},
                DEAREST_SHARE * lever.weight * (LITTLE if kind in little else 1.0),
            )
            for kind, lever in levers
        ]
        try:
            best = solve_near(self._program.joined(ways), self._base.neighbourhood.seen(self._model, len(ways)))
        except (Infeasible, SolverFailed):
            return None
        columns, shares = len(self._program.cost), dict.fromkeys(kinds, 0.0)
        for (kind, lever), share in zip(levers, best.values[columns:], strict=True):
            shares[kind] += lever.weight * float(share)
        return _Eased(shares, self._program.sums(best.values[:columns]))

    def proved(self, kinds: Sequence[str], eased: _Eased, tell: Tell) -> Way:
        """The moves as one would say them, and the plan; where rounding left it no room, a little more of each."""
        tell("planning with these changes")
        for margin in MARGINS:
            way = self.way(kinds, eased, margin)
            try:
                plan = make_plan(override(self._base.case, way.sets), near=self._base)
            except (Infeasible, InvalidInput, SolverFailed):
                continue
            return replace(way, proof=_proof(self._base, plan, self._name))
        return way

    def way(self, kinds: Sequence[str], eased: _Eased, margin: float) -> Way:
        """The moves, each `margin` times what is needed."""
        moved, sets = [], {f"capacity_targets.{self._name}.shortfall_hkd_per_pflops": "null"}
        for kind in kinds:
            changes = tuple(
                self._change(knob, eased.used, margin)
                for knob in self.moves[kind].knobs
                if self._needed(knob, eased.used)
            )
            for change in changes:
                sets |= change.sets
            if changes:
                moved.append(Moved(kind, rounded_up(1.0 + eased.shares[kind] * margin, whole=False), changes))
        return Way(tuple(moved), sets)

    def _needed(self, knob: Knob, used: Floats) -> dict[int, float]:
        """By row that needs it, by how much the limit has to be raised for what the plan uses of it."""
        amounts = {row: (float(used[row]) - self._model.rows[row].limit) / unit for row, unit in knob.slack.rows}
        return {row: amount for row, amount in amounts.items() if amount > LEAST_SHARE * knob.slack.scale}

    def _change(self, knob: Knob, used: Floats, margin: float) -> Change:
        """The change in three figures, from the first period that needs it."""
        needed = self._needed(knob, used)
        amount = rounded_up(max(needed.values()) * margin, whole=knob.whole)
        nodes = {self._model.rows[row].node for row in needed}
        first = next(node for node in self._model.case.tree if node.id in nodes).period
        return Change(knob.words(amount, str(first)), knob.sets(amount, self._model.case.horizon.order_date(first)))


def _freed(model: Model, program: Arrays) -> Arrays:
    """The program without ceilings that follow supply and power."""
    low, high = program.row_low.copy(), program.row_high.copy()
    for number, row in enumerate(model.rows):
        if row.family == "supercomputer_ceiling" and not binding(row, model):
            low[number], high[number] = -np.inf, np.inf
    return replace(program, row_low=low, row_high=high)


def _proof(base: Plan, plan: Plan, name: str) -> Proof:
    missing = missing_hkd(base, name)
    stands = standing_pflops(plan, name)
    more = plan.objective_hkd - (base.objective_hkd - missing)
    return Proof(plan.objective_hkd, more, missing, stands)
