"""Stress: the plans that could be made today, each carried out in every future of policy (formulation §1, §8).

First-stage decisions are the purchases, ports and mechanisms decided in the nodes before the first reveal. Each plan's
are held, and all else is decided anew as futures are revealed. The plans:

    <scenario>       made as if that future were certain (perfect information)
    expected_value   that of the likeliest future: laws have no average, so the likeliest stands for the mean
    stochastic       least expected cost over the tree
    cvar             least (1 - weight) · expected cost + weight · CVaR of the tail
    minimax_regret   least largest regret; among equals least expected cost
    myopic           as if today's law went on, period by period, until a future is revealed; then anew

    WS  =  Σ p · cost of each future's own plan  <=  RP  =  stochastic  <=  EEV  =  expected_value
    EVPI  =  RP - WS        VSS  =  EEV - RP        all discounted, on the tree

Each of these is told as money and as shortfall of targets at a price (`told_apart`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np

from planner.domain.case import Case
from planner.domain.policy import Risk
from planner.errors import Infeasible, UsageError
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.solve.futures import Futures, Halls
from planner.study.stress.decide_by import Later, decide_by
from planner.study.stress.hedge import hedge, largest_regret, tail_cost
from planner.study.stress.regret import Cell, Course, Decision, cells, decisions, expected_cost, settled, whole
from planner.study.stress.uncertain import branches, hard_targets, target_hkd_per_pflops, uncertain
from planner.study.told_apart import Account, Apart
from planner.study.workers import ALONE, Workers, shared_out

AVERSION = Risk(weight=0.5, tail=0.2)
PERIODS_LATER = 4
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Future:
    """A scenario on the tree: its probability, the day it is revealed, its own least cost."""

    scenario: str
    probability: float
    revealed: date
    best: Apart


@dataclass(frozen=True)
class Stress:
    """The answer. Money in HKD, discounted. `priced`: HKD per missing PFLOP/s of each hard target.
    `halls_held`: the tree was too large to choose halls that are free of US-origin devices; all keep the ceiling.
    `hedge_gap_hkd`: by how much at most the hedged plan may lie above the least expected cost, where the tree was solved by branch.
    """

    futures: tuple[Future, ...]
    first_stage: tuple[str, ...]
    likeliest: str
    plans: Mapping[str, str]
    expected_costs: Mapping[str, Apart | None]
    matrix: tuple[Cell, ...]
    decisions: tuple[Decision, ...]
    wait_and_see: Apart
    stochastic: Apart
    hedging: Apart
    risk: Risk
    priced: Mapping[str, float]
    later: tuple[Later, ...]
    halls_held: bool = False
    hedge_gap_hkd: float | None = None

    @property
    def expected(self) -> Mapping[str, float | None]:
        """Expected cost of each plan, HKD; None: it breaks in a future."""
        return {plan: _whole(cost) for plan, cost in self.expected_costs.items()}

    @property
    def evpi(self) -> Apart:
        """Expected value of perfect information: what knowing the future from the start would save."""
        return self.stochastic.less(self.wait_and_see)

    @property
    def vss(self) -> Apart | None:
        """Value of the stochastic solution: what the hedge saves against planning for the likeliest future; None: that
        plan breaks.
        """
        return self._above_hedge("expected_value")

    @property
    def myopia(self) -> Apart | None:
        """What planning as if today's law went on costs more than the hedge."""
        return self._above_hedge("myopic")

    def _above_hedge(self, plan: str) -> Apart | None:
        cost = self.expected_costs[plan]
        return None if cost is None else cost.less(self.stochastic)


def _whole(amount: Apart | None) -> float | None:
    return None if amount is None else amount.hkd


def stress(
    case: Case,
    weights: Mapping[str, float] | None = None,
    risk: Risk | None = None,
    *,
    periods_later: int = PERIODS_LATER,
    more: Callable[[Futures], Course] | None = None,
    workers: Workers = ALONE,
    tell: Tell = lambda doing: None,
) -> Stress:
    """Compare the plans of a case over its futures.

    Args:
        case: its scenarios, else the rule book's at their suggested weights.
        weights: probability by scenario, in place of those.
        risk: of the plan `cvar`; else the case's own, else half the weight on the dearest fifth.
        periods_later: by how many periods the reveal is moved, at most, to find until when the decision stays right.
        workers: who plans for the futures and carries plans out; the answer does not depend on them.
        more: one more plan to carry out, such as a saved one.

    Raises:
        UsageError: fewer than two futures part on the tree, or weights that do not fit.
        Infeasible: not even with every target at a price is there a plan.
    """
    taken = uncertain(case, weights)
    tell("building the tree of scenarios")
    share = partial(shared_out, workers=workers)
    futures = Futures(*branches(taken), share=share)
    if len(futures.leaves) < 2:
        raise UsageError(
            "a stress test needs two scenarios that part within the horizon; see --scenario ID=PROBABILITY."
        )
    try:
        _ = futures.hedged
    except Infeasible as error:
        raise Infeasible(f"not even with every target at a price is there a plan: {error}", taken) from error
    risk = risk or (case.risk if case.risk.weight else AVERSION)
    tell("planning for each future, and for all")
    courses = _courses(futures, risk)
    if more is not None:
        courses = (*courses, more(futures))
    tell("moving the reveal later")
    later = decide_by(futures, futures.hedged.values, periods_later, hard_targets(case), share) if periods_later else ()
    return _answer(case, futures, courses, risk, later)


