"""A price list of clouds, as SkyPilot's catalogue writes it, as rental offers of a case.

    InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Price,SpotPrice,Region,AvailabilityZone

Price is USD per instance and hour; an instance's price over its accelerators is that of a device. Of each device and site one offer is made, over
the instances and regions that stand for the site: low the least price, mid the middle, high the most. Spot prices are left out: they are no supply
to plan on. Rows without an accelerator or a price are passed over, and counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from pydantic import Field

from planner.domain.base import Noun
from planner.domain.offer import Offer
from planner.errors import Problem, did_you_mean
from planner.intake.catalogue import sites
from planner.intake.csv_table import parse_table, row_lines
from planner.intake.imports.device_names import DeviceNames
from planner.intake.imports.imported import Imported, Origin, header_of, settled, slug, table_of, taken_notes
from planner.intake.source import Source

COLUMNS = {"AcceleratorName": "accelerator", "AcceleratorCount": "devices", "Price": "price_usd", "Region": "region"}
"""What tells a price list from other tables; its other columns play no part."""
DECIMALS = 4


class PriceRow(Noun):
    """An instance type in a region."""

    accelerator: str | None = None
    devices: float | None = Field(None, ge=0)
    price_usd: float | None = Field(None, ge=0, le=10_000)
    region: str


@dataclass(frozen=True)
class _Price:
    line: int
    usd_per_device_hour: float


def read_prices(
    source: Source, origin: Origin, regions: Mapping[str, str], site: str | None, names: DeviceNames
) -> Imported:
    """The offers of a price list. `regions`: by region its site; `site`: of all regions that are not named there.

    Raises InvalidInput with every problem: regions without a site, devices that are unknown or several.
    """
    table = table_of(source, [COLUMNS.get(name) for name in header_of(source)])
    rows = list(zip(parse_table(table, PriceRow), row_lines(table), strict=True))
    problems = _unknown_sites(regions, site)
    prices: dict[tuple[str, str], list[_Price]] = {}
    nowhere: dict[str, int] = {}
    passed = 0
    for row, line in rows:
        if not row.accelerator or not row.devices or not row.price_usd:
            passed += 1
            continue
        place, device = regions.get(row.region, site), names.of(row.accelerator)
        if place is None:
            nowhere.setdefault(row.region, line)
        if device is None:
            problems.append(Problem(*names.problems[row.accelerator], source.name, line))
        if place is not None and device is not None:
            prices.setdefault((device, place), []).append(_Price(line, row.price_usd / row.devices))
    problems += _once(nowhere, source)
    settled(problems)
    offers = {
        slug(place, device, "rental"): _offer(device, place, some, origin) for (device, place), some in prices.items()
    }
    for key, entry in offers.items():
        Offer(id=key, **entry)
    notes = [*taken_notes(names.taken), *_passed(passed)]
    return Imported("Rental offers", {"offers": offers}, notes)


def _unknown_sites(regions: Mapping[str, str], site: str | None) -> list[Problem]:
    known = sites()
    named = dict.fromkeys((*regions.values(), *([site] if site else [])))
    fix = "Add it under sites of the case, starting from one of the catalogue."
    return [
        Problem(f"the catalogue has no site '{name}'", did_you_mean(name, known, fix))
        for name in named
        if name not in known
    ]


def _once(nowhere: Mapping[str, int], source: Source) -> list[Problem]:
    """A region without a site is told once."""
    return [
        Problem(
            f"region '{region}' has no site",
            f"Say which: --region {region}=SITE, or --site SITE for all.",
            source.name,
            line,
        )
        for region, line in nowhere.items()
    ]


def _passed(rows: int) -> list[str]:
    return [f"Rows that have no accelerator or no price, and are passed over: {rows:,}."] if rows else []


def _offer(device: str, site: str, prices: list[_Price], origin: Origin) -> dict[str, Any]:
    amounts = sorted(price.usd_per_device_hour for price in prices)
    lines = sorted(price.line for price in prices)
    low, mid, high = (round(each, DECIMALS) for each in (amounts[0], median(amounts), amounts[-1]))
    where = f"line {lines[0]}" if len(lines) == 1 else f"{len(lines)} rows from line {lines[0]}"
    return {
        "name": f"{device} rented, list price",
        "kind": "rental",
        "accelerator": device,
        "channel": "cloud",
        "sites": [site],
        "rent_usd_per_device_hour": mid if low == high else {"low": low, "mid": mid, "high": high},
        "confidence": "sourced",
        "source": f"{origin.file}, {where}",
        "as_of": origin.as_of.isoformat(),
    }
