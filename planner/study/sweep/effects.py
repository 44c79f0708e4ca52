"""What a sweep says: how much each parameter matters, how a measure is spread, and where the choice turns."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from planner.study.sweep.designs import Parameter, Point, step_size
from planner.study.sweep.runs import Run

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
SPREAD_OF = ("objective_hkd", "spending_hkd", "unserved_share", "carbon_t")
TURNS_WITHIN = 1e-3
Effect = dict[str, Any]


def morris_effects(
    parameters: Sequence[Parameter], runs: Sequence[Run], measure: str = "objective_hkd"
) -> list[Effect]:
    """Elementary effects: what a measure gains when a parameter goes through its whole span, all else at random levels.

    `mu` is their mean, `mu_star` the mean of their sizes, `sigma` their standard deviation: large where the effect
    depends on the others. Steps whose runs have no plan are left out. Sorted by `mu_star`, largest first.
    """
    by_path: dict[str, list[float]] = {p.path: [] for p in parameters}
    spans = {p.path: p for p in parameters}
    for start in range(0, len(runs), len(parameters) + 1):
        trajectory = runs[start : start + len(parameters) + 1]
        for before, after in pairwise(trajectory):
            moved = [path for path in by_path if before.point[path] != after.point[path]]
            if len(moved) == 1 and before.status == after.status == "optimal":
                rise = after.measures[measure] - before.measures[measure]
                up = _rises(spans[moved[0]], before.point[moved[0]], after.point[moved[0]])
                by_path[moved[0]].append((rise if up else -rise) / step_size())
    effects = [_moments(path, np.array(steps)) for path, steps in by_path.items()]
    return sorted(effects, key=lambda effect: -effect["mu_star"])


def tornado_bars(parameters: Sequence[Parameter], runs: Sequence[Run], measure: str = "objective_hkd") -> list[Effect]:
    """By parameter: the measure at its low and at its high, as changes from the case itself; the widest bar first."""
    base, ends = runs[0], runs[1:]
    bars = []
    for place, parameter in enumerate(parameters):
        low, high = (_change(base, run, measure) for run in ends[2 * place : 2 * place + 2])
        known = [abs(change) for change in (low, high) if change is not None]
        span = (parameter.between(0.0), parameter.between(1.0))
        bars.append(
            {
                "path": parameter.path,
                "low": span[0],
                "high": span[1],
                "at_low": low,
                "at_high": high,
                "size": max(known, default=0.0),
            }
        )
    return sorted(bars, key=lambda bar: -bar["size"])


def spread(runs: Sequence[Run]) -> list[Effect]:
    """By measure: mean and quantiles over the runs that have a plan."""
    solved = [run for run in runs if run.status == "optimal"]
    lines = []
    for measure in SPREAD_OF if solved else ():
        values = np.array([run.measures[measure] for run in solved])
        quantiles = {f"p{share * 100:02.0f}": float(np.quantile(values, share)) for share in SHARES}
        lines.append({"measure": measure, "mean": float(values.mean()), **quantiles})
    return lines


def choices(runs: Sequence[Run]) -> list[Effect]:
    """By main purchase: in how many of the runs that have a plan it is the one."""
    solved = [run.measures["main_purchase"] for run in runs if run.status == "optimal"]
    counted = {device: solved.count(device) for device in dict.fromkeys(solved)}
    ranked = sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))
    return [{"main_purchase": device, "runs": count, "share": count / len(solved)} for device, count in ranked]


def turning_point(parameter: Parameter) -> Generator[Point, Run, Effect]:
    """Where the main purchase turns from one device to another as the parameter goes from low to high, found by
    bisection: it yields the next point to be solved and is sent its run.

    `turns_at` is None when both ends choose alike; `from` and `to` are the choices on either side. With several turns
    one is found.
    """
    low, high = parameter.low, parameter.high

    def at(number: float) -> Point:
        return {parameter.path: parameter.value(number)}

    before, after, runs = _choice((yield at(low))), _choice((yield at(high))), 2
    span, turned = high - low, before != after
    while turned and high - low > TURNS_WITHIN * abs(span):
        middle = (low + high) / 2
        here, runs = _choice((yield at(middle))), runs + 1
        low, high, after = (middle, high, after) if here == before else (low, middle, here)
    turns_at = parameter.value((low + high) / 2) if turned else None
    return {"path": parameter.path, "low": parameter.value(parameter.low), "high": parameter.value(parameter.high),
            "turns_at": turns_at, "from": before, "to": after, "runs": runs}  # fmt: skip


def _choice(run: Run) -> Any:
    return run.measures.get("main_purchase") if run.status == "optimal" else run.status


def _rises(parameter: Parameter, before: Any, after: Any) -> bool:
    if parameter.values:
        return parameter.values.index(after) > parameter.values.index(before)
    first, second = (float(str(value).removeprefix(parameter.sign)) for value in (before, after))
    return second > first


def _moments(path: str, steps: Any) -> Effect:
    if not len(steps):
        return {"path": path, "mu": 0.0, "mu_star": 0.0, "sigma": 0.0, "steps": 0}
    sigma = float(steps.std(ddof=1)) if len(steps) > 1 else 0.0
    return {
        "path": path,
        "mu": float(steps.mean()),
        "mu_star": float(np.abs(steps).mean()),
        "sigma": sigma,
        "steps": len(steps),
    }


def _change(base: Run, run: Run, measure: str) -> float | None:
    if base.status != "optimal" or run.status != "optimal":
        return None
    change = float(run.measures[measure] - base.measures[measure])
    return change if math.isfinite(change) else None
