"""Plans that stand up when nobody knows which future comes: least tail cost (CVaR), least largest regret.

Both minimise a convex function of the costs in the futures, over a tree program that is itself convex. So they are
found by taking mixtures of known plans (Dantzig and Wolfe): a small program mixes the plans found so far, its prices
say how much each future weighs, and the tree is solved anew near these weights for a plan that improves the mixture,
and for a bound below; until the two meet. A mixture of plans is a plan.

    CVaR     min  (1 - β) · Σ p·c  +  β · ( v + 1/α · Σ p·e )      e >= c - v, e >= 0          (Rockafellar and Uryasev 2000)
    regret   min  z  +  δ · Σ p·c                                  z >= c - best

    c  cost in each future   p  its probability   best  its cost under perfect information   δ  so small that it only breaks ties
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from planner.domain.policy import Risk
from planner.errors import SolverFailed
from planner.solve.arrays import Arrays
from planner.solve.futures import Futures
from planner.solve.outcome import Floats
from planner.solve.resolve import Live, Optimum

TIE_BREAK = 1e-4
CLOSE = 1e-7
"""Of what a plan costs: no cost is known more closely, and a regret is a difference of costs."""
TOWARDS_BEST = 0.3
"""How far the weights are taken back to those of the best bound so far, since those that the mixture calls for swing (Wentges 1997)."""
MOST_PLANS = 200


@dataclass(frozen=True)
class Measure:
    """A convex measure of costs in L futures: `expected` · Σ p·c + least `cost` · aux, where `aux_rows` · aux >= c -
    `offset`.

    Shapes: `cost`, `low` (K,), `aux_rows` (L, K), `offset` (L,).
    """

    expected: float
    cost: Floats
    low: Floats
    aux_rows: Floats
    offset: Floats


def tail_cost(chances: Floats, risk: Risk) -> Measure:
    """(1 - weight) · expected + weight · CVaR; a hair of the expected cost stays in, so that futures outside the tail
    are planned for too.
    """
    futures = len(chances)
    return Measure(
        max(1.0 - risk.weight, CLOSE),
        np.append(risk.weight, risk.weight / risk.tail * chances),
        np.append(-np.inf, np.zeros(futures)),
        np.hstack([np.ones((futures, 1)), np.eye(futures)]),
        np.zeros(futures),
    )


def largest_regret(best: Floats) -> Measure:
    """The largest excess over the best in any future; among equals the least expected cost."""
    futures = len(best)
    return Measure(TIE_BREAK, np.array([1.0]), np.array([-np.inf]), np.ones((futures, 1)), best)


def value(measure: Measure, chances: Floats, costs: Floats) -> float:
    """The measure of one plan's costs."""
    return _mixed(measure, chances, [costs]).objective


def hedge(futures: Futures, measure: Measure, known: Iterable[Floats]) -> Floats:
    """The plan of least measure: values per column. `known`: values of plans on the tree to begin with, at least one.

    Raises SolverFailed when it is not found within `MOST_PLANS` plans.
    """
    plans = list(known)
    costs = [futures.costs(plan) for plan in plans]
    size = max(1.0, float(np.abs(futures.chances @ costs[0])))
    least, bound, centre = futures.weighing(), -np.inf, None
    for _ in range(MOST_PLANS):
        mixed = _mixed(measure, futures.chances, costs)
        shares, called_for = mixed.values[: len(plans)], np.maximum(mixed.prices[:-1], 0.0)
        weights = called_for if centre is None else (1.0 - TOWARDS_BEST) * called_for + TOWARDS_BEST * centre
        objective, better = least(measure.expected * futures.chances + weights)
        if (below := objective - float(measure.offset @ weights)) > bound:
            bound, centre = below, weights
        if mixed.objective - bound <= CLOSE * size:
            return np.asarray(sum(share * plan for share, plan in zip(shares, plans, strict=True)))
        plans.append(better)
        costs.append(futures.costs(better))
    raise SolverFailed(f"the hedged plan was not found among mixtures of {MOST_PLANS} plans")


def _mixed(measure: Measure, chances: Floats, costs: list[Floats]) -> Optimum:
    """The best mixture.

    Columns: a share per plan, then the measure's own; rows: one per future, then that the shares add up to 1.
    """
    plans, futures = len(costs), len(chances)
    table = np.column_stack(costs)
    matrix = np.vstack([np.hstack([-table, measure.aux_rows]), np.append(np.ones(plans), np.zeros(len(measure.cost)))])
    rows, columns = matrix.shape
    program = Arrays(
        np.concatenate([measure.expected * (chances @ table), measure.cost]),
        np.concatenate([np.zeros(plans), measure.low]),
        np.full(columns, np.inf),
        np.append(-measure.offset, 1.0),
        np.append(np.full(futures, np.inf), 1.0),
        np.arange(rows + 1) * columns,
        np.tile(np.arange(columns), rows),
        matrix.ravel(),
    )
    return Live(program).solve()
