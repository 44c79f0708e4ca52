"""Reads a file that people have into entries of a case: which kind it is, and what the user says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from planner.errors import InvalidInput, Problem
from planner.intake.imports.device_names import DeviceNames
from planner.intake.imports.imported import Imported, Origin, header_of
from planner.intake.imports.inventory import Standing, is_listing, read_inventory
from planner.intake.imports.price_list import COLUMNS, read_prices
from planner.intake.imports.workload_sheet import MARK, named_columns, read_sheet, read_workloads_sheet
from planner.intake.source import Source, read_source

Kind = Literal["prices", "inventory", "workloads"]
WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class Said:
    """What the user says beside the file."""

    as_of: date
    kind: Kind | None = None
    site: str | None = None
    regions: Mapping[str, str] = field(default_factory=dict)
    devices: Mapping[str, str] = field(default_factory=dict)
    installed: date | None = None
    nodes: int = 1
    fill: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None


def read_import(path: Path, said: Said) -> tuple[Imported, Origin]:
    """The entries of a file. Raises InvalidInput with every problem, each at its line."""
    workbook = path.suffix.lower() in WORKBOOKS
    source = read_sheet(path, said.sheet) if workbook and path.is_file() else read_source(path)
    origin, names = Origin(path.name if str(path) != "-" else "standard input", said.as_of), DeviceNames(said.devices)
    kind = said.kind or _kind(source)
    if kind == "prices":
        return read_prices(source, origin, said.regions, said.site, names), origin
    if kind == "inventory":
        return read_inventory(source, origin, Standing(said.site, said.installed, said.nodes), names), origin
    return read_workloads_sheet(source, origin, said.fill), origin


def _kind(source: Source) -> Kind:
    """What a file is, by its columns."""
    if is_listing(source.text):
        return "inventory"
    columns = header_of(source)
    if set(COLUMNS) <= set(columns):
        return "prices"
    if MARK in named_columns(source):
        return "workloads"
    lowered = {column.lower() for column in columns}
    if lowered & {"accelerator", "device", "gpu", "model"} and lowered & {
        "devices",
        "count",
        "quantity",
        "number",
        "qty",
        "gpus",
    }:
        return "inventory"
    what = "its columns tell no price list, inventory or table of workloads"
    fix = f"Say what it is: --kind prices ({', '.join(COLUMNS)}), inventory (accelerator, devices) or workloads ({MARK}, …)."
    raise InvalidInput(Problem(what, fix, source.name, 1))
