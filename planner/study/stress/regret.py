"""Plan × scenario: what each plan costs in each future, what it leaves unserved, and how much of that is regret.

regret  =  cost of the plan in the future  -  least cost that anyone could have had who knew it from the start

A plan that was made as if one future were certain is carried out in that future as it was made: nothing that comes
surprises it, so it regrets nothing there. Everywhere else, and in the expected cost, only what it decides first is held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from planner.solve.arrays import Numbers
from planner.solve.futures import Futures
from planner.solve.outcome import Floats
from planner.solve.resolve import Optimum
from planner.study.told_apart import Account, Apart

LEAST_DECISION = 1e-4


@dataclass(frozen=True)
class Course:
    """A plan as it is carried out.

    `values` per future and column of the tree; `impossible`: futures in which it cannot be; `made_for`: the place of the
    one future that it takes for certain.
    """

    plan: str
    meaning: str
    values: tuple[Floats, ...]
    impossible: tuple[str, ...] = ()
    made_for: int | None = None


@dataclass(frozen=True)
class Cell:
    """One plan in one future.

    `unserved` in PFLOP/s-days, `shortfall` in PFLOP/s by target; None: impossible.
    """

    plan: str
    scenario: str
    cost: Apart | None
    unserved: float | None
    shortfall: Mapping[str, float]
    regret: Apart | None

    @property
    def cost_hkd(self) -> float | None:
        """Of money and shortfall."""
        return None if self.cost is None else self.cost.hkd


@dataclass(frozen=True)
class Decision:
    """Something that a plan decides before the first reveal: devices of an order, or the level of a port
    or mechanism.
    """

    plan: str
    decision: str
    what: str
    site: str
    period: str
    amount: float


def settled(futures: Futures, columns: Numbers, plans: Sequence[tuple[str, str, Floats]]) -> list[Course]:
    """Plans, each with its name, meaning and values: these columns as it has them, all else decided anew in each future as it
    is revealed, at least expected cost.
    """
    optima = futures.carried_out(columns, [values for _, _, values in plans])
    return [_course(futures, columns, *plan, optimum) for plan, optimum in zip(plans, optima, strict=True)]


def _course(
    futures: Futures, columns: Numbers, plan: str, meaning: str, values: Floats, optimum: Optimum | None
) -> Course:
    places = range(len(futures.leaves))
    if optimum is not None:
        return Course(plan, meaning, (optimum.values,) * len(places))
    optima = [futures.carried_out_alone(place, columns, values) for place in places]
    impossible = tuple(futures.name(place) for place in places if optima[place] is None)
    return Course(plan, meaning, tuple(values if one is None else one.values for one in optima), impossible)


def whole(futures: Futures, plan: str, meaning: str, values: Floats) -> Course:
    """A plan that says what to do in every node of the tree."""
    return Course(plan, meaning, (values,) * len(futures.leaves))


def cells(account: Account, course: Course) -> Iterator[Cell]:
    """One per future."""
    futures = account.futures
    for place, carried_out in enumerate(course.values):
        name, own = futures.name(place), futures.alone[place].values
        values = own if place == course.made_for else carried_out
        if name in course.impossible and place != course.made_for:
            yield Cell(course.plan, name, None, None, {}, None)
            continue
        cost = account.cost(place, values)
        unserved = sum(amount for _, amount in _on_way(futures, place, "unserved", values))
        shortfall: dict[str, float] = {}
        for target, amount in _on_way(futures, place, "shortfall", values):
            shortfall[target] = shortfall.get(target, 0.0) + amount
        yield Cell(course.plan, name, cost, unserved, shortfall, cost.less(account.cost(place, own)))


def expected_cost(account: Account, course: Course) -> Apart | None:
    """Expected cost over the futures, its first decisions held everywhere; None when the plan is impossible in one."""
    return None if course.impossible else account.expected(course.values)


def decisions(futures: Futures, course: Course) -> Iterator[Decision]:
    """What the plan decides before the first reveal."""
    for column in futures.decisions(futures.first_stage):
        amount = float(course.values[0][column])
        kind, index = futures.model.columns.all[column].kind, futures.model.columns.all[column].key
        if amount > LEAST_DECISION:
            what, site = (index[0], index[1]) if kind == "order" else (f"{index[0]}:{index[1]}", "")
            period = str(futures.model.options.node(index[-1]).period)
            yield Decision(course.plan, kind, what, site, period, amount)


def _on_way(futures: Futures, place: int, kind: str, values: Floats) -> Iterator[tuple[str, float]]:
    way = {node.id for node in futures.leaves[place].path}
    for key, column in futures.model.columns.table(kind).items():
        if key[-1] in way:
            yield key[0], float(values[column])
