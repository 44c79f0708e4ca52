"""What an answer rests on. First, what law is asked without knowing it: the facts that a case leaves out and on which the answer rests, in sentences. Then what is known with less than high confidence: rules of export control, data law."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from planner.domain.case import Case
from planner.domain.offer import Offer
from planner.domain.policy import Told
from planner.domain.rule import Ground
from planner.domain.site import Site
from planner.domain.transaction import Transaction
from planner.law.data_flow import flow_of, unstated
from planner.law.data_governance import data_outcome
from planner.law.outcome import outcome_of
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


SURE = ("high", "sourced")


@dataclass(frozen=True)
class Resting:
    """A rule or a class of data, how sure it is, what rests on it, and where it is read from."""

    law: str
    confidence: str
    outcome: str
    rests_on_it: tuple[str, ...]
    source: str


def resting_below_high(case: Case, on: date | None = None) -> tuple[Resting, ...]:
    """Rules that decide an offer of the case on its decision date, and data rules of its workloads, below high."""
    return (*_export_control(case, on or case.horizon.first_day), *_data_law(case))


def _export_control(case: Case, on: date) -> Iterator[Resting]:
    grounds: dict[tuple[str, Told], Ground] = {}
    devices: dict[tuple[str, Told], dict[str, None]] = defaultdict(dict)
    for offer in case.offers.values():
        for site in case.sites.values():
            if site.id in offer.sites or (offer.sites == ("*",) and site.takes_purchases):
                ground = outcome_of(case.accelerators[offer.accelerator], _asked(case, offer, site), on, case.rulebook)
                key = ground.rule.id, ground.outcome
                grounds[key] = ground
                devices[key][offer.accelerator] = None
    for key, ground in grounds.items():
        confidence = "low" if ground.possible else ground.rule.confidence
        if confidence not in SURE:
            yield Resting(ground.rule.id, confidence, ground.outcome, tuple(devices[key]), ground.rule.source)


def _asked(case: Case, offer: Offer, site: Site) -> Transaction:
    channel = "purchase" if offer.kind == "purchase" else "cloud"
    fields = {"end_user_hq": case.buyer.end_user_hq, **case.buyer.assume, **offer.assume}
    return Transaction.model_validate({**fields, "channel": channel, "destination": site.destination})


def _data_law(case: Case) -> Iterator[Resting]:
    zones = dict.fromkeys(site.legal_zone for site in case.sites.values())
    jobs: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for workload in case.workloads.values():
        for zone in zones:
            verdict = data_outcome(case.governance, workload.data_class, zone, flow_of(case, workload))
            if verdict.confidence not in SURE:
                jobs[workload.data_class, verdict.confidence][workload.id] = None
    for (data_class, confidence), ids in jobs.items():
        sources = case.governance.data_classes[data_class].sources
        yield Resting(data_class, confidence, "data law", tuple(ids), "; ".join(sources))
