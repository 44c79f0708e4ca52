"""What stands: devices conserved and within their life, what runs is there, and the hall can feed, cool and hold it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planner.audit.presence import Standing
from planner.audit.rule import DEVICE_FLOOR, Comparison
from planner.domain.site import Phase, Site
from planner.law.supercomputer import ceiling_on, counts_as_us_origin, hall_peak_pflops
from planner.units import KW_PER_MW

Peaks = dict[tuple[str, str], dict[str, float]]


def fleet_balance(facts: Standing) -> Iterator[Comparison]:
    """What stands is what stood, arrived and was not taken out; what arrived is what was ordered."""
    arrivals = {(f["accelerator"], f["site"], f["node"]): f["arrived"] for f in facts.records("fleet")}
    for accelerator, site in _owned_pairs(facts):
        for node in facts.nodes:
            place, above = (accelerator, site, node), facts.parent(node)
            before = facts.fleet.get((accelerator, site, above), 0.0) if above else facts.standing(*place)
            came, gone = facts.there.arrived.get(place, 0.0), facts.retired.get(place, 0.0)
            yield Comparison(place, facts.fleet.get(place, 0.0), "==", before + came - gone, before + came)
            yield Comparison((*place, "arrived"), arrivals.get(place, 0.0), "==", came)


def end_of_life(facts: Standing) -> Iterator[Comparison]:
    """What stands all of a period is no more than what is within its service life."""
    living: dict[tuple[str, str, str], float] = defaultdict(float)
    for order, lines in facts.orders.items():
        for node, share in facts.there.of_orders[order].items():
            living[lines[0]["accelerator"], order[1], node] += lines[0]["devices"] if share == 1 else 0.0
    for place, devices in facts.fleet.items():
        yield Comparison(place, devices, "<=", living.get(place, 0.0) + facts.standing(*place))


def part_periods(facts: Standing) -> Iterator[Comparison]:
    """What stands a part of a period: its part by the calendar, no more than was ordered; at the end of life no more
    than is taken out.
    """
    leaving: dict[tuple[str, str, str], float] = defaultdict(float)
    for line in facts.records("part_periods"):
        if line["offer"] is None:
            place = line["accelerator"], line["site"], line["node"]
            known = [devices for devices, share in facts.there.of_fleets(*place) if share == line["share"] < 1]
            yield Comparison((*place, "of the start"), line["devices"], "<=", sum(known))
            leaving[place] += line["devices"] if facts.parent(line["node"]) is not None else 0.0
            continue
        order, node = (line["offer"], line["site"], line["ordered"]), line["node"]
        parts, lines, above = facts.there.of_orders.get(order, {}), facts.orders.get(order), facts.parent(node)
        share = parts.get(node, 0.0)
        yield Comparison((*order, node, "share"), line["share"], "==", share if share < 1 else 0.0)
        yield Comparison((*order, node), line["devices"], "<=", lines[0]["devices"] if lines else 0.0)
        device = facts.case.offers[line["offer"]].accelerator
        yield Comparison((*order, node, "device"), float(line["accelerator"] != device), "==", 0.0)
        if above is not None and parts.get(above) == 1:
            leaving[line["accelerator"], line["site"], node] += line["devices"]
    for place, devices in leaving.items():
        yield Comparison((*place, "taken out"), devices, "<=", facts.retired.get(place, 0.0))


def capacity(facts: Standing) -> Iterator[Comparison]:
    """What runs is there and in working order."""
    for place, devices in facts.running.items():
        there, part = facts.fleet.get(place, 0.0) + facts.rented.get(place, 0.0), facts.running_part[place]
        present = facts.there.present.get(place, 0.0) - facts.fleet.get(place, 0.0)
        yield Comparison(place, devices - part, "<=", facts.case.economics.availability * there)
        yield Comparison((*place, "part"), part, "<=", facts.case.economics.availability * present)


def power(facts: Standing) -> Iterator[Comparison]:
    """Megawatts at the meter against the grant."""
    for (site_id, node), devices in _standing(facts).items():
        site = facts.case.sites[site_id]
        phase = _phase(facts, site, node)
        kw = sum(facts.case.kw_per_device(a) * count for a, count in devices.items())
        yield Comparison((site_id, node), kw * site.pue / KW_PER_MW, "<=", phase.power_mw if phase else 0.0)


def cooling(facts: Standing) -> Iterator[Comparison]:
    """Megawatts of devices too hot for air against liquid cooling; servers against what a rack can feed."""
    case = facts.case
    for (site_id, node), devices in _standing(facts).items():
        phase = _phase(facts, case.sites[site_id], node)
        if phase is not None and phase.liquid_cooled_mw is not None:
            kw = sum(case.kw_per_device(a) * count for a, count in devices.items() if case.needs_liquid(a))
            yield Comparison((site_id, node), kw / KW_PER_MW, "<=", phase.liquid_cooled_mw)
    for (offer, site_id, node), lines in facts.orders.items():
        rack_kw = case.sites[site_id].rack_kw
        if rack_kw is not None:
            server_kw = case.kw_per_device(case.offers[offer].accelerator) * case.economics.devices_per_server
            yield Comparison((offer, site_id, node, "rack"), server_kw if lines[0]["devices"] else 0.0, "<=", rack_kw)


def space(facts: Standing) -> Iterator[Comparison]:
    """Racks."""
    for (site_id, node), devices in _standing(facts).items():
        site = facts.case.sites[site_id]
        phase = _phase(facts, site, node)
        if phase is not None and phase.racks is not None and site.rack_kw is not None:
            kw = sum(facts.case.kw_per_device(a) * count for a, count in devices.items())
            yield Comparison((site_id, node), kw / site.rack_kw, "<=", phase.racks)


def supercomputer_ceiling(facts: Standing) -> Iterator[Comparison]:
    """FP64 and FP32 peak of a hall in which a US-origin device stands."""
    catalogue = facts.case.accelerators
    for (site_id, node), devices in _standing(facts).items():
        site = facts.case.sites[site_id]
        ceiling = ceiling_on(facts.case.rulebook, site.destination, facts.nodes[node].period.start)
        foreign = sum(count for a, count in devices.items() if counts_as_us_origin(catalogue[a]))
        if ceiling is None or foreign <= DEVICE_FLOOR:
            continue
        for precision, limit in ceiling.limits.items():
            peak = sum(hall_peak_pflops(catalogue[a], precision, ceiling) * count for a, count in devices.items())
            yield Comparison((site_id, node, precision), peak, "<=", limit * site.envelopes)


def silo(facts: Standing) -> Iterator[Comparison]:
    """Capacity of each silo is its own: shared out once, never moved, never lent."""
    if not facts.case.silos:
        return
    own: dict[tuple[str, str, str, str], float] = defaultdict(float)
    given: dict[tuple[str, str, str, str], float] = defaultdict(float)
    shared: dict[tuple[str, str, str], float] = defaultdict(float)
    fresh: dict[tuple[str, str, str], float] = defaultdict(float)
    parts: dict[tuple[str, str, str], float] = defaultdict(float)
    own_part: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for line in facts.records("silos"):
        place = line["accelerator"], line["site"], line["node"]
        own[line["silo"], *place] += line["devices"]
        given[line["silo"], *place] += line["given"]
        shared[place] += line["devices"]
        fresh[place] += line["given"]
        parts[place] += line["part_devices"]
        own_part[line["silo"], *place] += line["part_devices"]
    for place, devices in parts.items():
        present = facts.there.present.get(place, 0.0) - facts.fleet.get(place, 0.0)
        yield Comparison((*place, "part"), devices, "<=", present)
    for place, devices in shared.items():
        yield Comparison((*place, "shared_out"), devices, "<=", facts.fleet.get(place, 0.0))
        stood = facts.standing(*place) if facts.parent(place[2]) is None else 0.0
        yield Comparison((*place, "given"), fresh[place], "<=", facts.there.arrived.get(place, 0.0) + stood)
    for (name, accelerator, site, node), devices in own.items():
        above = facts.parent(node)
        before = own.get((name, accelerator, site, above), 0.0) if above else 0.0
        kept = before + given[name, accelerator, site, node]
        yield Comparison((name, accelerator, site, node, "kept"), devices, "<=", kept)
    for key, (devices, part) in _running_by_silo(facts).items():
        there = own.get(key, 0.0) + facts.rented.get(key[1:], 0.0)
        yield Comparison(key, devices, "<=", facts.case.economics.availability * there)
        yield Comparison((*key, "part"), part, "<=", facts.case.economics.availability * own_part[key])


def _running_by_silo(facts: Standing) -> dict[tuple[str, str, str, str], list[float]]:
    """Devices at work that are there all of the node, and that are there a part of it."""
    home = {tenant: name for name, members in facts.case.silos.items() for tenant in members.tenants}
    devices: dict[tuple[str, str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for run in facts.records("service"):
        name = home.get(facts.case.workloads[run["workload"]].tenant)
        if name is not None:
            sums = devices[name, run["accelerator"], run["site"], run["node"]]
            sums[0] += run["devices"] - run["part_devices"]
            sums[1] += run["part_devices"]
    return devices


def _owned_pairs(facts: Standing) -> set[tuple[str, str]]:
    fleets = {(fleet.accelerator, site.id) for site in facts.case.sites.values() for fleet in site.fleet}
    return fleets | {(a, s) for a, s, _ in facts.fleet} | {(a, s) for a, s, _ in facts.there.arrived}


def _standing(facts: Standing) -> Peaks:
    """By (site, node): devices owned, by accelerator, that stand there at any time of the node."""
    peaks: Peaks = defaultdict(dict)
    for (accelerator, site, node), devices in facts.there.peak.items():
        if devices > 0:
            peaks[site, node][accelerator] = devices
    return peaks


def _phase(facts: Standing, site: Site, node: str) -> Phase | None:
    period = facts.nodes[node].period
    return site.phase_within(facts.case.horizon.order_date(period), period.end)
