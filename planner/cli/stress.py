"""`planner stress`: how does each plan fare in each scenario?"""

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
    from planner.study.stress.stress import Stress
    from planner.study.workers import Workers

EXAMPLE = """planner stress examples/hong_kong/case.yaml
planner stress case.yaml --scenario status_quo=0.6 --scenario tightening=0.4
planner stress case.yaml --risk 0.8 --tail 0.1 --json
planner stress case.yaml --fix plans/first --workers 2"""


def stress(
    case: CaseArgument,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            help="ID=PROBABILITY, in place of the case's scenarios; repeat; they add up to 1. Without any: those of the rule book."
        ),
    ] = None,
    risk: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Weight of the tail in the plan `cvar`; default the case's, else 0.5."),
    ] = None,
    tail: Annotated[
        float | None, typer.Option(min=0.001, max=1, help="Probability mass of the tail; default the case's, else 0.2.")
    ] = None,
    later: Annotated[
        int,
        typer.Option(
            min=0, help="Periods by which the reveal is moved, one by one, to find until when the decision holds."
        ),
    ] = 4,
    fix: Annotated[
        Path | None, typer.Option(help="Folder of a saved plan: carry out its orders in every scenario too.")
    ] = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    verbose: VerboseOption = False,
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Carry out each plan that could be made today in every scenario: cost, what goes unserved, regret, and the plan
    that hedges.
    """
    form = chosen(format, as_json=as_json, output=output)
    from planner.figures.stress import stress_figures
    from planner.report.stress import broken_targets, page, results

    weights, who = _weights(scenario or []), who_works(workers, cluster)
    inputs, answer = working(lambda say: _stressed(case, weights, risk, tail, later, fix, who, say), "reading the case")
    shown = results(answer)
    show(
        page(answer),
        shown,
        form=form,
        output=output,
        figures=lambda: stress_figures(answer),
        schema="planner.stress/1",
        table=[Table.of(shown["matrix"], title="matrix"), Table.of(shown["plans"], title="plans")],
        status="optimal",
        inputs_sha256=inputs.sha256,
        data_as_of=inputs.data_as_of,
        diagnostics=[{"severity": "warning", "what": said} for said in broken_targets(answer)],
    )


def _stressed(
    path: Path,
    weights: dict[str, float],
    risk: float | None,
    tail: float | None,
    later: int,
    fix: Path | None,
    workers: Workers,
    say: Say,
) -> tuple[Inputs, Stress]:
    from planner.domain.policy import Risk
    from planner.intake import read_inputs
    from planner.study.stress.saved_orders import held
    from planner.study.stress.stress import AVERSION, stress

    inputs = read_inputs(path)
    own = inputs.case.risk if inputs.case.risk.weight else AVERSION
    aversion = Risk(weight=own.weight if risk is None else risk, tail=own.tail if tail is None else tail)
    more = None
    if fix is not None:
        from planner.plan.store import load

        saved = load(fix)
        more = held(saved.case, saved.rows["orders"])
    return inputs, stress(inputs.case, weights, aversion, periods_later=later, more=more, workers=workers, tell=say)


def _weights(texts: list[str]) -> dict[str, float]:
    """`ID=PROBABILITY` by id. Raises UsageError for what is not that."""
    from planner.errors import UsageError

    weights: dict[str, float] = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            weights[name.strip()] = float(value)
        except ValueError:
            raise UsageError(f"--scenario {text} gives no probability; write ID=0.3.") from None
    return weights
