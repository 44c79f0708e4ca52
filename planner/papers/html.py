"""A paper as one HTML file: it asks the net for nothing, runs no script but its own, and prints on A4."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any

from planner.cells import visible
from planner.figures.figure import CONFIG, Figure
from planner.figures.narrow import narrow
from planner.papers.paper import Paper, PaperPart
from planner.report.language import IN_ENGLISH, Language
from planner.report.tables import Heading, Table, shown

if TYPE_CHECKING:
    from jinja2 import Environment

_BULLET = re.compile(r"\s*[-·] ")
_ONE_PIECE = re.compile(r"\d{4}-\d\d(-\d\d)?|-?[\d,.]+ (tn|bn|M|k|%|萬億|億|萬)")
_DAY = re.compile(r"(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])")
_MARK = re.compile(r"\[\^(\d+)\]")


def html(paper: Paper) -> str:
    """The whole file."""
    from markupsafe import Markup

    drawn = bool(paper.figures)
    packed, library = _plotly() if drawn else ("", "")
    script = _asset("page.js")
    return (
        _templates()
        .get_template("page.html.jinja")
        .render(
            paper=paper,
            say=paper.say,
            sections=[{"heading": s.heading, "parts": list(_parts(s.parts, paper))} for s in paper.sections],
            contents=[(number, s.heading) for number, s in enumerate(paper.sections, 1) if s.heading],
            style=Markup(_asset("page.css")),
            policy=Markup(_policy([library, script] if drawn else [])),
            packed=packed,
            specs=Markup(_specs(paper.figures)) if drawn else "",
            script=Markup(script),
        )
    )


def drawn_table(table: Table, say: Language = IN_ENGLISH) -> str:
    """A table of records alone, for a page of somebody else's."""
    module: Any = _templates().get_template("table.html.jinja").module
    return str(module.table(_table(table, False, say), False))


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FunctionLoader
    from markupsafe import Markup

    templates = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, loader=FunctionLoader(_asset))
    templates.filters["words"] = lambda text: Markup(_words(str(text)))
    templates.filters["visible"] = visible
    # A day, a financial year, an amount with its size: a cell that no line breaks.
    templates.tests["one_piece"] = lambda text: bool(_ONE_PIECE.fullmatch(str(text)))
    return templates


def _parts(parts: Sequence[PaperPart], paper: Paper) -> Iterator[tuple[str, Any]]:
    """Kind and content of each part, neighbouring items of a list together."""
    for listed, group in groupby(parts, key=lambda part: isinstance(part, str) and bool(_BULLET.match(part))):
        if listed:
            yield "list", [_BULLET.sub("", str(part), count=1) for part in group]
            continue
        for part in group:
            if isinstance(part, Figure):
                numbers = _table(part.table, False, paper.say)
                yield (
                    "figure",
                    {**{n: getattr(part, n) for n in ("name", "title", "alt", "note", "height")}, "numbers": numbers},
                )
            elif isinstance(part, Table):
                yield "table", _table(part, paper.worded, paper.say)
            elif isinstance(part, Heading):
                yield "heading", part.words
            elif part:
                yield "words", part


def _table(table: Table, worded: bool, say: Language) -> dict[str, Any]:
    """The table as its cells are read."""
    heads = [column if worded else say.heading(column) for column in table.columns]
    right = [table.is_numeric(place, worded) for place in range(len(heads))]
    rows = [[visible(shown(cell)) for cell in row] for row in table.rows]
    return {
        "title": visible(table.title),
        "heads": list(zip(heads, right, strict=True)),
        "rows": rows,
        "note": table.note,
    }


def _words(text: str) -> str:
    """Words as HTML: their line ends kept, days in one piece, references to sources as links."""
    lines = escape(visible(text)).replace("\n", "<br>")
    if not _DAY.fullmatch(lines):
        lines = _DAY.sub(r'<span class="d">\g<0></span>', lines)
    return _MARK.sub(r'<sup><a href="#source-\1" aria-label="source \1">\1</a></sup>', lines)


def _specs(figures: Sequence[Figure]) -> str:
    """Data of all figures as JSON that no HTML can end."""
    drawn = {figure.name: {**figure.spec, "narrow": narrow(figure)["layout"]} for figure in figures}
    whole = {"config": CONFIG, "figures": drawn}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")


def _policy(scripts: Sequence[str]) -> str:
    """Content security policy that lets these scripts run and nothing be fetched."""
    hashes = " ".join(f"'sha256-{_base64(hashlib.sha256(script.encode()).digest())}'" for script in scripts)
    allowed = f" script-src {hashes};" if scripts else ""
    return f"default-src 'none';{allowed} style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"


@cache
def _plotly() -> tuple[str, str]:
    """plotly.js as it comes with plotly, compressed for a page, and in full."""
    library = (files("plotly") / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    return _base64(gzip.compress(library.encode(), 9, mtime=0)), library


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


@cache
def _asset(name: str) -> str:
    return (files("planner.papers") / name).read_text(encoding="utf-8").strip()
