"""The case: its text to be changed, files to be brought, and what is wrong in them, told as the command line tells it."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from planner.app import parts
from planner.app.cases import MAX_BYTES, CaseFiles, from_upload
from planner.app.jobs import begun, ended
from planner.app.site import Site, followed, say_of
from planner.app.state import State as Address
from planner.app.state import written
from planner.app.work.check import Checked, checked
from planner.cells import visible
from planner.errors import UsageError
from planner.report.language import Language


def layout(state: Address, files: CaseFiles, say: Language, site: Site) -> tuple[Any, dict[str, str]]:
    """The page; it has no fields."""
    page = html.Main(
        [
            html.H1(say("The case as a file")),
            html.P(say("Change the text, or bring a case of your own with its tables; nothing is kept but in this server's memory.")),
            dcc.Upload(
                html.Button(say("Bring files (.yaml, .csv, .zip)")), id="case-upload", multiple=True, max_size=MAX_BYTES, className="upload"
            ),
            html.Div(
                [
                    html.Button(say("Check and use"), id="case-check"),
                    html.Button(say("Cancel"), id="case-cancel", disabled=True),
                    html.P(id="case-status", role="status", **{"aria-live": "polite"}),
                ],
                className="bar",
            ),
            html.Div(id="case-answer"),
            html.Div(
                [
                    html.Label(say("Text of the case"), htmlFor="case-text", id="label-case-text"),
                    dcc.Textarea(id="case-text", value=files.text, spellCheck=False, className="editor"),
                ],
                className="field",
            ),
            dcc.Store(id="case-tables", data=_sent(files)),
            dcc.Store(id="case-job"),
            dcc.Store(id="case-ended"),
        ]
    )  # fmt: skip
    return page, {}


def register(app: Dash, site: Site) -> None:
    """Take files, check the text with the tables beside it, and lead to the plan of what is right."""
    followed(app, "case")

    @app.callback(
        Output("case-job", "data"),
        Output("case-text", "value"),
        Output("case-tables", "data"),
        Output("case-answer", "children", allow_duplicate=True),
        Input("case-check", "n_clicks"),
        Input("case-upload", "contents"),
        State("case-upload", "filename"),
        State("case-text", "value"),
        State("case-tables", "data"),
        State("frame", "data"),
        State("session", "data"),
        prevent_initial_call=True,
    )
    def check(
        clicks: int | None, contents: list[str] | None, names: list[str] | None, text: str | None, tables: dict[str, Any],
        frame: dict[str, str], session: str,
    ) -> Any:  # fmt: skip
        if not (clicks or contents):
            return no_update, no_update, no_update, no_update
        try:
            if ctx.triggered_id == "case-upload":
                files = from_upload(received(names, contents))
            else:
                files = _come_back(tables).with_text(text or "")
                files = from_upload(files.files)
        except UsageError as error:
            return no_update, no_update, no_update, parts.problems([str(error)], say_of(frame))
        job = site.workers.submit(f"{session} case", files.sha256, checked, files)
        return begun("case", job, frame["lang"]), files.text, _sent(files), None

    @app.callback(Output("case-answer", "children"), Input("case-ended", "data"), State("frame", "data"))
    def show(asked: dict[str, Any] | None, frame: dict[str, str]) -> Any:
        job, say = ended(site.workers, asked), say_of(frame)
        if job is None:
            return no_update
        if job.problems:
            return parts.problems(job.problems, say)
        right: Checked = job.answer
        fields = {
            **{name: value for name, value in frame.items() if name in ("lang", "theme")},
            "case": site.cases.add(right.files),
        }
        return html.Div(
            [
                html.P([html.Strong(visible(right.title)), " ", say("is a case without a problem.")]),
                parts.words([f"- {visible(warning)}" for warning in right.warnings], say) if right.warnings else None,
                html.P(dcc.Link(say("Plan it"), href=f"/plan?{written(fields)}", id="case-use")),
            ],
            className="panel",
        )  # fmt: skip


def received(names: list[str] | None, contents: list[str] | None) -> list[tuple[str, bytes]]:
    """Names and bytes of files as a browser sends them: `data:TYPE;base64,…`. Raises UsageError for what is cut."""
    try:
        return [
            (name, base64.b64decode(content.partition(",")[2], validate=True))
            for name, content in zip(names or [], contents or [], strict=True)
        ]
    except (binascii.Error, ValueError):
        raise UsageError("a file did not arrive whole; bring it again.") from None


def _sent(files: CaseFiles) -> dict[str, Any]:
    """Name of the case file, and the tables beside it, as they go to the browser and come back."""
    return {
        "name": files.name,
        "tables": [[name, base64.b64encode(content).decode()] for name, content in files.files[1:]],
    }


def _come_back(sent: dict[str, Any]) -> CaseFiles:
    try:
        tables = tuple((str(name), base64.b64decode(content, validate=True)) for name, content in sent["tables"])
        return CaseFiles(((str(sent["name"]), b""), *tables))
    except (KeyError, TypeError, ValueError):
        raise UsageError("the files did not arrive whole; bring them again.") from None
