"""HiGHS in process: the program goes over as one matrix and comes back as arrays.

It does not pass through PuLP, which would take as long to assemble it as the rest of the building. The dual simplex
solves it, without presolve and scaled by the largest values: what else was tried took longer (`docs/benchmarks.md`). Large
programs are told where to begin (`solve/begun.py`).
"""

from __future__ import annotations

import time
from dataclasses import replace

import highspy
import numpy as np
from numpy.typing import NDArray

from planner.solve.arrays import Arrays
from planner.solve.basis import basis, standing
from planner.solve.outcome import Floats, GaveUp, NoPlan, Outcome, SecondLook, Solution, Standing
from planner.solve.quiet import log_wanted, quietly

Whole = NDArray[np.int32]
Method = dict[str, str | int | float]
SIMPLEX: Method = {"solver": "simplex", "presolve": "off"}
BY_LARGEST_VALUES: Method = {"simplex_scale_strategy": 4}
FROM_SCRATCH: Method = SIMPLEX | BY_LARGEST_VALUES
PRESOLVED: Method = {"solver": "simplex", "presolve": "choose"}
# With any other solver than `choose` some versions of HiGHS leave whole numbers out of account.
SEARCH: Method = {"solver": "choose", "presolve": "choose", "random_seed": 0}
OTHER_SEARCH: Method = {"solver": "choose", "presolve": "off", "random_seed": 1}
LONG, LONG_AT_LEAST = 0.1, 5_000
"""Iterations per column and row, and in all, that a solve from a known basis may take before it is asked whether limits clash."""
TOLD = ("solver", "random_seed", "threads", "mip_rel_gap", "time_limit", "primal_feasibility_tolerance")
"""Options that are told of a solution."""
LOST = highspy.HighsModelStatus.kNotset, highspy.HighsModelStatus.kUnknown
MINIMISE = int(highspy.ObjSense.kMinimize)
OPTIMAL, INFEASIBLE = highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible
LEAST_SEARCH_SECONDS = 2.0
BETTER = 1e-6


def solve(
    program: Arrays,
    *,
    gap: float = 0.0,
    time_limit_seconds: float | None = None,
    start: Floats | None = None,
    at: Standing | None = None,
) -> Outcome:
    """Minimise the program.

    Whole-number programs are searched twice and in different ways, since a search can be misled and call a worse plan
    the best; then they are solved with whole numbers fixed, for the prices. `start`: values that satisfy all rows.
    `at`: where to begin a program in fractions.
    """
    began = time.perf_counter()
    whole = program.whole.astype(np.int32)
    engine = load(program, FROM_SCRATCH)
    if not len(whole):
        if at is not None:
            engine.setBasis(basis(at))
        _limit_time(engine, time_limit_seconds)
        return _standing(program, engine, began)
    if clash(engine):
        return NoPlan(time.perf_counter() - began, "HiGHS")
    set_method(engine, SEARCH)
    engine.setOptionValue("mip_rel_gap", gap)
    relaxed = _relaxed(engine, whole)
    half = None if time_limit_seconds is None else time_limit_seconds / 2
    first = _search(engine, start, half)
    best = first if relaxed is None else _look_again(engine, first, relaxed)
    if not isinstance(best, Solution):
        return best
    _limit_time(engine, None)
    _fix(engine, whole, best.values)
    priced = _standing(program, engine, began)
    if not isinstance(priced, Solution):
        return priced
    return replace(priced, gap=best.gap, relaxed_objective=relaxed, second_look=best.second_look)


def _search(engine: highspy.Highs, start: Floats | None, seconds: float | None) -> Outcome:
    """One search for whole numbers, from values that are known to do; a solution has its gap."""
    began = time.perf_counter()
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = list(start)
        engine.setSolution(known)
    _limit_time(engine, seconds)
    outcome = _outcome(engine, run(engine), began)
    return replace(outcome, gap=engine.getInfo().mip_gap) if isinstance(outcome, Solution) else outcome


def _look_again(engine: highspy.Highs, first: Outcome, relaxed: float) -> Outcome:
    """The better of the first answer and that of another search, which begins anew and takes no longer than the first.

    Where the other finds a plan below the bound that the first called proved, no bound is believed but that of the
    program in fractions.
    """
    engine.clearSolver()
    set_method(engine, OTHER_SEARCH)
    other = _search(engine, None, max(LEAST_SEARCH_SECONDS, first.seconds))
    ended = engine.getModelStatus() in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
    if not isinstance(other, Solution):
        said: SecondLook = "confirmed" if ended else "out of time"
        return replace(first, second_look=said) if isinstance(first, Solution) else first
    if not isinstance(first, Solution):
        return replace(other, gap=_gap(other.objective, relaxed), second_look="corrected")
    best = min(first, other, key=lambda one: one.objective)
    proved = first.objective - first.gap * abs(first.objective)
    if other.objective < proved - BETTER * max(1.0, abs(proved)):
        return replace(best, gap=_gap(best.objective, relaxed), second_look="corrected")
    return replace(best, gap=min(first.gap, other.gap), second_look="confirmed" if ended else "out of time")


