"""`planner compare`: which of these cluster options should be funded?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.figures import LanguageOption
from planner.cli.output import PAGES, Format, FormatOption, JsonOption, OutputOption, chosen, put, show
from planner.cli.progress import VerboseOption, working
from planner.report.tables import Table

if TYPE_CHECKING:
    from planner.report.language import Language
    from planner.study.compare.compare import Compared

EXAMPLE = """planner compare examples/midscale_grant/options.yaml
planner compare options.yaml --grant-hkd 900000000 -o comparison.json
planner compare options.yaml -o paper.html"""


def compare(
    options: Annotated[Path, typer.Argument(help="File of options in YAML; it names the case that they are for.")],
    grant_hkd: Annotated[
        float | None, typer.Option(min=1, help="Money to be granted, HKD.", show_default="as the file says")
    ] = None,
    lang: LanguageOption = "en",
    verbose: VerboseOption = False,
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Compare bids for a cluster, each planned with its fleet fixed, beside business as usual and the do-minimum.

    Claims are worked out again, options ranked by cost-effectiveness and by weighted criteria, and what would turn the answer is told.
    """
    form = chosen(format, as_json=as_json, output=output)
    from planner.report.language import language

    say = language(lang)
    from planner.report.compare import page, results_of
    from planner.study.compare.compare import compare as compared

    answer = working(lambda tell: compared(options, grant_hkd=grant_hkd, tell=tell), "reading the options")
    if form in PAGES:
        put(_paper(answer, say, form), output)
        return
    show(
        page(answer, say),
        results_of(answer),
        form=form,
        output=output,
        say=say,
        schema="planner.compare/1",
        table=_table(answer, say, form),
        inputs_sha256=answer.sha256,
        data_as_of=answer.data_as_of,
    )


def _table(answer: Compared, say: Language, form: Format) -> Table:
    """CSV is for programs, and has its own names in every language."""
    from planner.report.compare import records_of

    if form is not Format.MARKDOWN:
        return Table.of(records_of(answer))
    from planner.papers.comparison_sheets import sheet

    return sheet("", records_of(answer, say), say)


def _paper(answer: Compared, say: Language, form: Format) -> str | bytes:
    from planner.papers.comparison_paper import comparison_paper
    from planner.papers.writers import write

    return write(comparison_paper(answer, say), form)
