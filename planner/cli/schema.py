"""`planner schema`: the JSON Schema of a case, for editors."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.cli.output import OutputOption, put

EXAMPLE = "planner schema -o case.schema.json"


def schema(
    options: Annotated[bool, typer.Option("--options", help="Of a file of options, in place of a case.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Allowed as everywhere; a schema is JSON anyway.")] = False,
    output: OutputOption = None,
) -> None:
    """Show the JSON Schema of a case (draft 2020-12), with meanings and units.

    An editor with a YAML language server checks and completes a case that begins with
    `# yaml-language-server: $schema=case.schema.json`.
    """
    import json

    from planner.domain.bid import Comparison
    from planner.domain.case import Case
    from planner.intake.schema import json_schema

    put(json.dumps(json_schema(Comparison if options else Case), indent=2, ensure_ascii=False) + "\n", output)
