"""`planner fields`: every input field with its unit, bounds, default and meaning."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from planner.cli.output import FormatOption, JsonOption, OutputOption, emit
from planner.report.tables import Table

EXAMPLE = "planner fields power\nplanner fields 'sites.*_mw'"


def fields(
    pattern: Annotated[
        str, typer.Argument(help="Part of a path, or a pattern with * and ?; without it all fields.")
    ] = "",
    options: Annotated[bool, typer.Option("--options", help="Of a file of options, in place of a case.")] = False,
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Show every field that a case may give: path, type, unit, bounds, default, meaning."""
    from planner.domain.bid import Comparison
    from planner.domain.case import Case
    from planner.intake.fields import fields as fields_of
    from planner.intake.fields import matching

    records = [asdict(field) for field in matching(fields_of(Comparison if options else Case), pattern)]
    emit(records, schema="planner.fields/1", table=Table.of(records), format=format, as_json=as_json, output=output)
