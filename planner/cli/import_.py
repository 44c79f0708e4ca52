"""`planner import`: my price list, inventory or spreadsheet as entries of a case."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from planner.cli.options import day_of
from planner.cli.output import JsonOption, OutputOption, emit, notes, put

EXAMPLE = """\
planner import vms.csv --region us-east-1=us_virginia --device H100=nvidia_h100_sxm --as-of 2026-11-20 -o offers.yaml
nvidia-smi -L | planner import - --site hk_universities --installed 2025-06-30 --nodes 16
planner import demand.xlsx --fill tenant=city --fill data_class=public"""
PairsOption = list[str] | None


def import_(
    file: Annotated[
        Path,
        typer.Argument(help="CSV, XLSX or what nvidia-smi or npu-smi prints; - is standard input.", allow_dash=True),
    ],
    kind: Annotated[
        Literal["prices", "inventory", "workloads"] | None,
        typer.Option(help="What it is.", show_default="by its columns"),
    ] = None,
    site: Annotated[
        str | None, typer.Option(help="Site at which all of it stands or is let.", show_default=False)
    ] = None,
    region: Annotated[
        PairsOption,
        typer.Option(metavar="REGION=SITE", help="Prices: site of a region; repeat for more.", show_default=False),
    ] = None,
    device: Annotated[
        PairsOption,
        typer.Option(
            metavar="NAME=ID", help="Device that a name of the file means; repeat for more.", show_default=False
        ),
    ] = None,
    installed: Annotated[
        str | None, typer.Option(help="Inventory: day of installation, ISO date.", show_default=False)
    ] = None,
    nodes: Annotated[int, typer.Option(min=1, help="Inventory: nodes like the one listed.")] = 1,
    fill: Annotated[
        PairsOption,
        typer.Option(
            metavar="FIELD=VALUE", help="Workloads: what all rows share; repeat for more.", show_default=False
        ),
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook.", show_default="the first")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Day up to which the file is known, ISO date.", show_default="today")
    ] = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Turn a price list, an inventory or a spreadsheet of workloads into entries of a case, each with its source and date.

    Names of devices are looked up in the catalogue; one that is unknown or may be several is told with the nearest, and
    nothing is written until each is settled.
    """
    from datetime import date

    from planner.intake.imports.read import Said, read_import

    said = Said(
        as_of=day_of(as_of, "--as-of") or date.today(),
        kind=kind,
        site=site,
        regions=pairs(region, "--region"),
        devices=pairs(device, "--device"),
        installed=day_of(installed, "--installed"),
        nodes=nodes,
        fill=pairs(fill, "--fill"),
        sheet=sheet,
    )
    imported, origin = read_import(file, said)
    remarks = [*imported.notes, *([] if as_of else [f"Taken as of today, {origin.as_of}; --as-of says otherwise."])]
    for note in remarks:
        print(f"Note: {note}", file=sys.stderr)
    if as_json:
        emit(imported.entries, schema="planner.import/1", as_json=True, output=output, diagnostics=notes(remarks))
    else:
        put(imported.as_yaml(origin), output)


def pairs(texts: Sequence[str] | None, option: str) -> dict[str, str]:
    """`NAME=VALUE`, by name. Raises UsageError for anything else, and for a name given twice."""
    from planner.errors import UsageError

    values: dict[str, str] = {}
    for text in texts or ():
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise UsageError(f"{option} {text} sets nothing; write {option} NAME=VALUE.")
        if name.strip() in values:
            raise UsageError(f"{option} gives {name.strip()} twice.")
        values[name.strip()] = value.strip()
    return values
