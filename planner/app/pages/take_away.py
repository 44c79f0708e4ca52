"""Buttons that take away what a page shows: each makes a file in the background, which the browser then saves, or tells below them
why there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update

from planner.app import parts
from planner.app.cases import CaseFiles
from planner.app.jobs import begun, ended
from planner.app.site import FIELD, Site, fields, followed, say_of
from planner.papers import browser
from planner.report.language import Language

Ask = Callable[[str, Mapping[str, str], CaseFiles, str], tuple[Any, ...] | None]
"""What to do for a button: its name, the fields of the page, the case and the language give a work and its arguments."""


def buttons(page: str, names: Mapping[str, str], say: Language) -> Any:
    """A line of buttons by name, how far the file is, and below it what is wrong."""
    line = html.Div(
        [
            html.Span(say("Take away:"), className="note"),
            *(html.Button(words, id={"type": f"{page}-take", "name": name}) for name, words in names.items()),
            html.Button(say("Cancel"), id=f"{page}file-cancel", disabled=True),
            html.P(id=f"{page}file-status", role="status", **{"aria-live": "polite"}),
            dcc.Store(id=f"{page}file-job"),
            dcc.Store(id=f"{page}file-ended"),
            dcc.Store(id=f"{page}file-saved"),
        ],
        className="bar",
    )
    return html.Div([line, html.Div(id=f"{page}file-wrong")])


def papers(say: Language) -> dict[str, str]:
    """The papers that can be had here, by format."""
    return {"html": say("Report"), "xlsx": say("Workbook"), **({"pdf": "PDF"} if browser.find() else {})}


def register(app: Dash, site: Site, page: str, ask: Ask) -> None:
    """Make what a button asks for, and have it saved."""
    followed(app, f"{page}file")
    app.clientside_callback(
        ClientsideFunction("planner", "save"), Output(f"{page}file-saved", "data"), Input(f"{page}file-ended", "data")
    )

    @app.callback(
        Output(f"{page}file-job", "data"),
        Input({"type": f"{page}-take", "name": ALL}, "n_clicks"),
        State({"type": FIELD, "name": ALL}, "value"),
        State({"type": FIELD, "name": ALL}, "id"),
        State("frame", "data"),
        State("session", "data"),
        prevent_initial_call=True,
    )
    def take(clicks: list[int | None], values: list[Any], ids: list[Any], frame: dict[str, str], session: str) -> Any:
        files = site.cases.get(frame["case"])
        asked = (
            ask(ctx.triggered_id["name"], fields(values, ids), files, frame["lang"]) if files and any(clicks) else None
        )
        if files is None or asked is None:
            return no_update
        return begun(f"{page}file", site.workers.submit(f"{session} file", files.sha256, *asked), frame["lang"])

    @app.callback(Output(f"{page}file-wrong", "children"), Input(f"{page}file-ended", "data"), State("frame", "data"))
    def wrong(asked: dict[str, Any] | None, frame: dict[str, str]) -> Any:
        job = ended(site.workers, asked)
        if job is None:
            return no_update
        return parts.problems(job.problems, say_of(frame)) if job.problems else None
