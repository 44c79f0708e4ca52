"""`planner explain`: why this, why not that, and what is each limit worth?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.output import FormatOption, JsonOption, OutputOption, chosen, show
from planner.cli.progress import Say, VerboseOption, working
from planner.errors import UsageError

if TYPE_CHECKING:
    from planner.domain.case import Case
    from planner.plan.plan import Plan
    from planner.plan.store import Origin
    from planner.report.explain import Answer

EXAMPLE = """planner explain examples/hong_kong/case.yaml
planner explain plans/first limits
planner explain case.yaml embargo
planner explain case.yaml h200_licensed
planner explain examples/hong_kong/case.yaml sandy_ridge_2032
planner explain case.yaml 'power(hk_aisc,2028q1)'"""
FIGURES = {
    "overview": ("capacity", "bridge"),
    "limits": ("prices", "power"),
    "prices": ("prices",),
    "embargo": ("availability", "rental_availability"),
}
"""Figures of the plan that go with a topic."""
KINDS = ("workload", "offer", "site", "device", "target", "row")


def explain(
    case: Annotated[
        Path, typer.Argument(help="Case in YAML, - for standard input; or the folder of a saved plan.", allow_dash=True)
    ],
    topic: Annotated[
        list[str] | None,
        typer.Argument(
            help="overview, limits, prices, worth, why-not, embargo, tax; a workload, offer, site, device or target by its id; "
            "or a row by its name."
        ),
    ] = None,
    scenario: Annotated[str | None, typer.Option(help="As if this scenario of policy were certain.")] = None,
    verbose: VerboseOption = False,
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Make the plan of a case and say why it is as it is; what something costs is found by planning again
    without it.
    """
    form = chosen(format, as_json=as_json, output=output)
    named = _topic(topic or ["overview"])
    origin, plan, answer = working(lambda say: _answer(case, named, scenario, say), "reading the case")
    from planner.figures import figures
    from planner.report.explain import page, results, sheets

    show(
        page(answer),
        results(answer),
        form=form,
        output=output,
        figures=lambda: list(figures(plan.record, FIGURES.get(named, ())).values()),
        schema="planner.explain/1",
        table=sheets(answer),
        inputs_sha256=origin.inputs_sha256,
        data_as_of=origin.data_as_of,
    )


def _topic(words: list[str]) -> str:
    """`service` and `workload service` are the same topic."""
    if len(words) > 1 + (words[0] in KINDS):
        raise UsageError(f"one topic at a time, not {' '.join(words)}.")
    return words[-1]


def _answer(path: Path, topic: str, scenario: str | None, say: Say) -> tuple[Origin, Plan, Answer]:
    from planner.plan.plan import make_plan
    from planner.report.explain import explain
    from planner.study.whatif.variant import changed

    case, origin = _case(path)
    assumed = changed(case, {}, scenario)
    say(f"planning {assumed.title}")
    plan = make_plan(assumed.comparable, tell=say)
    return origin, plan, explain(plan, topic, say)


def _case(path: Path) -> tuple[Case, Origin]:
    """The case in the file, or the one that a saved plan in the folder was made from, and where it comes from."""
    from planner.intake import read_inputs
    from planner.plan.store import Origin, load

    if path.is_dir():
        stored = load(path)
        return stored.case, Origin(stored.manifest["inputs_sha256"], stored.manifest["data_as_of"])
    inputs = read_inputs(path)
    return inputs.case, Origin(inputs.sha256, inputs.data_as_of)
