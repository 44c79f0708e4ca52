"""`planner alternatives`: which purchases are certain, which a matter of taste?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import CaseArgument, ClusterOption, WorkersOption, who_works
from planner.cli.output import FormatOption, JsonOption, OutputOption, chosen, show
from planner.cli.progress import Say, VerboseOption, working
from planner.report.tables import Table

if TYPE_CHECKING:
    from planner.intake import Inputs
    from planner.study.alternatives import Alternatives
    from planner.study.workers import Workers

EXAMPLE = """planner alternatives examples/hong_kong/case.yaml --within 2%
planner alternatives case.yaml --within 0.05 --count 10 --seed 1 --workers 2 --json"""


def alternatives(
    case: CaseArgument,
    within: Annotated[str, typer.Option(help="How much more than the least cost a plan may cost: 2% or 0.02.")] = "2%",
    count: Annotated[int, typer.Option(min=0, help="Plans to show that differ from one another.")] = 6,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same random directions.")] = 0,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    verbose: VerboseOption = False,
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Explore all plans that cost hardly more than the best: what they have in common, and how far they can differ."""
    form = chosen(format, as_json=as_json, output=output)
    slack = share(within)
    who = who_works(workers, cluster)
    inputs, answer = working(lambda say: _found(case, slack, count, seed, who, say), "reading the case")
    from planner.figures.near_optimal import alternatives_figures
    from planner.report.alternatives import page, records_of, results

    show(
        page(answer),
        results(answer),
        form=form,
        output=output,
        title=f"Near-optimal plans: {inputs.case.title}",
        figures=lambda: alternatives_figures(answer),
        schema="planner.alternatives/1",
        table=Table.of(records_of(answer)),
        status="optimal",
        inputs_sha256=inputs.sha256,
        data_as_of=inputs.data_as_of,
    )


def share(text: str) -> float:
    """`2%` or `0.02` as a share. Raises UsageError for anything else."""
    from planner.errors import UsageError

    number = text.strip().removesuffix("%")
    try:
        return float(number) / (100.0 if text.strip().endswith("%") else 1.0)
    except ValueError:
        raise UsageError(f"--within {text} is no share; write 2% or 0.02.") from None


def _found(case: Path, slack: float, count: int, seed: int, workers: Workers, say: Say) -> tuple[Inputs, Alternatives]:
    from planner.intake import read_inputs
    from planner.study.alternatives import alternatives

    inputs = read_inputs(case)
    say("making the best plan")
    return inputs, alternatives(inputs.case, slack, count=count, seed=seed, workers=workers, tell=say)
