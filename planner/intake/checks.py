"""Checks of a whole case that no single field can make: references, duplicates, dates, sums, and slips of unit.

Every check takes the merged case and yields problems. Data of a wrong shape are reported by validation; a check that
cannot read them has nothing to add.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from planner.domain.model_name import by_key, model_key, near_models
from planner.errors import Problem, did_you_mean
from planner.intake.check_amounts import assumed_power, doubtful_speeds, no_running_costs, own_money, speeds
from planner.intake.check_dates import fleet_dates, periods, reveals, windows
from planner.intake.check_facts import assumed_facts
from planner.intake.document import ANY, Path
from planner.intake.merge import COMPILED_IN, Merged

ALL_SITES = "*"


def names(merged: Merged, section: str) -> tuple[str, ...]:
    """The ids of a section of the merged case."""
    entries = merged.data.get(section)
    return tuple(entries) if isinstance(entries, dict) else ()


def values(merged: Merged, *pattern: str | int) -> set[str]:
    """The texts at a pattern."""
    return {value for _, value in merged.each(*pattern) if isinstance(value, str)}


def refer(
    merged: Merged, entries: Iterable[tuple[Path, Any]], kind: str, known: Iterable[str], otherwise: str
) -> Iterator[Problem]:
    """A problem for each name that is none of the known, with the nearest that is."""
    known = tuple(known)
    for path, name in entries:
        if isinstance(name, str) and name not in known:
            yield merged.problem(path, f"'{name}' is no {kind}", did_you_mean(name, known, otherwise))


def keys(merged: Merged, *pattern: str | int) -> Iterator[tuple[Path, Any]]:
    """Path and last key of everything at a pattern, so that keys can be checked as names."""
    return ((path, path[-1]) for path, _ in merged.each(*pattern))


def devices(merged: Merged) -> Iterator[Problem]:
    """Whatever names a device names one that the catalogue or the case has."""
    entries = chain(
        merged.each("offers", ANY, "accelerator"),
        merged.each("sites", ANY, "fleet", ANY, "accelerator"),
        merged.each("licences", ANY, "accelerators", ANY),
        keys(merged, "controls", ANY),
        keys(merged, "workloads", ANY, "measured_pflops_per_device", ANY),
        keys(merged, "economics", "server_kw_per_device", ANY),
    )
    yield from refer(merged, entries, "device", names(merged, "accelerators"), "Add it under accelerators.")


def models(merged: Merged) -> Iterator[Problem]:
    """A model named by a workload is one of the catalogue, however spelt."""
    known = merged.data["models"]
    keys = by_key(known)
    for path, name in merged.each("workloads", ANY, "model"):
        if isinstance(name, str) and model_key(name) not in keys:
            yield merged.problem(path, f"the catalogue has no model '{name}'", near_models(name, known))


def places(merged: Merged) -> Iterator[Problem]:
    """Whatever names a site names one of the case; a case that takes a catalogued offer takes its site too."""
    known = (*names(merged, "sites"), ALL_SITES)
    for path, name in merged.each("offers", ANY, "sites", ANY):
        if isinstance(name, str) and name not in known and not merged.given(path):
            what = f"offer '{path[1]}' of the catalogue stands at '{name}', which this case lacks"
            yield merged.conflict(path, what, f"Add `{name}: {{}}` under sites.")
    own = ((path, name) for path, name in merged.each("offers", ANY, "sites", ANY) if merged.given(path))
    yield from refer(merged, own, "site of this case", known, "Add it under sites.")
    entries = chain(
        merged.each("workloads", ANY, "sites_allowed", ANY),
        merged.each("capacity_targets", ANY, "sites", ANY),
        ((p, n) for p, n in merged.each("funds", ANY, "strings", "sites", ANY) if merged.given(p)),
    )
    yield from refer(merged, entries, "site of this case", names(merged, "sites"), "Add it under sites.")


def legal_names(merged: Merged) -> Iterator[Problem]:
    """Legal zones, classes of data and scenarios are those of the rule files; a scenario of the case's own sets
    something.
    """
    governance, book = merged.data["governance"], merged.data["rulebook"]
    zones = chain(merged.each("sites", ANY, "legal_zone"), merged.each("workloads", ANY, "cleared_zones", ANY))
    yield from refer(merged, zones, "legal zone", governance.zones, f"Known: {', '.join(governance.zones)}.")
    classes = merged.each("workloads", ANY, "data_class")
    yield from refer(
        merged, classes, "class of data", governance.data_classes, f"Known: {', '.join(governance.data_classes)}."
    )
    held = ((path, name) for path, name in merged.each("workloads", ANY, "data_held_under") if name != "none")
    yield from refer(
        merged, held, "mechanism of data law", governance.mechanisms, f"Known: {', '.join(governance.mechanisms)}."
    )
    known = (
        tuple(scenario for scenario in book.scenarios)
        if isinstance(book.scenarios, dict)
        else tuple(s.id for s in book.scenarios)
    )
    own = [p for p, scenario in merged.each("scenarios", ANY) if isinstance(scenario, dict) and not scenario.get("set")]
    plain = ((path, name) for at in own for path, name in merged.each(*at, "id"))
    yield from refer(
        merged, plain, "scenario of the rule book", known, "Give it a `set`, or name one of the rule book's."
    )


def stacks_vendors_funds(merged: Merged) -> Iterator[Problem]:
    """Stacks, vendors, subsidies and origins are spelled as where they are defined."""
    stacks = chain(merged.each("workloads", ANY, "stacks_ready", ANY), keys(merged, "tax", ANY))
    yield from refer(merged, stacks, "software stack", names(merged, "stacks"), "Add it under stacks.")
    yield from refer(
        merged,
        merged.each("offers", ANY, "subsidised_by", ANY),
        "fund of this case",
        names(merged, "funds"),
        "Add it under funds.",
    )
    catalogued = (
        [d for d in merged.data["accelerators"].values() if not isinstance(d, dict)]
        if names(merged, "accelerators")
        else []
    )
    vendors = {d.vendor for d in catalogued} | values(merged, "accelerators", ANY, "vendor")
    yield from refer(
        merged, keys(merged, "vendor_supply", ANY), "vendor", vendors, "Spell it as the accelerator catalogue does."
    )
    countries = {d.vendor_country for d in catalogued} | values(merged, "accelerators", ANY, "vendor_country")
    origins = merged.each("funds", ANY, "strings", "device_origins", ANY)
    yield from refer(merged, origins, "country of a vendor", countries, f"Known: {', '.join(sorted(countries))}.")
    for path, fund in merged.each("offers", ANY, "subsidised_by", ANY):
        if fund in names(merged, "funds") and values(merged, "funds", fund, "kind") != {"subsidy"}:
            yield merged.problem(path, f"fund '{fund}' is no subsidy", "Name a fund of kind subsidy, or leave it out.")


def silos(merged: Merged) -> Iterator[Problem]:
    """Tenants, in silos and by themselves, own workloads, and none is in two silos."""
    tenants = values(merged, "workloads", ANY, "tenant")
    own = keys(merged, "tenants", ANY)
    yield from refer(merged, own, "tenant of a workload", tenants, "Name an owner of a workload.")
    entries = list(merged.each("silos", ANY, "tenants", ANY))
    yield from refer(merged, entries, "tenant of a workload", tenants, "Name an owner of a workload.")
    yield from _once(merged, entries, "tenant", "silo")


def licences(merged: Merged) -> Iterator[Problem]:
    """A device has one licence, so that its quota is one number."""
    yield from _once(merged, merged.each("licences", ANY, "accelerators", ANY), "device", "licence")


def _once(merged: Merged, entries: Iterable[tuple[Path, Any]], thing: str, holder: str) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for path, name in entries:
        if isinstance(name, str) and name in first:
            yield merged.problem(
                path, f"{thing} '{name}' is in {holder} '{first[name]}' already", "Remove one of the two."
            )
        elif isinstance(name, str):
            first[name] = str(path[1])


def scenarios(merged: Merged) -> Iterator[Problem]:
    """Scenarios are told apart by their ids, and their probabilities add up to 1."""
    first: set[str] = set()
    for path, name in merged.each("scenarios", ANY, "id"):
        if name in first:
            yield merged.problem(path, f"scenario '{name}' stands twice", "Remove one of the two.")
        first.add(name)
    chances = [p for _, p in merged.each("scenarios", ANY, "probability") if isinstance(p, int | float)]
    if chances and not math.isclose(math.fsum(chances), 1.0, abs_tol=1e-6):
        what = f"the probabilities of the scenarios add up to {math.fsum(chances):g}, not 1"
        yield merged.problem(("scenarios",), what, "Correct them.", at_key=True)


def one_owner(merged: Merged) -> Iterator[Problem]:
    """At a site a device is either owned or rented, so that the plan can tell whose energy and carbon it is."""
    owned = {(d, p[1]) for p, d in merged.each("sites", ANY, "fleet", ANY, "accelerator")}
    buying = [s for s in names(merged, "sites") if values(merged, "sites", s, "access") != {"rent"}]
    offers = {key: offer for (_, key), offer in merged.each("offers", ANY) if isinstance(offer, dict)}
    for offer in offers.values():
        if offer.get("kind") == "purchase" and isinstance(offer.get("sites"), list):
            sites = buying if ALL_SITES in offer["sites"] else offer["sites"]
            owned |= {(offer.get("accelerator"), site) for site in sites}
    for key, offer in offers.items():
        if offer.get("kind") == "rental":
            for path, site in merged.each("offers", key, "sites", ANY):
                if (offer.get("accelerator"), site) in owned:
                    what = f"'{offer['accelerator']}' is both owned and rented at '{site}'"
                    yield merged.conflict(path, what, "Give the rented part a site of its own.")


def access(merged: Merged) -> Iterator[Problem]:
    """Purchases stand where purchases may, rentals where one can rent."""
    barred = {"purchase": "rent", "rental": "own"}
    words = {"purchase": ("bought", "own"), "rental": ("rented", "rent")}
    for path, site in merged.each("offers", ANY, "sites", ANY):
        kinds = values(merged, "offers", path[1], "kind")
        for kind in kinds & set(barred):
            if isinstance(site, str) and site != ALL_SITES and barred[kind] in values(merged, "sites", site, "access"):
                done, instead = words[kind]
                what = f"nothing can be {done} at '{site}', whose access is {barred[kind]}"
                yield merged.conflict(path, what, f"Set its access to {instead} or both, or name another site.")


def compiled_in(merged: Merged) -> Iterator[Problem]:
    """What the program itself puts into a case is not for the file to give."""
    given = merged.case.unchecked if isinstance(merged.case.unchecked, dict) else {}
    for key in COMPILED_IN:
        if key in given:
            yield merged.problem((key,), f"unknown key '{key}'", "Remove it; it comes from the catalogue.", at_key=True)


CHECKS: tuple[Callable[[Merged], Iterator[Problem]], ...] = (
    compiled_in, devices, models, places, access, one_owner, legal_names, stacks_vendors_funds, silos, licences, scenarios,
    periods, windows, fleet_dates, reveals, speeds, own_money, assumed_facts,
)  # fmt: skip
WARNINGS: tuple[Callable[[Merged], Iterator[Problem]], ...] = (no_running_costs, doubtful_speeds, assumed_power)


def cross_check(merged: Merged, *, sound: bool = True) -> tuple[Problem, ...]:
    """Every problem that the checks find. `sound`: validation found nothing wrong, so no check may stumble."""
    if not isinstance(merged.data, dict):
        return ()
    problems: list[Problem] = []
    for check in CHECKS:
        try:
            problems += check(merged)
        except (TypeError, AttributeError, LookupError, ValueError):
            if sound:
                raise
    return tuple(problems)


def warnings(merged: Merged) -> tuple[Problem, ...]:
    """What is allowed but hardly meant."""
    return tuple(problem for check in WARNINGS for problem in check(merged))
