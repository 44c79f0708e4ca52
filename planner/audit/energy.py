"""Energy at the meter and its carbon: the tables against what stands and runs, and the cap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planner.audit.facts import Place, once
from planner.audit.presence import Standing
from planner.audit.rule import Comparison
from planner.units import HOURS_PER_DAY, KG_PER_TONNE, KWH_PER_MWH


@once
def owned_mwh(facts: Standing) -> dict[Place, float]:
    """Energy of what is owned: idle devices draw their share, those at work the rest at the mean load of their service."""
    idle = facts.case.economics.idle_power_share
    mwh: dict[Place, float] = defaultdict(float)
    for place, devices in facts.there.present.items():
        mwh[place] += _full_mwh(facts, place) * idle * devices
    for run in facts.records("service"):
        place = run["accelerator"], run["site"], run["node"]
        if place not in facts.rented:
            mean = run["devices"] / facts.case.workloads[run["workload"]].peak_over_mean
            mwh[place] += _full_mwh(facts, place) * (1 - idle) * mean
    return mwh


@once
def rented_mwh(facts: Standing) -> dict[Place, float]:
    """Energy of what is rented, which runs all the time."""
    return {place: _full_mwh(facts, place) * devices for place, devices in facts.rented.items()}


def tonnes_per_mwh(facts: Standing, place: Place) -> float:
    """Grid factor of the site in the node."""
    site = facts.case.sites[place[1]]
    return site.carbon_kg_per_kwh * facts.grown(site.carbon_growth_per_year, place[2]) * KWH_PER_MWH / KG_PER_TONNE


def _full_mwh(facts: Standing, place: Place) -> float:
    accelerator, site, node = place
    kw = facts.case.kw_per_device(accelerator) * facts.case.sites[site].pue
    return kw * facts.days[node] * HOURS_PER_DAY / KWH_PER_MWH


def energy(facts: Standing) -> Iterator[Comparison]:
    """Megawatt-hours of every device, site and node."""
    yield from _against(facts, "energy", "energy_mwh", {place: mwh for place, mwh, _ in _all(facts)})


def carbon(facts: Standing) -> Iterator[Comparison]:
    """Tonnes of every device, site and node."""
    yield from _against(facts, "carbon", "carbon_t", {place: tonnes for place, _, tonnes in _all(facts)})


def carbon_cap(facts: Standing) -> Iterator[Comparison]:
    """Tonnes of a calendar year in each branch against the part of the cap that the plan's days have."""
    cap = facts.case.carbon_cap
    if cap is None:
        return
    tonnes: dict[str, float] = defaultdict(float)
    for place, _, t in _all(facts):
        tonnes[place[2]] += t
    for leaf in facts.case.tree.leaves:
        by_year: dict[int, list[str]] = defaultdict(list)
        for node in leaf.path:
            if facts.within(node.id, cap.start, None):
                by_year[node.period.start.year].append(node.id)
        for year, nodes in by_year.items():
            limit = cap.tonnes_per_year * facts.year_part(year, nodes)
            yield Comparison((leaf.id, f"y{year}"), sum(tonnes[node] for node in nodes), "<=", limit)


@once
def _all(facts: Standing) -> list[tuple[Place, float, float]]:
    """(place, MWh, t) of everything that draws power."""
    mwh = dict(owned_mwh(facts))
    for place, rented in rented_mwh(facts).items():
        mwh[place] = mwh.get(place, 0.0) + rented
    return [(place, amount, amount * tonnes_per_mwh(facts, place)) for place, amount in mwh.items()]


def _against(facts: Standing, table: str, column: str, mwh: dict[Place, float]) -> Iterator[Comparison]:
    claims: dict[Place, float] = defaultdict(float)
    for line in facts.records(table):
        claims[line["accelerator"], line["site"], line["node"]] += line[column]
    for place in dict.fromkeys((*claims, *mwh)):
        yield Comparison(place, claims.get(place, 0.0), "==", mwh.get(place, 0.0))
