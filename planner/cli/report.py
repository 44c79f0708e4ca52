"""`planner report`: a paper for people who decide."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.figures import FigureOption, LanguageOption, only_figures
from planner.cli.output import Format, FormatOption, OutputOption, chosen, put
from planner.cli.progress import working

EXAMPLE = """planner plan examples/hong_kong/case.yaml -o plans/first
planner report plans/first -o report.html
planner report plans/first -o report.pdf --lang zh-Hant-HK"""


def report(
    plan: Annotated[Path, typer.Argument(help="Folder of a plan saved with `planner plan CASE -o FOLDER`.")],
    figure: FigureOption = None,
    lang: LanguageOption = "en",
    format: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Make a paper of a saved plan, without solving it again: HTML that works offline, Markdown, a workbook or a PDF."""
    form = Format.MARKDOWN if output is None and format is None else chosen(format, output=output)
    whole = working(lambda say: _paper(plan, figure or [], lang, form), f"writing the report of {plan}")
    put(whole, output)


def _paper(folder: Path, names: list[str], lang: str, form: Format) -> str | bytes:
    from planner.papers.plan.plan_paper import plan_paper
    from planner.papers.writers import write
    from planner.plan.stored import load
    from planner.report.language import language

    record, say = load(folder).record, language(lang)
    return write(only_figures(record, names, say) if names else plan_paper(record, say), form)
