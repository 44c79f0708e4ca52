"""The plan: sliders left, what the plan then is right, and beside a pinned one what differs."""

from __future__ import annotations

from collections.abc import Mapping
from math import isclose
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update

from planner.app import parts
from planner.app.cases import CaseFiles
from planner.app.jobs import begun, ended
from planner.app.pages import asking, take_away
from planner.app.site import FIELD, Site, fields, followed, look_of
from planner.app.sliders import SCENARIO, SHARES_OF_TAX, TAX, scenarios, sliders, stacks_with_a_tax
from planner.app.state import State as Address
from planner.app.state import query, written
from planner.app.work.files import case_made, paper_made
from planner.app.work.plan import Number, PlanAnswer, plan_answer
from planner.app.workers import Job
from planner.cells import number
from planner.domain.case import Case
from planner.report.language import Language
from planner.report.words import percent

SAME, T_PER_KT = 1e-9, 1e3
"""Of a figure: what differs by less differs by rounding."""


def layout(state: Address, files: CaseFiles, say: Language, site: Site) -> tuple[Any, dict[str, str]]:
    """The page, and the defaults of its fields."""
    case = files.case
    form, defaults = _form(case, state.fields, say)
    page = html.Main(
        [
            html.Aside(form, className="inputs", **{"aria-label": say("What to change")}),
            html.Div(
                [
                    html.H1(case.title),
                    html.Div(
                        [
                            html.P(id="plan-status", role="status", **{"aria-live": "polite"}),
                            html.Button(say("Cancel"), id="plan-cancel", disabled=True),
                            html.Button(say("Pin as baseline"), id="set-pin"),
                            html.Button(say("Unpin"), id="unpin", disabled=state.pin is None),
                        ],
                        className="bar",
                    ),
                    take_away.buttons("plan", {"case": say("Case"), **take_away.papers(say)}, say),
                    html.Div(id="plan-answer"),
                ],
                className="answer",
            ),
            dcc.Store(id="plan-job"),
            dcc.Store(id="plan-ended"),
            dcc.Store(id="plan-last"),
        ],
        className="sides",
    )
    return page, defaults


def _form(case: Case, said: Mapping[str, str], say: Language) -> tuple[list[Any], dict[str, str]]:
    controls, defaults = [html.H2(say("What if"))], {}
    for slider in sliders(case):
        defaults[slider.name] = f"{slider.default:g}"
        control = dcc.Slider(
            slider.low, slider.high, slider.step, value=slider.value(said.get(slider.name, slider.default)), marks=None,
            id={"type": FIELD, "name": slider.name}, updatemode="mouseup",
        )  # fmt: skip
        controls.append(
            parts.field(slider.name, say("{field}, {unit}", field=say(slider.words), unit=say(slider.unit)), control)
        )
    futures = {"": say("as in the case"), **{name: say(name.replace("_", " ")) for name in scenarios(case)}}
    controls.append(asking.choice(SCENARIO, say("Future of policy"), futures, said))
    if stacks_with_a_tax(case):
        shares = {"": say("as modelled"), **{str(share): percent(share) for share in SHARES_OF_TAX}}
        controls.append(asking.choice(TAX, say("Kernel tax of other stacks than CUDA"), shares, said))
    return controls, {**defaults, SCENARIO: "", TAX: ""}


def _asked_file(name: str, values: Mapping[str, str], files: CaseFiles, lang: str) -> tuple[Any, ...]:
    return (case_made, files, values) if name == "case" else (paper_made, files, values, name, lang)


def register(app: Dash, site: Site) -> None:
    """Ask when a field or the pin moves, show what comes of it, pin, take away."""
    followed(app, "plan")
    take_away.register(app, site, "plan", _asked_file)

    @app.callback(
        Output("plan-job", "data"),
        Output("plan-last", "data"),
        Input({"type": FIELD, "name": ALL}, "value"),
        Input("pin", "data"),
        State({"type": FIELD, "name": ALL}, "id"),
        State("frame", "data"),
        State("session", "data"),
        State("plan-last", "data"),
    )
    def ask(
        values: list[Any],
        pin: str | None,
        ids: list[Any],
        frame: dict[str, str],
        session: str,
        last: dict[str, str] | None,
    ) -> Any:
        files = site.cases.get(frame["case"])
        if files is None:
            return no_update, no_update
        now, pinned = fields(values, ids), None if pin is None else query(pin)
        job = site.workers.submit(session, files.sha256, plan_answer, files, now, pinned, last, frame["lang"])
        return begun("plan", job, frame["lang"]), now

    @app.callback(
        Output("plan-answer", "children"), Input("plan-ended", "data"), State("frame", "data"), State("width", "data")
    )
    def show(asked: dict[str, Any] | None, frame: dict[str, str], width: int | None) -> Any:
        job, look = ended(site.workers, asked), look_of(frame, width)
        if job is None:
            return no_update
        return parts.problems(job.problems, look.say) if job.problems else _answer(job, look)

    @app.callback(
        Output("pin", "data"),
        Output("unpin", "disabled"),
        Input("set-pin", "n_clicks"),
        Input("unpin", "n_clicks"),
        State({"type": FIELD, "name": ALL}, "value"),
        State({"type": FIELD, "name": ALL}, "id"),
        State("defaults", "data"),
        prevent_initial_call=True,
    )
    def pin(_set: int | None, _unset: int | None, values: list[Any], ids: list[Any], defaults: dict[str, str]) -> Any:
        if ctx.triggered_id != "set-pin":
            return None, True
        said = fields(values, ids)
        return written({name: value for name, value in said.items() if value != defaults.get(name)}), False


def _answer(job: Job, look: parts.Look) -> list[Any]:
    say = look.say
    answer: PlanAnswer = job.answer
    notes = []
    if answer.in_fractions:
        notes.append(say("In fractions of lots; reports plan whole ones."))
    return [
        html.Dl([fact_beside(fact, say) for fact in answer.numbers], className="facts"),
        *(html.P(note, className="note") for note in notes),
        html.Div(
            [parts.figure(each, job.id, look, answer.before.get(name)) for name, each in answer.figures.items()],
            className="figures",
        ),
        html.Section([html.H2(say("Why")), *parts.words(answer.why, say)], className="why"),
    ]


def fact_beside(fact: Number, say: Language) -> Any:
    """A figure that counts, with what changed of it since the pinned plan."""
    shown = [html.Dt(fact.words), html.Dd(_amount(fact.unit, fact.value, say), id=f"kpi-{fact.name}")]
    if fact.before is not None:
        same = isclose(fact.value, fact.before, rel_tol=SAME)
        change = say("no change") if same else _change(fact.unit, fact.value - fact.before, say)
        shown.append(html.Dd(change, className="change", id=f"change-{fact.name}"))
    return html.Div(shown)


def _change(unit: str, change: float, say: Language) -> str:
    """By how much a figure differs from that of the pinned plan, with its sign; shares differ by points, not by percent."""
    if unit != "share":
        return f"{'+' if change > 0 else ''}{_amount(unit, change, say)}"
    points = number(100 * change, 2)
    return say("{points} percentage points", points=f"{'+' if change > 0 else ''}{points}")


def _amount(unit: str, value: float, say: Language) -> str:
    if unit == "hkd":
        return say.money(value)
    if unit == "share":
        return percent(value)
    if unit == "t":
        kilo = abs(value) >= T_PER_KT
        return say("{amount} kt", amount=number(value / T_PER_KT)) if kilo else say("{amount} t", amount=number(value))
    return say.short(value)
