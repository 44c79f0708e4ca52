"""`planner plan`: what do we buy, rent, build and run, when and where, and what does it cost?"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.figures import FigureOption, LanguageOption, only_figures, open_page
from planner.cli.options import CaseArgument, SetOption, VariantOption, pairs
from planner.cli.output import PAGES, SUFFIXES, Format, FormatOption, JsonOption, Screen, chosen, emit, notes, put
from planner.cli.progress import Say, VerboseOption, working
from planner.domain.plan_files import PLAN_SCHEMA
from planner.errors import UsageError, meant_any
from planner.report.tables import Table

if TYPE_CHECKING:
    from planner.intake import Inputs
    from planner.plan.plan import Plan

EXAMPLE = """planner plan examples/hong_kong/case.yaml
planner plan case.yaml --table orders --table jobs
planner plan case.yaml --json > plan.json
planner plan case.yaml --set 'sites.*.power_mw=*1.2' -o plans/more_power
planner plan case.yaml --figure capacity
planner plan case.yaml -o plans/first"""
SHORT = {
    "orders": ("period", "site", "accelerator", "devices", "stands_from", "hkd"),
    "rentals": ("period", "site", "accelerator", "devices", "hkd"),
    "jobs": ("workload", "start", "finish", "days", "done_pflops_days", "cost_hkd", "hkd_per_pflops_day"),
}
SHORT_ROWS = 12
FOR_SCRIPTS = ("node", "citation", "price_says", "key", "family", "sense", "weight")


def plan(
    case: CaseArgument,
    table: Annotated[list[str] | None, typer.Option(help="Show this table of the plan; may be repeated.")] = None,
    objective: Annotated[
        str | None, typer.Option(help="min_cost, max_compute or min_time, in place of the case's.")
    ] = None,
    scenario: Annotated[str | None, typer.Option(help="Plan as if this scenario of policy were certain.")] = None,
    set: SetOption = None,
    variant: VariantOption = None,
    figure: FigureOption = None,
    lang: LanguageOption = "en",
    solver: Annotated[str, typer.Option(help="HiGHS, or another solver that PuLP finds here.")] = "HiGHS",
    lp: Annotated[Path | None, typer.Option(help="Write the program to this file too, .lp or .mps.")] = None,
    verbose: VerboseOption = False,
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Save the plan in this folder, or what is shown in this file.")
    ] = None,
) -> None:
    """Make the plan of a case and show it: a summary on one screen, then tables."""
    file = output if output is not None and output.suffix in SUFFIXES else None
    form = chosen(format, as_json=as_json, output=file)
    drawn = bool(figure) or (form in PAGES and not table)
    _check(figure or [], lang, form, drawn, file)
    sets = {**({"objective": objective} if objective else {}), **pairs(set or [])}
    inputs, made = working(lambda say: _made(case, sets, scenario, variant or [], solver, say), "reading the case")
    tables = _tables(made, table or [])
    if lp is not None:
        _write_program(made, lp)
    if output is not None and file is None:
        _save(made, inputs, output)
    if drawn:
        _draw(made, inputs, figure or [], lang, form, file)
        return
    if form is Format.TABLE:
        put(
            _page(made, tables, bool(table), file)
            + _end(case, inputs, file, changed=bool(sets or scenario or variant)),
            file,
        )
        return
    from planner.law.assumed import assumed

    emit(
        made.results,
        schema=PLAN_SCHEMA,
        table=tables,
        format=form,
        output=file,
        status=made.status,
        diagnostics=notes(assumed(made.case)),
        inputs_sha256=inputs.sha256,
        data_as_of=inputs.data_as_of,
    )


def _check(names: Sequence[str], lang: str, form: Format, drawn: bool, file: Path | None) -> None:
    """Raise UsageError, before anything is solved, for what cannot be drawn."""
    from planner.report.language import ENGLISH, language

    if language(lang).tag != ENGLISH and not drawn:
        raise UsageError("--lang is the language of a report; add -o FILE.html or --figure NAME.")
    if drawn:
        from planner.figures import check as check_figures
        from planner.papers.writers import check as check_form

        check_figures(names)
        check_form(Format.HTML if file is None and form is Format.TABLE else form)


def _draw(made: Plan, inputs: Inputs, names: Sequence[str], lang: str, form: Format, file: Path | None) -> None:
    """The report of the plan, or the figures asked for, in a file or in the browser."""
    from planner.papers.plan.plan_paper import plan_paper
    from planner.papers.writers import write
    from planner.report.language import language

    say, record = language(lang), replace(made.record, inputs_sha256=inputs.sha256, data_as_of=inputs.data_as_of)
    paper = only_figures(record, names, say) if names else plan_paper(replace(record, usual=made.usual), say)
    if file is None and form is Format.TABLE:
        open_page(str(write(paper, Format.HTML)))
    else:
        put(write(paper, form), file)


def _made(
    case: Path, sets: Mapping[str, Any], scenario: str | None, variants: Sequence[str], solver: str, say: Say
) -> tuple[Inputs, Plan]:
    from planner.intake import read_inputs
    from planner.plan.plan import make_plan
    from planner.study.whatif.variant import changed, joined

    inputs = read_inputs(case)
    kept, future = joined(inputs.case, variants, scenario)
    assumed = changed(inputs.case, {**kept, **sets}, future)
    say(f"planning {assumed.title}")
    return inputs, make_plan(assumed, solver=solver, tell=say)


def _tables(made: Plan, asked: Sequence[str]) -> list[Table]:
    """The tables asked for; without any the short ones that say something."""
    from planner.plan.rows import columns

    rows = made.rows.by_name
    for name in asked:
        if name not in rows:
            there = f"There are {', '.join(rows)}."
            raise UsageError(f"a plan has no table '{name}'. {meant_any(name, rows, there)}")
    names = asked or [name for name in SHORT if 0 < len(rows[name]) <= SHORT_ROWS]
    return [Table.of(rows[name], columns()[name], title=name) for name in names]


def _page(made: Plan, tables: Sequence[Table], asked: bool, file: Path | None) -> str:
    """The summary, the tables less what only scripts read, and where to look next."""
    from planner.report.screen import screen
    from planner.report.summary import summarise

    terminal = Screen.of(file)
    page = terminal.page(screen(summarise(made)))
    if tables:
        page += "\n" + terminal.tables([_for_people(t, asked) for t in tables])
    others = [name for name, rows in made.rows.by_name.items() if rows and name not in [t.title for t in tables]]
    more = f"More: --table {', '.join(others)}; `planner explain` says why."
    return f"{page}\n{terminal.page([more])}"


def _end(case: Path, inputs: Inputs, file: Path | None, *, changed: bool) -> str:
    """The estimates that decide the case, as they are kept beside it; of the case as it stands alone."""
    from planner.report.deciding import end_of_summary, kept

    if changed or not case.is_file():
        return ""
    return "\n" + Screen.of(file).page(end_of_summary(kept(case, inputs.sha256), case))


def _for_people(table: Table, asked: bool) -> Table:
    """What was asked for less what only scripts read; else the few columns that fit a screen. A node tells people something
    where no period stands beside it: the branch.
    """
    hidden = set(FOR_SCRIPTS) - ({"node"} if "period" not in table.columns else set())
    few = [column for column in table.columns if column not in hidden] if asked else SHORT[table.title]
    kept = [list(table.columns).index(column) for column in few]
    return Table(table.title, few, [[row[place] for place in kept] for row in table.rows])


def _write_program(made: Plan, path: Path) -> None:
    """The program with its readable names; the file appears only once it is whole."""
    from planner.plan.program_file import write_program

    write_program(made.model, path)
    print(f"Wrote {path}.", file=sys.stderr)


def _save(made: Plan, inputs: Inputs, folder: Path) -> None:
    from planner.plan.store import Origin, save

    command = shlex.join(["planner", *sys.argv[1:]])
    save(made, folder, Origin(inputs.sha256, inputs.data_as_of, command, inputs.files))
    print(f"Saved the plan in {folder}; `planner verify {folder}` checks it again.", file=sys.stderr)
