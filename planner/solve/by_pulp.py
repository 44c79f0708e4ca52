"""PuLP: the program as every other solver and every file of programs takes it, and as such a file gives it back."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pulp

from planner.model.build import Model
from planner.solve.arrays import Arrays
from planner.solve.outcome import GaveUp, NoPlan, Outcome, Solution
from planner.solve.quiet import log_wanted, quietly

HAS_LOW_HAS_HIGH = {
    pulp.LpConstraintLE: (False, True),
    pulp.LpConstraintGE: (True, False),
    pulp.LpConstraintEQ: (True, True),
}
OPTIMAL, INFEASIBLE = 1, -1
BUNDLED_CBC_GOES = "PULP_CBC_CMD is deprecated"
# A sum of (variable, coefficient): PuLP 4 has a factory for what in PuLP 3.3 is the constructor.
_sum = getattr(pulp.LpAffineExpression, "from_list", pulp.LpAffineExpression)


@dataclass(frozen=True)
class Program:
    """The model as PuLP knows it; variables and `problem.constraints()` are in the model's order of
    columns and rows.
    """

    problem: pulp.LpProblem
    variables: tuple[pulp.LpVariable, ...]


def to_pulp(model: Model, objective: list[float] | None = None) -> Program:
    """The model as a PuLP problem. `objective` per column replaces the cost."""
    problem = pulp.LpProblem("compute_plan", pulp.LpMinimize)
    variables = tuple(
        problem.add_variable(
            c.name, None if math.isinf(c.low) else c.low, c.high, pulp.LpInteger if c.integer else pulp.LpContinuous
        )
        for c in model.columns.all
    )
    coefficients = model.cost_coefficients().tolist() if objective is None else objective
    problem += _sum([(v, c) for v, c in zip(variables, coefficients, strict=True) if c])
    for row in model.rows:
        # Summed by number: PuLP's variables hash in Python.
        expression = _sum([(variables[column], coefficient) for column, coefficient in row.terms.summed().items()])
        if row.sense == "<=":
            problem += expression <= row.limit, row.name
        elif row.sense == ">=":
            problem += expression >= row.limit, row.name
        else:
            problem += expression == row.limit, row.name
    return Program(problem, variables)


def arrays_of(program: Program) -> Arrays:
    """A program that PuLP has read from a file, as HiGHS takes it."""
    variables, rows = program.variables, program.problem.constraints()
    number = {v.name: i for i, v in enumerate(variables)}
    # By name: PuLP 4 makes a variable's object anew whenever it is asked for.
    objective = {v.name: cost for v, cost in program.problem.objective.items()}
    limits = np.array([-row.constant for row in rows])
    has_low, has_high = np.array([HAS_LOW_HAS_HIGH[row.sense] for row in rows]).reshape(-1, 2).T
    terms = [row.items() for row in rows]
    return Arrays(
        np.array([objective.get(name, 0.0) for name in number]),
        np.array([-math.inf if v.lowBound is None else v.lowBound for v in variables]),
        np.array([math.inf if v.upBound is None else v.upBound for v in variables]),
        np.where(has_low, limits, -np.inf),
        np.where(has_high, limits, np.inf),
        np.cumsum([0, *map(len, terms)]),
        np.array([number[v.name] for row in terms for v, _ in row], dtype=np.int64),
        np.array([coefficient for row in terms for _, coefficient in row], dtype=float),
        np.flatnonzero([v.cat == pulp.LpInteger for v in variables]),
    )


def available() -> list[str]:
    """The names of the solvers that PuLP has ready here."""
    with _quiet_about_cbc():
        return list(pulp.listSolvers(onlyAvailable=True))


def solve(program: Program, name: str, gap: float, time_limit_seconds: float | None) -> Outcome:
    """What a solver of PuLP's finds. Prices of a whole-number program are left at zero: not every solver gives them."""
    began, problem = time.perf_counter(), program.problem
    with _quiet_about_cbc(), quietly():
        called = pulp.getSolver(name, msg=log_wanted(), gapRel=gap or None, timeLimit=time_limit_seconds)
        report = problem.solve(called)
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


@contextmanager
def _quiet_about_cbc() -> Iterator[None]:
    """PuLP 3.3 warns wherever its bundled CBC is named; who asks for it by name need not be told."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", BUNDLED_CBC_GOES, DeprecationWarning)
        yield
