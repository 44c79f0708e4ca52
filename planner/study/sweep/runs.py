"""Sweeps: many variants of a case, each solved and measured; shared out, resumable, nothing solved twice.

Every finished run is kept in a file of JSON lines under the hash of what went in, so that a sweep that was stopped goes
on where it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planner.domain.case import Case
from planner.errors import Infeasible, InvalidInput, SolverFailed
from planner.intake.overrides.override import override
from planner.plan.plan import Plan, make_plan
from planner.study.sweep.designs import Point
from planner.study.whatif.difference import expected
from planner.study.workers import ALONE, Workers, program, shared_out

NEAR = 1e-6
FAILURES: dict[type[Exception], str] = {Infeasible: "infeasible", SolverFailed: "failed", InvalidInput: "invalid"}


@dataclass(frozen=True)
class Run:
    """One variant: what was set, how it ended (optimal, infeasible, failed, invalid), and its measures."""

    point: Point
    status: str
    measures: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    message: str = ""


def sweep(
    case: Case, points: Sequence[Point], *, workers: Workers = ALONE, kept: Path | None = None
) -> Iterator[tuple[int, Run]]:
    """Each point's place and run, in the order in which they finish; those that are kept from before come first.

    `kept`: file of JSON lines to read finished runs from and to add new ones to.
    """
    done = read_kept(kept) if kept else {}
    inputs = fingerprint(case)
    keys = [run_key(inputs, point) for point in points]
    waiting: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        if key in done:
            yield place, _again(done[key], points[place])
        else:
            waiting.setdefault(key, []).append(place)
    firsts = [places[0] for places in waiting.values()]
    for unit, run in shared_out(run_one, case, [points[place] for place in firsts], workers):
        key = keys[firsts[unit]]
        if kept:
            _keep(kept, key, run)
        for place in waiting[key]:
            yield place, run


def run_one(case: Case, point: Point) -> Run:
    """Solve one variant, in fractions where its plan rounds lots, and measure it; one that has no plan says so, and the sweep goes on."""
    began = time.perf_counter()
    try:
        plan = make_plan(override(case, point).comparable)
    except tuple(FAILURES) as error:
        status = next(word for kind, word in FAILURES.items() if isinstance(error, kind))
        return Run(point, status, seconds=time.perf_counter() - began, message=str(error))
    return Run(point, "optimal", measure(plan), time.perf_counter() - began)


def measure(plan: Plan) -> dict[str, Any]:
    """What a sweep remembers of a plan. Money is discounted, amounts are sums over the horizon, all expected over
    branches.

    `main_purchase` is the offer on which most is spent, to buy or to rent (`leading`); `devices` is what is bought, by
    device.
    """
    costs = plan.cost_hkd
    asked, missing = (
        expected(plan, plan.rows.unserved, name) for name in ("asked_pflops_days", "unserved_pflops_days")
    )
    bought, spent = _purchases(plan)
    lost = sum(costs.get(name, 0.0) for name in ("unserved", "shortfall", "risk"))
    return {
        "objective_hkd": plan.objective_hkd,
        "spending_hkd": plan.objective_hkd - lost,
        "served_pflops_days": asked - missing,
        "unserved_pflops_days": missing,
        "unserved_share": missing / asked if asked else 0.0,
        "carbon_t": expected(plan, plan.rows.carbon, "carbon_t"),
        "main_purchase": leading(spent),
        "devices": bought,
        "costs_hkd": costs,
    }


def leading(amounts: Mapping[str, float]) -> str | None:
    """The name of the largest amount. What is less by a millionth or by less is as large, and of such the first by name
    leads: else the last digits of a solver would choose.
    """
    enough = max(amounts.values(), default=0.0) * (1 - NEAR)
    return min((name for name, amount in amounts.items() if amount >= enough), default=None)


def fingerprint(case: Case) -> str:
    """SHA-256 of everything in the case, the law and the speeds it carries included, and of the program itself."""
    return hashlib.sha256(f"{program()} {case.model_dump_json()}".encode()).hexdigest()


def run_key(inputs: str, point: Point) -> str:
    """SHA-256 of a case's fingerprint and what a run sets."""
    return hashlib.sha256(f"{inputs} {json.dumps(point, sort_keys=True)}".encode()).hexdigest()


def read_kept(file: Path) -> dict[str, Run]:
    """Runs of a file by their key. A last line that was cut off is left out: its run is solved again."""
    if not file.exists():
        return {}
    runs: dict[str, Run] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            record = json.loads(line)
            key = record.pop("key")
            runs[key] = Run(**record)
        except (ValueError, KeyError, TypeError):
            continue
    return runs


def _again(run: Run, point: Point) -> Run:
    return Run(point, run.status, run.measures, run.seconds, run.message)


def _keep(file: Path, key: str, run: Run) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # A line that was cut off has no end; a new one begins below it.
    with file.open("ab+") as lines:
        torn = False
        if lines.seek(0, os.SEEK_END):
            lines.seek(-1, os.SEEK_END)
            torn = lines.read(1) != b"\n"
        record = json.dumps({"key": key, **run.__dict__})
        lines.write((("\n" if torn else "") + record + "\n").encode())


def _purchases(plan: Plan) -> tuple[dict[str, float], dict[str, float]]:
    """Devices bought by accelerator, and HKD spent by offer on devices bought and rented; expected, undiscounted."""
    chance = {node.id: node.probability for node in plan.case.tree}
    bought: dict[str, float] = {}
    for row in {(row["offer"], row["site"], row["node"]): row for row in plan.rows.orders}.values():
        bought[row["accelerator"]] = bought.get(row["accelerator"], 0.0) + chance[row["node"]] * row["devices"]
    spent: dict[str, float] = {}
    paid = [(row["offer"], row["stands_from"], row["hkd"]) for row in plan.rows.orders]
    for offer, node, hkd in (*paid, *((row["offer"], row["node"], row["hkd"]) for row in plan.rows.rentals)):
        spent[offer] = spent.get(offer, 0.0) + chance[node] * hkd
    return dict(sorted(bought.items())), dict(sorted(spent.items()))
