"""The few assumptions that decide what a case costs: the first bars of the tornado over all its estimates, found without
solving every one.

Cost rises with a price, a time or a payment, and falls with a supply or a chance: so a group of estimates that all go to
their cheap end, or all to their dear one, moves the cost at least as far as any one of them does alone. Groups are tried, the one that
moves it most is halved, and so on: what comes up as a single estimate first is the widest bar, and a group below the last bar
wanted is never opened (best-first branch and bound). An estimate that may act either way is tried alone, and so is every member
of a group that moves the cost the wrong way.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from planner.errors import Infeasible, SolverFailed
from planner.intake.overrides.override import override
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.plan.plan import Plan
from planner.solve.choices import chosen
from planner.solve.objective import first_asked, solve_objective
from planner.study.sweep.designs import Parameter, estimates
from planner.study.worth.lifted import Tell

MOST = 5
LEAST_HKD = 1.0
CHEAP_WHEN_HIGH = ("share", "output_scale", "approval_share")
EITHER_WAY = ("new_price_growth_per_year", "used_price_growth_per_year")
LOW, HIGH = 0.0, 1.0


@dataclass(frozen=True)
class Bar:
    """An assumption, its span, and by how much the cost changes at its ends, HKD; None where there is no plan."""

    path: str
    low: Any
    high: Any
    at_low_hkd: float | None
    at_high_hkd: float | None


@dataclass(frozen=True)
class Deciding:
    """What decides a case. `objective_hkd`: the cost that the bars start from, in fractions of lots; `estimates`: how many there
    are; `runs`: how many plans were solved.
    """

    objective_hkd: float
    estimates: int
    runs: int
    bars: tuple[Bar, ...]


def deciding(base: Plan, tell: Tell, most: int = MOST) -> Deciding:
    """The estimates of the plan's case that move its cost most, the widest bar first."""
    parameters = estimates(base.case)
    search = _Search(base, tell)
    bars: dict[str, Bar] = {}
    for parameter in search.widest(parameters):
        if parameter.path not in bars:
            ends = [search.change((parameter,), end) for end in (LOW, HIGH)]
            low, high = (None if math.isinf(change) else change for change in ends)
            bars[parameter.path] = Bar(parameter.path, parameter.between(LOW), parameter.between(HIGH), low, high)
        if len(bars) == most:
            break
    return Deciding(base.objective_hkd, len(parameters), search.runs, tuple(bars.values()))


@dataclass(frozen=True)
class _Group:
    """Estimates that go together, at their cheap end (sign -1) or at their dear one (+1)."""

    members: tuple[Parameter, ...]
    sign: int


class _Search:
    def __init__(self, base: Plan, tell: Tell) -> None:
        self._base, self._tell = base, tell
        self._order = itertools.count()
        self._changes: dict[tuple[tuple[str, float], ...], float] = {}

    @property
    def runs(self) -> int:
        """Plans solved so far."""
        return len(self._changes)

    def widest(self, parameters: Sequence[Parameter]) -> Iterator[Parameter]:
        """The parameters by what they move the cost by, the most first; each may come once for either end."""
        heap: list[tuple[float, int, _Group]] = []
        for members in _kinds(parameters):
            for sign in (-1, 1):
                self._push(heap, _Group(members, sign))
        while heap:
            _, _, group = heapq.heappop(heap)
            if len(group.members) == 1:
                yield group.members[0]
                continue
            middle = len(group.members) // 2
            for half in (group.members[:middle], group.members[middle:]):
                self._push(heap, _Group(half, group.sign))

    def _push(self, heap: list[tuple[float, int, _Group]], group: _Group) -> None:
        change = self.change(group.members, *[_end(p, group.sign) for p in group.members])
        wrong = change * group.sign < -LEAST_HKD
        if wrong and len(group.members) > 1:
            for member in group.members:
                self._push(heap, _Group((member,), group.sign))
        elif abs(change) > LEAST_HKD:
            heapq.heappush(heap, (-abs(change), next(self._order), group))

    def change(self, members: Sequence[Parameter], *ends: float) -> float:
        """What the cost changes by, HKD, with these estimates at these ends; infinite where that leaves no plan."""
        key = tuple((p.path, end) for p, end in zip(members, ends, strict=True))
        if key not in self._changes:
            self._tell(f"plan {self.runs + 1}: {members[0].path}{f' and {len(members) - 1} more' * (len(members) > 1)}")
            sets = {p.path: p.between(end) for p, end in zip(members, ends, strict=True)}
            self._changes[key] = self._solved(sets) - self._base.objective_hkd
        return self._changes[key]

    def _solved(self, sets: dict[str, Any]) -> float:
        try:
            model = self._base.program(first_asked(override(self._base.case, sets)))
            # Of the least cost nothing but the figure is wanted, not which of equal plans.
            if model.case.objective == "min_cost":
                solution = chosen(model, self._base.neighbourhood.solve)[1]
            else:
                solution = solve_objective(model)[1]
            return solution.objective * HKD_PER_MODEL_UNIT
        except (Infeasible, SolverFailed):
            return math.inf


def _kinds(parameters: Sequence[Parameter]) -> list[tuple[Parameter, ...]]:
    """Estimates of one field of one part of the case; those that may act either way by themselves."""
    groups: dict[tuple[str, ...], list[Parameter]] = {}
    for parameter in parameters:
        parts = parameter.path.split(".")
        alone = parts[-1] in EITHER_WAY
        groups.setdefault((parameter.path,) if alone else (parts[0], parts[-1]), []).append(parameter)
    return [tuple(members) for members in groups.values()]


def _end(parameter: Parameter, sign: int) -> float:
    cheap_when_high = parameter.path.split(".")[-1] in CHEAP_WHEN_HIGH
    return HIGH if (sign > 0) is not cheap_when_high else LOW
