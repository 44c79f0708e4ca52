"""Orders and rentals: law and dates looked up again, supply, licences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from planner.audit.facts import Facts
from planner.audit.rule import Comparison
from planner.domain.offer import Offer
from planner.domain.policy import VendorSupply


def embargo(facts: Facts) -> Iterator[Comparison]:
    """Devices that law denies on the day they ship, or the day they are rented, must be none; the rule told must be the
    rule found.
    """
    for order in facts.records("orders"):
        offer, site = facts.case.offers[order["offer"]], facts.case.sites[order["site"]]
        shipped = date.fromisoformat(order["shipped"])
        stands = facts.nodes[order["stands_from"]]
        ruling = facts.law.purchase(offer, site, shipped, stands.policy_on(shipped))
        where = (order["offer"], order["site"], order["node"], f"shipped {shipped}", ruling.outcome, ruling.rule)
        lawful = ruling.allowed and (ruling.outcome, ruling.rule) == (order["outcome"], order["rule"])
        yield Comparison(where, order["devices"], "<=", order["devices"] if lawful else 0.0)
    for rental in facts.records("rentals"):
        offer, site, node = (
            facts.case.offers[rental["offer"]],
            facts.case.sites[rental["site"]],
            facts.nodes[rental["node"]],
        )
        ruling = facts.law.rental(offer, site, facts.case.horizon.order_date(node.period), node.scenario)
        where = (rental["offer"], rental["site"], rental["node"], "rented", ruling.outcome, ruling.rule)
        lawful = ruling.allowed and (ruling.outcome, ruling.rule) == (rental["outcome"], rental["rule"])
        yield Comparison(where, rental["devices"], "<=", rental["devices"] if lawful else 0.0)


def timeline(facts: Facts) -> Iterator[Comparison]:
    """Days by which order, shipment, arrival and first day on the floor are off, months stored; devices of branches that are missing or too
    many.
    """
    for (offer_id, site, node), lines in facts.orders.items():
        where = offer_id, site, node
        expected = facts.arrivals(*where)
        ordered = facts.case.horizon.order_date(facts.nodes[node].period)
        for line in lines:
            yield Comparison((*where, "order_date"), _days(line["order_date"], ordered), "==", 0.0)
            yield Comparison((*where, "devices"), line["devices"], "==", lines[0]["devices"])
            shipment = expected.pop(line["stands_from"], None)
            if shipment is None:
                yield Comparison((*where, "stands_from", line["stands_from"]), line["devices"], "==", 0.0)
            else:
                yield Comparison((*where, "shipped"), _days(line["shipped"], shipment.shipped), "==", 0.0)
                yield Comparison((*where, "arrives_on"), _days(line["arrives_on"], shipment.arrives), "==", 0.0)
                yield Comparison((*where, "stored_months"), line["stored_months"], "==", shipment.stored_months)
                yield Comparison(
                    (*where, "stands_on"),
                    _days(line["stands_on"], max(shipment.stands, facts.nodes[line["stands_from"]].period.start)),
                    "==",
                    0.0,
                )
        for missing in expected:
            yield Comparison((*where, "never stands from", missing), 0.0, "==", lines[0]["devices"])


def supply(facts: Facts) -> Iterator[Comparison]:
    """What each offer gives there and then; per offer and period, per offer and branch, per vendor and period."""
    by_offer: dict[tuple[str, str], float] = defaultdict(float)
    by_vendor: dict[tuple[str, str], float] = defaultdict(float)
    for (offer_id, accelerator, site, node), devices in _taken(facts).items():
        offer = facts.case.offers[offer_id]
        yield Comparison(
            (offer_id, site, node, "offered"),
            devices,
            "<=",
            devices if _offered(facts, offer, accelerator, site, node) else 0.0,
        )
        by_offer[offer_id, node] += devices
        if offer.kind == "purchase":
            by_vendor[facts.case.accelerators[accelerator].vendor, node] += devices
    for (offer_id, node), devices in by_offer.items():
        offer = facts.case.offers[offer_id]
        if offer.supply_devices_per_quarter is not None:
            quarters = facts.quarters(node) if offer.kind == "purchase" else 1.0
            limit = offer.supply_devices_per_quarter * quarters * facts.grown(offer.supply_growth_per_year, node)
            yield Comparison((offer_id, node), devices, "<=", limit)
    yield from _totals(facts, by_offer)
    for (vendor, node), devices in by_vendor.items():
        limited = facts.case.vendor_supply.get(vendor)
        if limited is not None:
            yield Comparison(
                (vendor, node),
                devices,
                "<=",
                _quarterly(facts, limited, node) * facts.quarters(node),
            )


def _quarterly(facts: Facts, supply: VendorSupply, node: str) -> float:
    """Devices of a vendor in a quarter: as stated and grown, else its share of the year's output."""
    if supply.devices_per_quarter is not None:
        return supply.devices_per_quarter * facts.grown(supply.growth_per_year, node)
    year, given = facts.nodes[node].period.start.year, {int(text): n for text, n in supply.output_per_year.items()}
    output = given[max((y for y in given if y <= year), default=min(given))]
    return output * supply.output_scale.mid * supply.share.mid / 4


