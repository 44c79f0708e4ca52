"""Time: periods, and the tree of nodes on which a plan decides.

A node has a period, a parent and a probability. With one scenario the tree is a chain; with several, branches share
every node before they part, so that decisions made there are the same in all of them (formulation §1).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from math import fsum
from typing import Literal

from pydantic import Field, model_validator

from planner.domain.base import Noun
from planner.units import DAYS_PER_YEAR, MONTHS_PER_YEAR

Step = Literal["month", "quarter", "year"]
MONTHS_PER_STEP: Mapping[str, int] = {"month": 1, "quarter": 3, "year": 12}
YEARS = (1990, 2100)
MOST_PERIODS = 480
_PERIOD = re.compile(r"^(\d{4})(?:q([1-4])|m(0[1-9]|1[0-2]))?$")


@lru_cache(maxsize=65_536)
def add_months(day: date, months: float) -> date:
    """The day `months` later; whole months keep the day of the month (31 becomes the last day), parts count 30.4375
    days.
    """
    whole = int(months // 1)
    year, month = divmod(day.year * MONTHS_PER_YEAR + day.month - 1 + whole, MONTHS_PER_YEAR)
    last = (date(year + (month == 11), (month + 1) % MONTHS_PER_YEAR + 1, 1) - timedelta(days=1)).day
    moved = date(year, month + 1, min(day.day, last))
    return moved + timedelta(days=round((months - whole) * DAYS_PER_YEAR / MONTHS_PER_YEAR))


@dataclass(frozen=True, order=True)
class Period:
    """A month, quarter or year: `2027m03`, `2027q1`, `2027`. Ordered by its first day."""

    start: date
    step: Step

    @classmethod
    @lru_cache(maxsize=4096)
    def parse(cls, text: str) -> Period:
        """Read `2027m03`, `2027q1` or `2027`; anything else is a ValueError."""
        match = _PERIOD.match(str(text))
        if not match:
            raise ValueError(f"'{text}' is no period: write 2027q1, 2027m03 or 2027")
        year, quarter, month = match.groups()
        if not YEARS[0] <= int(year) <= YEARS[1]:
            raise ValueError(f"{text} is out of all proportion: write a period from {YEARS[0]} to {YEARS[1]}")
        if quarter:
            return cls(date(int(year), int(quarter) * 3 - 2, 1), "quarter")
        return cls(date(int(year), int(month), 1), "month") if month else cls(date(int(year), 1, 1), "year")

    @property
    def months(self) -> int:
        return MONTHS_PER_STEP[self.step]

    @cached_property
    def end(self) -> date:
        """The first day after the period."""
        return add_months(self.start, self.months)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def later(self, periods: int) -> Period:
        return Period(add_months(self.start, periods * self.months), self.step)

    def __str__(self) -> str:
        year = self.start.year
        if self.step == "quarter":
            return f"{year}q{(self.start.month + 2) // 3}"
        return f"{year}m{self.start.month:02d}" if self.step == "month" else str(year)


class Horizon(Noun):
    """From when to when a plan decides, and in which steps."""

    start: str = Field(description="first period, such as 2026q4; its form (2026q4, 2026m10, 2026) sets the step")
    end: str = Field(description="last period, inclusive, in the same form")
    decision_date: date | None = Field(
        None, description="no order is dated before this day; default: the first day of `start`"
    )

    @model_validator(mode="after")
    def _check(self) -> Horizon:
        first, last = Period.parse(self.start), Period.parse(self.end)
        if first.step != last.step:
            raise ValueError(
                f"start {first} and end {last} must have the same form; write both as quarters, months or years"
            )
        if last < first:
            raise ValueError(f"the end {last} lies before the start {first}; give a later end or an earlier start")
        count = (last.start.year - first.start.year + 1) * MONTHS_PER_YEAR // first.months
        if count > MOST_PERIODS:
            raise ValueError(
                f"{first} to {last} are about {count} periods, more than {MOST_PERIODS}; plan in longer periods"
            )
        if self.decision_date and not self.decision_date < first.end:
            raise ValueError(
                f"decision_date {self.decision_date} lies after the first period {first}; begin the horizon with the period it lies in"
            )
        return self

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        period, last = Period.parse(self.start), Period.parse(self.end)
        periods = [period]
        while periods[-1] < last:
            periods.append(periods[-1].later(1))
        return tuple(periods)

    @cached_property
    def first_day(self) -> date:
        return self.decision_date or self.periods[0].start

    @cached_property
    def end_date(self) -> date:
        return self.periods[-1].end

    def order_date(self, period: Period) -> date:
        """The day on which an order of this period is placed: its first day, yet never before the decision date."""
        return max(period.start, self.first_day)


class Scenario(Noun):
    """A future of policy: which rules change, from when, how likely."""

    id: str = Field(
        pattern=r"^[a-z][a-z0-9_]*$", description="a scenario of the rule book, or a name of the case's own"
    )
    probability: float = Field(gt=0, le=1, description="share of belief; the probabilities of a case add up to 1")
    revealed: date | None = Field(
        None,
        description="day on which the world learns of it, no later than its law begins; default: the start date the rule book gives",
    )
    set: dict[str, object] = Field(
        default_factory=dict,
        description="overrides of the case that hold in its branch from then on, as `planner whatif --set` takes them; `planner stress` honours them",
    )


@dataclass(frozen=True)
class Node:
    """A period in one branch of the tree. `scenario` is the policy known to hold there; on the trunk that which changes
    nothing, None where the case has no such.

    `since` is the day from which the branch's own policy holds: within the last period that it shares with the others.
    """

    id: str
    period: Period
    position: int
    parent: Node | None
    probability: float
    scenario: str | None
    since: date | None = None

    @cached_property
    def path(self) -> tuple[Node, ...]:
        """From the root to this node."""
        return (*self.parent.path, self) if self.parent else (self,)

    def at(self, day: date) -> Node:
        """The node of this path in whose period the day falls; days outside the path give its nearest end."""
        for node in self.path:
            if day < node.period.end:
                return node
        return self

    def policy_on(self, day: date) -> str | None:
        """The policy in force on a day on the way to this node.

        Decisions part at the next period, law does on the day itself.
        """
        return self.scenario if self.since is not None and day >= self.since else self.at(day).scenario


@dataclass(frozen=True)
class Tree:
    """The nodes of a plan, parents before children.

    Where only some of them are looked at (`seen`, whole ways from the root), all that walks along the tree sees these alone.
    """

    nodes: tuple[Node, ...]
    seen: frozenset[str] | None = None

    def __iter__(self) -> Iterator[Node]:
        return iter(self._seen)

    def along(self, scenarios: Collection[str | None]) -> Tree:
        """The same tree, of which the ways to the nodes of these scenarios are looked at."""
        ends = [node for node in self.nodes if node.scenario in scenarios]
        return Tree(self.nodes, frozenset(at.id for node in ends for at in node.path))

    @cached_property
    def _seen(self) -> tuple[Node, ...]:
        return self.nodes if self.seen is None else tuple(node for node in self.nodes if node.id in self.seen)

    @cached_property
    def root(self) -> Node:
        return self.nodes[0]

    @cached_property
    def trunk(self) -> tuple[Node, ...]:
        """The nodes ruled by the law in force, from the root on; in a tree of one scenario all."""
        return tuple(node for node in self.nodes if node.since is None)

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        return tuple(leaf for leaf in self.every_leaf if self.seen is None or leaf.id in self.seen)

    @cached_property
    def every_leaf(self) -> tuple[Node, ...]:
        """The ends of all branches, looked at or not."""
        parents = {node.parent.id for node in self.nodes if node.parent}
        return tuple(node for node in self.nodes if node.id not in parents)

    @cached_property
    def ends(self) -> Mapping[str, tuple[Node, ...]]:
        """By node: the ends of all branches that pass through it, looked at or not."""
        through: dict[str, list[Node]] = {node.id: [] for node in self.nodes}
        for leaf in self.every_leaf:
            for node in leaf.path:
                through[node.id].append(leaf)
        return {node: tuple(leaves) for node, leaves in through.items()}

    @cached_property
    def children(self) -> Mapping[str, tuple[Node, ...]]:
        children: dict[str, list[Node]] = {node.id: [] for node in self.nodes}
        for node in self:
            if node.parent:
                children[node.parent.id].append(node)
        return {node: tuple(below) for node, below in children.items()}

    def at(self, position: int) -> tuple[Node, ...]:
        """All nodes of one period."""
        return tuple(node for node in self.nodes if node.position == position)


def build_tree(
    horizon: Horizon, scenarios: tuple[Scenario, ...], revealed: Mapping[str, date], staying: Collection[str] = ()
) -> Tree:
    """The chain for no or one scenario; otherwise branches that part in the first period starting on or after a reveal.

    The trunk, whose nodes have the plain period as their name, is ruled by the law in force. It carries the scenarios
    that are not yet revealed and, to the end, those `staying`, which change nothing; it ends when all have parted.
    Every branch adds its id: `2027q3_tightening`. The order of the list plays no part: the trunk comes first, then
    branches by the day of their reveal.
    """
    stays = {scenario.id for scenario in scenarios if scenario.id in staying or len(scenarios) == 1}
    trunk = min(stays, default=None)
    nodes: list[Node] = []
    latest: dict[str | None, Node] = {}
    for position, period in enumerate(horizon.periods):
        groups: dict[str | None, list[float]] = {}
        for scenario in sorted(scenarios, key=lambda s: (s.id not in stays, revealed[s.id], s.id)):
            apart = position > 0 and scenario.id not in stays and revealed[scenario.id] <= period.start
            groups.setdefault(scenario.id if apart else None, []).append(scenario.probability)
        fresh = {}
        for branch in sorted(groups or {None: [1.0]}, key=lambda branch: branch is not None):
            probability = fsum(groups.get(branch, [1.0]))
            name = f"{period}_{branch}" if branch else str(period)
            parent = latest.get(branch, latest.get(None))
            since = _since(horizon, revealed[branch]) if branch else None
            fresh[branch] = Node(name, period, position, parent, probability, branch or trunk, since)
        nodes.extend(fresh.values())
        latest = fresh
    return Tree(tuple(nodes))


def _since(horizon: Horizon, revealed: date) -> date:
    """The day itself; the root is never split, so a policy known before it counts from the second period on."""
    first = horizon.periods[0]
    return revealed if revealed > first.start else first.end
