"""What a worker has read and planned already."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from typing import Any, TypeVar

from planner.app.cases import CaseFiles
from planner.errors import PlannerError
from planner.intake import Inputs
from planner.plan.plan import Plan, make_plan

T = TypeVar("T")
MOST_CASES, MOST_RECORDS, MOST_PLANS = 3, 24, 3

Asked = tuple[str, tuple[tuple[str, Any], ...], str | None]
"""A case by its hash, what is set of it, and the future of policy that is known."""


class Latest:
    """The latest values by key; the one asked for longest ago gives way."""

    def __init__(self, most: int) -> None:
        self._most, self._kept = most, OrderedDict[Hashable, object]()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of the key, made where it is not there."""
        self.put(key, self._kept[key] if key in self._kept else make())
        return self._kept[key]  # type: ignore[return-value]

    def put(self, key: Hashable, value: object) -> list[Any]:
        """Keep the value; those that give way for it."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        return [self._kept.popitem(last=False)[1] for _ in range(len(self._kept) - self._most)]

    def items(self) -> Iterable[tuple[Any, Any]]:
        """All, the one asked for longest ago first."""
        return self._kept.items()

    def peek(self, key: Hashable) -> Any:
        """The value of the key where it is there."""
        return self._kept.get(key)


_inputs, _bases, _moved = Latest(MOST_CASES), Latest(MOST_CASES), Latest(MOST_PLANS)


def inputs_of(files: CaseFiles) -> Inputs:
    """The case, read once."""
    return _inputs.get(files.sha256, files.read)


def base_of(files: CaseFiles, tell: Callable[[str], None]) -> Plan:
    """The plan of the case as it stands, as studies compare it, in the hands of HiGHS."""
    return _bases.get(files.sha256, lambda: make_plan(inputs_of(files).case.comparable, tell=tell))


def nearest(asked: Asked, base: Plan) -> Plan:
    """The plan at hand that the fewest settings part from what is asked: the next is soonest made from it. It costs the same from
    wherever it is made.
    """
    sha256, sets, scenario = asked
    alike = [(there, plan) for (of, there, then), plan in _moved.items() if (of, then) == (sha256, scenario)]
    known: list[tuple[dict[str, Any], Plan]] = [({}, base), *((dict(there), plan) for there, plan in alike)]
    wanted = dict(sets)
    return min(known, key=lambda one: sum(one[0].get(path) != wanted.get(path) for path in {*one[0], *wanted}))[1]


def keep(asked: Asked, plan: Plan) -> list[Plan]:
    """Have a plan at hand; those that give way for it."""
    return _moved.put(asked, plan)


def get_ready(tell: Callable[[str], None], files: CaseFiles) -> None:
    """Read and plan the case before anybody asks. One without a plan is told of when somebody does."""
    with suppress(PlannerError):
        base_of(files, tell)
