"""`planner formulation`: the mathematics, as the code states it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

from planner.cli.output import Format, FormatOption, JsonOption, OutputOption, chosen, emit, put
from planner.report.tables import Table

EXAMPLE = "planner formulation"


def formulation(format: FormatOption = None, as_json: JsonOption = False, output: OutputOption = None) -> None:
    """Show what a plan must respect and what it pays for, in the words and algebra of the modules that build it."""
    records = [{"part": part, "name": name, "text": text} for part, name, text in chapters()]
    form = chosen(format, as_json=as_json, output=output)
    if form in (Format.TABLE, Format.MARKDOWN):
        put(_pages(records, markdown=form is Format.MARKDOWN), output)
        return
    emit(records, schema="planner.formulation/1", table=Table.of(records), format=form, output=output)


def chapters() -> Iterator[tuple[str, str, str]]:
    """Part, name and text of every constraint family and cost, in the order in which the model takes them; then of how a
    large tree is solved.
    """
    from planner.model.constraints import FAMILIES, LEDGER_FAMILIES
    from planner.model.costs import COSTS, FUNDING

    families = [family.rows.__module__ for family in FAMILIES]
    families += [f"planner.model.constraints.{name}" for name in LEDGER_FAMILIES]
    costs = [term.__module__ for term in (*COSTS.values(), *FUNDING.values())]
    solved = ["planner.solve.by_branch"]
    parts = (
        ("what a plan must respect", families),
        ("what a plan pays for", costs),
        ("how a large tree is solved", solved),
    )
    for part, modules in parts:
        for module in dict.fromkeys(modules):
            yield part, module.rpartition(".")[2], (importlib.import_module(module).__doc__ or "").strip()


def _pages(records: list[dict[str, str]], *, markdown: bool) -> str:
    lines: list[str] = []
    part = ""
    for chapter in records:
        if chapter["part"] != part:
            part = chapter["part"]
            lines += [f"# {part.capitalize()}" if markdown else part.upper(), ""]
        lines += [f"## {chapter['name']}" if markdown else chapter["name"], "", chapter["text"], ""]
    return "\n".join(lines)
