"""Is a saved plan still right? Files, audit, law of today, the program solved again by two solvers, the case planned again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from math import isclose, isinf
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pulp

from planner.audit import audit
from planner.domain.plan_files import RESULTS
from planner.domain.regime import RuleBook
from planner.errors import PlannerError
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.plan.law_again import law_differences
from planner.plan.plan import Plan, make_plan
from planner.plan.program_file import read_program, write_programs
from planner.plan.record import Measures
from planner.plan.stored import LP, MPS, USUAL, StoredPlan, files_of, load
from planner.solve import solver as solvers
from planner.solve.by_pulp import Program
from planner.solve.outcome import Solution

RELATIVE_TOLERANCE = 1e-6
STORED_TOLERANCE = 1e-5
"""Of stored prices, of which those below a thousandth of a HKD are left out."""
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
        ("reading results", lambda: _results(plan)),
        ("auditing", lambda: _audit(plan)),
        ("looking up law", lambda: _law(plan, rulebook)),
        ("solving the program again", lambda: _program(plan)),
        ("planning the case again", lambda: _again(plan)),
    )
    findings: list[Finding] = []
    for doing, check in checks:
        say(doing)
        findings += check()
    return Verification(tuple(findings))


def _files(plan: StoredPlan) -> Iterator[Finding]:
    manifest, files = dict(plan.manifest["files"]), dict(files_of(plan.directory))
    wrong = [f"{name} is missing" for name in manifest if name not in files]
    wrong += [f"{name} is not of this plan" for name in files if name not in manifest]
    wrong += [f"{name} has been changed" for name, sha256 in files.items() if manifest.get(name, sha256) != sha256]
    yield Finding("files", not wrong, _list(wrong) or f"{len(files)} files are as they were saved")


def _results(plan: StoredPlan) -> Iterator[Finding]:
    """What plan.json tells scripts is what the tables hold."""
    results = json.loads((plan.directory / RESULTS).read_text(encoding="utf-8"))["results"]
    try:
        wrong = list(_differences(plan, results))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        wrong = [f"{RESULTS} lacks what it should tell: {error}"]
    yield Finding("results", not wrong, _list(wrong) or f"{RESULTS} tells what the tables hold")


def _differences(plan: StoredPlan, results: dict[str, Any]) -> Iterator[str]:
    paid = sum(float(cost["hkd"]) for cost in results["costs"])
    if not isclose(paid, plan.objective_hkd, rel_tol=RELATIVE_TOLERANCE, abs_tol=1.0):
        yield f"its costs add up to HKD {paid:,.0f}, its objective is HKD {plan.objective_hkd:,.0f}"
    for name in sorted({*results["tables"], *plan.rows}):
        records, rows = results["tables"].get(name), plan.rows.get(name)
        if records is None or rows is None or len(records) != len(rows):
            yield f"table {name} is not the same in both"
            continue
        for number, (record, row) in enumerate(zip(records, rows, strict=True), 1):
            if other := next((key for key in row if not _same_cell(record.get(key), row[key])), None):
                yield f"{name}, row {number}, {other}: {record.get(other)} in {RESULTS}, {row[other]} in the table"
                break


def _same_cell(cell: Any, held: Any) -> bool:
    if isinstance(held, float):
        return isinstance(cell, int | float) and isclose(cell, held, rel_tol=1e-9, abs_tol=1e-9)
    return str("" if cell is None else cell) == str("" if held is None else held)


def _audit(plan: StoredPlan) -> Iterator[Finding]:
    verdict = audit(plan.case, plan.rows, plan.objective_hkd)
    compared = sum(check.compared for check in verdict.checks)
    fine = f"{len(verdict.checks)} rules, {compared:,} comparisons hold"
    yield Finding("audit", verdict.passed, _list([str(check) for check in verdict.failed]) or fine)


def _law(plan: StoredPlan, rulebook: RuleBook) -> Iterator[Finding]:
    if not all(name in plan.rows for name in ("orders", "rentals", "service", "refused")):
        return
    differences = law_differences(plan.case, plan.rows, rulebook)
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
    if plan.case.rounds_lots or (plan.case.near_tie_share and not _searched(plan)):
        yield from _bounded(plan, program)
        return
    solved = _solve(plan, program, solvers.DEFAULT)
    yield _same_cost(plan, "program", solved)
    if isinstance(solved, Solution) and solved.relaxed_objective is None:
        yield _duality(program, solved)
        yield _stored_prices(plan, program, plan.objective_hkd)
    if second := _second():
        yield _same_cost(plan, "second solver", _solve(plan, program, second))


def _searched(plan: StoredPlan) -> bool:
    """Whether whole numbers of the plan were searched for."""
    return (plan.case.whole.lots and not plan.case.rounds_lots) or plan.case.whole.porting


def _bounded(plan: StoredPlan, program: Program) -> Iterator[Finding]:
    """Of lots that were rounded, or a near tie, the stored program in fractions: its optimum is no more than the plan's
    cost, and as near to it as a near tie may be; the table's prices prove it, and a second solver agrees.
    """
    for variable in program.variables:
        variable.cat = pulp.LpContinuous
    solved = _solve(plan, program, solvers.DEFAULT)
    if isinstance(solved, str):
        yield Finding("program", False, solved)
        return
    hkd, slack = solved.objective * HKD_PER_MODEL_UNIT, RELATIVE_TOLERANCE * abs(plan.objective_hkd) + 1.0
    near = plan.case.rounds_lots or plan.objective_hkd <= hkd + plan.case.near_tie_share * abs(hkd) + slack
    says = f"HiGHS finds a bound of HKD {hkd:,.0f}, the plan says HKD {plan.objective_hkd:,.0f}"
    yield Finding("program", near and hkd <= plan.objective_hkd + slack, says)
    yield _duality(program, solved)
    yield _stored_prices(plan, program, hkd)
    if second := _second():
        outcome = _solve(plan, program, second)
        same = isinstance(outcome, Solution) and isclose(
            outcome.objective, solved.objective, rel_tol=RELATIVE_TOLERANCE
        )
        says = (
            outcome if isinstance(outcome, str) else f"{second} finds HKD {outcome.objective * HKD_PER_MODEL_UNIT:,.0f}"
        )
        yield Finding("second solver", same, says)


def _second() -> str | None:
    ready = solvers.available()
    return next((name for name in SECOND_SOLVERS if name in ready), None)


def _solve(plan: StoredPlan, program: Program, name: str) -> Solution | str:
    """The optimum, or why there is none."""
    whole = plan.case.whole
    limited = whole.lots or whole.porting
    outcome = solvers.solve(
        program,
        solver=name,
        gap=whole.gap if limited else 0.0,
        time_limit_seconds=whole.time_limit_seconds if limited else None,
    )
    return outcome if isinstance(outcome, Solution) else f"{outcome.solver} finds no optimum of the stored program"


def _same_cost(plan: StoredPlan, check: str, outcome: Solution | str) -> Finding:
    if isinstance(outcome, str):
        return Finding(check, False, outcome)
    return _agrees(plan, check, outcome.solver, outcome.objective * HKD_PER_MODEL_UNIT)


def _agrees(plan: StoredPlan, check: str, who: str, hkd: float) -> Finding:
    # The case says how near to the best is near enough; what a manifest says of itself counts for nothing.
    whole = plan.case.whole
    branches = plan.case.decomposition.gap if len(plan.case.tree.leaves) > 1 else 0.0
    slack = max(RELATIVE_TOLERANCE, branches, whole.gap if whole.lots or whole.porting else 0.0)
    same = isclose(hkd, plan.objective_hkd, rel_tol=slack, abs_tol=1.0)
    says = f"{who} finds HKD {hkd:,.0f}" + ("" if same else f", the plan says HKD {plan.objective_hkd:,.0f}")
    return Finding(check, same, says)


def _duality(program: Program, solved: Solution) -> Finding:
    """Prices times limits, and reduced costs times the bounds they lie at, add up to the objective."""
    limits = np.array([-row.constant for row in program.problem.constraints()])
    bounds = np.array([_bound(v, reduced) for v, reduced in zip(program.variables, solved.reduced_costs, strict=True)])
    dual = float(solved.prices @ limits + solved.reduced_costs @ bounds)
    scale = max(1.0, abs(solved.objective), float(np.abs(solved.prices * limits).max(initial=0.0)))
    same = abs(dual - solved.objective) <= RELATIVE_TOLERANCE * scale
    says = f"prices times limits add up to HKD {dual * HKD_PER_MODEL_UNIT:,.0f}"
    return Finding(
        "duality", same, says if same else f"{says}, the program costs HKD {solved.objective * HKD_PER_MODEL_UNIT:,.0f}"
    )


def _bound(variable: pulp.LpVariable, reduced: float) -> float:
    """Where a column with this reduced cost lies; 0 where it has no bound there, which PuLP 3 calls None and PuLP 4 infinity."""
    bound = variable.upBound if reduced < 0 else variable.lowBound
    return 0.0 if bound is None or isinf(bound) else bound


def _stored_prices(plan: StoredPlan, program: Program, hkd: float) -> Finding:
    """The prices of the table prove the plan's cost, or that of its bound: with what they leave of each column's cost at its bound they add up
    to it, which no other plan's prices do.
    """
    table = plan.rows.get("shadow_prices")
    if table is None or not all({"row", "price_hkd_per_unit"} <= line.keys() for line in table):
        return Finding("stored prices", False, "the table of shadow prices is not whole")
    prices = {str(line["row"]): float(line["price_hkd_per_unit"]) / HKD_PER_MODEL_UNIT for line in table}
    left = {variable.name: cost for variable, cost in program.problem.objective.items()}
    total, size = 0.0, abs(hkd) / HKD_PER_MODEL_UNIT
    for row in program.problem.constraints():
        price = prices.pop(row.name, 0.0)
        if price:
            total -= price * row.constant
            size = max(size, abs(price * row.constant))
            for variable, coefficient in row.items():
                left[variable.name] = left.get(variable.name, 0.0) - price * coefficient
    for variable in program.variables:
        reduced = left.get(variable.name, 0.0)
        total += reduced * _bound(variable, reduced)
    tolerance = max(STORED_TOLERANCE, plan.case.decomposition.gap if len(plan.case.tree.leaves) > 1 else 0.0)
    same = not prices and abs(total - hkd / HKD_PER_MODEL_UNIT) <= tolerance * max(1.0, size)
    says = f"the table's prices prove HKD {total * HKD_PER_MODEL_UNIT:,.0f}"
    return Finding("stored prices", same, says if same else f"{says}, it is HKD {hkd:,.0f}")


def _again(plan: StoredPlan) -> Iterator[Finding]:
    """The case, planned again by the planner that is installed now."""
    try:
        again = make_plan(plan.case)
    except PlannerError as error:
        yield Finding("planned again", False, str(error))
        return
    yield _agrees(plan, "planned again", "planning the case again", again.objective_hkd)
    yield _same_program(plan, again)
    if plan.usual is not None:
        yield _same_usual(plan.usual, again.usual)


def _same_usual(kept: Measures, again: Measures | None) -> Finding:
    """Business as usual costs and leaves undone what was kept of it; of plans that cost the same another may be found."""
    if again is None:
        return Finding("business as usual", False, "without orders the case has no plan now")
    was, now = (each.net_spending_hkd + each.unserved_hkd for each in (kept, again))
    same = isclose(was, now, rel_tol=RELATIVE_TOLERANCE, abs_tol=1.0)
    says = f"without orders the case costs HKD {now:,.0f}" + ("" if same else f", {USUAL} says HKD {was:,.0f}")
    return Finding("business as usual", same, says)


def _same_program(plan: StoredPlan, again: Plan) -> Finding:
    """The stored program is that of the case, to the letter, where the same versions write it."""
    versions = plan.manifest.get("versions", {})
    others = [f"{name} {versions.get(name)}" for name in ("planner", "pulp") if versions.get(name) != version(name)]
    if others:
        return Finding("stored program", True, f"written by {', '.join(others)}; not compared letter by letter")
    with TemporaryDirectory() as folder:
        write_programs(again.model, (Path(folder) / LP, Path(folder) / MPS))
        differ = [name for name in (LP, MPS) if _letters(Path(folder) / name) != _letters(plan.directory / name)]
    says = f"{' and '.join(differ)} {'is' if len(differ) == 1 else 'are'} not what the case gives"
    return Finding("stored program", not differ, says if differ else f"{LP} and {MPS} are what the case gives")


def _letters(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _list(wrong: list[str]) -> str:
    more = f"; and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    return "; ".join(wrong[:SHOWN]) + more
