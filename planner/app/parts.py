"""Figures, tables and words as parts of a page: every figure with its finding, words for who does not see it, and its numbers.

Names and texts of a case are text to the browser wherever they stand: no component here takes markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from dash import dcc, html

from planner.app.beside import beside, reaching
from planner.app.state import DARK
from planner.cells import visible
from planner.figures.figure import CONFIG, Figure
from planner.figures.narrow import narrow
from planner.figures.style import GRID, INK
from planner.report.language import Language
from planner.report.problems import PROBLEMS
from planner.report.tables import Heading, Part, Table, shown

_BULLET = re.compile(r"\s*[-·] ")
_TYPED = re.compile(r"--[a-z]|`planner ")
_MARK = re.compile(r"\[\^\d+\]")
DARK_INK, DARK_GRID, DARK_PAPER = "#dfe5ec", "#39424e", "#161b22"
_COLOURED = ("line", "marker", "textfont")
_IN_THE_DARK = {INK: DARK_INK, GRID: DARK_GRID, "white": DARK_PAPER}
MOST_ROWS = 60
Component = Any


@dataclass(frozen=True)
class Look:
    """How a browser wants the page: its theme, its language, and whether it is narrow."""

    theme: str
    say: Language
    narrow: bool = False


def figure(drawn: Figure, job: str, look: Look, before: Figure | None = None) -> Component:
    """The figure with its finding above, its note below, and its numbers, which the page fetches from the job when they are
    opened: thousands of cells would hold it up. `before` is the one compared with.
    """
    say, wide = look.say, replace(drawn, traces=beside(drawn, before, look.say)) if before else drawn
    spec = narrow(wide) if look.narrow else wide.spec
    spec["layout"] = reaching(spec["layout"], before) if before else spec["layout"]
    numbers = f"/job/{job}/numbers/{drawn.name}?lang={say.tag}"
    graph = dcc.Graph(
        id={"type": "graph", "name": drawn.name},
        figure=themed(spec, look.theme),
        config=CONFIG,
        responsive=True,
        style={"height": f"{spec['layout']['height']}px"},
    )
    return html.Figure(
        [
            html.Figcaption(visible(drawn.title)),
            html.Div(graph, role="img", className="plot", **{"aria-label": visible(drawn.alt)}),
            html.P(visible(drawn.note), className="note") if drawn.note else None,
            html.Details([html.Summary(say("The numbers of this figure")), html.Div(**{"data-numbers": numbers})]),
        ],
        id=f"figure-{drawn.name}",
    )


def themed(spec: dict[str, Any], theme: str) -> dict[str, Any]:
    """Data and layout in the colours of the page."""
    if theme != DARK:
        return spec
    data = [
        {key: _dark(value) if key in _COLOURED else value for key, value in trace.items()} for trace in spec["data"]
    ]
    return {"data": data, "layout": _dark(spec["layout"])}


def _dark(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _dark(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_dark(value) for value in part]
    return _IN_THE_DARK.get(part, part) if isinstance(part, str) else part


def table(drawn: Table, say: Language, *, worded: bool = False) -> Component:
    """The table as papers draw it, in a box of its own that scrolls; a long one is cut, and says so."""
    right = ["n" if drawn.is_numeric(place, worded) else "" for place in range(len(drawn.columns))]
    heads = [column if worded else say.heading(column) for column in drawn.columns]
    rows = drawn.rows[:MOST_ROWS]
    body = [_row([visible(shown(cell)) for cell in row], right) for row in rows]
    cut = (
        say("{count} rows more are in the downloads.", count=len(drawn.rows) - len(rows))
        if len(rows) < len(drawn.rows)
        else ""
    )
    notes = [html.P(visible(note), className="note") for note in (*_for_a_page(drawn.note), cut) if note]
    whole = html.Table(
        [
            html.Caption(visible(drawn.title)) if drawn.title else None,
            html.Thead(html.Tr([html.Th(visible(head), className=n, scope="col") for head, n in zip(heads, right, strict=True)])),
            html.Tbody(body),
        ]
    )  # fmt: skip
    return html.Div([html.Div(whole, className="scroll", tabIndex=0), *notes])


def _row(cells: Sequence[str], right: Sequence[str]) -> Component:
    """A line of a table; one that has a name alone heads those below it."""
    if len(cells) > 1 and cells[0] and not any(cells[1:]):
        return html.Tr(html.Th(cells[0], colSpan=len(cells), scope="colgroup", className="group"))
    first = html.Th(cells[0], scope="row", className=right[0])
    return html.Tr([first, *(html.Td(cell, className=n) for cell, n in zip(cells[1:], right[1:], strict=True))])


def _for_a_page(note: str) -> list[str]:
    """A note less its lines about the command line, which nobody types here."""
    return [line for line in note.splitlines() if line.strip() and not _TYPED.search(line)]


def words(parts: Iterable[Part], say: Language, level: Any = html.H3) -> list[Component]:
    """Headings, paragraphs, lists and tables of words."""
    drawn: list[Component] = []
    kept = [part for part in parts if part]
    for listed, group in groupby(kept, key=lambda part: isinstance(part, str) and bool(_BULLET.match(part))):
        if listed:
            drawn.append(html.Ul([html.Li(_plain(_BULLET.sub("", str(part), count=1))) for part in group]))
            continue
        for part in group:
            if isinstance(part, Table):
                drawn.append(table(part, say, worded=True))
            elif isinstance(part, Heading):
                drawn.append(level(visible(part.words)))
            else:
                drawn.append(html.P(_plain(part)))
    return drawn


def problems(lines: Sequence[str], say: Language) -> Component:
    """What is wrong, a line each, as the command line tells it."""
    return html.Div(
        [
            html.Strong(say("This cannot be done:")),
            html.Ul([html.Li(visible(say.again(say(line), PROBLEMS))) for line in lines]),
        ],
        className="problems",
        role="alert",
    )


def field(name: str, label: str, control: Component, note: str = "") -> Component:
    """A labelled control of a form."""
    return html.Div(
        [html.Label(label, htmlFor=f"field-{name}", id=f"label-{name}"), control, html.Span(note, className="note") if note else None],
        className="field",
    )  # fmt: skip


def _plain(text: str) -> str:
    return visible(_MARK.sub("", text))
