"""A small comparison: one hall, one service, two bids for the same cards and a rental, in one file beside its case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from tiny import deep_merge, service, site

DEVICE, RENTED = "nvidia_rtx_4090d", "huawei_ascend_910c"


def need(**changes: Any) -> dict[str, Any]:
    """A hall of 1 MW and a cloud on the mainland, a service that wants 6 PFLOP/s; each card does 0.1 of it."""
    base = {
        "schema_version": 1,
        "title": "Need",
        "horizon": {"start": "2027q1", "end": "2028q4"},
        "buyer": {"us_exposure": False},
        "sites": {
            "hall": site(),
            "cloud": site(name="Cloud", destination="CN", legal_zone="cn_gba", operator_parent="CN", access="rent"),
        },
        "offers": {
            "cloud_910c": {
                "kind": "rental", "accelerator": RENTED, "channel": "cloud", "sites": ["cloud"], "rent_usd_per_device_hour": 3,
            },
        },
        "stacks": {"cuda": {"growth_per_year": 0}, "cann": {"growth_per_year": 0}},
        "scenarios": [{"id": "status_quo", "probability": 0.7}, {"id": "snap_embargo", "probability": 0.3}],
        "workloads": {
            "assistant": service(
                start="2027q1", end="2028q4", demand_pflops=6.0, unserved_hkd_per_pflops_day=20_000,
                stacks_ready=["cuda", "cann"], measured_pflops_per_device={DEVICE: 0.1, RENTED: 0.3},
            ),
        },
    }  # fmt: skip
    return deep_merge(base, changes)


def bid(price_hkd: float = 3_000_000, devices: float = 40, **changes: Any) -> dict[str, Any]:
    """Cards in the hall, awarded with the new year, in service in summer."""
    cards = {
        "accelerator": DEVICE,
        "devices": devices,
        "site": "hall",
        "channel": "distributor",
        "price_hkd": price_hkd,
    }
    return deep_merge({"name": "Cards", "service_date": "2027-07-01", "parts": {"cards": cards}}, changes)


def rental(**changes: Any) -> dict[str, Any]:
    """Devices let on the mainland for a year."""
    part = {
        "accelerator": RENTED, "devices": 10, "site": "cloud", "channel": "cloud", "kind": "rental",
        "rent_hkd_per_device_hour": 20, "term_months": 12,
    }  # fmt: skip
    return deep_merge({"name": "Cloud", "service_date": "2027-04-01", "parts": {"nodes": part}}, changes)


def comparison(**changes: Any) -> dict[str, Any]:
    """Two bids and a rental."""
    base = {
        "schema_version": 1,
        "title": "Bids",
        "case": "need.yaml",
        "award_date": "2027-01-01",
        "reference_jobs": [],
        "options": {"cheap": bid(), "dear": bid(3_600_000), "cloud": rental()},
    }
    return deep_merge(base, changes)


def written(folder: Path, options: dict[str, Any], case: dict[str, Any] | None = None) -> Path:
    """The file of options, beside its case."""
    (folder / "need.yaml").write_text(yaml.safe_dump(case or need(), sort_keys=False))
    path = folder / "options.yaml"
    path.write_text(yaml.safe_dump(options, sort_keys=False))
    return path
