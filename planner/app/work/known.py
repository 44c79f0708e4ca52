"""What a worker has read and planned already."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, TypeVar

from planner.app.cases import CaseFiles
from planner.errors import PlannerError
from planner.intake import Inputs
from planner.plan.plan import Plan, make_plan

T = TypeVar("T")
MOST_CASES, MOST_RECORDS, MOST_PLANS = 3, 24, 3

Asked = tuple[str, dict[str, Any], str | None]
"""A case by its hash, what is set of it, and the future of policy that is known."""


class Latest:
    """The latest values by key; the one asked for longest ago gives way."""

    def __init__(self, most: int) -> None:
        self._most, self._kept = most, OrderedDict[Hashable, object]()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of the key, made where it is not there."""
        if key not in self._kept:
            self._kept[key] = make()
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return self._kept[key]  # type: ignore[return-value]

    def peek(self, key: Hashable) -> Any:
        """The value of the key where it is there."""
        return self._kept.get(key)


_inputs, _bases = Latest(MOST_CASES), Latest(MOST_CASES)


def inputs_of(files: CaseFiles) -> Inputs:
    """The case, read once."""
    return _inputs.get(files.sha256, files.read)


def base_of(files: CaseFiles, tell: Callable[[str], None]) -> Plan:
    """The plan of the case as it stands, as studies compare it, in the hands of HiGHS."""
    return _bases.get(files.sha256, lambda: make_plan(inputs_of(files).case.comparable, tell=tell))


_moved: list[tuple[Asked, Plan]] = []


def nearest(asked: Asked, base: Plan) -> Plan:
    """The plan at hand that the fewest settings part from what is asked: the next is soonest made from it. It costs the same from
    wherever it is made.
    """
    sha256, sets, scenario = asked
    known = [({}, base), *((there, plan) for (of, there, then), plan in _moved if (of, then) == (sha256, scenario))]
    return min(known, key=lambda one: sum(one[0].get(path) != sets.get(path) for path in {*one[0], *sets}))[1]


def keep(asked: Asked, plan: Plan) -> list[Plan]:
    """Have a plan at hand; those that give way for it."""
    _moved.append((asked, plan))
    gone = [plan for _, plan in _moved[:-MOST_PLANS]]
    del _moved[:-MOST_PLANS]
    return gone


def get_ready(tell: Callable[[str], None], files: CaseFiles) -> None:
    """Read and plan the case before anybody asks. One without a plan is told of when somebody does."""
    with suppress(PlannerError):
        base_of(files, tell)
