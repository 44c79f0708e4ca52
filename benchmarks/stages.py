"""The stages of `planner plan CASE` in this process, as JSON: python -m benchmarks.stages CASE

    start        the interpreter and the modules that a plan needs
    intake       the files read, merged with the catalogue and checked
    law          what the program asks of law and data rules
    performance  what it asks of the models of training and serving
    build        columns, lines of cost and rows, without the two above
    hand_over    from there to the first step of the solver
    solve        inside HiGHS
    read_back    values, prices, duality, tables
    audit        the plan recomputed
    page         the summary on the screen, less what HiGHS solves for it

The command itself is run; functions at the borders of the stages are timed. CPU seconds, wall seconds, and the most
memory while a stage ran; what law and performance keep is the memory of build.
"""

from __future__ import annotations

import contextlib
import gc
import inspect
import io
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.clock import Clock
from planner.collector import OBJECTS_BETWEEN_COLLECTIONS

STAGES = ("start", "intake", "law", "performance", "build", "hand_over", "solve", "read_back", "audit", "page")


def timed_plan(case: str) -> dict[str, Any]:
    """Run `planner plan CASE` and tell where its time went, the size of its program and its objective."""
    clock = Clock("start")
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)  # as the command line does
    import highspy

    import planner.cli.plan as command
    import planner.intake as intake
    import planner.plan.plan as plan
    import planner.report.screen  # loaded with the start, like the rest
    import planner.report.summary
    import planner.study.whatif.variant  # noqa: F401

    made: dict[str, plan.Plan] = {}
    make_plan = plan.make_plan

    def kept(*args: Any, **kwargs: Any) -> plan.Plan:
        made["plan"] = make_plan(*args, **kwargs)
        return made["plan"]

    plan.make_plan = kept
    clock.border(intake, "read_inputs", "intake")
    clock.border(plan, "make_plan", "read_back")
    clock.border(plan, "build", "build")
    clock.border(plan, "solve_objective", "hand_over")
    clock.border(highspy.Highs, "run", "solve", then={"hand_over": "read_back"})
    clock.border(plan, "audit", "audit")
    for name in ("law", "performance"):
        _asked_by_the_model(clock, f"planner.{name}", name)
    clock.turn("page")
    with contextlib.redirect_stdout(io.StringIO()):
        command.plan(Path(case))
    stages, solver = clock.record(), made["plan"].solver
    return {
        "columns": solver["columns"],
        "rows": solver["rows"],
        "nonzeros": sum(len(row.terms) for row in made["plan"].model.rows),
        "objective_hkd": made["plan"].objective_hkd,
        "stages": {name: stages[name] for name in STAGES if name in stages},
    }


def _asked_by_the_model(clock: Clock, package: str, name: str) -> None:
    """Time every function of the package that a module of the program has imported."""
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith("planner.model"):
            for attribute, value in list(vars(module).items()):
                if inspect.isfunction(value) and value.__module__.startswith(package):
                    clock.inner_border(module, attribute, name)


if __name__ == "__main__":
    print(json.dumps(timed_plan(sys.argv[1])))
