"""A case as large as the catalogue makes it: every offer at every site that takes it, with the workloads and funds of Hong Kong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from planner.intake.catalogue import raw
from planner.intake.strict_yaml import load

HONG_KONG = Path(__file__).resolve().parent.parent / "examples/hong_kong"
LEFT_OUT = ("aisc_h800_rental",)
"""The centre's own devices stand as its fleet; what is owned at a site is not rented there too."""


def write(folder: Path) -> Path:
    """The case as a file in the folder."""
    case: dict[str, Any] = dict(load(HONG_KONG / "case.yaml").data)
    given = case["sites"]
    sites = {site: dict(given.get(site) or {}) for site in raw("sites.yaml")["sites"]}
    offers = {id: offer for id, offer in raw("offers.yaml")["offers"].items() if id not in LEFT_OUT}
    rented = {(offer["accelerator"], offer["sites"][0]) for offer in offers.values() if offer["kind"] == "rental"}
    case["sites"] = sites
    case["offers"] = {id: _where(offer, sites, rented) for id, offer in offers.items()}
    case["title"] = "The whole catalogue at every site"
    case["workloads_csv"] = str(HONG_KONG / case["workloads_csv"])
    path = folder / "whole_catalogue.yaml"
    path.write_text(json.dumps(case, default=str, indent=1), encoding="utf-8")
    return path


def _where(offer: dict[str, Any], sites: dict[str, Any], rented: set[tuple[str, str]]) -> dict[str, Any]:
    """An offer's sites: a rental's own, a purchase's all that buy and do not rent the same device."""
    if offer["kind"] == "rental":
        return {}
    known = raw("sites.yaml")["sites"]
    buying = [site for site, given in sites.items() if {**known[site], **given}["access"] != "rent"]
    return {"sites": [site for site in buying if (offer["accelerator"], site) not in rented]}
