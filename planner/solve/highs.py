"""HiGHS in process: the PuLP problem goes over as one matrix and comes back as arrays.

PuLP's own adapter adds column by column and row by row, which costs more than the solve on small plans. The measured
rule of `method`: the dual simplex wins on small programs, the interior point (with crossover, so that prices belong to
a vertex) on large ones.
"""

from __future__ import annotations

import time

import highspy
import numpy as np
import pulp
from numpy.typing import NDArray

from planner.model.build import Program
from planner.solve.outcome import Floats, GaveUp, NoPlan, Outcome, Solution
from planner.solve.quiet import log_wanted, quietly

Whole = NDArray[np.int32]
Method = dict[str, str | int]
INTERIOR_POINT_ABOVE_COLUMNS = 150_000
SIMPLEX: Method = {"solver": "simplex", "presolve": "off"}
BY_LARGEST_VALUES: Method = {"simplex_scale_strategy": 4}
INTERIOR_POINT: Method = {"solver": "ipm", "presolve": "choose"}
SENSE_BOUNDS = {
    pulp.LpConstraintLE: (False, True),
    pulp.LpConstraintGE: (True, False),
    pulp.LpConstraintEQ: (True, True),
}


def solve(program: Program, *, gap: float = 0.0, time_limit_seconds: float | None = None) -> Outcome:
    """Minimise the problem.

    Whole-number programs are solved twice: for the plan, then with whole numbers fixed for the prices.
    """
    began = time.perf_counter()
    engine, whole = load(program)
    if time_limit_seconds is not None:
        engine.setOptionValue("time_limit", time_limit_seconds)
    if not len(whole):
        run(engine)
        return _outcome(engine, began)
    # With any other solver than `choose` HiGHS would leave whole numbers out of account.
    engine.setOptionValue("solver", "choose")
    engine.setOptionValue("presolve", "choose")
    engine.setOptionValue("mip_rel_gap", gap)
    relaxed = _relaxed(engine, whole)
    run(engine)
    found = _outcome(engine, began)
    if not isinstance(found, Solution):
        return found
    achieved = engine.getInfo().mip_gap
    _fix(engine, whole, found.values)
    run(engine)
    priced = _outcome(engine, began)
    if not isinstance(priced, Solution):
        return priced
    seconds = time.perf_counter() - began
    return Solution(
        priced.objective,
        priced.values,
        priced.prices,
        priced.reduced_costs,
        seconds,
        "HiGHS",
        achieved,
        relaxed,
        engine,
    )


def load(program: Program) -> tuple[highspy.Highs, Whole]:
    """The program inside HiGHS, columns and rows in the model's order, and the numbers of its whole columns."""
    variables, rows = program.variables, program.problem.constraints()
    number = {v.name: i for i, v in enumerate(variables)}
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(variables), len(rows)
    # By name: PuLP 4 makes a variable's object anew whenever it is asked for.
    objective = {v.name: cost for v, cost in program.problem.objective.items()}
    lp.col_cost_ = np.array([objective.get(name, 0.0) for name in number])
    lp.col_lower_ = np.array([-highspy.kHighsInf if v.lowBound is None else v.lowBound for v in variables])
    lp.col_upper_ = np.array([highspy.kHighsInf if v.upBound is None else v.upBound for v in variables])
    limits = np.array([-row.constant for row in rows])
    has_low, has_high = np.array([SENSE_BOUNDS[row.sense] for row in rows]).reshape(-1, 2).T
    lp.row_lower_ = np.where(has_low, limits, -highspy.kHighsInf)
    lp.row_upper_ = np.where(has_high, limits, highspy.kHighsInf)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    terms = [row.items() for row in rows]
    lp.a_matrix_.start_ = np.cumsum([0, *map(len, terms)])
    lp.a_matrix_.index_ = np.array([number[v.name] for row in terms for v, _ in row], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([coefficient for row in terms for _, coefficient in row], dtype=float)
    whole = np.array([i for i, v in enumerate(variables) if v.cat == pulp.LpInteger], dtype=np.int32)
    engine = new_engine(lp, method(len(variables)))
    if len(whole):
        engine.changeColsIntegrality(len(whole), whole, np.full(len(whole), highspy.HighsVarType.kInteger))
    return engine, whole


def new_engine(lp: highspy.HighsLp, options: Method) -> highspy.Highs:
    """HiGHS with a program, which it solves in this way; it says nothing unless its log is wanted."""
    with quietly():
        engine = highspy.Highs()  # type: ignore[no-untyped-call]
        engine.setOptionValue("output_flag", log_wanted())
        set_method(engine, options)
        engine.passModel(lp)
    return engine


def method(columns: int) -> Method:
    """HiGHS' options for a linear program of this size, as measured on Hong Kong and its whole catalogue: dual simplex
    without presolve (half of the time that it takes with it), scaled by the largest values (0.7 to 0.95 of the time at
    HiGHS' own choice); interior point with crossover when it is very large.
    """
    return INTERIOR_POINT if columns > INTERIOR_POINT_ABOVE_COLUMNS else SIMPLEX | BY_LARGEST_VALUES


def set_method(engine: highspy.Highs, options: Method) -> None:
    """Solve this way from now on."""
    for option, value in options.items():
        engine.setOptionValue(option, value)


def run(engine: highspy.Highs) -> highspy.HighsModelStatus:
    """Solve and give the status.

    Where presolve, or a basis from elsewhere, has lost its way and HiGHS ends with no status: once more without either.
    """
    with quietly():
        engine.run()
        if engine.getModelStatus() in (highspy.HighsModelStatus.kNotset, highspy.HighsModelStatus.kUnknown):
            engine.clearSolver()
            _, presolve = engine.getOptionValue("presolve")
            engine.setOptionValue("presolve", "off")
            engine.run()
            engine.setOptionValue("presolve", presolve)
    return engine.getModelStatus()


def _outcome(engine: highspy.Highs, began: float) -> Outcome:
    seconds = time.perf_counter() - began
    status = engine.getModelStatus()
    states = highspy.HighsModelStatus
    if status in (states.kInfeasible, states.kUnboundedOrInfeasible):
        return NoPlan(seconds, "HiGHS")
    found = engine.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if status != states.kOptimal and not (found and status in (states.kTimeLimit, states.kInterrupt)):
        return GaveUp(engine.modelStatusToString(status), seconds, "HiGHS")
    solution = engine.getSolution()
    return Solution(
        engine.getObjectiveValue(),
        np.array(solution.col_value),
        np.array(solution.row_dual),
        np.array(solution.col_dual),
        seconds,
        "HiGHS",
        engine=engine,
    )


def _relaxed(engine: highspy.Highs, whole: Whole) -> float | None:
    """Objective without whole numbers: the bound that shows what they cost."""
    engine.setOptionValue("solve_relaxation", True)
    run(engine)
    engine.setOptionValue("solve_relaxation", False)
    optimal = engine.getModelStatus() == highspy.HighsModelStatus.kOptimal
    value = engine.getObjectiveValue() if optimal else None
    engine.clearSolver()
    return value


def _fix(engine: highspy.Highs, whole: Whole, values: Floats) -> None:
    fixed = np.round(values[whole])
    engine.changeColsBounds(len(whole), whole, fixed, fixed)
    engine.changeColsIntegrality(len(whole), whole, np.full(len(whole), highspy.HighsVarType.kContinuous))