def _totals(facts: Facts, by_offer: dict[tuple[str, str], float]) -> Iterator[Comparison]:
    """What is ordered along each branch, what is rented at any one time, and the device-months rented."""
    for offer_id in {offer_id for offer_id, _ in by_offer}:
        offer = facts.case.offers[offer_id]
        for leaf in facts.case.tree.leaves:
            taken = {node: by_offer.get((offer_id, node), 0.0) for node in facts.path[leaf.id]}
            if offer.supply_devices_total is not None:
                most = max(taken.values()) if offer.kind == "rental" else sum(taken.values())
                yield Comparison((offer_id, leaf.id, "total"), most, "<=", offer.supply_devices_total)
            if offer.supply_device_months is not None:
                months = sum(devices * facts.months(node) for node, devices in taken.items())
                yield Comparison((offer_id, leaf.id, "device_months"), months, "<=", offer.supply_device_months)


def _taken(facts: Facts) -> dict[tuple[str, str, str, str], float]:
    """Devices ordered or rented by (offer, accelerator, site, node)."""
    taken = {(o, lines[0]["accelerator"], s, n): lines[0]["devices"] for (o, s, n), lines in facts.orders.items()}
    for line in facts.records("rentals"):
        taken[line["offer"], line["accelerator"], line["site"], line["node"]] = line["devices"]
    return taken


def _offered(facts: Facts, offer: Offer, accelerator: str, site: str, node: str) -> bool:
    place = facts.case.sites[site]
    here = place.takes_purchases if offer.sites == ("*",) else site in offer.sites
    return offer.accelerator == accelerator and here and facts.open(offer, node)


def _reviewed(facts: Facts) -> dict[tuple[str, str, str], set[str]]:
    """By order: leaves of the branches in which it stands under a licence or a notice that was let through."""
    return {
        order: {
            made.leaf.id
            for made in facts.shipments(*order)
            if made.ruling.allowed and made.ruling.licensed and made.stands_from is not None
        }
        for order in facts.orders
    }


def licence_quota(facts: Facts) -> Iterator[Comparison]:
    """Devices whose shipment is reviewed case by case, per licence and branch, and per year of the order."""

    reviewed = _reviewed(facts) if facts.case.licences else {}
    for licence_id, licence in facts.case.licences.items():
        share = licence.approval_share.mid
        for leaf in facts.case.tree.leaves:
            by_year: dict[int, float] = defaultdict(float)
            for order, lines in facts.orders.items():
                if lines[0]["accelerator"] in licence.accelerators and leaf.id in reviewed[order]:
                    by_year[facts.nodes[order[2]].period.start.year] += lines[0]["devices"]
            yield Comparison((licence_id, leaf.id), sum(by_year.values()), "<=", share * licence.quota_devices)
            if licence.quota_devices_per_year is not None:
                for year, devices in by_year.items():
                    path = [node for node in facts.path[leaf.id] if facts.nodes[node].period.start.year == year]
                    most = share * licence.quota_devices_per_year * facts.year_part(year, path)
                    yield Comparison((licence_id, leaf.id, f"y{year}"), devices, "<=", most)


def _days(claim: str, day: date) -> float:
    return float((date.fromisoformat(claim) - day).days)
