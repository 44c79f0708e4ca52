"""What was paid for the devices that stand: the value that upkeep and insurance follow, found anew."""

from __future__ import annotations

from collections import defaultdict

from planner.audit.facts import Place
from planner.audit.presence import Standing


def mean_price_hkd(facts: Standing) -> dict[Place, float]:
    """By place: mean price of the devices that stand, each by its own offer, those of the start by the catalogue's middle.

    Where fewer stand than are within their life, the dearest have been taken out.
    """
    living = _living(facts)
    usd: dict[Place, float] = defaultdict(float)
    for place, standing in facts.fleet.items():
        left = standing
        for price, devices in sorted(living[place]):
            usd[place] += price * min(left, devices)
            left -= min(left, devices)
    for line in facts.records("part_periods"):
        place = line["accelerator"], line["site"], line["node"]
        price = _middle_usd(facts, place[0]) if line["offer"] is None else _price_usd(facts, line["offer"])
        usd[place] += price * line["devices"] * line["share"]
    present, rate = facts.there.present, facts.case.hkd_per_usd
    return {place: spent / present[place] * rate for place, spent in usd.items() if present.get(place)}


def _price_usd(facts: Standing, offer: str) -> float:
    price = facts.case.offers[offer].price_usd_per_device
    return price.mid if price else 0.0


def _middle_usd(facts: Standing, accelerator: str) -> float:
    device = facts.case.accelerators[accelerator]
    low = device.unit_price_usd_low or 0.0
    return (low + (device.unit_price_usd_high or low)) / 2


def _living(facts: Standing) -> dict[Place, list[tuple[float, float]]]:
    """By place: (price in USD, devices) of all that is within its service life in the whole of its period."""
    found: dict[Place, list[tuple[float, float]]] = defaultdict(list)
    for order, lines in facts.orders.items():
        for node, share in facts.there.of_orders[order].items():
            if share == 1:
                place = lines[0]["accelerator"], order[1], node
                found[place].append((_price_usd(facts, order[0]), lines[0]["devices"]))
    for place in facts.fleet:
        found[place].append((_middle_usd(facts, place[0]), facts.standing(*place)))
    return found
