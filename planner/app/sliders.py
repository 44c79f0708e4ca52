"""What can be moved on the page, each as overrides of the case: what a slider does, `--set` does too.

A slider stands on the page of a case that has what it moves; one in percent moves all of it by the same factor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from math import floor, isfinite
from typing import Any

from planner.domain.case import Case

Sets = dict[str, Any]
SCENARIO, TAX = "scenario", "tax"
SHARES_OF_TAX = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
CUDA, SHARE = "cuda", "vendor_supply.*.share"
STEP, LEAST_PRICE = 5, 20
"""Percent. Nothing has a price of nothing."""
PRICES = ("price", "rent")
_PERCENT = {
    "budget": ("Money of all funds", ("budget_hkd", "funds.*.amount_hkd", "funds.*.amount_hkd_per_year"), 300),
    "power": ("Power of all sites", ("sites.*.power_mw", "sites.*.phases.*.power_mw"), 300),
    "licences": ("Quotas of licences", ("licences.*.quota_devices",), 2000),
    "supply": (
        "Supply of devices",
        ("offers.*.supply_devices_per_quarter", SHARE),
        300,
    ),
    "demand": (
        "Work asked for",
        tuple(f"workloads.*.{f}" for f in ("work_pflops_days", "output_tokens_per_s", "requests_per_s", "demand_pflops")),
        200,
    ),
    "price": ("Prices of devices", ("offers.*.price_usd_per_device",), 200),
    "rent": ("Rents", ("offers.*.rent_usd_per_device_hour",), 200),
}  # fmt: skip
"""By name: words, the paths moved, and the highest value, percent of what the case says."""


@dataclass(frozen=True)
class Slider:
    """`words`: what it is called; `unit` follows the number; `sets`: the overrides of a value."""

    name: str
    words: str
    unit: str
    low: float
    high: float
    step: float
    default: float
    sets: Callable[[float], Sets]

    def value(self, text: object) -> float:
        """The value that a text means, within bounds; the default where it means none."""
        try:
            number = float(str(text))
        except ValueError:
            return self.default
        return min(max(number, self.low), self.high) if isfinite(number) else self.default


def sliders(case: Case) -> list[Slider]:
    """Those of the case, in the order of the page."""
    movable = []
    for name, (words, paths, high) in _PERCENT.items():
        if there := tuple(path for path in paths if any(value is not None for value in _values(case, path.split(".")))):
            low = LEAST_PRICE if name in PRICES else 0
            movable.append(Slider(name, words, "%", low, _within(case, there, high), STEP, 100, partial(_times, there)))
    if any(offer.kind == "purchase" for offer in case.offers.values()):
        movable.append(Slider("lead", "Later deliveries", "months", 0, 24, 1, 0, _later))
    price = case.economics.carbon_price_hkd_per_tonne
    movable.append(Slider("carbon", "Price of carbon", "HKD/t", 0, max(3000.0, 2 * price), 50, price, _carbon))
    return movable


def stacks_with_a_tax(case: Case) -> list[str]:
    """Software stacks on offer whose tax can be set by hand: all but CUDA."""
    offered = {case.accelerators[offer.accelerator].software_stack for offer in case.offers.values()}
    return sorted(stack for stack in offered if stack != CUDA)


def scenarios(case: Case) -> list[str]:
    """Futures of policy that can be known from the start."""
    return list(dict.fromkeys((*(scenario.id for scenario in case.scenarios), *case.rulebook.scenarios)))


def asked(case: Case, fields: Mapping[str, object]) -> tuple[Sets, str | None]:
    """The overrides and the scenario that fields of the page mean; what stands at its default sets nothing."""
    sets: Sets = {}
    for slider in sliders(case):
        if (value := slider.value(fields.get(slider.name, slider.default))) != slider.default:
            sets |= slider.sets(value)
    tax = str(fields.get(TAX) or "")
    if tax in map(str, SHARES_OF_TAX):
        sets |= {f"{TAX}.{stack}": float(tax) for stack in stacks_with_a_tax(case)}
    scenario = str(fields.get(SCENARIO) or "")
    return sets, scenario if scenario in scenarios(case) else None


def _within(case: Case, paths: tuple[str, ...], high: float) -> float:
    """The highest value that leaves every share at most 1."""
    shares = [vendor.share.high for vendor in case.vendor_supply.values()] if SHARE in paths else []
    return min(high, STEP * floor(100 / STEP / max(shares, default=0.01) + 1e-9))


def _times(paths: tuple[str, ...], percent: float) -> Sets:
    return dict.fromkeys(paths, f"*{percent / 100:g}")


def _later(months: float) -> Sets:
    return {"offers.*.lead_time_months": f"+{months:g}"}


def _carbon(hkd: float) -> Sets:
    return {"economics.carbon_price_hkd_per_tonne": hkd}


def _values(thing: Any, path: list[str]) -> Iterator[Any]:
    """What a case holds at all places of a path."""
    if not path:
        yield thing
    elif path[0] != "*":
        yield from _values(getattr(thing, path[0]), path[1:])
    else:
        for entry in thing.values() if isinstance(thing, Mapping) else thing:
            yield from _values(entry, path[1:])
