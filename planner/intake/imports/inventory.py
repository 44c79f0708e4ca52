"""What stands already, as the standing fleet of a site: a table of devices, or what `nvidia-smi` and `npu-smi` print.

    accelerator,devices[,installed][,lifetime_years][,site]           a CSV file; headings such as gpu, model, count and quantity are known too
    GPU 0: NVIDIA H100 80GB HBM3 (UUID: …)                            nvidia-smi -L
    name, memory.total [MiB]                                          nvidia-smi --query-gpu=name,memory.total --format=csv
    |   0  NVIDIA A100-SXM4-80GB          On  | …                     nvidia-smi
    | 0     910B3               | OK            | …                   npu-smi info

Listings tell one node and no dates: --installed says when it was installed, --nodes how many nodes there are like it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field

from planner.domain.base import Noun
from planner.domain.site import StandingFleet
from planner.errors import Problem, did_you_mean
from planner.intake.catalogue import sites
from planner.intake.csv_table import parse_table, row_lines
from planner.intake.imports.device_names import DeviceNames
from planner.intake.imports.imported import Imported, Origin, header_of, settled, table_of, taken_notes
from planner.intake.source import Source

HEADINGS: Mapping[str, str] = {
    "device": "accelerator", "gpu": "accelerator", "model": "accelerator", "accelerator_name": "accelerator", "name": "accelerator",
    "count": "devices", "quantity": "devices", "number": "devices", "qty": "devices", "gpus": "devices",
    "install_date": "installed", "installation_date": "installed", "in_service": "installed", "location": "site",
}  # fmt: skip
REPLACES = "In a case, a fleet takes the place of what the catalogue knows to stand at the site."
_LISTED = re.compile(r"^GPU \d+: (?P<name>.+?) \(UUID: .*\)$")
_FRAMED = re.compile(r"^\|\s+\d+\s+(?P<name>NVIDIA .+?|Tesla .+?|GeForce .+?|Quadro .+?)\s+(On|Off|N/A)\s*\|")
_NPU = re.compile(r"^\|\s*\d+\s+(?P<name>(?:Ascend\s*)?9\d\d[A-Z0-9]*|310P\d*)\s*\|\s*\w+")
LISTINGS = (_LISTED, _FRAMED, _NPU)


class InventoryRow(Noun):
    """Devices of a kind that stand."""

    accelerator: str
    devices: float = Field(gt=0, le=5_000_000)
    installed: date | None = None
    lifetime_years: float | None = Field(None, gt=0, le=20)
    site: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Standing:
    """What the user says of an inventory that it does not say itself."""

    site: str | None = None
    installed: date | None = None
    nodes: int = 1


def is_listing(text: str) -> bool:
    """Whether a text is what a driver's tool prints."""
    lines = text.splitlines()
    return any(pattern.match(line) for line in lines for pattern in LISTINGS) or bool(lines and _is_query(lines[0]))


def _is_query(line: str) -> bool:
    columns = [cell.strip().lower() for cell in line.split(",")]
    return "name" in columns and any("." in column or column in ("index", "uuid") for column in columns)


def read_inventory(source: Source, origin: Origin, standing: Standing, names: DeviceNames) -> Imported:
    """The standing fleets of an inventory by site. Raises InvalidInput with every problem."""
    rows = _of_listing(source, standing.nodes) if is_listing(source.text) else _of_table(source)
    problems: list[Problem] = []
    fleets: dict[str, list[dict[str, Any]]] = {}
    for row, line in rows:
        device = names.of(row.accelerator)
        if device is None:
            problems.append(Problem(*names.problems[row.accelerator], source.name, line))
        site, installed = row.site or standing.site, row.installed or standing.installed
        problems += _missing(source, line, site, installed)
        if device and site and installed:
            fleets.setdefault(site, []).append(_fleet(row, device, installed, origin, line))
    if not rows:
        problems.append(
            Problem(
                "it lists no device",
                "Give a CSV of accelerator,devices, or what nvidia-smi -L or npu-smi info prints.",
                source.name,
            )
        )
    settled(problems)
    entries = {site: {"fleet": fleet} for site, fleet in fleets.items()}
    return Imported("Standing fleets", {"sites": entries}, [*taken_notes(names.taken), REPLACES])


def _of_listing(source: Source, nodes: int) -> list[tuple[InventoryRow, int]]:
    """Devices by name in a listing, each name once, at the line where it first stands."""
    lines = source.text.splitlines()
    named: dict[str, tuple[int, int]] = {}
    column = [cell.strip().lower() for cell in lines[0].split(",")].index("name") if _is_query(lines[0]) else None
    for number, line in enumerate(lines, 1):
        name = None
        if column is not None:
            cells = line.split(",")
            name = cells[column].strip() if number > 1 and len(cells) > column else None
        else:
            name = next((match["name"] for pattern in LISTINGS if (match := pattern.match(line))), None)
        if name:
            count, first = named.get(name, (0, number))
            named[name] = count + 1, first
    return [(InventoryRow(accelerator=name, devices=count * nodes), first) for name, (count, first) in named.items()]


def _of_table(source: Source) -> list[tuple[InventoryRow, int]]:
    names = [name.lower().replace(" ", "_") for name in header_of(source)]
    table = table_of(source, [HEADINGS.get(name, name) for name in names])
    return list(zip(parse_table(table, InventoryRow), row_lines(table), strict=True))


def _missing(source: Source, line: int, site: str | None, installed: date | None) -> list[Problem]:
    known, problems = sites(), []
    if site is None:
        problems.append(
            Problem("nothing says at which site it stands", "Add a column `site`, or --site ID.", source.name, line)
        )
    elif site not in known:
        fix = did_you_mean(site, known, "See `planner catalog sites`.")
        problems.append(Problem(f"the catalogue has no site '{site}'", fix, source.name, line))
    if installed is None:
        what = "nothing says when it was installed"
        problems.append(Problem(what, "Add a column `installed`, or --installed 2025-06-30.", source.name, line))
    return problems


def _fleet(row: InventoryRow, device: str, installed: date, origin: Origin, line: int) -> dict[str, Any]:
    entry = {
        "accelerator": device,
        "devices": int(row.devices) if row.devices.is_integer() else row.devices,
        "installed": installed.isoformat(),
        **({"lifetime_years": row.lifetime_years} if row.lifetime_years else {}),
        "source": f"{origin.at(line)}, as of {origin.as_of}" + (f": {row.note}" if row.note else ""),
        "confidence": "sourced",
    }
    StandingFleet.model_validate(entry)
    return entry
