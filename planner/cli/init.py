"""`planner init`: a commented case to start from."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.output import put
from planner.errors import UsageError

EXAMPLE = "planner init case.yaml"
SCHEMA_NAME = "case.schema.json"


def init(
    path: Annotated[Path, typer.Argument(help="File to write; the editor's schema is written beside it.")] = Path(
        "case.yaml"
    ),
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")] = False,
) -> None:
    """Write a small commented case that plans as it stands, and the JSON Schema by which an editor checks it."""
    from planner.domain.case import Case
    from planner.intake.schema import json_schema

    path = path / "case.yaml" if path.is_dir() else path
    schema_path = path.with_name(SCHEMA_NAME)
    if not force and path.exists():
        raise UsageError(f"{path} exists. Give another name, or --force to overwrite it.")
    put(files("planner.cli").joinpath("case_template.yaml").read_text(encoding="utf-8"), path)
    put(json.dumps(json_schema(Case), indent=2, ensure_ascii=False) + "\n", schema_path)
    typer.echo(path)
