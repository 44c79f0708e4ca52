"""Figures on the command line: their options, and how one is shown in a browser."""

from __future__ import annotations

import sys
import tempfile
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from planner.papers.paper import Paper
    from planner.plan.record import PlanRecord
    from planner.report.language import Language

FigureOption = Annotated[
    list[str] | None,
    typer.Option(help="Draw this figure, such as capacity or fleet; may be repeated.", show_default=False),
]
LanguageOption = Annotated[
    str, typer.Option("--lang", help="Language of headings and standard sentences: en or zh-Hant-HK.")
]


def only_figures(record: PlanRecord, names: Sequence[str], say: Language) -> Paper:
    """A page of these figures alone."""
    from planner.figures import figure
    from planner.papers.paper import Paper, Section

    return Paper(record.case.title, [Section("", [figure(record, name, say) for name in names])], say=say)


def open_page(page: str) -> None:
    """Show a page in the browser; where there is none, say where the page lies."""
    with tempfile.NamedTemporaryFile("w", suffix=".html", prefix="planner-", delete=False, encoding="utf-8") as file:
        file.write(page)
    shown = webbrowser.open(Path(file.name).as_uri())
    print(f"{'Shown' if shown else 'No browser opened'}: {file.name}", file=sys.stderr)
