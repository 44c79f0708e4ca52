"""`planner reach`: what would meet this target?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import CaseArgument
from planner.cli.output import FormatOption, JsonOption, OutputOption, chosen, show
from planner.cli.progress import Say, VerboseOption, working

if TYPE_CHECKING:
    from planner.intake import Inputs
    from planner.study.reach.answer import Story

EXAMPLE = """planner reach examples/hong_kong/case.yaml --target sandy_ridge_2032
planner reach case.yaml --target midscale --move supply,power,money
planner reach case.yaml --target midscale --move carbon --json"""


def reach(
    case: CaseArgument,
    target: Annotated[str, typer.Option(help="A capacity target of the case by its id.")],
    move: Annotated[
        list[str] | None,
        typer.Option(
            help="Limits that may be moved: supply, licences, power, racks, cooling, money, carbon; with commas or repeated.",
            show_default="all",
        ),
    ] = None,
    scenario: Annotated[str | None, typer.Option(help="As if this scenario of policy were certain.")] = None,
    verbose: VerboseOption = False,
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Say what keeps a target of capacity, and find the least moves of limits that meet it, proved by a plan."""
    form = chosen(format, as_json=as_json, output=output)
    kinds = [kind.strip() for text in move or [] for kind in text.split(",") if kind.strip()]
    inputs, target_story = working(lambda say: _story(case, target, kinds, scenario, say), "reading the case")
    from planner.report.explain.answer import page, sheets
    from planner.report.explain.target import answer, page_end, reach_results
    from planner.report.words import in_fractions

    shown = answer(target_story, in_fractions(inputs.case.comparable))
    show(
        [*page(shown), *page_end(target_story)],
        reach_results(target_story, shown),
        form=form,
        output=output,
        schema="planner.reach/1",
        table=sheets(shown),
        inputs_sha256=inputs.sha256,
        data_as_of=inputs.data_as_of,
    )


def _story(path: Path, name: str, kinds: list[str], scenario: str | None, say: Say) -> tuple[Inputs, Story]:
    from planner.intake import read_inputs
    from planner.plan.plan import make_plan
    from planner.study.reach.answer import known_target, story
    from planner.study.reach.moves import named
    from planner.study.whatif.variant import changed

    asked = named(tuple(kinds))
    inputs = read_inputs(path)
    known_target(list(inputs.case.capacity_targets), name)
    assumed = changed(inputs.case, {}, scenario)
    say(f"planning {assumed.title}")
    return inputs, story(make_plan(assumed.comparable, tell=say), name, asked, say)
