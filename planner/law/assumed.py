"""What law is asked without knowing it: the facts that a case leaves out and on which the answer rests, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.case import Case
from planner.domain.site import Site
from planner.law.data_flow import unstated
from planner.law.supercomputer import ceiling_on, counts_as_us_origin, hall_peak_pflops
from planner.units import TFLOPS_PER_PFLOPS


def assumed(case: Case) -> tuple[str, ...]:
    """A sentence for each assumption, with the field that states the fact instead."""
    return (*unstated(case), *_peaks(case))


def _peaks(case: Case) -> Iterator[str]:
    """Unpublished FP64 and FP32 peaks that count in halls under the supercomputer ceiling."""
    bounds: dict[str, str] = {}
    for site in case.sites.values():
        ceiling = ceiling_on(case.rulebook, site.destination, case.horizon.end_date)
        devices = _at(case, site)
        if ceiling is None or not any(counts_as_us_origin(case.accelerators[a]) for a in devices):
            continue
        for device in devices:
            for precision in ceiling.limits:
                if case.accelerators[device].peak_tflops(precision) is None:
                    tflops = hall_peak_pflops(case.accelerators[device], precision, ceiling) * TFLOPS_PER_PFLOPS
                    bounds[f"accelerators.{device}.{precision}_tflops"] = f"{tflops:,.4g}"
    if bounds:
        each = ", ".join(f"{field} ({tflops})" for field, tflops in bounds.items())
        yield f"The supercomputer ceiling counts peaks that nobody published at the most that they can be, TFLOP/s: {each}."


def _at(case: Case, site: Site) -> list[str]:
    """Devices that stand at the site or are offered for it."""
    offers = [
        offer
        for offer in case.offers.values()
        if offer.kind == "purchase" and (site.id in offer.sites or (offer.sites == ("*",) and site.takes_purchases))
    ]
    return list(dict.fromkeys([fleet.accelerator for fleet in site.fleet] + [offer.accelerator for offer in offers]))
