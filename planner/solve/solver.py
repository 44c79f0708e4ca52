"""The only place that picks a solver: HiGHS in process by default, any other that PuLP knows by its name."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from planner.errors import UsageError
from planner.model.build import Model
from planner.solve import highs
from planner.solve.arrays import Arrays
from planner.solve.begun import begun
from planner.solve.of_model import arrays
from planner.solve.outcome import Floats, Outcome

if TYPE_CHECKING:
    from planner.solve.by_pulp import Program

DEFAULT = "HiGHS"


def solve(
    program: Model | Program,
    objective: list[float] | None = None,
    *,
    solver: str = DEFAULT,
    gap: float = 0.0,
    time_limit_seconds: float | None = None,
    start: Floats | None = None,
) -> Outcome:
    """Minimise a model's program, or one that PuLP has read, with the named solver.

    HiGHS takes a model as it is; PuLP, which takes a fifth of a second to load, puts it together for all others.

    Args:
        objective: of a model, per column, in place of its cost.
        start: values that satisfy all rows; other solvers do without.

    Raises:
        UsageError: PuLP knows no such solver, or it is not installed here.
    """
    if solver == DEFAULT and isinstance(program, Model):
        return _solved(arrays(program, objective), gap, time_limit_seconds, start)
    from planner.solve import by_pulp

    problem = by_pulp.to_pulp(program, objective) if isinstance(program, Model) else program
    if solver == DEFAULT:
        matrix = by_pulp.arrays_of(problem)
        return highs.solve(matrix, gap=gap, time_limit_seconds=time_limit_seconds, start=start)
    known = available()
    if solver not in known:
        raise UsageError(f"no solver '{solver}' is ready here; there are {', '.join(known)}")
    return by_pulp.solve(problem, solver, gap, time_limit_seconds)


def _solved(program: Arrays, gap: float, time_limit_seconds: float | None, start: Floats | None) -> Outcome:
    """By HiGHS; a large program in fractions is begun with some of its tenants."""
    began = time.perf_counter()
    at = None if len(program.whole) else begun(program)
    outcome = highs.solve(program, gap=gap, time_limit_seconds=time_limit_seconds, start=start, at=at)
    return replace(outcome, seconds=time.perf_counter() - began)


def available() -> list[str]:
    """The names of the solvers that PuLP has ready here."""
    from planner.solve import by_pulp

    return by_pulp.available()
