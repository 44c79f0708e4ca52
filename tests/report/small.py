"""A case small enough to be worked by hand in which something is bought, rented, refused, limited and left undone."""

from __future__ import annotations

from typing import Any

from planner.domain.case import Case
from tests import tiny


def small(**changes: Any) -> Case:
    """Hall of 6 kW at PUE 1.5: four cards of 1 kW. They do 0.4 of the 1 PFLOP/s asked for; rented H100 do the rest from 2027q3."""
    base: dict[str, Any] = {
        "title": "small",
        "sites": {
            "hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 0.006}]},
            "cloud": tiny.site(destination="OTHER", legal_zone="sg", access="rent", phases=[], name="Cloud"),
        },
        "offers": {
            "b200": tiny.offer(accelerator="nvidia_b200", price_usd_per_device=40_000),
            "h100_cloud": tiny.rental(available_from="2027q3"),
            "dear": tiny.offer(price_usd_per_device=12_000),
        },
        "workloads": {"service": {"measured_pflops_per_device": {"nvidia_b200": 0.8}}},
        "economics": {"server_kw_per_device": {"nvidia_b200": 1.0}},
    }
    return tiny.case(**tiny.deep_merge(base, changes))
