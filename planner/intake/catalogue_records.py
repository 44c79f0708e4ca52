"""The catalogue as plain records, each with source, date and confidence: what `planner catalog` lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from planner.intake.catalogue import accelerators, items, raw, regimes
from planner.intake.clusters import FILE as CLUSTERS
from planner.intake.clusters import clusters

Record = dict[str, Any]
DATED = ("confidence", "as_of")


def _day_of_file(file: str) -> str:
    """The day that a file of YAML gives for all of its records."""
    return str(raw(file)["as_of"])


@dataclass(frozen=True)
class Listing:
    """A topic: its file, its records by id, the columns that tell most in a line, what a null says, and the day of its data."""

    file: str
    of: Callable[[str], dict[str, Record]]
    columns: tuple[str, ...]
    null_is: str = "–"
    day: Callable[[str], str] = _day_of_file

    def records(self) -> dict[str, Record]:
        """All records by id, each with `as_of` and `file`."""
        given = {"as_of": self.as_of(), "file": f"data/{self.file}"}
        return {id: {"id": id, **given, **record} for id, record in self.of(self.file).items()}

    def as_of(self) -> str:
        """ISO date."""
        return self.day(self.file)


def _accelerators(_: str) -> dict[str, Record]:
    return {id: device.model_dump(mode="json") for id, device in accelerators().items()}


def _items(_: str) -> dict[str, Record]:
    """Each with the density that law tests, GB/s per mm2, as a range."""
    return {
        id: {**item.model_dump(mode="json"), "gbps_per_mm2": [round(end, 2) for end in item.density or ()] or None}
        for id, item in items().items()
    }


def _clusters(_: str) -> dict[str, Record]:
    """By name, in the order of the file."""
    return {each.name: each.model_dump(mode="json") for each in clusters()}


def _newest_row(_: str) -> str:
    """The rows of public clusters are dated one by one."""
    return max(each.as_of for each in clusters()).isoformat()


def _rules(_: str) -> dict[str, Record]:
    """Regimes with their rules, then single rules, then scenarios, so that any id of a verdict can be looked up."""
    book = regimes()
    whole = {regime.id: {"kind": "regime", **regime.model_dump(mode="json", by_alias=True)} for regime in book.regimes}
    single = {
        rule.id: {
            "kind": "rule",
            "name": regime.name,
            "layer": regime.layer,
            "regime": regime.id,
            "effective_from": regime.effective_from.isoformat(),
            "effective_to": regime.effective_to.isoformat() if regime.effective_to else None,
            **rule.model_dump(mode="json", by_alias=True),
            "citations": list(regime.citations),
        }
        for regime in book.regimes
        for rule in regime.rules
    }
    scenarios = {
        id: {
            "kind": "scenario",
            "effective_from": scenario.start_date.isoformat(),
            **scenario.model_dump(mode="json", by_alias=True),
        }
        for id, scenario in book.scenarios.items()
    }
    return {**whole, **single, **scenarios}


def _keyed(key: str) -> Callable[[str], dict[str, Record]]:
    """Records of a file that holds them under `key`, by id or as a list of records with a name."""

    def of(file: str) -> dict[str, Record]:
        held = raw(file)[key]
        return dict(held) if isinstance(held, Mapping) else {str(entry["name"]): entry for entry in held}

    return of


def _prices(file: str) -> dict[str, Record]:
    """Each rate or price with the basis it rests on."""
    content = raw(file)
    basis = content.get("basis", {})
    return {id: {"value": value, "source": basis.get(id)} for id, value in content["economics"].items()}


def _data_rules(file: str) -> dict[str, Record]:
    """Mechanisms first, then the rule of each class in each zone."""
    content = raw(file)
    mechanisms = {id: {"kind": "mechanism", **mechanism} for id, mechanism in content["mechanisms"].items()}
    rules = {
        f"{data_class}_in_{zone}": {
            "kind": "rule",
            "name": f"{content['data_classes'][data_class]['name']}: {content['zones'][zone]['name']}",
            **rule,
            "confidence": content["confidence"],
        }
        for data_class, zones in content["rules"].items()
        for zone, rule in zones.items()
    }
    return {**mechanisms, **rules}


LISTINGS: dict[str, Listing] = {
    "accelerators": Listing(
        "accelerators.yaml",
        _accelerators,
        ("id", "bf16_tflops", "memory_gb", "tpp", "confidence"),
        null_is="unknown",
    ),
    "items": Listing("items.yaml", _items, ("id", "kind", "holds", "devices", "gbps_per_mm2", "confidence")),
    "sites": Listing("sites.yaml", _keyed("sites"), ("id", "destination", "legal_zone", "access", "pue", *DATED)),
    "rules": Listing("regimes.yaml", _rules, ("id", "kind", "effective_from", "effective_to", "outcome", "confidence")),
    "stacks": Listing("stacks.yaml", _keyed("stacks"), ("id", "name", "growth_per_year", *DATED)),
    "prices": Listing("prices.yaml", _prices, ("id", "value", "source")),
    "offers": Listing("offers.yaml", _keyed("offers"), ("id", "kind", "accelerator", "channel", *DATED)),
    "vendor_supply": Listing("supply.yaml", _keyed("vendor_supply"), ("id", "share", *DATED)),
    "funds": Listing("funds.yaml", _keyed("funds"), ("id", "kind", "origin", "amount_hkd", *DATED)),
    "models": Listing("models.yaml", _keyed("models"), ("id", "layers", "hidden", "vocab", *DATED)),
    "data-rules": Listing(
        "data_governance.yaml", _data_rules, ("id", "kind", "rule", "mechanisms", "cost_hkd", "lead_months")
    ),
    "clusters": Listing(
        CLUSTERS,
        _clusters,
        ("id", "accelerators", "devices", "capex_usd", "months", "status", *DATED),
        null_is="unknown",
        day=_newest_row,
    ),
}
