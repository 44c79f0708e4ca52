"""`planner explain`: why this, why not that, and what is each limit worth?"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.output import Format, FormatOption, JsonOption, OutputOption, chosen, emit, put
from planner.cli.progress import Say, working
from planner.cli.tables import Table

if TYPE_CHECKING:
    from planner.intake import Inputs
    from planner.report.explain import Answer

EXAMPLE = """planner explain examples/hong_kong/case.yaml
planner explain case.yaml limits
planner explain case.yaml embargo
planner explain case.yaml h200_licensed
planner explain case.yaml 'power(hk_aisc,2028q1)'"""
WIDTH = 100


def explain(
    case: Annotated[Path, typer.Argument(help="Case in YAML; - is standard input.", allow_dash=True)],
    topic: Annotated[
        str,
        typer.Argument(
            help="overview, limits, why-not, embargo, tax; a workload, offer or site; or a row by its name."
        ),
    ] = "overview",
    scenario: Annotated[str | None, typer.Option(help="As if this scenario of policy were certain.")] = None,
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Make the plan of a case and say why it is as it is; what something costs is found by planning again without it."""
    form = chosen(format, as_json=as_json, output=output)
    inputs, answer = working(lambda say: _answer(case, topic, scenario, say), "reading the case")
    from planner.report.explain import page, results
    from planner.report.tables import text

    if form is Format.TABLE:
        person = output is None and sys.stdout.isatty()
        width = min(shutil.get_terminal_size().columns, WIDTH) if person else WIDTH
        put(text(page(answer), width=width, colour=person and "NO_COLOR" not in os.environ), output)
        return
    tables = [Table.of(list(table.records), title=table.name) for table in answer.tables if table.records]
    emit(
        results(answer),
        schema="planner.explain/1",
        table=tables,
        format=form,
        output=output,
        inputs_sha256=inputs.sha256,
        data_as_of=inputs.data_as_of,
    )


def _answer(path: Path, topic: str, scenario: str | None, say: Say) -> tuple[Inputs, Answer]:
    from planner.intake import read_inputs
    from planner.report.explain import explain
    from planner.solve.plan import make_plan
    from planner.study.variant import changed

    inputs = read_inputs(path)
    case = changed(inputs.case, {}, scenario)
    say(f"planning {case.title}")
    return inputs, explain(make_plan(case), topic, say)
