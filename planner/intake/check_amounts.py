"""Amounts that cannot be meant. Funds that cannot pay: subsidies add to own money, they do not stand in for it.

Devices whose power nobody published: what is assumed is told, since halls and energy hang on it.

A measured speed that no device can reach is a slip of unit, or that of a whole server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from planner.domain.accelerator import RATE_FIELDS, Accelerator
from planner.domain.economics import UNKNOWN_TDP_W
from planner.errors import Problem
from planner.intake.document import ANY, Path
from planner.intake.merge import Merged
from planner.units import TFLOPS_PER_PFLOPS

WHOLE = 1.0 - 1e-9
FIX = "Add one of own money, such as `own: {kind: budget}`; a case without any funds has no such limits."


def own_money(merged: Merged) -> Iterator[Problem]:
    """An error where all funds are subsidies and no offer can be paid in full: then there is nothing to pay with."""
    subsidies = _all_subsidies(merged)
    if subsidies and not _paid_in_full(merged, subsidies):
        what = f"every fund here is a subsidy ({', '.join(subsidies)}), which pays but a share, so that nothing can be paid in full"
        yield merged.problem(("funds",), what, FIX, at_key=True)


def no_running_costs(merged: Merged) -> Iterator[Problem]:
    """A warning where subsidies add up to the whole of some offers: all else still has nobody to pay it."""
    subsidies = _all_subsidies(merged)
    offers = _paid_in_full(merged, subsidies)
    if offers:
        what = f"every fund here is a subsidy ({', '.join(subsidies)}); together they pay {', '.join(offers)} in full, but no power, hall or staff"
        yield merged.problem(("funds",), what, FIX, at_key=True)


def _all_subsidies(merged: Merged) -> dict[str, float]:
    """The largest share of each fund, when all of them are subsidies; else nothing."""
    funds: list[tuple[str, Any]] = [(str(path[1]), fund) for path, fund in merged.each("funds", ANY)]
    if any(not isinstance(fund, dict) or fund.get("kind") != "subsidy" for _, fund in funds):
        return {}
    shares = {name: fund.get("share_max") for name, fund in funds}
    # A share that is no number is reported where fields are validated.
    return {name: share for name, share in shares.items() if isinstance(share, int | float)}


def _paid_in_full(merged: Merged, subsidies: dict[str, float]) -> tuple[str, ...]:
    """Offers whose subsidies add up to their price."""
    paid: dict[str, float] = {}
    for path, fund in merged.each("offers", ANY, "subsidised_by", ANY):
        paid[str(path[1])] = paid.get(str(path[1]), 0.0) + subsidies.get(str(fund), 0.0)
    return tuple(offer for offer, share in paid.items() if share >= WHOLE)


def assumed_power(merged: Merged) -> Iterator[Problem]:
    """Once for each device that is offered or stands."""
    devices, measured = (
        merged.data.get("accelerators"),
        merged.data.get("economics", {}).get("server_kw_per_device", {}),
    )
    names: set[str] = set()
    for pattern in (("offers", ANY, "accelerator"), ("sites", ANY, "fleet", ANY, "accelerator")):
        for path, name in merged.each(*pattern):
            device = devices.get(name) if isinstance(devices, dict) and isinstance(name, str) else None
            if isinstance(device, Accelerator) and device.tdp_w is None and name not in measured and name not in names:
                names.add(name)
                what = f"nobody published the power of {name}: {UNKNOWN_TDP_W:g} W per device are assumed"
                yield merged.problem(path, what, f"Give economics.server_kw_per_device.{name} where you know it.")


# Work is counted at the workload's precision, and low precision or sparsity may do it faster; not three times faster.
OUT_OF_REACH = 3.0


def speeds(merged: Merged) -> Iterator[Problem]:
    """Useful PFLOP/s per device far above the highest dense peak that the catalogue has of the device."""
    for path, value, peak in _above_peak(merged):
        if value > OUT_OF_REACH * peak:
            what = f"{value:g} useful PFLOP/s per device is {value / peak:,.3g} times the highest peak of {path[-1]}, {peak:g} PFLOP/s"
            yield merged.problem(path, what, "Was it meant in TFLOP/s, or for a whole server?")


def doubtful_speeds(merged: Merged) -> Iterator[Problem]:
    """Those above that peak, but not beyond all reach."""
    for path, value, peak in _above_peak(merged):
        if value <= OUT_OF_REACH * peak:
            what = f"{value:g} useful PFLOP/s per device is above the highest peak of {path[-1]}, {peak:g} PFLOP/s"
            yield merged.problem(path, what, "Check it.")


def _above_peak(merged: Merged) -> Iterator[tuple[Path, float, float]]:
    devices = merged.data.get("accelerators")
    for path, value in merged.each("workloads", ANY, "measured_pflops_per_device", ANY):
        device = devices.get(path[-1]) if isinstance(devices, dict) else None
        peak = _peak_pflops(device)
        if peak and isinstance(value, int | float) and not isinstance(value, bool) and value > peak:
            yield path, value, peak


def _peak_pflops(device: Any) -> float:
    """Highest dense peak, PFLOP/s, of a device as a noun or as the plain data of a case; 0 where none is known."""
    held = device if isinstance(device, Mapping) else getattr(device, "__dict__", {})
    rates = [held.get(field) for field in RATE_FIELDS.values()]
    return max((rate for rate in rates if isinstance(rate, int | float)), default=0.0) / TFLOPS_PER_PFLOPS
