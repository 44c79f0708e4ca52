"""The frame of the page: its head with the way to every page, and which page an address means."""

from __future__ import annotations

import io
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, dcc, html
from flask import abort, request, send_file

from planner.app import jobs
from planner.app import state as states
from planner.app.cases import Cases
from planner.app.parts import Look, problems
from planner.app.workers import Workers
from planner.errors import InvalidInput
from planner.papers.html import drawn_table
from planner.report.language import ENGLISH, Language, language

FIRST = "plan"
LANGUAGES = {ENGLISH: "English", "zh-Hant-HK": "繁體中文"}
FIELD, LINK = "field", "link"
NARROW = 620
"""Pixels of a window on which figures have no room for labels beside them."""
_PAGE = """<!doctype html>
<html lang="en">
<head>{%metas%}<title>{%title%}</title>{%favicon%}{%css%}</head>
<body>{%app_entry%}{%config%}{%scripts%}{%renderer%}</body>
</html>"""


@dataclass(frozen=True)
class Site:
    """What pages work with."""

    cases: Cases
    workers: Workers


def made(site: Site) -> Dash:
    """The page, ready to be served."""
    app = Dash(
        "planner",
        assets_folder=str(Path(__file__).parent / "assets"),
        title="planner",
        update_title="",
        suppress_callback_exceptions=True,
        enable_mcp=False,
        index_string=_PAGE,
    )
    app.layout = html.Div(
        [dcc.Location(id="address", refresh="callback-nav"), dcc.Store(id="width"), html.Div(id="page")]
    )
    app.clientside_callback(
        ClientsideFunction("planner", "width"), Output("width", "data"), Input("address", "pathname")
    )
    pages = {name: import_module(f"planner.app.pages.{name}") for name in states.PAGES}

    @app.callback(Output("page", "children"), Input("address", "pathname"), Input("address", "search"))
    def show(path: str | None, search: str | None) -> Any:
        state = states.read(path, search)
        return _framed(state, pages, site)

    app.clientside_callback(
        ClientsideFunction("planner", "address"),
        Output({"type": LINK, "place": ALL}, "href"),
        Input({"type": FIELD, "name": ALL}, "value"),
        Input("pin", "data"),
        State({"type": FIELD, "name": ALL}, "id"),
        State("defaults", "data"),
        State("links", "data"),
    )
    for page in pages.values():
        page.register(app, site)

    @app.server.get("/job/<id>")
    def job(id: str) -> Any:
        said = request.args
        return jobs.news(site.workers, id, said.get("seen", -1, int), say_of(said))

    @app.server.get("/job/<id>/numbers/<name>")
    def numbers(id: str, name: str) -> Any:
        figure = jobs.figure_of(site.workers, id, name)
        return drawn_table(figure.table, say_of(request.args)) if figure else abort(404)

    @app.server.get("/job/<id>/file")
    def file(id: str) -> Any:
        made = jobs.file_of(site.workers, id)
        return send_file(io.BytesIO(made.content), as_attachment=True, download_name=made.name) if made else abort(404)

    @app.server.post("/job/<id>/cancel")
    def cancel(id: str) -> Any:
        site.workers.cancel(id)
        return {}

    return app


def followed(app: Dash, page: str) -> None:
    """Jobs that the page begins are followed by its script, and cancelled by its button."""
    follow = ClientsideFunction("planner", "follow")
    app.clientside_callback(follow, Output(f"{page}-ended", "data"), Input(f"{page}-job", "data"))
    app.clientside_callback(
        ClientsideFunction("planner", "cancel"), Input(f"{page}-cancel", "n_clicks"), State(f"{page}-job", "data")
    )


def _framed(state: states.State, pages: Mapping[str, Any], site: Site) -> Any:
    """The whole page of a state: head, the page's own content, foot."""
    say = language(state.lang)
    page = pages.get(state.page or FIRST)
    content: Any
    defaults: dict[str, str] = {}
    if page is None:
        content = html.Main(html.H1(say("There is no such page.")))
    elif (files := site.cases.get(state.case)) is None:
        content = html.Main(html.H1(say("This case is not here any more. Upload it again.")))
    else:
        try:
            content, defaults = page.layout(state, files, say, site)
        except InvalidInput as error:
            # A link may name files of another kind, such as options where a case is meant.
            content = html.Main(problems(list(map(str, error.problems)), say))
    other_theme = states.LIGHT if state.theme == states.DARK else states.DARK
    ways: list[tuple[str, dict[str, Any], str]] = [(f"/{name}", {}, say(words)) for name, words in states.PAGES.items()]
    ways += [(".", {"lang": tag}, words) for tag, words in LANGUAGES.items() if tag != state.lang]
    ways += [(".", {"theme": other_theme}, say("Dark") if other_theme == states.DARK else say("Light"))]
    links = [
        dcc.Link(words, href=path, id={"type": LINK, "place": place}, className=_class(path, state), title=words)
        for place, (path, _, words) in enumerate(ways)
    ]
    return html.Div(
        [
            html.A(say("Skip to the content"), href="#content", className="skip"),
            html.Header(
                [
                    html.Span("planner", className="brand"),
                    html.Nav(links[: len(states.PAGES)], **{"aria-label": say("Pages")}),
                    html.Div(links[len(states.PAGES) :], className="settings"),
                ]
            ),
            html.Div(content, id="content"),
            html.Footer(say("Plans lawful procurement only. Research, not legal advice.")),
            dcc.Store(id="frame", data=state.frame),
            # A name for one open page, which nobody can guess.
            dcc.Store(id="session", data=secrets.token_urlsafe(18)),
            dcc.Store(id="pin", data=state.pin),
            dcc.Store(id="defaults", data=defaults),
            dcc.Store(id="links", data=[{"path": path, "set": set} for path, set, _ in ways]),
        ],
        className=f"{state.theme} whole",
        lang=state.lang,
    )


def _class(path: str, state: states.State) -> str:
    return "here" if path == f"/{state.page or FIRST}" else ""


def fields(values: list[Any], ids: list[Mapping[str, str]]) -> dict[str, str]:
    """By name: what the fields of the page say."""
    said = {id["name"]: value for value, id in zip(values, ids, strict=True) if value not in (None, "", [])}
    return {name: ",".join(value) if isinstance(value, list) else str(value) for name, value in said.items()}


def look_of(frame: Mapping[str, str], width: int | None) -> Look:
    """How the browser wants the page."""
    return Look(frame["theme"], say_of(frame), bool(width) and int(width or 0) < NARROW)


def say_of(frame: Mapping[str, str]) -> Language:
    """The language of the page."""
    tag = frame.get("lang", ENGLISH)
    return language(tag if tag in LANGUAGES else ENGLISH)
