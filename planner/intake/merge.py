"""Lays a case over the catalogue: what the case names it takes, what it gives itself wins.

An entry of the case under `sites`, `offers`, `funds`, `stacks`, `vendor_supply` or `accelerators` that the catalogue knows starts from
the catalogue's record; keys given override it, mappings key by key, lists and scalars as a whole. All stacks and
devices of the catalogue are known to every case; sites, offers and funds only when the case names them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from planner.domain.horizon import Period, Step, add_months
from planner.domain.product_life import with_life
from planner.errors import Problem
from planner.intake import catalogue
from planner.intake.document import Document, Path
from planner.intake.source import data_path
from planner.intake.strict_yaml import load

FILES: Mapping[str, str] = {
    "sites": "sites.yaml",
    "offers": "offers.yaml",
    "funds": "funds.yaml",
    "vendor_supply": "supply.yaml",
    "stacks": "stacks.yaml",
    "accelerators": "accelerators.yaml",
    "economics": "prices.yaml",
}
COMPILED_IN = ("governance", "rulebook", "performance", "models")
_FIRST, _LAST = ("start", "available_from"), ("end", "available_to")
_FOLLOWS_FROM_RATES = ("tpp", "tpp_basis", "performance_density")


@dataclass(frozen=True)
class Merged:
    """The case over the catalogue, and where each part of it stands. A `path` is one into the merged data."""

    case: Document
    whole: Document
    """The same file with the merged data in place of its own; what the file lacks is marked at the nearest thing it has."""
    rows: Mapping[str, tuple[str, int]]
    """File and line of each workload that a table gave."""

    @property
    def data(self) -> Any:
        return self.whole.unchecked

    def each(self, *pattern: str | int) -> Iterator[tuple[Path, Any]]:
        """Path and value of everything that fits the pattern, as `Document.each`."""
        return self.whole.each(*pattern)

    def given(self, path: Path) -> bool:
        """Whether the case file itself says what stands at the path."""
        return _holds(self.case.unchecked, path)

    def problem(self, path: Path, what: str, fix: str, *, at_key: bool = False) -> Problem:
        """A problem at the place, in the file where the text stands: the case, its table, or the catalogue."""
        if self.given(path):
            return self.case.problem(path, what, fix, at_key=at_key)
        if len(path) > 1 and path[0] == "workloads" and path[1] in self.rows:
            return Problem(what, fix, *self.rows[str(path[1])])
        source = _catalogue_document(FILES[str(path[0])]) if path and path[0] in FILES else None
        if source is not None and _holds(source.unchecked, path):
            return source.problem(path, what, fix, at_key=at_key)
        return self.case.problem(path, what, fix, at_key=at_key)

    def conflict(self, path: Path, what: str, fix: str) -> Problem:
        """A problem between what the case took and what it says elsewhere: shown in the case, at the entry it took."""
        if self.given(path):
            return self.case.problem(path, what, fix)
        return self.case.problem(path[:2], what, fix, at_key=True)


def merge(case: Document, table: Mapping[str, dict[str, Any]], rows: Mapping[str, tuple[str, int]]) -> Merged:
    """The case over the catalogue. `table` holds workloads of the case's CSV file by id, `rows` where they stand."""
    given = case.unchecked if isinstance(case.unchecked, dict) else {}
    data = {key: value for key, value in given.items() if key != "workloads_csv"}
    step = _step(data)
    for section in ("sites", "offers", "funds"):
        if isinstance(data.get(section), dict):
            records = _entries(section)
            taken = {key: _in_step(records[key], step) if key in records else None for key in data[section]}
            data[section] = {key: _laid_over(taken[key], value) for key, value in data[section].items()}
    _take_output(data)
    _leave_out_absent_funds(data, given)
    data["stacks"] = _laid_over(_entries("stacks"), data.get("stacks"))
    data["accelerators"] = _devices(data.get("accelerators"))
    data["economics"] = _laid_over(_entries("economics"), data.get("economics"))
    if table and isinstance(data.setdefault("workloads", {}), dict):
        data["workloads"] = {**table, **data["workloads"]}
    data |= {"governance": catalogue.data_governance(), "rulebook": catalogue.regimes()}
    data |= {"performance": catalogue.performance_parameters(), "models": catalogue.models()}
    return Merged(case, replace(case, unchecked=data), rows)