def _hedge_gap_hkd(futures: Futures) -> float | None:
    if futures.decomposed is None:
        return None
    below = futures.decomposed.rounds[-1].below
    return max(0.0, futures.hedged.objective - below) * HKD_PER_MODEL_UNIT


def _courses(futures: Futures, risk: Risk) -> tuple[Course, ...]:
    first = futures.decisions(futures.first_stage)
    likeliest = int(np.argmax(futures.chances))
    names = [futures.name(place) for place in range(len(futures.leaves))]
    plans = [
        (name, f"made as if {name} were certain", best.values) for name, best in zip(names, futures.alone, strict=True)
    ]
    own = [replace(course, made_for=place) for place, course in enumerate(settled(futures, first, plans))]
    certain = f"made as if the likeliest future, {names[likeliest]}, were certain"
    expected = replace(own[likeliest], plan="expected_value", meaning=certain)
    stochastic = whole(futures, "stochastic", "least expected cost over all futures", futures.hedged.values)
    known = [stochastic.values[0], *(course.values[0] for course in own if not course.impossible)]
    tail = hedge(futures, tail_cost(futures.chances, risk), known)
    words = f"{risk.weight:.0%} of the weight on the dearest {risk.tail:.0%} of futures"
    best = np.array([one.objective for one in futures.alone])
    calm = hedge(futures, largest_regret(best), [*known, tail])
    return (
        *own,
        expected,
        stochastic,
        whole(futures, "cvar", words, tail),
        whole(futures, "minimax_regret", "least largest regret", calm),
        _myopic(futures),
    )


def _myopic(futures: Futures) -> Course:
    """Knowing only the law in force, one replans each period for its going on; that changes nothing until a future is
    revealed.
    """
    halls: Halls = "held" if futures.halls_held else "chosen"
    goes_on = Futures(futures.case.model_copy(update={"scenarios": ()}), near=futures, halls=halls)
    planned = {
        column.name: value for column, value in zip(goes_on.model.columns.all, goes_on.hedged.values, strict=True)
    }
    names = [column.name for column in futures.model.columns.all]
    values = np.array([planned.get(name, 0.0) for name in names])
    meaning = "as if today's law went on, until another is revealed"
    (course,) = settled(futures, futures.decisions(futures.case.tree.trunk), [("myopic", meaning, values)])
    return course


def _answer(case: Case, futures: Futures, courses: tuple[Course, ...], risk: Risk, later: tuple[Later, ...]) -> Stress:
    account = Account(futures, hard_targets(case))
    best = [account.cost(place, one.values) for place, one in enumerate(futures.alone)]
    likeliest = int(np.argmax(futures.chances))
    return Stress(
        futures=tuple(
            Future(
                futures.name(place),
                leaf.probability,
                futures.case.revealed.get(futures.name(place), futures.case.horizon.first_day),
                best[place],
            )
            for place, leaf in enumerate(futures.leaves)
        ),
        first_stage=tuple(str(node.period) for node in futures.first_stage),
        likeliest=futures.name(likeliest),
        plans={course.plan: course.meaning for course in courses},
        expected_costs={course.plan: expected_cost(account, course) for course in courses},
        matrix=tuple(cell for course in courses for cell in cells(account, course)),
        decisions=tuple(decision for course in courses for decision in decisions(futures, course)),
        wait_and_see=account.expected([one.values for one in futures.alone]),
        stochastic=account.expected([futures.hedged.values] * len(best)),
        hedging=account.cost(likeliest, futures.hedged.values).less(best[likeliest]),
        risk=risk,
        priced={name: target_hkd_per_pflops(case, case.capacity_targets[name]) for name in account.hard},
        later=later,
        halls_held=futures.halls_held,
        hedge_gap_hkd=_hedge_gap_hkd(futures),
    )
