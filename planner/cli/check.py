"""`planner check`: is this file right?"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.envelope import notes
from planner.cli.output import FormatOption, JsonOption, OutputOption, emit
from planner.cli.tables import Table

EXAMPLE = "planner check examples/hong_kong/case.yaml"


def check(
    files: Annotated[list[Path], typer.Argument(help="Cases in YAML; - is standard input.", allow_dash=True)],
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Check cases and name every problem at once, as file:line:column: what is wrong. What to do.

    Warnings are told, and do not fail; so is what law is asked without knowing it.
    """
    from planner.errors import InvalidInput, Problem
    from planner.intake import data_as_of, read_inputs
    from planner.law.assumed import assumed
    from planner.study.whatif.check import kept_overrides

    problems: list[Problem] = []
    doubts: list[Problem] = []
    taken: list[str] = []
    fine: list[dict[str, object]] = []
    hashes: list[str] = []
    for file in files:
        try:
            inputs = read_inputs(file)
        except InvalidInput as error:
            problems += error.problems
        else:
            case = inputs.case
            problems += kept_overrides(case, str(file))
            doubts += inputs.warnings
            taken += assumed(case)
            counts = {name: len(getattr(case, name)) for name in ("sites", "offers", "workloads", "funds")}
            fine.append({"file": str(file), "title": case.title, "periods": len(case.horizon.periods), **counts})
            hashes.append(inputs.sha256)
    for doubt in doubts:
        print(f"Warning: {doubt}", file=sys.stderr)
    for sentence in taken:
        print(f"Assumed: {sentence}", file=sys.stderr)
    if problems:
        raise InvalidInput(*problems)
    emit(
        fine,
        schema="planner.check/1",
        table=Table.of(fine),
        format=format,
        as_json=as_json,
        output=output,
        inputs_sha256=hashes[0] if len(hashes) == 1 else None,
        data_as_of=data_as_of(),
        diagnostics=[{"severity": "warning", **asdict(doubt)} for doubt in doubts] + notes(taken),
    )
