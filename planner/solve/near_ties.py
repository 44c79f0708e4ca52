"""Which of plans that cost the same is told: the simplest, and of those the one whose funds pay in one order.

Simplest: of the plans that cost at most (1 + `near_tie_share`) times the least, one with few devices at few places in few
periods. Their number is no sum of a linear program; what stands for it is

    Σ_{o,s,n} w[o,s,n] · (order or rent)[o,s,n]        w[o,s,n] = 1 / (in all[a,s] + 8) + 1 / (then[o,s,n] + 8)

    o  offer of accelerator a   s  site   n  node   in all, then  devices in the optimum, over all nodes and in this one

(reweighted l1, Candès, Wakin and Boyd 2008): what the optimum takes little of is dear, what it takes much of is cheap. It is
solved once, from where the optimum stands. Prices stay those of the optimum.

Funds: which of them pays is often left open by the least cost. What lapses first pays the most: own money before loans and
subsidies, money by the year before money of a window, the window that ends first, then by id; and pays early.
All but draws is held, and draws cost the least that they may.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np

from planner.domain.fund import Fund
from planner.domain.horizon import Period
from planner.errors import Infeasible, SolverFailed
from planner.model.build import Model
from planner.solve.arrays import Arrays, distinct
from planner.solve.highs import FROM_SCRATCH
from planner.solve.of_model import arrays
from planner.solve.outcome import Floats, Solution
from planner.solve.resolve import Live

SERVER = 8.0
FIRST = 1e5
"""What a million HKD of cost weighs against the place of the fund that pays it."""
ROUNDING, NEGLIGIBLE = 1e-9, 1e-6


def simplest(model: Model, best: Solution) -> Floats:
    """Values of a plan that costs at most `near_tie_share` more than the best; the best's own where that takes no more
    orders and rentals by the period.
    """
    program, share = arrays(model), model.case.near_tie_share
    live = Live(program, FROM_SCRATCH)
    if at := best.at:
        live.stand(at)
    live.limit_sum(program.cost, best.objective + share * abs(best.objective))
    live.price(_weights(model, best.values))
    try:
        values = live.values(costs_changed=at is not None)
    except (Infeasible, SolverFailed):
        return best.values
    return values if uses(model, values) < uses(model, best.values) else best.values


def uses(model: Model, values: Floats) -> int:
    """Orders and rentals by the period."""
    x = model.columns
    return int((values[[*x.order.values(), *x.rent.values()]] > NEGLIGIBLE).sum())


def told(model: Model, best: Solution) -> Solution:
    """The simplest plan near the best, which gives the prices."""
    values = simplest(model, best)
    objective = float(model.cost_coefficients() @ values)
    gap = (objective - best.priced.objective) / max(abs(objective), ROUNDING)
    return replace(best, objective=objective, values=values, gap=gap, optimum=best.priced)


def _weights(model: Model, values: Floats) -> Floats:
    """By column: what a device of it counts."""
    weights, pairs = np.zeros(len(values)), defaultdict(list)
    for kind in ("order", "rent"):
        for (offer, site, _), column in model.columns.table(kind).items():
            pairs[kind, model.case.offers[offer].accelerator, site].append(column)
    for columns in pairs.values():
        weights[columns] = 1.0 / (values[columns].sum() + SERVER) + 1.0 / (np.maximum(values[columns], 0.0) + SERVER)
    return weights


def paid_in_order(model: Model, solution: Solution) -> Solution:
    """The same plan with its funds paying in order."""
    draws = np.array(list(model.columns.draw.values()), dtype=np.int64)
    if len(model.case.funds) < 2 or not len(draws):
        return solution
    program = arrays(model).in_fractions
    live = Live(_of_draws(program, draws, solution.values))
    live.price(FIRST * program.cost[draws] + _ranks(model))
    try:
        paid = live.values()
    except (Infeasible, SolverFailed):
        return solution
    values = solution.values.copy()
    values[draws] = paid
    return replace(solution, values=values)


def _of_draws(program: Arrays, draws: np.ndarray, values: Floats) -> Arrays:
    """The program of the draws alone, all else held at its value."""
    others = values.copy()
    others[draws] = 0.0
    rows = distinct(program.by_column(draws)[1])
    spent = program.sums(others)[rows]
    part = program.part(draws, rows)
    return replace(part, row_low=part.row_low - spent, row_high=part.row_high - spent)


def _ranks(model: Model) -> Floats:
    """By draw: the place of its fund, later funds the dearer the earlier they pay."""
    order = sorted(model.case.funds.values(), key=_lapses)
    place = {fund.id: number for number, fund in enumerate(order, 1)}
    periods = len(model.case.horizon.periods)
    nodes = [(fund, model.options.node(node)) for fund, _, node in model.columns.draw]
    return np.array([place[fund] * (2.0 - node.position / periods) * node.probability for fund, node in nodes])


def _lapses(fund: Fund) -> tuple[bool, bool, str, str]:
    ends = "" if fund.end is None else Period.parse(fund.end).end.isoformat()
    return fund.kind != "budget", fund.amount_hkd_per_year is None, ends or "9999", fund.id
