"""What speed is asked for, as ratios in one run, and what results.json says of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.latency import GOAL_MEDIAN_S, GOAL_P95_S
from benchmarks.results import Result, outside, same, whole
from benchmarks.verbs import VERBS
from benchmarks.what_ifs import GOAL_MEDIAN, GOAL_WORST

Results = dict[str, Result]
XL_SECONDS, XL_MB = 600.0, 8 * 1024.0
OUTSIDE = {"hong_kong": 0.25, "M": 0.10}
"""By case: the most that everything but the solver may be of a plan."""


class Goal(NamedTuple):
    """What is asked, the most that it may be, and what was measured; None where it was not, or did not end in time. `less`: it is
    less than that, since a peer was stopped before its end.
    """

    asked: str
    most: float
    measured: float | None
    form: str = ".2f"
    less: bool = False

    @property
    def met(self) -> bool | None:
        """Whether it is reached; None where nobody knows."""
        if self.measured is None or (self.less and self.measured > self.most):
            return None
        return self.measured <= self.most

    @property
    def figure(self) -> str:
        if self.measured is None:
            return "–"
        return ("below " if self.less else "") + format(self.measured, self.form)


def goals(results: Results) -> Iterator[Goal]:
    """All goals, in the order in which they were set."""
    for case, most in OUTSIDE.items():
        plan = ended(results, case, "planner")
        yield Goal(f"everything but the solver, share of the plan on {case}", most, outside(plan) if plan else None)
    for case, most in (("M", 0.5), ("L", 0.4)):
        yield _over(results, case, "linopy", "cpu_s", f"plan over linopy and HiGHS on {case}", most)
    for case in ("M", "L"):
        yield _over(results, case, "linopy", "peak_mb", f"peak memory over linopy's on {case}", 1.2)
    differing = [
        f"{case} {peer}"
        for case in results
        for peer in ("linopy", "pyomo", "matrix")
        if (plan := ended(results, case, "planner")) and (one := ended(results, case, peer)) and not same(plan, one)
    ]
    yield Goal("peers whose optimum is another by more than one part in a million", 0, len(differing), ".0f")
    yield Goal(
        "plan of Hong Kong over the same before this work began, when it had a fifth fewer columns",
        0.5,
        _over_before(results),
    )
    asked = results.get("hong_kong", {}).get("what_ifs")
    yield Goal(
        "what-if on Hong Kong over a cold plan, median of those drawn", GOAL_MEDIAN, asked and asked["median"], ".3f"
    )
    yield Goal("what-if on Hong Kong over a cold plan, the worst", GOAL_WORST, asked and asked["worst"], ".3f")
    others = sum(not one["same"] for one in asked["asked"]) if asked and asked["checked"] else None
    yield Goal("what-ifs with another optimum than a plan from scratch", 0, others, ".0f")
    page = results.get("hong_kong", {}).get("latency")
    yield Goal(
        "page with sliders on Hong Kong, limits and prices: median wall-clock s from key to figure",
        GOAL_MEDIAN_S,
        page and page["median_s"],
        ".2f",
    )
    yield Goal("the same, 95th percentile", GOAL_P95_S, page and page["p95_s"], ".2f")
    verbs = results.get("hong_kong", {}).get("verbs", {})
    for name, verb in VERBS.items():
        if verb.goal is not None:
            both = "cpu_s" in verbs.get(name, {}) and "cpu_s" in verbs.get("plan", {})
            times = verbs[name]["cpu_s"] / verbs["plan"]["cpu_s"] if both else None
            yield Goal(f"`{name}` on Hong Kong over its plan", verb.goal, times, ".1f")
    plan = ended(results, "XL", "planner")
    yield Goal("XL, seconds on the clock", XL_SECONDS, whole(plan)["wall_s"] if plan else None, ".0f")
    yield Goal("XL, memory in MB", XL_MB, whole(plan)["peak_mb"] if plan else None, ",.0f")
    yield Goal("growth from S to L of what is outside the solver, as a power of the columns", 1.2, power(results))


def ended(results: Results, case: str, part: str) -> Result | None:
    """A measurement, where there is one that was not stopped."""
    result = results.get(case, {}).get(part)
    return result if result and "stages" in result else None


def _over(results: Results, case: str, peer: str, unit: str, asked: str, most: float) -> Goal:
    """The whole plan over the whole peer; of one that was stopped, over what it had spent."""
    plan, other = ended(results, case, "planner"), results.get(case, {}).get(peer, {})
    stopped = "stopped" in other
    spent = other.get(unit) if stopped else whole(other)[unit] if other else None
    return Goal(asked, most, whole(plan)[unit] / spent if plan and spent else None, less=stopped)


def _over_before(results: Results) -> float | None:
    plan, before = ended(results, "hong_kong", "planner"), ended(results, "hong_kong", "before")
    return whole(plan)["cpu_s"] / whole(before)["cpu_s"] if plan and before else None


def power(results: Results, small: str = "S", large: str = "L") -> float | None:
    """p where CPU time outside the solver grows as the p-th power of the plain program's columns."""
    points = []
    for case in (small, large):
        plan, plain = ended(results, case, "planner"), results.get(case, {}).get("plain", {})
        if not plan or "columns" not in plain:
            return None
        points.append((math.log(plain["columns"]), math.log(outside(plan) * whole(plan)["cpu_s"])))
    (first, low), (last, high) = points
    return (high - low) / (last - first)
