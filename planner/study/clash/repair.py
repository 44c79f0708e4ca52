"""Repairs: the fewest and smallest changes that let a case have a plan again, each proved by planning it.

One limit is eased at a time, by the least that is enough, rounded up to what one would say; deadlines are moved period
by period. Where no single change is enough, the least easing of all together (the same price on each, relative to its
size) is one repair. Every repair is an override as `planner whatif --set` takes it; the case is planned with it, and a
repair that leaves no plan is not shown.

What could be reached at all, in words: is a target, or a workload, out of reach by law, delivery, power or memory
alone?
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from planner.cells import number
from planner.domain.case import Case
from planner.domain.horizon import Node, Period
from planner.domain.policy import CapacityTarget
from planner.errors import Infeasible, InvalidInput, SolverFailed
from planner.intake.overrides.override import override
from planner.model.build import Model, build
from planner.model.options import Options, find_options
from planner.model.rows import Row
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.solve.choices import chosen
from planner.solve.near import Near
from planner.solve.objective import solve_model
from planner.solve.reach import beyond, sites_of
from planner.study.clash.conflict import Elastic, Given, irreducible
from planner.study.clash.movable import Knob, knobs

MOST, MOST_TRIED = 5, 12
PLAY = 1.0 + 1e-9
FIGURES = 3
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Repair:
    """A change of the case that gives it a plan.

    `cost_hkd`: what that plan costs, HKD, the change itself not included.
    """

    words: str
    sets: dict[str, Any]
    cost_hkd: float


@dataclass(frozen=True)
class Clash:
    """Why a case has no plan.

    `rows`: limits that cannot all be met, none too many; `reach`: targets that nothing could keep.
    """

    rows: tuple[Row, ...]
    reach: tuple[str, ...]
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class Story:
    """A clash before anything is repaired. `model`: None where nothing at all could keep a target."""

    rows: tuple[Row, ...]
    reach: tuple[str, ...]
    case: Case
    model: Model | None = field(repr=False)


def clash(case: Case, tell: Tell = lambda doing: None) -> Clash:
    """The smallest story of why the case has no plan, and at most five repairs, the cheapest first."""
    tell("looking for the limits that clash")
    reason = story(case)
    tell("looking for repairs")
    return Clash(reason.rows, reason.reach, repairs(reason))


def story(case: Case) -> Story:
    """Why the case has no plan: quick, where repairs may each take as long as a plan."""
    try:
        model = build(case.comparable)
    except Infeasible:
        return Story((), reach(case), case, None)
    return Story(irreducible(model), reach(case, model), case, model)


def repairs(reason: Story) -> tuple[Repair, ...]:
    """At most five repairs of the case of the story, the cheapest first."""
    proof = _Proof(reason.case)
    if reason.model is None:
        return _best(proof, _deadlines_by_trial(proof))
    limits = _candidates(reason.model, reason.rows) if reason.rows else ()
    return _best(proof, chain(_fractions(reason.case), limits))


class _Proof:
    """Plans a case with what is changed: after the first plan, each from the optimum of that one."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._first: Near | None = None

    def cost_hkd(self, sets: dict[str, Any]) -> float | None:
        """What the repaired case's plan costs; None when there is still none."""
        try:
            least_cost = self._first.solve if self._first else solve_model
            model, solution = chosen(build(override(self.case, sets).comparable), least_cost)
        except (Infeasible, InvalidInput, SolverFailed):
            return None
        self._first = self._first or Near(model, solution)
        return solution.objective * HKD_PER_MODEL_UNIT


def _best(proof: _Proof, tried: Iterator[tuple[str, dict[str, Any]]]) -> tuple[Repair, ...]:
    """The cheapest of the candidates that give a plan."""
    remedies: list[Repair] = []
    for _, (words, sets) in zip(range(MOST_TRIED), tried, strict=False):
        cost = proof.cost_hkd(sets)
        if cost is not None:
            remedies.append(Repair(words, sets, cost))
    return tuple(sorted(remedies, key=lambda repair: repair.cost_hkd)[:MOST])


def _fractions(case: Case) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where limits clash with whole numbers: let counts be fractions."""
    whole = {"lots": case.whole.lots, "porting": case.whole.porting}
    if any(whole.values()):
        named = [name for name, asked in whole.items() if asked]
        yield f"whole {' and '.join(named)} may be fractions", {f"whole.{name}": False for name in named}


def _candidates(model: Model, rows: Sequence[Row]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Deadlines, then each limit alone (those of the clash first), then all together if none was enough."""
    movable = {knob.slack.name: knob for knob in knobs(model)}
    clashing = {row.name for row in rows}
    numbers = {number for number, row in enumerate(model.rows) if row.name in clashing}
    elastic = Elastic(model, [knob.slack for knob in movable.values()])
    enough = False
    for sets in _deadlines(model, elastic):
        enough = True
        yield sets
    inside = [name for name, knob in movable.items() if numbers & {number for number, _ in knob.slack.rows}]
    for name in inside:
        given = elastic.least([name])
        if given is not None:
            enough = True
            yield _said(model, [movable[name]], Given(given.amounts, _needed(model, elastic, movable[name], given)))
    if not enough:
        given = elastic.least(list(movable))
        if given is not None:
            yield _said(model, [movable[name] for name in given.amounts], given)


