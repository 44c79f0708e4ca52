"""Slips of unit: figures a thousand times what any real one is, or a thousandth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planner.errors import Problem
from planner.intake.document import ANY
from planner.intake.merge import Merged


@dataclass(frozen=True)
class Sane:
    """The span in which a figure can lie, its unit, and the unit that is taken for it by mistake."""

    pattern: tuple[str, ...]
    least: float
    most: float
    unit: str
    mistaken: str


SPANS = (
    Sane(("sites", ANY, "power_mw"), 0, 2_000, "MW", "kW"),
    Sane(("sites", ANY, "phases", ANY, "power_mw"), 0, 2_000, "MW", "kW"),
    Sane(("sites", ANY, "phases", ANY, "liquid_cooled_mw"), 0, 2_000, "MW", "kW"),
    Sane(("sites", ANY, "rack_kw"), 1, 2_000, "kW", "W"),
    Sane(("sites", ANY, "tariff_hkd_per_kwh"), 0, 20, "HKD per kWh", "cents"),
    Sane(("sites", ANY, "carbon_kg_per_kwh"), 0, 3, "kg per kWh", "g"),
    Sane(("sites", ANY, "fleet", ANY, "devices"), 0, 5_000_000, "devices", "TFLOP/s"),
    Sane(("offers", ANY, "price_usd_per_device"), 10, 1_000_000, "USD per device", "the price of a server, or HKD"),
    Sane(("offers", ANY, "rent_usd_per_device_hour"), 0.001, 200, "USD per device and hour", "the rent of a month"),
    Sane(("offers", ANY, "lead_time_months"), 0, 60, "months", "days"),
    Sane(("workloads", ANY, "demand_pflops"), 0, 1_000_000, "PFLOP/s", "TFLOP/s"),
    Sane(("workloads", ANY, "work_pflops_days"), 0, 1e9, "PFLOP/s-days", "TFLOP/s-days"),
    Sane(("workloads", ANY, "params_b"), 0.0001, 100_000, "billions of parameters", "millions"),
    Sane(("workloads", ANY, "active_params_b"), 0.0001, 100_000, "billions of parameters", "millions"),
    Sane(("licences", ANY, "wait_months"), 0, 60, "months", "days"),
    Sane(("capacity_targets", ANY, "pflops"), 0.1, 10_000_000, "PFLOP/s", "TFLOP/s"),
    Sane(("economics", "server_kw_per_device", ANY), 0.01, 50, "kW", "W"),
    Sane(("economics", "engineer_hkd_per_month"), 1_000, 1_000_000, "HKD per month", "HKD per year"),
)


def units(merged: Merged) -> Iterator[Problem]:
    """A problem for every figure outside its span; of an uncertain one low and high are looked at."""
    for sane in SPANS:
        for path, value in merged.each(*sane.pattern):
            figures = value.values() if isinstance(value, dict) else [value]
            for figure in figures:
                if (
                    isinstance(figure, int | float)
                    and not isinstance(figure, bool)
                    and not sane.least <= figure <= sane.most
                ):
                    what = (
                        f"{figure:g} {sane.unit} is out of all proportion: {sane.least:g} to {sane.most:g} is the span"
                    )
                    yield merged.problem(path, what, f"Was it meant in {sane.mistaken}?")
                    break
