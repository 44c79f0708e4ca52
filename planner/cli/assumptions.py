"""`planner assumptions`: which estimates decide this case?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import CaseArgument
from planner.cli.output import FormatOption, JsonOption, OutputOption, chosen, envelope, put, show
from planner.cli.progress import Say, VerboseOption, working
from planner.report.tables import Table

if TYPE_CHECKING:
    from planner.intake import Inputs
    from planner.study.sweep.deciding import Deciding

EXAMPLE = """planner assumptions examples/hong_kong/case.yaml
planner assumptions case.yaml --most 10 --json"""
STANDARD_INPUT = "-"


def assumptions(
    case: CaseArgument,
    most: Annotated[int, typer.Option(min=1, help="How many.")] = 5,
    verbose: VerboseOption = False,
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Find the estimates that move the cost of a case most between their low and their high, and keep them beside it: `planner
    plan` ends with them.
    """
    form = chosen(format, as_json=as_json, output=output)
    inputs, bars = working(lambda say: _bars(case, most, say), "reading the case")
    from planner.report.deciding import SCHEMA, beside, page, results
    from planner.report.words import in_fractions

    show(
        [*page(bars), *in_fractions(inputs.case.comparable)],
        results(bars),
        form=form,
        output=output,
        table=[Table.of(results(bars)["bars"], title="bars")],
        schema=SCHEMA,
        inputs_sha256=inputs.sha256,
        data_as_of=inputs.data_as_of,
    )
    if str(case) != STANDARD_INPUT:
        whole = envelope(results(bars), schema=SCHEMA, inputs_sha256=inputs.sha256, data_as_of=inputs.data_as_of)
        put(whole, beside(case))


def _bars(path: Path, most: int, say: Say) -> tuple[Inputs, Deciding]:
    from planner.intake import read_inputs
    from planner.plan.plan import make_plan
    from planner.study.sweep.deciding import deciding

    inputs = read_inputs(path)
    say(f"planning {inputs.case.title}")
    return inputs, deciding(make_plan(inputs.case.comparable, tell=say), say, most)
