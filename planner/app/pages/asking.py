"""Pages that ask and tell: a form left, the answer of words and figures right. What takes long waits for its button."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, State, dcc, html, no_update

from planner.app import parts
from planner.app.cases import CaseFiles
from planner.app.jobs import begun, ended
from planner.app.site import FIELD, Site, fields, followed, look_of
from planner.app.work.told import Told
from planner.app.workers import Job
from planner.report.language import Language

Work = Callable[[CaseFiles, Mapping[str, str], Mapping[str, Any]], tuple[Any, ...] | None]
"""The case, the fields and the frame of the page give a work and its arguments; nothing where there is nothing to ask."""


def page(
    name: str, title: str, form: Sequence[Any], say: Language, *, lead: str = "", button: str = "", more: Any = None
) -> Any:
    """The whole page. `button`: the words on the button that asks, where not every change of a field does; `more` stands
    above the answer.
    """
    return html.Main(
        [
            html.Aside(form, className="inputs", **{"aria-label": say("What is asked")}),
            html.Div(
                [
                    html.H1(title),
                    html.P(lead, className="note") if lead else None,
                    html.Div(
                        [
                            html.P(id=f"{name}-status", role="status", **{"aria-live": "polite"}),
                            html.Button(button or say("Ask again"), id=f"{name}-run"),
                            html.Button(say("Cancel"), id=f"{name}-cancel", disabled=True),
                        ],
                        className="bar",
                    ),
                    more,
                    html.Div(id=f"{name}-answer"),
                ],
                className="answer",
            ),
            dcc.Store(id=f"{name}-job"),
            dcc.Store(id=f"{name}-ended"),
        ],
        className="sides",
    )


def register(app: Dash, site: Site, name: str, work: Work, *, on_button: bool = False) -> None:
    """Ask, follow, show."""
    followed(app, name)
    moved = (State if on_button else Input)({"type": FIELD, "name": ALL}, "value")

    @app.callback(
        Output(f"{name}-job", "data"),
        Input(f"{name}-run", "n_clicks"),
        moved,
        State({"type": FIELD, "name": ALL}, "id"),
        State("frame", "data"),
        State("session", "data"),
    )
    def ask(clicks: int | None, values: list[Any], ids: list[Any], frame: dict[str, Any], session: str) -> Any:
        files = site.cases.get(frame["case"])
        asked = None if files is None or (on_button and not clicks) else work(files, fields(values, ids), frame)
        if files is None or asked is None:
            return no_update
        return begun(name, site.workers.submit(f"{session} {name}", files.sha256, *asked), frame["lang"])

    @app.callback(
        Output(f"{name}-answer", "children"),
        Input(f"{name}-ended", "data"),
        State("frame", "data"),
        State("width", "data"),
    )
    def show(asked: dict[str, Any] | None, frame: dict[str, Any], width: int | None) -> Any:
        job = ended(site.workers, asked)
        return no_update if job is None else drawn(job, look_of(frame, width))


def drawn(job: Job, look: parts.Look) -> Any:
    """The answer of a job that has ended: its figures, then its words; or its problems."""
    say = look.say
    if job.problems:
        return parts.problems(job.problems, say)
    answer: Told = job.answer
    figures = [parts.figure(each, job.id, look) for each in answer.figures.values()]
    pictures = html.Div(figures, className="figures") if figures else None
    words = html.Section(parts.words(answer.words, say, html.H2), className="why") if answer.words else None
    return [words, pictures] if answer.first else [pictures, words]


def choice(name: str, label: str, options: Mapping[str, str], said: Mapping[str, str], *, many: bool = False) -> Any:
    """A field that takes one of the options, or `many`; the first where nothing else is said."""
    value: Any = said.get(name, next(iter(options)))
    if many:
        value = [each for each in said.get(name, "").split(",") if each in options]
    elif value not in options:
        value = next(iter(options))
    control = dcc.Dropdown(
        [{"label": words, "value": option} for option, words in options.items()],
        value=value, id={"type": FIELD, "name": name}, clearable=many, multi=many, searchable=len(options) > 8,
    )  # fmt: skip
    return parts.field(name, label, control)


def entry(
    name: str, label: str, said: Mapping[str, str], default: str = "", *, kind: str = "text", note: str = ""
) -> Any:
    """A field that takes a text or a number; it counts once it is left, or at Enter."""
    value: Any = said.get(name, default)
    if kind == "number":
        try:
            value = float(value) if value else None
        except ValueError:
            value = None
    control = dcc.Input(
        type=kind,
        value=value,
        id={"type": FIELD, "name": name},
        debounce=True,
        step="any" if kind == "number" else None,
    )
    return parts.field(name, label, control, note)
