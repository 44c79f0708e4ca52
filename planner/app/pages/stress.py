"""Stress: every plan that could be made today, in every future of policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Dash, html

from planner.app.cases import CaseFiles
from planner.app.pages import asking
from planner.app.site import Site
from planner.app.sliders import asked
from planner.app.state import State
from planner.app.work.stress import CHANCE, TAIL, WEIGHT, stressed
from planner.report.language import Language
from planner.report.words import overridden
from planner.study.stress.stress import AVERSION
from planner.study.stress.uncertain import uncertain
from planner.study.whatif.variant import changed


def layout(state: State, files: CaseFiles, say: Language, site: Site) -> tuple[Any, dict[str, str]]:
    """The page, and the defaults of its fields."""
    case = changed(files.case, asked(files.case, state.fields)[0])
    own = case.risk if case.risk.weight else AVERSION
    chances = {scenario.id: scenario.probability for scenario in uncertain(case, {}).scenarios}
    defaults = {WEIGHT: f"{own.weight:g}", TAIL: f"{own.tail:g}"} | {CHANCE + id: f"{p:g}" for id, p in chances.items()}
    form = [
        html.H2(say("Futures of policy")),
        *(asking.entry(CHANCE + id, say("{field}, {unit}", field=say(id.replace("_", " ")), unit=say("probability")), state.fields, defaults[CHANCE + id], kind="number") for id in chances),
        html.H2(say("Aversion to risk")),
        asking.entry(WEIGHT, say("Weight of the tail, 0 to 1"), state.fields, defaults[WEIGHT], kind="number"),
        asking.entry(TAIL, say("Probability mass of the tail"), state.fields, defaults[TAIL], kind="number"),
        *([html.P(say("With {changes}.", changes="; ".join(overridden(case))), className="note")] if overridden(case) else []),
    ]  # fmt: skip
    lead = say(
        "Each plan is carried out in each future; this solves many programs, and takes some ten times as long as a plan."
    )
    page = asking.page(
        "stress", say("Stress: {title}", title=case.title), form, say, lead=lead, button=say("Carry out all plans")
    )
    return page, defaults


def register(app: Dash, site: Site) -> None:
    """Run at the button."""

    def work(files: CaseFiles, fields: Mapping[str, str], frame: Mapping[str, Any]) -> tuple[Any, ...]:
        return stressed, files, {**frame["fields"], **fields}, frame["lang"]

    asking.register(app, site, "stress", work, on_button=True)