def _laid_over(base: Any, given: Any) -> Any:
    """`given` over `base`: mappings key by key, everything else as a whole; nothing given leaves the base."""
    if given is None:
        return base
    if isinstance(base, dict) and isinstance(given, dict) and not _is_range(base, given):
        return {**base, **{key: _laid_over(base.get(key), value) for key, value in given.items()}}
    return given


def _is_range(base: dict[str, Any], given: dict[str, Any]) -> bool:
    """A low-mid-high that is given wholly replaces the base, whatever else stands there."""
    return {"low", "mid", "high"} <= set(given)


def _entries(section: str) -> dict[str, Any]:
    return dict(catalogue.raw(FILES[section])[section])


def catalogue_ids(section: str) -> tuple[str, ...]:
    """The names that the catalogue has in a section of a case."""
    return tuple(catalogue.accelerators() if section == "accelerators" else _entries(section))


def _devices(given: Any) -> Any:
    """Every device of the catalogue.

    One that the case overrides is made anew, so that what follows from rates follows again.
    """
    if given is not None and not isinstance(given, dict):
        return given
    devices: dict[str, Any] = dict(catalogue.accelerators())
    records = {record["id"]: record for record in catalogue.raw(FILES["accelerators"])["devices"]} if given else {}
    for key, value in (given or {}).items():
        record = _laid_over(_without_what_follows(records[key]) if key in records else None, value)
        devices[key] = with_life(record, catalogue.cycles()) if isinstance(record, dict) else record
    return devices


def _without_what_follows(record: dict[str, Any]) -> dict[str, Any]:
    derived = _FOLLOWS_FROM_RATES if record.get("tpp_basis") == "derived" else _FOLLOWS_FROM_RATES[1:]
    return {name: fact for name, fact in record.items() if name not in derived}


def _take_output(data: dict[str, Any]) -> None:
    """A vendor of which the case does not say what it delivers a quarter delivers a share of the catalogued output."""
    supplies, records = data.get("vendor_supply"), _entries("vendor_supply")
    if isinstance(supplies, dict):
        data["vendor_supply"] = {
            vendor: value
            if isinstance(value, dict) and value.get("devices_per_quarter") is not None
            else _laid_over(records.get(vendor), value)
            for vendor, value in supplies.items()
        }


def _leave_out_absent_funds(data: dict[str, Any], given: dict[str, Any]) -> None:
    """The catalogue lists all funds that may subsidise an offer; a case that takes the offer need not
    take the funds.
    """
    offers, funds = (data.get(section) for section in ("offers", "funds"))
    for key, offer in offers.items() if isinstance(offers, dict) else ():
        if isinstance(offer, dict) and "subsidised_by" in offer and not _holds(given, ("offers", key, "subsidised_by")):
            present = [fund for fund in offer["subsidised_by"] if isinstance(funds, dict) and fund in funds]
            data["offers"][key] = {**offer, "subsidised_by": present}


def _step(data: dict[str, Any]) -> Step | None:
    horizon = data.get("horizon")
    try:
        return Period.parse(str(horizon["start"])).step if isinstance(horizon, dict) else None
    except (KeyError, ValueError):
        return None


def _in_step(record: dict[str, Any], step: Step | None) -> dict[str, Any]:
    """The record with its periods in the step of the case: the one around the first or the last day."""
    recast = {name: _recast(record[name], step, last=name in _LAST) for name in (*_FIRST, *_LAST) if record.get(name)}
    return {**record, **recast}


def _recast(text: str, step: Step | None, *, last: bool) -> str:
    period = Period.parse(text)
    if step is None or period.step == step:
        return text
    day = add_months(period.end, -1) if last else period.start
    form = {
        "year": f"{day.year}",
        "month": f"{day.year}m{day.month:02d}",
        "quarter": f"{day.year}q{(day.month + 2) // 3}",
    }
    return form[step]


def _holds(data: Any, path: Path) -> bool:
    for part in path:
        inside = isinstance(data, dict) and part in data
        listed = isinstance(data, list) and isinstance(part, int) and part < len(data)
        if not (inside or listed):
            return False
        data = data[part]
    return True


@cache
def _catalogue_document(name: str) -> Document:
    """The catalogue's file with its marks, for problems alone: reading it strictly takes its time."""
    return load(data_path(name))
