"""Is a saved plan still right? Files, audit, law of today, the program solved again by two solvers, the case planned again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from math import isclose
from pathlib import Path

import numpy as np
import pulp

from planner.domain.regime import RuleBook
from planner.errors import PlannerError
from planner.model.build import Program
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.solve import solver as solvers
from planner.solve.audit import audit
from planner.solve.law_again import law_differences
from planner.solve.outcome import Solution
from planner.solve.plan import make_plan
from planner.solve.program_file import read_program
from planner.solve.stored import MPS, StoredPlan, files_of, load

RELATIVE_TOLERANCE = 1e-6
SHOWN = 5
SECOND_SOLVERS = ("PULP_CBC_CMD", "COIN_CMD")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Finding:
    """One thing looked at again, and what came of it."""

    check: str
    passed: bool
    says: str


@dataclass(frozen=True)
class Verification:
    """All findings on a saved plan."""

    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        return all(finding.passed for finding in self.findings)

    def records(self) -> list[dict[str, object]]:
        return [asdict(finding) for finding in self.findings]


def verify(directory: Path, rulebook: RuleBook, say: Say = lambda doing: None) -> Verification:
    """Look at everything again.

    Args:
        directory: folder of a saved plan.
        rulebook: law as it is known today; the plan's own lies with it.
        say: told what is being done.

    Raises:
        UsageError: the folder holds no plan.
        InvalidInput: a file of it cannot be read at all.
    """
    plan = load(directory)
    checks: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("comparing files", lambda: _files(plan)),
        ("auditing", lambda: _audit(plan)),
        ("looking up law", lambda: _law(plan, rulebook)),
        ("solving the program again", lambda: _program(plan)),
        ("planning the case again", lambda: _again(plan)),
    )
    found: list[Finding] = []
    for doing, check in checks:
        say(doing)
        found += check()
    return Verification(tuple(found))


def _files(plan: StoredPlan) -> Iterator[Finding]:
    told, found = dict(plan.manifest["files"]), dict(files_of(plan.directory))
    wrong = [f"{name} is missing" for name in told if name not in found]
    wrong += [f"{name} is not of this plan" for name in found if name not in told]
    wrong += [f"{name} has been changed" for name, sha256 in found.items() if told.get(name, sha256) != sha256]
    yield Finding("files", not wrong, _list(wrong) or f"{len(found)} files are as they were saved")


def _audit(plan: StoredPlan) -> Iterator[Finding]:
    verdict = audit(plan.case, plan.tables, plan.objective_hkd)
    compared = sum(check.compared for check in verdict.checks)
    fine = f"{len(verdict.checks)} rules, {compared:,} comparisons hold"
    yield Finding("audit", verdict.passed, _list([str(check) for check in verdict.failed]) or fine)


def _law(plan: StoredPlan, rulebook: RuleBook) -> Iterator[Finding]:
    if not all(name in plan.tables for name in ("orders", "rentals", "service", "refused")):
        return
    differences = law_differences(plan.case, plan.tables, rulebook)
    yield Finding(
        "law", not differences, _list(differences) or "every order, rental and refusal stands under the rules of today"
    )


def _program(plan: StoredPlan) -> Iterator[Finding]:
    """The stored program: its optimum is the plan's cost, its prices prove it, and a second solver agrees."""
    try:
        program = read_program(plan.directory / MPS)
    except (OSError, ValueError, KeyError, IndexError, RuntimeError, pulp.PulpError) as error:
        yield Finding("program", False, f"{MPS} cannot be read: {error}")
        return
    solved = _solve(plan, program, solvers.DEFAULT)
    yield _same_cost(plan, "program", solved)
    if isinstance(solved, Solution) and solved.relaxed_objective is None:
        yield _duality(program, solved)
    ready = solvers.available()
    second = next((name for name in SECOND_SOLVERS if name in ready), None)
    if second is not None:
        yield _same_cost(plan, "second solver", _solve(plan, program, second))


def _solve(plan: StoredPlan, program: Program, name: str) -> Solution | str:
    """The optimum, or why there is none."""
    whole = plan.case.whole
    limited = whole.servers or whole.porting
    outcome = solvers.solve(
        program,
        solver=name,
        gap=whole.gap if limited else 0.0,
        time_limit_seconds=whole.time_limit_seconds if limited else None,
    )
    return outcome if isinstance(outcome, Solution) else f"{outcome.solver} finds no optimum of the stored program"


def _same_cost(plan: StoredPlan, check: str, found: Solution | str) -> Finding:
    if isinstance(found, str):
        return Finding(check, False, found)
    return _agrees(plan, check, found.solver, found.objective * HKD_PER_MODEL_UNIT)


def _agrees(plan: StoredPlan, check: str, who: str, hkd: float) -> Finding:
    gap = float(plan.manifest["solver"]["gap"])
    whole = plan.case.whole
    slack = max(RELATIVE_TOLERANCE, gap, whole.gap if whole.servers or whole.porting else 0.0)
    same = isclose(hkd, plan.objective_hkd, rel_tol=slack, abs_tol=1.0)
    says = f"{who} finds HKD {hkd:,.0f}" + ("" if same else f", the plan says HKD {plan.objective_hkd:,.0f}")
    return Finding(check, same, says)


def _duality(program: Program, solved: Solution) -> Finding:
    """Prices times limits, and reduced costs times the bounds they lie at, add up to the objective."""
    limits = np.array([-row.constant for row in program.problem.constraints()])
    lows = np.array([v.lowBound or 0.0 for v in program.variables])
    highs = np.array([v.upBound or 0.0 for v in program.variables])
    dual = float(solved.prices @ limits + solved.reduced_costs @ np.where(solved.reduced_costs < 0, highs, lows))
    scale = max(1.0, abs(solved.objective), float(np.abs(solved.prices * limits).max(initial=0.0)))
    same = abs(dual - solved.objective) <= RELATIVE_TOLERANCE * scale
    says = f"prices times limits add up to HKD {dual * HKD_PER_MODEL_UNIT:,.0f}"
    return Finding(
        "duality", same, says if same else f"{says}, the program costs HKD {solved.objective * HKD_PER_MODEL_UNIT:,.0f}"
    )


def _again(plan: StoredPlan) -> Iterator[Finding]:
    """The case, planned again by the planner that is installed now."""
    try:
        again = make_plan(plan.case)
    except PlannerError as error:
        yield Finding("planned again", False, str(error))
        return
    yield _agrees(plan, "planned again", "planning the case again", again.objective_hkd)


def _list(wrong: list[str]) -> str:
    more = f"; and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    return "; ".join(wrong[:SHOWN]) + more
