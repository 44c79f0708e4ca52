"""Lots: where lots are whole, what is ordered or rented comes in whole lots, none below its offer's least, and a rental is
kept for its term.

    order[o,s,n]  =  lot[o] · lots[o,s,n],   lots whole                                  for each purchase offer o, s, n
    rent[o,s,n]   =  lot[o] · lots[o,s,n],   lots whole                                  for each rental offer o, s, n
    rent[o,s,n] - rent[o,s,parent(n)]  <=  take[o,s,n]                                   for each rental offer
    Σ_{m in path(n), still in its term} take[o,s,m]  <=  rent[o,s,n]                     for each rental offer with a term
    least[o] · placed[o,s,n]  <=  order[o,s,n] or take[o,s,n]  <=  most[o,s,n] · placed[o,s,n],   placed 0 or 1
    placed[o,s,n]  <=  Σ_{m in path(n)} kind[a,s,m],   kind 0 or 1                       for each purchase offer o of a, where no a stands at the start

    o  offer   s  site   n  node   m  nodes on the way to it   a  accelerator   lot  devices that come together
    least  min_order_devices in whole lots   most  what supply, the power of the hall or all work asked for could ever take

A contract runs from the first day of its period for its term, or until law or its offer ends it. `placed` is there where
orders or kinds have a fixed cost, or an offer asks for more than one lot. These rows keep whole numbers in step: none has a
shadow price worth reading.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date

from planner.domain.horizon import Node, add_months
from planner.domain.offer import Offer
from planner.domain.site import Site
from planner.model.asked import asked
from planner.model.constraints.supply import offered
from planner.model.family import Family
from planner.model.options import Options
from planner.model.rows import Row, Terms
from planner.model.variables import Columns
from planner.units import KW_PER_MW

Key = tuple[str, str, str]
ROUNDING = 1e-9


def declare(options: Options, x: Columns) -> None:
    """Lots of every order and rental, contracts, and kinds that may come to a hall; nothing where lots may be fractions."""
    if not options.case.whole.lots:
        return
    economics = options.case.economics
    hkd = {"purchase": economics.order_hkd.mid, "rental": economics.rental_contract_hkd.mid}
    for key, (offer, _, node) in _taken(options).items():
        x.add("lots", key, high=_most_lots(options, offer, node), integer=True)
        new_kind = offer.kind == "purchase" and economics.new_kind_hkd_per_hall.mid
        placed = hkd[offer.kind] or new_kind or least_devices(options, offer) > options.case.lot_devices(offer)
        if placed:
            x.add("placed", key, high=1.0, integer=True)
        if offer.kind == "rental" and (placed or offer.min_term_months):
            x.add("take", key)
        pair = offer.accelerator, key[1], key[2]
        if new_kind and pair not in x.kind and not options.standing_at_start(*pair[:2]):
            x.add("kind", pair, high=1.0, integer=True)


def least_devices(options: Options, offer: Offer) -> int:
    """Fewest devices of an order or contract: in whole lots."""
    lot = options.case.lot_devices(offer)
    return lot * math.ceil((offer.min_order_devices or 1) / lot)


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """The rows of every order and rental, when lots are whole."""
    if not x.lots:
        return
    needs = _needs(options, x)
    for key, (offer, site, node) in _taken(options).items():
        devices, lot = x.table(_kind(offer))[key], options.case.lot_devices(offer)
        terms = Terms((devices, x.lots[key]), (1.0, -float(lot)))
        yield Row("lots", key[:-1], key[-1], terms, "==", 0.0, f"{offer.id} comes in lots of {lot}")
        if key in x.take:
            yield from _contract(options, x, key, offer, node)
            devices = x.take[key]
        if key in x.placed:
            most = _most(options, offer, site, node, needs)
            yield from _placed(options, x, key, offer, devices, most)


def _taken(options: Options) -> dict[Key, tuple[Offer, Site, Node]]:
    taken = {key: (order.offer, order.site, order.node) for key, order in options.orders.items()}
    return taken | {key: (rental.offer, rental.site, rental.node) for key, rental in options.rentals.items()}


def _kind(offer: Offer) -> str:
    return "order" if offer.kind == "purchase" else "rent"


def _contract(options: Options, x: Columns, key: Key, offer: Offer, node: Node) -> Iterator[Row]:
    """What is rented beyond the period before is newly rented, and stays for its term."""
    grown = [(x.rent[key], 1.0), (x.take[key], -1.0)]
    before = x.rent.get((*key[:2], node.parent.id)) if node.parent else None
    if before is not None:
        grown.append((before, -1.0))
    yield Row(
        "lots",
        key[:-1],
        key[-1],
        Terms.of(grown),
        "<=",
        0.0,
        f"what more of {offer.id} is rented is a contract",
        ("taken",),
    )
    held = [(x.take[at], 1.0) for at in in_term(options, x, key, offer, node)]
    because = f"{offer.id} is rented for {offer.min_term_months:g} months at least"
    if offer.min_term_months:
        yield Row("lots", key[:-1], key[-1], Terms.of([*held, (x.rent[key], -1.0)]), "<=", 0.0, because, ("term",))


def in_term(options: Options, x: Columns, key: Sequence[str], offer: Offer, node: Node) -> Iterator[Key]:
    """Contracts that are still in their term when the node begins, its own among them, back to where the offer was closed."""
    begins = options.case.horizon.order_date
    for at in reversed(node.path):
        taken = key[0], key[1], at.id
        if taken not in x.take or (at is not node and _ends(begins(at.period), offer) <= begins(node.period)):
            return
        yield taken


def _ends(begun: date, offer: Offer) -> date:
    return add_months(begun, offer.min_term_months)


def _placed(options: Options, x: Columns, key: Key, offer: Offer, devices: int, most: float) -> Iterator[Row]:
    placed, least = x.placed[key], float(least_devices(options, offer))
    because = f"nothing of {offer.id} without an order"
    yield Row("lots", key[:-1], key[-1], Terms((devices, placed), (1.0, -most)), "<=", 0.0, because, ("placed",))
    if least > options.case.lot_devices(offer):
        because = f"no order of {offer.id} below {least:g} devices"
        yield Row("lots", key[:-1], key[-1], Terms((devices, placed), (1.0, -least)), ">=", 0.0, because, ("least",))
    pair = offer.accelerator, key[1], key[2]
    if pair in x.kind:
        way = [x.kind[(*pair[:2], at.id)] for at in options.node(key[2]).path if (*pair[:2], at.id) in x.kind]
        begun = Terms((placed, *way), (1.0, *(-1.0 for _ in way)))
        because = f"{offer.accelerator} is new to {key[1]}"
        yield Row("lots", key[:-1], key[-1], begun, "<=", 0.0, because, ("kind",))


def _most_lots(options: Options, offer: Offer, node: Node) -> float | None:
    """Whole lots that the supply of the offer lets go at once; None where no limit is known."""
    total = math.inf if offer.supply_devices_total is None else offer.supply_devices_total
    most = min(offered(options, offer, node), total) / options.case.lot_devices(offer)
    return None if math.isinf(most) else float(math.floor(most + ROUNDING))


def _needs(options: Options, x: Columns) -> dict[tuple[str, str], float]:
    """By accelerator and site where devices may be rented: as many as could do all the work that may run there, in the node that asks
    for most.
    """
    runs, needs, workloads = x.runs, dict.fromkeys(options.rented_pairs, 0.0), options.case.workloads
    for pair in needs:
        for number, at in runs.at_place.by_node(pair):
            ids = (runs.placements[of].workload.id for of in runs.placement[runs.at_place.order[at]].tolist())
            per_device = {w: work for w, work in zip(ids, runs.at_place.work[at], strict=True) if work}
            devices = sum(asked(options, workloads[w], runs.nodes[number]) / work for w, work in per_device.items())
            needs[pair] = max(needs[pair], devices)
    return needs


def _most(options: Options, offer: Offer, site: Site, node: Node, needs: dict[tuple[str, str], float]) -> float:
    """Devices that one order or contract could ever be: supply, else what the hall can power, or all the work asked for."""
    lot, least = options.case.lot_devices(offer), least_devices(options, offer)
    if offer.kind == "purchase":
        kw = options.case.kw_per_device(offer.accelerator) * site.pue
        useful = max((phase.power_mw for phase in site.phases), default=0.0) * KW_PER_MW / kw
    else:
        useful = needs[offer.accelerator, site.id] / options.case.economics.availability
    total = math.inf if offer.supply_devices_total is None else offer.supply_devices_total
    return float(max(least, min(lot * math.ceil(useful / lot), offered(options, offer, node), total)))


FAMILY = Family(
    "lots",
    rows,
    unit="device",
    price_says="nothing: no shadow price of whole numbers is worth reading",
    kind="weight",
    one_more=lambda at: f"One more device of {' at '.join(at.what[:2])} beside its lots {at.when}",
)
