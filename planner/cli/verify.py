"""`planner verify`: is this saved plan still right?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.output import FormatOption, JsonOption, OutputOption, emit
from planner.cli.progress import VerboseOption, working
from planner.report.tables import Table

EXAMPLE = """planner plan examples/hong_kong/case.yaml -o plans/first
planner verify plans/first"""


def verify(
    plan: Annotated[Path, typer.Argument(help="Folder of a plan saved with `planner plan CASE -o FOLDER`.")],
    verbose: VerboseOption = False,
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Check a saved plan again: files, audit, law of today, its program by two solvers, its case planned again.

    Exit 1 when anything differs; each difference is named.
    """
    from planner.intake import data_as_of
    from planner.intake.catalogue import regimes
    from planner.plan.stored import load
    from planner.plan.verify import verify as look_again

    verdict = working(lambda say: look_again(plan, regimes(), say), f"verifying {plan}")
    differing = [record for record in verdict.records() if not record["passed"]]
    emit(
        {"passed": verdict.passed, "checks": verdict.records()},
        schema="planner.verify/1",
        table=Table.of([{**record, "passed": "yes" if record["passed"] else "NO"} for record in verdict.records()]),
        format=format,
        as_json=as_json,
        output=output,
        status="ok" if verdict.passed else "differs",
        inputs_sha256=load(plan).manifest.get("inputs_sha256"),
        data_as_of=data_as_of(),
        diagnostics=[{"severity": "error", "what": f"{record['check']}: {record['says']}"} for record in differing],
    )
    for record in differing:
        print(f"planner: {plan} is not what it was: {record['check']}: {record['says']}.", file=sys.stderr)
    if differing:
        raise typer.Exit(1)
