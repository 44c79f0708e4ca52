"""The least expected cost over a tree too large for one program, by branch, with a proved gap.

    least  c·x + Σ_b θ[b]    x within the rows of the trunk and of the likeliest branch, c of both        (the master)
           θ[b]  >=  Q[b,k] + g[b,k] · (x - x[k])       what branch b costs at least, by its prices at the trunk x[k]
              0  >=  V[b,k] + h[b,k] · (x - x[k])       where x[k] leaves branch b no plan: by how much its rows break

(Benders 1962; on trees Van Slyke and Wets 1969; a cut for each branch, Birge and Louveaux 1988; one branch that stays in the
master, Crainic and others 2021). The first cuts are those of each future alone, so that the first bound is no worse than
perfect information's. In every round the master's optimum is a bound below; each other branch is solved with the trunk
held, and the sum is what a plan costs, a bound above. The trunk is held between the master's and that of the best plan so
far (in-out, Ben-Ameur and Neto 2007); at the master's own where the bound has not moved, and once when the bounds have
met: it is a corner, with no amounts left over from earlier rounds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.domain.decomposition import Decomposition
from planner.errors import Infeasible
from planner.solve.arrays import OUTSIDE, Arrays, distinct
from planner.solve.master import Master, cut
from planner.solve.outcome import Floats, Round, Standing, relative_gap
from planner.solve.resolve import Optimum, seen_from
from planner.solve.share import Share
from planner.solve.sifted import solve_near
from planner.solve.split import Block, Split

TOWARDS = 0.6
"""How far from the best plan's trunk to the master's the next one is held."""
UNMOVED = 1e-9
"""Share by which the bound below rises where the last cuts have told the master nothing."""


@dataclass(frozen=True)
class ByBranch:
    """The best plan that was found, the prices that prove the last bound below, and a basis put together from those of the
    parts. Money in million HKD.
    """

    best: Optimum
    rounds: tuple[Round, ...]


@dataclass(frozen=True)
class _Plan:
    """What it costs, the trunk's values by column of the tree's program, and the branches' optima."""

    cost: float
    trunk: Floats
    branches: tuple[Optimum, ...]


def by_branch(
    parts: Split, alone: tuple[Optimum, ...], near: Optimum, chances: Floats, limits: Decomposition, share: Share
) -> ByBranch | None:
    """The best plan found; None where no round has found one.

    Args:
        alone: the optimum of each future by itself, in the numbers of the tree, at the costs of that future.
        near: these put together as one of the tree.
        share: who solves the branches; what is found does not depend on them.

    Raises:
        Infeasible: the tree has no plan.
    """
    nearest = [_own(branch, alone[branch.place], chances[branch.place]) for branch in parts.branches]
    master = Master(parts, near)
    for number, branch in enumerate(parts.branches):
        master.add(number, cut(branch, nearest[number], nearest[number].values[: len(branch.shared)]))
    best: _Plan | None = None
    rounds: list[Round] = []
    met = False
    while len(rounds) < limits.rounds:
        below, corner = master.least()
        prices = master.prices()
        unmoved = bool(rounds) and relative_gap(below, rounds[-1].below) <= UNMOVED
        whole_way = best is None or met or unmoved
        at = corner if best is None or whole_way else TOWARDS * corner + (1.0 - TOWARDS) * best.trunk
        plan = _carried_out(master, parts, nearest, at, share)
        if plan is not None and (best is None or plan.cost < best.cost or (met and _near(plan, below, limits))):
            best = plan
        rounds.append(Round(below, np.inf if best is None else best.cost))
        if met:
            break
        met = best is not None and _near(best, below, limits)
        if met and whole_way:
            break
    return None if best is None else ByBranch(_told(parts, best, near, prices, share), tuple(rounds))


def _near(plan: _Plan, below: float, limits: Decomposition) -> bool:
    return relative_gap(plan.cost, below) <= limits.gap


def _own(branch: Block, alone: Optimum, chance: float) -> Optimum:
    """The optimum of a future alone as one of its branch, whose costs are weighed by chance."""
    near = seen_from(alone, branch.columns, branch.rows)
    return replace(near, objective=float(branch.program.cost @ near.values), prices=near.prices * chance)


def _carried_out(master: Master, parts: Split, nearest: list[Optimum], at: Floats, share: Share) -> _Plan | None:
    """The plan with the trunk held there, and to the master the cuts of its branches, from whose optima these are solved the
    next time; None where one of them has none.
    """
    units = [
        (_held(branch, at), near, len(branch.shared)) for branch, near in zip(parts.branches, nearest, strict=True)
    ]
    answers = dict(share(_answered, None, units))
    for number, branch in enumerate(parts.branches):
        possible, optimum = answers[number]
        master.add(number, cut(branch, optimum, at[branch.shared], possible=possible))
        if possible:
            nearest[number] = optimum
    if not all(possible for possible, _ in answers.values()):
        return None
    cost = float(master.cost @ at[parts.columns]) + sum(optimum.objective for optimum in nearest)
    return _Plan(cost, at, tuple(nearest))


def _held(branch: Block, at: Floats) -> Arrays:
    return branch.program.held(np.arange(len(branch.shared)), at[branch.shared])


def _answered(context: None, unit: tuple[Arrays, Optimum, int]) -> tuple[bool, Optimum]:
    """Whether a branch has a plan with the trunk held, and its optimum; else that of `_least_broken`."""
    program, near, shared = unit
    try:
        return True, solve_near(program, near)
    except Infeasible:
        return False, _least_broken(program, near, shared)


def _least_broken(program: Arrays, near: Optimum, shared: int) -> Optimum:
    """By how much, at least, rows that name the trunk's columns break, where these leave no plan; with the prices that prove
    it.

    Raises Infeasible where other rows break, whatever the trunk.
    """
    rows = distinct(program.row[program.column < shared])
    eased = program.eased([({int(row): way}, 1.0) for row in rows for way in (1.0, -1.0)])
    columns = np.append(np.arange(len(program.cost)), np.full(2 * len(rows), OUTSIDE))
    return solve_near(eased, seen_from(near, columns, np.arange(len(program.row_low))))


def _told(parts: Split, best: _Plan, near: Optimum, prices: Floats, share: Share) -> Optimum:
    """The plan in the numbers of the tree, the likeliest's branch at its least cost too."""
    block = parts.likeliest
    own = seen_from(near, block.columns, block.rows)
    ((_, (possible, optimum)),) = share(_answered, None, [(_held(block, best.trunk), own, len(block.shared))])
    values, columns, rows = best.trunk.copy(), near.at.columns.copy(), near.at.rows.copy()
    solved = list(zip(parts.branches, best.branches, strict=True))
    for branch, own_optimum in [*solved, (block, optimum)] if possible else solved:
        count = len(branch.shared)
        values[branch.own], columns[branch.own] = own_optimum.values[count:], own_optimum.at.columns[count:]
        rows[branch.rows] = own_optimum.at.rows
    return Optimum(float(parts.whole.cost @ values), values, prices, Standing(columns, rows))
