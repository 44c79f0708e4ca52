"""Writes a paper in the format asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from planner.errors import UsageError
from planner.papers import browser
from planner.papers.html import html
from planner.papers.markdown import markdown
from planner.papers.paper import Paper
from planner.papers.workbook import workbook

WRITERS: Mapping[str, Callable[[Paper], str | bytes]] = {
    "html": html,
    "markdown": markdown,
    "xlsx": workbook,
    "pdf": lambda paper: browser.pdf(html(paper)),
}


def check(form: str) -> None:
    """Raise UsageError, before anything is worked out, for a format that no paper has, or a PDF without a browser."""
    if form not in WRITERS:
        raise UsageError(f"a report is {', '.join(WRITERS)}, not {form}.")
    if form == "pdf" and browser.find() is None:
        raise UsageError(browser.MISSING)


def write(paper: Paper, form: str) -> str | bytes:
    """The whole file. Raises UsageError where that cannot be."""
    check(form)
    return WRITERS[form](paper)
