"""Writes a paper in the format asked for."""

from __future__ import annotations

from collections.abc import Callable

from planner.errors import UsageError
from planner.papers.browser import pdf
from planner.papers.html import html
from planner.papers.markdown import markdown
from planner.papers.paper import Paper
from planner.papers.workbook import workbook


def write(paper: Paper, form: str) -> str | bytes:
    """The whole file. Raises UsageError for a format that a paper does not have, or a PDF without a browser."""
    writers: dict[str, Callable[[Paper], str | bytes]] = {
        "html": html,
        "markdown": markdown,
        "xlsx": workbook,
        "pdf": lambda known: pdf(html(known)),
    }
    if form not in writers:
        raise UsageError(f"a report is {', '.join(writers)}, not {form}.")
    return writers[form](paper)
