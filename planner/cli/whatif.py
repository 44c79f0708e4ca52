"""`planner whatif`: what changes if …?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.options import CaseArgument, SetOption, VariantOption, pairs
from planner.cli.output import FormatOption, JsonOption, OutputOption, chosen, show
from planner.cli.progress import Say, VerboseOption, working
from planner.report.tables import Table

if TYPE_CHECKING:
    from planner.intake import Inputs
    from planner.study.whatif.replay import Replay
    from planner.study.whatif.variant import WhatIf

EXAMPLE = """planner whatif examples/hong_kong/case.yaml --set sites.hk_aisc.power_mw=10
planner whatif case.yaml --set 'offers.*.price_usd_per_device=+10%' --set controls.nvidia_h20_96gb=uncontrolled@2027q1
planner whatif case.yaml --scenario tightening
planner whatif case.yaml --variant late_hall --json"""


def whatif(
    case: CaseArgument,
    set: SetOption = None,
    scenario: Annotated[str | None, typer.Option(help="A future of policy that is known from the start.")] = None,
    variant: VariantOption = None,
    fix: Annotated[
        Path | None, typer.Option(help="Folder of a saved plan: carry out its orders in the variant.")
    ] = None,
    verbose: VerboseOption = False,
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Solve the case and its variant, and show what is decided otherwise, what it costs, and why."""
    form = chosen(format, as_json=as_json, output=output)
    from planner.figures.what_if import what_if_figures
    from planner.report.whatif import page, replay_page, replay_results, results

    inputs, answer, replayed = working(
        lambda say: _solved(case, pairs(set or []), scenario, variant or [], fix, say), "reading the case"
    )
    shown: dict[str, Any] = results(answer)
    if replayed:
        shown["replay"] = replay_results(replayed, answer.variant.objective_hkd)
    carried_out = replay_page(replayed, answer.variant.objective_hkd) if replayed else []
    show(
        [*carried_out, *page(answer)],
        shown,
        form=form,
        output=output,
        title=f"What if: {inputs.case.title}",
        figures=lambda: what_if_figures(answer),
        schema="planner.whatif/1",
        table=[Table.of(shown[name], title=name) for name in ("costs", "causes", "decisions", "prices", "unserved")],
        status="optimal",
        inputs_sha256=inputs.sha256,
        data_as_of=inputs.data_as_of,
    )


def _solved(
    case: Path, sets: dict[str, Any], scenario: str | None, variants: list[str], fix: Path | None, say: Say
) -> tuple[Inputs, WhatIf, Replay | None]:
    from planner.errors import UsageError
    from planner.intake import read_inputs
    from planner.study.whatif.variant import joined, what_if

    inputs = read_inputs(case)
    if not (sets or scenario or variants or fix):
        there = f"; variants of this case: {', '.join(inputs.case.variants)}" if inputs.case.variants else ""
        raise UsageError(f"nothing changes; give --set, --scenario or --variant{there}.")
    named_sets, future = joined(inputs.case, variants, scenario)
    say("solving the case and its variant")
    answer = what_if(inputs.case, {**named_sets, **sets}, future)
    return inputs, answer, _replayed(answer, fix) if fix else None


def _replayed(answer: WhatIf, folder: Path) -> Replay:
    from planner.plan.store import load
    from planner.study.whatif.replay import replay

    saved = load(folder)
    return replay(answer.variant.case, saved.case, saved.rows["orders"])
