"""What halls and the city bear: power, cooling, racks, the supercomputer ceiling, targets and carbon."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.plain.program import Program, Term
from benchmarks.plain.sets import Sets
from planner.domain.horizon import Node, Period
from planner.domain.site import Site
from planner.law.supercomputer import ceiling_on, counts_as_us_origin, hall_peak_pflops
from planner.model.timing import growth, hours_in, in_window, year_share

KILO = 1000.0


def write(s: Sets, p: Program) -> None:
    """Variables and limits."""
    for site in s.case.sites.values():
        for node in s.nodes:
            owned = list(standing(s, p, site.id, node))
            if owned:
                _hall(s, p, site, node, owned)
                _ceiling(s, p, site, node, owned)
    _targets(s, p)
    _carbon(s, p)


def standing(s: Sets, p: Program, site: str, node: Node) -> Iterator[tuple[int, str, float]]:
    """Variables of owned devices there, with the device and the part of the node in which they stand."""
    for accelerator, at in s.owned:
        if at == site:
            yield from ((fleet, accelerator, 1.0) for fleet in p.some("fleet", accelerator, site, node.id))
            for part in s.parts_at.get((accelerator, site, node.id), ()):
                yield p.at("part", *part.key), accelerator, part.share


def _hall(s: Sets, p: Program, site: Site, node: Node, owned: list[tuple[int, str, float]]) -> None:
    phase = site.phase_within(s.case.horizon.order_date(node.period), node.period.end)
    kw = s.case.kw_per_device
    power: list[Term] = [(column, kw(a) * site.pue / KILO) for column, a, _ in owned]
    p.limit("power", (site.id, node.id), power, "<=", phase.power_mw if phase else 0.0)
    hot: list[Term] = [(column, kw(a) / KILO) for column, a, _ in owned if s.case.needs_liquid(a)]
    if hot and phase and phase.liquid_cooled_mw is not None:
        p.limit("cooling", (site.id, node.id), hot, "<=", phase.liquid_cooled_mw)
    if phase and phase.racks is not None and site.rack_kw is not None:
        p.limit(
            "racks", (site.id, node.id), [(column, kw(a) / site.rack_kw) for column, a, _ in owned], "<=", phase.racks
        )


def _ceiling(s: Sets, p: Program, site: Site, node: Node, owned: list[tuple[int, str, float]]) -> None:
    """Where a US-origin device can stand, FP64 and FP32 of all that stand stay below the threshold."""
    ceiling = ceiling_on(s.case.rulebook, site.destination, node.period.start)
    devices = s.case.accelerators
    foreign = {a for _, a, _ in owned if counts_as_us_origin(devices[a])}
    if ceiling is None or not any(_can_stand(s, a, site, node) for a in foreign):
        return
    for precision, pflops in ceiling.limits.items():
        terms = [(column, hall_peak_pflops(devices[a], precision, ceiling)) for column, a, _ in owned]
        p.limit(f"ceiling_{precision}", (site.id, node.id), terms, "<=", pflops * site.envelopes)


def _can_stand(s: Sets, accelerator: str, site: Site, node: Node) -> bool:
    """Whether any of the device stood, or is supplied on the way to the node."""
    if s.stood(accelerator, site.id, node) > 0:
        return True
    for offer in s.case.offers.values():
        supplied = [
            s.offered(offer, at)
            for at in node.path
            if offer.kind == "purchase" and offer.accelerator == accelerator and (offer.id, site.id, at.id) in s.orders
        ]
        if offer.supply_devices_total != 0 and any(devices is None or devices > 0 for devices in supplied):
            return True
    return False


def _targets(s: Sets, p: Program) -> None:
    for id, target in s.case.capacity_targets.items():
        due = Period.parse(target.by).start
        for node in s.nodes:
            if node.period.start < due:
                continue
            terms: list[Term] = []
            for accelerator, site in dict.fromkeys(
                (*s.owned, *((r.accelerator, r.site.id) for r in s.rentals.values()))
            ):
                if not target.sites or site in target.sites:
                    pflops = s.speeds.standing_pflops(accelerator, target.basis, target.precision)
                    terms += [(column, pflops) for column in p.some("fleet", accelerator, site, node.id)]
                    if target.rented_counts or (accelerator, site) in s.owned:
                        rented = s.rentals_at.get((accelerator, site, node.id), ())
                        terms += [(p.at("rent", *rental), pflops) for rental in rented]
            if target.shortfall_hkd_per_pflops is not None:
                first = next(at for at in node.path if at.period.start >= due)
                missing = p.some("shortfall", id, first.id) or [
                    p.variable("shortfall", (id, first.id), high=target.pflops)
                ]
                terms.append((missing[0], 1.0))
            p.limit("target", (id, node.id), terms, ">=", target.pflops)


def mwh(s: Sets, p: Program, node: Node) -> Iterator[tuple[int, str, str, float]]:
    """Energy at the meter of what is owned: fleets idle, runs on top; (variable, accelerator, site, MWh per unit)."""
    idle = s.case.economics.idle_power_share
    for accelerator, site_id in s.owned:
        full = full_mwh(s, accelerator, s.case.sites[site_id], node)
        owned = [(column, share) for column, a, share in standing(s, p, site_id, node) if a == accelerator]
        yield from ((column, accelerator, site_id, full * idle * share) for column, share in owned)
        for x in s.placed_at[accelerator, site_id] if owned else ():
            for column in (*p.some("run", *x.key, node.id), *p.some("run_part", *x.key, node.id)):
                yield column, accelerator, site_id, full * (1 - idle) / x.workload.peak_over_mean


def full_mwh(s: Sets, accelerator: str, site: Site, node: Node) -> float:
    """Energy of a device that runs all of the node."""
    return s.case.kw_per_device(accelerator) * site.pue * hours_in(s.case, node) / KILO


def tonnes(s: Sets, p: Program, node: Node) -> Iterator[tuple[int, str, float]]:
    """Carbon of what is owned and rented: (variable, site, tonnes per unit)."""

    def factor(site: Site) -> float:
        return site.carbon_kg_per_kwh * growth(s.case, site.carbon_growth_per_year, node)

    for column, _, site, energy in mwh(s, p, node):
        yield column, site, energy * factor(s.case.sites[site])
    for key, rental in s.rentals.items():
        if rental.node is node:
            energy = full_mwh(s, rental.accelerator, rental.site, node)
            yield p.at("rent", *key), rental.site.id, energy * factor(rental.site)


def _carbon(s: Sets, p: Program) -> None:
    cap = s.case.carbon_cap
    if cap is None:
        return
    for last in s.nodes:
        year = last.period.start.year
        if any(child.period.start.year == year for child in s.case.tree.children[last.id]):
            continue
        nodes = [n for n in last.path if n.period.start.year == year and in_window(n, cap.start, None)]
        terms = [(column, amount) for node in nodes for column, _, amount in tonnes(s, p, node)]
        if terms:
            p.limit("carbon", (str(year), last.id), terms, "<=", cap.tonnes_per_year * year_share(s.case, nodes))