def _gap(objective: float, bound: float) -> float:
    return (objective - bound) / max(abs(objective), BETTER)


def _limit_time(engine: highspy.Highs, seconds: float | None) -> None:
    """So many seconds for the next run: HiGHS counts from when it was made."""
    engine.setOptionValue("time_limit", highspy.kHighsInf if seconds is None else engine.getRunTime() + seconds)


def load(program: Arrays, options: Method = SIMPLEX) -> highspy.Highs:
    """The program inside HiGHS, which solves it in this way; it says nothing unless its log is wanted."""
    with quietly():
        engine = highspy.Highs()  # type: ignore[no-untyped-call]
        engine.setOptionValue("output_flag", log_wanted())
        set_method(engine, options)
        take(engine, program)
    return engine


def take(engine: highspy.Highs, program: Arrays) -> None:
    """Solve this program from now on, by the same method; nothing of another remains."""
    whole = np.zeros(len(program.cost), dtype=np.int32)
    whole[program.whole] = int(highspy.HighsVarType.kInteger)
    # Arrays one by one: the fields of a HighsLp are filled number by number.
    engine.passModel(
        len(program.cost), len(program.row_low), len(program.value), int(highspy.MatrixFormat.kRowwise), MINIMISE, 0.0,
        program.cost, program.low, program.high, program.row_low, program.row_high,
        program.start.astype(np.int32), program.column.astype(np.int32), program.value, whole,
    )  # fmt: skip


def set_method(engine: highspy.Highs, options: Method) -> None:
    """Solve this way from now on."""
    for option, value in options.items():
        engine.setOptionValue(option, value)


def run(engine: highspy.Highs) -> highspy.HighsModelStatus:
    """Solve and give the status.

    The dual simplex method can turn for minutes on limits that clash while it looks for the least cost, and ends at once
    where nothing costs. So a large program of which nothing is known is first asked whether limits clash, and one that goes
    on from a known basis when that takes long. Where presolve, its absence, or a basis from elsewhere has lost the way and
    HiGHS ends with no status: once more from scratch, the other way about presolve.
    """
    with quietly():
        if not _ended(engine):
            if clash(engine):
                return INFEASIBLE
            engine.run()
        if engine.getModelStatus() in LOST:
            engine.clearSolver()
            _, presolve = engine.getOptionValue("presolve")
            engine.setOptionValue("presolve", "off" if presolve == "choose" else "choose")
            engine.run()
            engine.setOptionValue("presolve", presolve)
    return engine.getModelStatus()


def _ended(engine: highspy.Highs) -> bool:
    """Run, and tell whether that came to an end; nothing is run where nothing is known of a large program."""
    size, plain = engine.getNumCol() + engine.getNumRow(), engine.getOptionValue("presolve")[1] == "off"
    if engine.getOptionValue("solver")[1] != "simplex" or not plain:
        engine.run()
        return True
    if size > LONG_AT_LEAST and not engine.getBasis().valid:
        return False
    engine.setOptionValue("simplex_iteration_limit", max(LONG_AT_LEAST, int(LONG * size)))
    engine.run()
    engine.setOptionValue("simplex_iteration_limit", highspy.kHighsIInf)
    return bool(engine.getModelStatus() != highspy.HighsModelStatus.kIterationLimit)


def clash(engine: highspy.Highs) -> bool:
    """Whether nothing satisfies all rows, whatever it costs and in fractions; where the engine stands is left alone."""
    program = engine.getLp()
    program.col_cost_ = np.zeros(program.num_col_)
    program.integrality_ = []
    free = highspy.Highs()  # type: ignore[no-untyped-call]
    free.setOptionValue("output_flag", log_wanted())
    set_method(free, FROM_SCRATCH)
    with quietly():
        free.passModel(program)
        free.run()
    return bool(free.getModelStatus() == INFEASIBLE)


def _standing(program: Arrays, engine: highspy.Highs, began: float) -> Outcome:
    """What comes of a program in fractions; a solution has its basis."""
    outcome = _outcome(engine, run(engine), began)
    return replace(outcome, at=standing(engine, program, outcome.values)) if isinstance(outcome, Solution) else outcome


def _outcome(engine: highspy.Highs, status: highspy.HighsModelStatus, began: float) -> Outcome:
    seconds = time.perf_counter() - began
    states = highspy.HighsModelStatus
    if status in (states.kInfeasible, states.kUnboundedOrInfeasible):
        return NoPlan(seconds, "HiGHS")
    feasible = engine.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if status not in (states.kOptimal, states.kModelEmpty) and not (
        feasible and status in (states.kTimeLimit, states.kInterrupt)
    ):
        return GaveUp(engine.modelStatusToString(status), seconds, "HiGHS")
    solution = engine.getSolution()
    return Solution(
        engine.getObjectiveValue(),
        np.array(solution.col_value),
        np.array(solution.row_dual),
        np.array(solution.col_dual),
        seconds,
        "HiGHS",
        options={name: engine.getOptionValue(name)[1] for name in TOLD},
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
