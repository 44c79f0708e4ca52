"""Near-optimal alternatives: which purchases are certain, which a matter of taste (modelling to generate alternatives).

    cost <= (1 + slack) · optimum      then, over all plans that satisfy this:
    min and max of what is bought and rented of each device, and of what is spent by vendor, site, legal outcome and stack

Then plans that differ as much as they can: each next one avoids what those before it spend on (hop, skip and jump;
Brill, Chang and Hopkins 1982), further ones go in random directions from a seed. Whole numbers are let go: the space is
that of the linear program.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from planner.domain.case import Case
from planner.errors import UsageError
from planner.model.build import Model
from planner.model.procurement import Order, Rental
from planner.model.rows import Row, Terms
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.plan.plan import Plan, make_plan
from planner.solve.arrays import OUTSIDE, Arrays, Numbers
from planner.solve.of_model import arrays
from planner.solve.outcome import Floats
from planner.solve.resolve import PRIMAL, Optimum, seen_from
from planner.solve.restricted import Restricted
from planner.study.workers import ALONE, Workers, shared_out

DEVICES_THAT_COUNT = 0.5
SAME_SHARE, MOST_TRIES = 1e-3, 4
SUBJECTS = ("buy", "rent", "vendor", "site", "outcome", "stack")
SPENT_ON_DEVICES = ("purchase", "rental")
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Span:
    """What a quantity is in the optimum, and its least and most over all near-optimal plans.

    `subject` is buy or rent (devices; rentals as their average over the horizon), or vendor, site, outcome or stack
    (HKD on devices, discounted and expected).
    """

    subject: str
    name: str
    optimum: float
    least: float
    most: float

    @property
    def verdict(self) -> str:
        """`always`, `sometimes` or `never`: in how many of the near-optimal plans it is."""
        counts = DEVICES_THAT_COUNT if self.subject in ("buy", "rent") else 1.0
        if self.least >= counts:
            return "always"
        return "never" if self.most < counts else "sometimes"


@dataclass(frozen=True)
class Alternative:
    """A near-optimal plan: how it was looked for, its cost, and what it buys and rents, as in the spans."""

    direction: str
    cost_hkd: float
    amounts: Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Alternatives:
    """The optimum, what near-optimal plans have in common, and some that differ."""

    plan: Plan
    slack: float
    spans: tuple[Span, ...]
    plans: tuple[Alternative, ...]


def alternatives(
    case: Case,
    slack: float,
    *,
    count: int = 6,
    seed: int = 0,
    workers: Workers = ALONE,
    tell: Tell = lambda doing: None,
) -> Alternatives:
    """The space of plans that cost at most (1 + slack) times the optimum.

    Args:
        slack: 0.02 for 2 %.
        count: plans to show at most, half of them away from what is there, half in random directions; none twice.
        workers: who looks for leasts and mosts; the answer does not depend on them.

    Raises:
        UsageError: a slack below zero.
        Infeasible: the case has no plan.
    """
    if not 0 <= slack < math.inf:
        raise UsageError(f"the slack is a share at or above zero, such as 2%; {slack:g} is none.")
    plan = make_plan(case.comparable)
    measures = _measures(plan.model)
    space = _Space.around(plan, slack)
    spans = _spans(space, plan.solution.values, measures, workers, tell)
    plans = tuple(_diverse(space, measures, count, seed, tell))
    return Alternatives(plan, slack, spans, plans)


def _spans(
    space: _Space, best: Floats, measures: Mapping[tuple[str, str], Floats], workers: Workers, tell: Tell
) -> tuple[Span, ...]:
    """Optimum, least and most of each measure."""
    parts = [(columns := np.flatnonzero(measure), measure[columns]) for measure in measures.values()]
    spans: dict[int, Span] = {}
    for place, ends in shared_out(_ends, space, parts, workers):
        columns, amounts = parts[place]
        subject, name = [*measures][place]
        tell(f"the least and most of {subject} {name}: {len(spans) + 1} of {len(parts)}")
        spans[place] = Span(subject, name, *map(_clean, (float(amounts @ best[columns]), *ends)))
    return tuple(spans[place] for place in range(len(parts)))


def _ends(space: _Space, measure: tuple[Numbers, Floats]) -> tuple[float, float]:
    """The least and the most of a measure, given by its columns and their amounts."""
    columns, amounts = measure
    whole = np.zeros(len(space.cost))
    whole[columns] = amounts
    return float(whole @ space.least(whole)), float(whole @ space.least(-whole))


@dataclass(frozen=True)
class _Space:
    """All plans within the slack: the program with a row that holds the cost, and the best plan."""

    program: Arrays
    best: Optimum
    cost: Floats

    @classmethod
    def around(cls, plan: Plan, slack: float) -> _Space:
        cost, optimum = plan.model.cost_coefficients(), plan.neighbourhood.optimum
        best = float(cost @ plan.solution.values)
        ceiling = best + slack * abs(best) + 1e-9 * max(1.0, abs(best))
        terms = Terms.of((int(i), float(cost[i])) for i in np.flatnonzero(cost))
        row = Row("slack", ("cost",), None, terms, "<=", ceiling, f"within {slack:.3g} of the least cost")
        program = arrays(replace(plan.model, rows=(*plan.model.rows, row)))
        rows = len(plan.model.rows)
        numbers = np.arange(len(cost)), np.append(np.arange(rows), OUTSIDE)
        return cls(program, seen_from(optimum, *numbers), cost)

    def __getstate__(self) -> dict[str, object]:
        """What goes to another process: no program in hand."""
        return {name: value for name, value in self.__dict__.items() if name != "_hand"}

    @cached_property
    def _hand(self) -> Restricted:
        return Restricted(self.program, self.best)

    def least(self, measure: Floats) -> Floats:
        """The plan of the space with the least of a measure, looked for from the best plan: no edge of the space is far
        from it.
        """
        self._hand.back()
        size = float(np.abs(measure).max(initial=0.0))
        self._hand.price(measure / size if size else measure)
        return self._hand.solve(PRIMAL)[1]

    def hkd(self, values: Floats) -> float:
        return float(self.cost @ values) * HKD_PER_MODEL_UNIT


def _measures(model: Model) -> dict[tuple[str, str], Floats]:
    """By subject and name: what one unit of each column adds to it."""
    case, options, columns = model.case, model.options, model.columns
    periods = len(case.horizon.periods)
    measures: dict[tuple[str, str], Floats] = {}

    def add(subject: str, name: str, column: int, amount: float) -> None:
        measures.setdefault((subject, name), np.zeros(len(columns.all)))[column] += amount

    def count(option: Order | Rental, column: int, subject: str, outcome: str, share: float) -> None:
        device = case.accelerators[option.accelerator]
        add(subject, device.id, column, option.node.probability * share)
        spent = sum(line.hkd * line.weight for line in model.lines_of(column) if line.cost in SPENT_ON_DEVICES)
        groups = {"vendor": device.vendor, "site": option.site.id, "outcome": outcome, "stack": device.software_stack}
        for group, name in groups.items():
            add(group, name, column, spent)

    for key, order in options.orders.items():
        count(order, columns.order[key], "buy", order.arrivals[0].answer.outcome, 1.0)
    for key, rental in options.rentals.items():
        count(rental, columns.rent[key], "rent", rental.answer.outcome, 1.0 / periods)
    return dict(sorted(measures.items(), key=lambda item: SUBJECTS.index(item[0][0])))


def _diverse(
    space: _Space, measures: Mapping[tuple[str, str], Floats], count: int, seed: int, tell: Tell
) -> Iterator[Alternative]:
    """Plans away from one another by what they spend on vendors, sites, outcomes and stacks."""
    spent = {key: m for key, m in measures.items() if key[0] not in ("buy", "rent")}
    random = np.random.default_rng(seed)
    values = space.least(space.cost)
    seen, used, turn = [_amounts(spent, values)], set[tuple[str, str]](), 0
    while spent and len(seen) <= count and turn < MOST_TRIES * count:
        tell(f"plan {len(seen)} of {count} that differs")
        used |= {key for key, hkd in _amounts(spent, values).items() if hkd >= 1.0}
        # Once hop, skip and jump comes back to a plan, only chance leads on.
        away = turn == len(seen) - 1 and turn < (count + 1) // 2
        weights = {key: float(key in used) if away else float(random.normal()) for key in spent}
        values = space.least(np.sum([weights[key] * measure for key, measure in spent.items()], axis=0))
        turn += 1
        here = _amounts(spent, values)
        if any(_same(here, other) for other in seen):
            continue
        seen.append(here)
        direction = "away from the plans before" if away else "at random"
        yield Alternative(direction, space.hkd(values), _amounts(measures, values))


def _amounts(measures: Mapping[tuple[str, str], Floats], values: Floats) -> dict[tuple[str, str], float]:
    return {key: _clean(float(measure @ values)) for key, measure in measures.items()}


def _same(one: Mapping[tuple[str, str], float], other: Mapping[tuple[str, str], float]) -> bool:
    """Whether two plans spend alike: to a thousandth of the largest sum."""
    size = max(map(abs, one.values()), default=0.0)
    return all(abs(one[key] - other[key]) <= SAME_SHARE * size for key in one)


def _clean(number: float) -> float:
    """Zero for what is only rounding."""
    return 0.0 if abs(number) < 1e-6 else number
