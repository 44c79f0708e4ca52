"""Compare: bids side by side; weights move, and ranks with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Dash, Input, Output, State, dcc, html, no_update

from planner.app import parts
from planner.app.cases import MAX_BYTES, CaseFiles, from_upload
from planner.app.pages import asking, take_away
from planner.app.pages.case import received
from planner.app.site import FIELD, Site, say_of
from planner.app.state import State as Address
from planner.app.state import written
from planner.app.work.compare import WEIGHT, compared, comparison_made
from planner.errors import InvalidInput, UsageError
from planner.report.language import Language

OPTIONS = "options"


def layout(state: Address, files: CaseFiles, say: Language, site: Site) -> tuple[Any, dict[str, str]]:
    """The page, and the defaults of its fields."""
    known = {sha256: each.comparison.title for sha256, each in site.cases.options.items()}
    chosen = site.cases.get(state.fields.get(OPTIONS) or next(iter(known), None))
    upload = dcc.Upload(
        html.Button(say("Bring options with their case (.yaml, .csv, .zip)")), id="compare-upload", multiple=True, max_size=MAX_BYTES, className="upload"
    )  # fmt: skip
    form: list[Any] = [html.H2(say("Options")), upload, html.Div(id="compare-wrong")]
    if chosen is None or chosen is site.cases.served:
        return asking.page(
            "compare",
            say("Which bid is to be funded?"),
            form,
            say,
            lead=say("Bring a file of options to compare them."),
        ), {}
    sha256, weights = chosen.sha256, chosen.comparison.weights
    names = {**known, sha256: known.get(sha256, chosen.comparison.title)}
    said = {**state.fields, OPTIONS: sha256}
    defaults = {OPTIONS: next(iter(known), "")} | {
        WEIGHT + name: f"{weight:g}" for name, weight in weights.criteria.items()
    }
    most = 2 * max(weights.criteria.values())
    form.append(asking.choice(OPTIONS, say("Compared are"), names, said))
    form += [html.H2(say("Weights")), html.P(say("Set by {who}.", who=weights.set_by), className="note")]
    for name, weight in weights.criteria.items():
        control = dcc.Slider(
            0, most, 1, value=_within(said.get(WEIGHT + name), weight, most), marks=None, id={"type": FIELD, "name": WEIGHT + name}
        )  # fmt: skip
        form.append(parts.field(WEIGHT + name, say(name.replace("_", " ")), control))
    more = take_away.buttons("compare", take_away.papers(say), say)
    return asking.page("compare", say("Which bid is to be funded?"), form, say, more=more), defaults


def register(app: Dash, site: Site) -> None:
    """Compare whenever a weight moves, take files, take away."""

    def chosen(fields: Mapping[str, str]) -> CaseFiles | None:
        files = site.cases.get(fields.get(OPTIONS) or "-")
        return None if files is site.cases.served else files

    def work(files: CaseFiles, fields: Mapping[str, str], frame: Mapping[str, Any]) -> tuple[Any, ...] | None:
        options = chosen(fields)
        return (compared, options, fields, frame["lang"]) if options else None

    def file(name: str, fields: Mapping[str, str], files: CaseFiles, lang: str) -> tuple[Any, ...] | None:
        options = chosen(fields)
        return (comparison_made, options, fields, name, lang) if options else None

    asking.register(app, site, "compare", work)
    take_away.register(app, site, "compare", file)

    @app.callback(
        Output("address", "href"),
        Output("compare-wrong", "children"),
        Input("compare-upload", "contents"),
        State("compare-upload", "filename"),
        State("frame", "data"),
        prevent_initial_call=True,
    )
    def bring(contents: list[str] | None, names: list[str] | None, frame: dict[str, Any]) -> Any:
        if not contents:
            return no_update, no_update
        try:
            files = from_upload(received(names, contents), options=True)
            files.read_options()
        except UsageError as error:
            return no_update, parts.problems([str(error)], say_of(frame))
        except InvalidInput as error:
            return no_update, parts.problems(list(map(str, error.problems)), say_of(frame))
        fields = {"lang": frame["lang"], "theme": frame["theme"], OPTIONS: site.cases.add(files)}
        return f"/compare?{written(fields)}", None


def _within(text: str | None, weight: float, most: float) -> float:
    try:
        return min(max(float(text or weight), 0.0), most)
    except ValueError:
        return weight