def _needed(model: Model, elastic: Elastic, knob: Knob, given: Given) -> frozenset[int]:
    """Rows of the knob from the last period on from which easing it is still enough; where no date is asked for, those
    that need it.
    """
    if not knob.dated:
        return given.rows
    rows = [(number, _period(model, model.rows[number])) for number, _ in knob.slack.rows]
    periods = sorted({period for _, period in rows})

    def too_late(period: Period) -> bool:
        eased = [number for number, at in rows if at >= period]
        return not elastic.from_then_on(knob.slack.name, eased, given.amounts[knob.slack.name])

    since = periods[max(0, bisect_left(periods, True, key=too_late) - 1)]
    return frozenset(number for number, at in rows if at >= since)


def _said(model: Model, moved: Sequence[Knob], given: Given) -> tuple[str, dict[str, Any]]:
    """Words and overrides of limits eased together, each from the first node that needs it."""
    words: list[str] = []
    sets: dict[str, Any] = {}
    for knob in moved:
        amount = rounded_up(given.amounts.get(knob.slack.name, 0.0) * PLAY, whole=knob.whole)
        node = _first(model, [number for number, _ in knob.slack.rows if number in given.rows])
        sets |= knob.sets(amount, model.case.horizon.order_date(node.period))
        words.append(knob.words(amount, str(node.period)))
    return " and ".join(words), sets


def _first(model: Model, numbers: Sequence[int]) -> Node:
    """The earliest node of the rows; the root when there are none."""
    nodes = {model.rows[number].node for number in numbers}
    return next((node for node in model.case.tree if node.id in nodes), model.case.tree.root)


def rounded_up(amount: float, *, whole: bool) -> float:
    """The next number above that one would say: whole, or in three figures."""
    if amount <= 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(amount)) + 1 - FIGURES)
    if whole:
        step = max(1.0, step)
    up = math.ceil(round(amount / step, 5)) * step
    return float(f"{up:.10g}")


def _deadlines(model: Model, elastic: Elastic) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each hard target kept later, by the fewest periods that are enough."""
    periods = [node.period for node in model.case.tree.leaves[0].path]
    for name, target in model.case.capacity_targets.items():
        if target.shortfall_hkd_per_pflops is not None:
            continue
        rows = [
            (n, _period(model, row))
            for n, row in enumerate(model.rows)
            if row.family == "capacity_target" and row.what == (name,)
        ]
        due = Period.parse(target.by)
        later = [period for period in periods if period > due]

        def enough(until: Period, rows: list[tuple[int, Period]] = rows) -> bool:
            return elastic.least([], without=[number for number, period in rows if period < until]) is not None

        # What is enough at one date is enough at every later one, so the first is found by halving.
        if later and enough(later[-1]):
            yield _later(name, due, later[bisect_left(later, True, key=enough)])


def _deadlines_by_trial(proof: _Proof) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same where the program cannot even be built, because nothing at all could keep a target: each period is
    tried.
    """
    for name, target in proof.case.capacity_targets.items():
        due = Period.parse(target.by)
        for later in (period for period in proof.case.horizon.periods if period > due):
            words, sets = _later(name, due, later)
            if proof.cost_hkd(sets) is not None:
                yield words, sets
                break


def _period(model: Model, row: Row) -> Period:
    return next(node.period for node in model.case.tree if node.id == row.node)


def _later(name: str, due: Period, later: Period) -> tuple[str, dict[str, Any]]:
    months = (later.start.year - due.start.year) * 12 + later.start.month - due.start.month
    return f"deadline of {name} {months} months later, {later} in place of {due}", {
        f"capacity_targets.{name}.by": str(later)
    }


MOST_RULES, MOST_WORKLOADS = 3, 5


def reach(case: Case, model: Model | None = None) -> tuple[str, ...]:
    """A sentence for every hard target that one limit alone puts out of reach, and for workloads that
    can run nowhere.
    """
    options = model.options if model else find_options(case)
    return (*_targets(options), *_workloads(options))


def _targets(options: Options) -> Iterator[str]:
    for out in beyond(options, options.case.capacity_targets):
        asked = f"{out.name} asks for {number(out.target.pflops, 4)} PFLOP/s by {out.node.id}"
        if out.deliverable_pflops == 0.0:
            yield f"{asked}: no device that law lets ship stands there by then{_by_rules(options, out.target)}."
        elif out.undeliverable:
            yield f"{asked}: all that lawful offers can deliver by then is {number(out.deliverable_pflops, 4)}."
        if out.unpowered:
            yield f"{asked}: the power of its sites feeds at most {number(out.powered_pflops, 4)}, whatever the device."


def _by_rules(options: Options, target: CapacityTarget) -> str:
    rules = Counter(r.rule for r in options.refused if r.offer and r.site in sites_of(options, target))
    named = ", ".join(rule for rule, _ in rules.most_common(MOST_RULES))
    return f" (refused by {named})" if named else ""


def _workloads(options: Options) -> Iterator[str]:
    nowhere = [name for name, placements in options.placements_of.items() if not placements]
    for name in nowhere[:MOST_WORKLOADS]:
        why = Counter(r.family for r in options.refused if r.workload == name)
        because = ", ".join(family for family, _ in why.most_common(MOST_RULES)) or "no device at the sites it may use"
        yield f"{name} can run nowhere: {because}."
