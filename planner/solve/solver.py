"""The only place that picks a solver: HiGHS in process by default, any other that PuLP knows by its name."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pulp

from planner.errors import UsageError
from planner.model.build import Model, Program, to_pulp
from planner.solve import highs
from planner.solve.arrays import arrays, arrays_of
from planner.solve.outcome import Floats, GaveUp, NoPlan, Outcome, Solution
from planner.solve.quiet import log_wanted, quietly

DEFAULT = "HiGHS"
OPTIMAL, INFEASIBLE = 1, -1
BUNDLED_CBC_GOES = "PULP_CBC_CMD is deprecated"


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

    HiGHS takes a model as it is; PuLP puts it together for all others.

    Args:
        objective: of a model, per column, in place of its cost.
        start: values that satisfy all rows; other solvers do without.

    Raises:
        UsageError: PuLP knows no such solver, or it is not installed here.
    """
    if solver == DEFAULT:
        matrix = arrays(program, objective) if isinstance(program, Model) else arrays_of(program)
        return highs.solve(matrix, gap=gap, time_limit_seconds=time_limit_seconds, start=start)
    known = available()
    if solver not in known:
        raise UsageError(f"no solver '{solver}' is ready here; there are {', '.join(known)}")
    with _quiet_about_cbc(), quietly():
        problem = to_pulp(program, objective) if isinstance(program, Model) else program
        return _other(problem, solver, gap, time_limit_seconds)


def available() -> list[str]:
    """The names of the solvers that PuLP has ready here."""
    with _quiet_about_cbc():
        return list(pulp.listSolvers(onlyAvailable=True))


@contextmanager
def _quiet_about_cbc() -> Iterator[None]:
    """PuLP 3.3 warns wherever its bundled CBC is named; who asks for it by name need not be told."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", BUNDLED_CBC_GOES, DeprecationWarning)
        yield


def _other(program: Program, name: str, gap: float, time_limit_seconds: float | None) -> Outcome:
    """Another solver of PuLP's. Prices of a whole-number program are left at zero: not every solver gives them."""
    began, problem = time.perf_counter(), program.problem
    report = problem.solve(pulp.getSolver(name, msg=log_wanted(), gapRel=gap or None, timeLimit=time_limit_seconds))
    seconds = time.perf_counter() - began
    # PuLP 3 gives the status itself, PuLP 4 a report that holds it; the numbers are the same.
    status = getattr(report, "status", report)
    if status == INFEASIBLE:
        return NoPlan(seconds, name)
    if status != OPTIMAL:
        return GaveUp(getattr(status, "name", None) or pulp.LpStatus[status], seconds, name)
    priced = not any(v.cat == pulp.LpInteger for v in program.variables)
    return Solution(
        float(pulp.value(problem.objective)),
        np.array([v.varValue or 0.0 for v in program.variables]),
        np.array([(row.pi or 0.0) * priced for row in problem.constraints()]),
        np.array([(v.dj or 0.0) * priced for v in program.variables]),
        seconds,
        name,
    )
