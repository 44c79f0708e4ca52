"""`planner report`: a paper for people who decide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.figures import FigureOption, LanguageOption, only_figures
from planner.cli.output import Format, FormatOption, OutputOption, chosen, put
from planner.cli.progress import working
from planner.errors import UsageError

if TYPE_CHECKING:
    from planner.papers.paper import Paper

EXAMPLE = """planner plan examples/hong_kong/case.yaml -o plans/first
planner report plans/first -o report.html
planner report plans/first -o report.pdf --lang zh-Hant-HK
planner report comparison.json -o comparison.xlsx"""


def report(
    plan: Annotated[
        Path,
        typer.Argument(
            metavar="PLAN|COMPARISON",
            help="Folder of a plan saved with `planner plan CASE -o FOLDER`, or a comparison saved with `planner compare OPTIONS -o FILE.json`.",
        ),
    ],
    figure: FigureOption = None,
    lang: LanguageOption = "en",
    format: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Make a paper of a saved plan or comparison, without solving it again: HTML that works offline, Markdown, a workbook or a PDF."""
    from planner.papers.writers import check

    form = Format.MARKDOWN if output is None and format is None else chosen(format, output=output)
    check(form)
    whole = working(lambda say: _paper(plan, figure or [], lang, form), f"writing the report of {plan}")
    put(whole, output)


def _paper(folder: Path, names: list[str], lang: str, form: Format) -> str | bytes:
    from planner.papers.writers import write
    from planner.report.language import language

    if folder.is_file():
        return write(_comparison_paper(folder, names, lang), form)
    from planner.papers.plan.plan_paper import plan_paper
    from planner.plan.stored import load

    record, say = load(folder).record, language(lang)
    return write(only_figures(record, names, say) if names else plan_paper(record, say), form)


def _comparison_paper(file: Path, names: list[str], lang: str) -> Paper:
    from planner.papers.comparison_paper import comparison_paper
    from planner.report.language import language
    from planner.study.compare.stored import load_comparison

    if names:
        raise UsageError("--figure draws figures of a plan; the paper of a comparison has all of its own.")
    return comparison_paper(load_comparison(file), language(lang))
