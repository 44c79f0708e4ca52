"""Whole lots: what is ordered and rented, contract by contract, against what each offer lets go."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from planner.audit.facts import Facts, Place
from planner.audit.presence import Standing
from planner.audit.rule import DEVICE_FLOOR, Comparison
from planner.domain.horizon import add_months
from planner.domain.offer import Offer


def lots(facts: Facts) -> Iterator[Comparison]:
    """Devices beyond the nearest whole number of lots, those that an order lacks to the least, and those that a contract
    still holds and that are rented no longer.
    """
    if not facts.case.whole.lots:
        return
    orders = {place: lines[0]["devices"] for place, lines in facts.orders.items()}
    rented = _rented(facts)
    for place, devices in (*orders.items(), *rented.items()):
        lot = _lot(facts, facts.case.offers[place[0]])
        yield Comparison(place, devices, "==", round(devices / lot) * lot)
    for place, devices in orders.items():
        yield Comparison((*place, "least"), devices, ">=", _least(facts, facts.case.offers[place[0]]))
    begun = contracts(facts)
    for place, devices in rented.items():
        held = sum(begun.get(at, 0.0) for at in _in_term(facts, place))
        yield Comparison((*place, "term"), devices, ">=", held)


def contracts(facts: Facts) -> dict[Place, float]:
    """By (offer, site, node): devices of the contract by which more is rented than before, never below the offer's least."""
    begun: dict[Place, float] = {}
    rented = _rented(facts)
    for place, devices in rented.items():
        above = facts.parent(place[2])
        more = devices - (rented.get((*place[:2], above), 0.0) if above else 0.0)
        if more > DEVICE_FLOOR:
            begun[place] = max(more, _least(facts, facts.case.offers[place[0]]))
    return begun


def introduced(facts: Standing) -> Iterator[Place]:
    """(accelerator, site, node) in which a kind of device comes to a hall that has never had it."""
    ordered = {(facts.case.offers[offer].accelerator, site, node) for offer, site, node in facts.orders}
    for accelerator, site, node in sorted(ordered):
        stood = facts.standing(accelerator, site, facts.case.tree.root.id) > 0
        if not stood and not any((accelerator, site, at) in ordered for at in facts.path[node][:-1]):
            yield accelerator, site, node


def _rented(facts: Facts) -> dict[Place, float]:
    return {place: line["devices"] for place, line in facts.rentals.items()}


def _in_term(facts: Facts, place: Place) -> Iterator[Place]:
    """Contracts still in their term, back to where the offer could not be rented."""
    offer_id, site, node = place
    offer, starts = facts.case.offers[offer_id], facts.case.horizon.order_date
    now = starts(facts.nodes[node].period)
    for at in reversed(facts.path[node]):
        begun = starts(facts.nodes[at].period)
        over = add_months(begun, offer.min_term_months) <= now and at != node
        ruling = facts.law.rental(offer, facts.case.sites[site], begun, facts.nodes[at].scenario)
        if over or not (ruling.allowed and facts.open(offer, at)):
            return
        yield offer_id, site, at


def _lot(facts: Facts, offer: Offer) -> int:
    device = facts.case.accelerators[offer.accelerator]
    bought = device.lot_devices if offer.kind == "purchase" else None
    return offer.lot_devices or bought or facts.case.economics.devices_per_server


def _least(facts: Facts, offer: Offer) -> int:
    lot = _lot(facts, offer)
    return max(lot, ceil((offer.min_order_devices or 0) / lot) * lot)
