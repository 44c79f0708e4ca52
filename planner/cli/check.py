"""`planner check`: is this file right?"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from planner.cli.output import FormatOption, JsonOption, OutputOption, emit, notes
from planner.report.tables import Table
from planner.report.words import listed

SHOWN = 4
BELOW = ("rests_below_high", "offer_ends")
"""What has tables of its own below that of the files."""
EXAMPLE = "planner check examples/hong_kong/case.yaml"


def check(
    files: Annotated[
        list[Path], typer.Argument(help="Cases, or files of options, in YAML; - is standard input.", allow_dash=True)
    ],
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Check cases, and files of options with their cases, and name every problem at once, as file:line:column: what is wrong. What to do.

    Warnings are told, and do not fail; so is what law is asked without knowing it, what of law the answer rests on
    that is known with less than high confidence, and which offers end inside the horizon.
    """
    from planner.errors import InvalidInput, Problem
    from planner.intake import data_as_of, read_inputs
    from planner.intake.options_file import holds_options, read_options
    from planner.law.assumed import assumed, resting_below_high
    from planner.performance.service import short_forms
    from planner.report.never_in_lots import never_in_lots
    from planner.report.offer_ends import offer_ends
    from planner.study.whatif.variant import kept_overrides

    problems: list[Problem] = []
    doubts: list[Problem] = []
    taken: list[str] = []
    fine: list[dict[str, object]] = []
    rests: list[Table] = []
    hashes: list[str] = []
    for file in files:
        try:
            inputs = read_options(file).inputs if holds_options(file) else read_inputs(file)
        except InvalidInput as error:
            problems += error.problems
        else:
            case = inputs.case
            problems += kept_overrides(case, str(file))
            doubts += [*inputs.warnings, *never_in_lots(case, str(file))]
            taken += [*assumed(case), *short_forms(case.workloads.values())]
            counts = {name: len(getattr(case, name)) for name in ("sites", "offers", "workloads", "funds")}
            weak = [asdict(one) for one in resting_below_high(case)]
            fine.append({"file": str(file), "title": case.title, "periods": len(case.horizon.periods), **counts})
            rests += _rests(str(file), weak)
            fine[-1]["rests_below_high"] = weak
            ends = [asdict(one) for one in offer_ends(case)]
            rests += _ends(str(file), ends)
            fine[-1]["offer_ends"] = ends
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
        table=[Table.of(fine, [name for name in fine[0] if name not in BELOW]), *rests],
        format=format,
        as_json=as_json,
        output=output,
        inputs_sha256=hashes[0] if len(hashes) == 1 else None,
        data_as_of=data_as_of(),
        diagnostics=[{"severity": "warning", **asdict(doubt)} for doubt in doubts] + notes(taken),
    )


def _rests(file: str, weak: list[dict[str, Any]]) -> list[Table]:
    """Law below high confidence, a line for each rule or class of data."""
    columns = ("law", "confidence", "outcome", "rests_on_it")
    rows = [{**{name: one[name] for name in columns}, "rests_on_it": listed(one["rests_on_it"], SHOWN)} for one in weak]
    title = f"{file}: what its answer rests on below high confidence"
    return [Table.of(rows, columns, title=title)] if rows else []


def _ends(file: str, ends: list[dict[str, Any]]) -> list[Table]:
    """Offers that end inside the horizon, a line for each."""
    columns = ("offer", "accelerator", "last_period", "because")
    rows = [{**{name: one[name] for name in columns}, "last_period": one["last_period"] or "none"} for one in ends]
    return [Table.of(rows, columns, title=f"{file}: offers that end inside its horizon")] if rows else []
