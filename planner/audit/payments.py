"""Every payment and every value of a plan, worked out anew from its quantities and the prices of its case.

Also what was paid for the devices that stand: the value that upkeep and insurance follow, found anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from planner.audit.energy import owned_mwh, rented_mwh, tonnes_per_mwh
from planner.audit.facts import Place
from planner.audit.law import Shipment
from planner.audit.lots import contracts, introduced
from planner.audit.presence import Standing
from planner.domain.offer import Offer
from planner.units import DAYS_PER_YEAR, HOURS_PER_DAY, KWH_PER_MWH


class Payment(NamedTuple):
    """HKD, undiscounted, in a node; `weight` makes it count in the objective.

    Cash must come from funds that may pay it. `device`, `workload`: what it is for, where it is for one alone. `funds`:
    the funds that repay a loan. `order`: the order that is worth something for it when the horizon ends. `decided`: the
    node in which an order, a rental, what is begun or a loan bound the plan to pay it; empty where nothing did.
    """

    cost: str
    node: str
    hkd: float
    weight: float
    site: str = ""
    origin: str | None = None
    offer: str | None = None
    risky: bool = False
    cash: bool = True
    device: str = ""
    workload: str = ""
    funds: str = ""
    order: str = ""
    decided: str = ""


def orders(facts: Standing) -> Iterator[Payment]:
    """Deposit, balance, freight, equipment, fit-out, storage and licence work of every order."""
    case, e = facts.case, facts.case.economics
    around = (
        e.server_usd_per_device.mid + e.network_usd_per_device.mid + e.storage_usd_per_device.mid
    ) * case.hkd_per_usd
    for (offer_id, site_id, node), lines in facts.orders.items():
        offer, site, devices = case.offers[offer_id], case.sites[site_id], lines[0]["devices"]
        made, device = facts.arrivals(offer_id, site_id, node), offer.accelerator
        outcomes = {s.ruling.outcome for s in made.values()}
        tags = site_id, case.accelerators[offer.accelerator].vendor_country, offer_id, "compliance_risk" in outcomes
        price = _price_hkd(facts, offer, node)
        deposit, fee = offer.deposit_share * price, max((s.ruling.fee_share for s in made.values()), default=0.0)
        ends = max((s.lives_until for s in made.values()), default=case.horizon.end_date)
        order = ".".join((offer_id, site_id, node)) if e.residual_value and ends > case.horizon.end_date else ""
        weight = facts.weight[node]
        yield Payment("purchase", node, deposit * devices, weight, *tags, device=device, order=order, decided=node)
        yield Payment("purchase", node, deposit * fee * devices, weight, *tags, device=device, decided=node)
        if any(s.ruling.licensed for s in made.values()):
            hkd = e.compliance_hkd_per_licensed_device * devices
            yield Payment("compliance", node, hkd, facts.weight[node], *tags, device=device, decided=node)
        for at, shipment in made.items():
            balance, weight = (1 - offer.deposit_share) * price, _weight_on_arrival(facts, at, shipment)
            yield Payment("purchase", at, balance * devices, weight, *tags, device=device, order=order, decided=node)
            yield Payment("equipment", at, around * devices, weight, *tags, device=device, order=order, decided=node)
            on_arrival = {
                "purchase": balance * shipment.ruling.fee_share,
                "freight": e.freight_share.mid * price,
                "fit_out": site.fit_out_hkd_per_kw.mid * case.kw_per_device(offer.accelerator),
                "warehouse": e.warehouse_hkd_per_device_month.mid * shipment.stored_months,
            }
            for cost, hkd in on_arrival.items():
                yield Payment(cost, at, hkd * devices, weight, *tags, device=device, decided=node)


def _weight_on_arrival(facts: Standing, at: str, shipment: Shipment) -> float:
    """Probability of the branch, discounted as in the period of its first day on the floor, be it the one before the branch begins."""
    node, above = facts.nodes[at], facts.parent(at)
    if above is None or shipment.stands >= node.period.start:
        return facts.weight[at]
    return facts.weight[above] / facts.nodes[above].probability * node.probability


def residual(facts: Standing) -> Iterator[Payment]:
    """What stands at the end of each branch and outlives it, at what used devices fetch and never above straight line.

    Subsidies count as paid for whole devices, which are worth nothing; where less stands than was bought, the dearest
    is what stands.
    """
    case, e = facts.case, facts.case.economics
    around = (
        e.server_usd_per_device.mid + e.network_usd_per_device.mid + e.storage_usd_per_device.mid
    ) * case.hkd_per_usd
    outliving: dict[Place, list[tuple[float, float]]] = defaultdict(list)
    for order, lines in facts.orders.items() if e.residual_value else ():
        offer = case.offers[order[0]]
        new_hkd = _price_hkd(facts, offer, order[2]) + around
        for at, made in facts.arrivals(*order).items():
            left = (made.lives_until - case.horizon.end_date).days / (made.lives_until - made.stands).days
            age = (case.horizon.end_date - made.stands).days / DAYS_PER_YEAR
            left = min(left, (1 + e.used_price_growth_per_year.mid) ** age)
            for leaf in facts.leaves_below[at] if left > 0 else ():
                given = sum(facts.given[".".join(order), above] for above in facts.path[leaf.id])
                own = lines[0]["devices"] - (given / new_hkd if new_hkd else 0.0)
                outliving[offer.accelerator, order[1], leaf.id].append((new_hkd * left, own))
    for place, credits in outliving.items():
        leaf, standing = facts.nodes[place[2]], facts.there.peak.get(place, 0.0)
        weight = leaf.probability * facts.discount(leaf.period.end)
        for hkd, devices in sorted(credits, reverse=True):
            counted = min(devices, standing)
            standing -= counted
            yield Payment("residual", leaf.id, -hkd * counted, weight, place[1], cash=False, device=place[0])


def rentals(facts: Standing) -> Iterator[Payment]:
    """Hours rented."""
    case = facts.case
    for line in facts.records("rentals"):
        offer, node = case.offers[line["offer"]], line["node"]
        usd_per_hour = offer.rent_usd_per_device_hour.mid if offer.rent_usd_per_device_hour else 0.0
        hkd_per_hour = usd_per_hour * facts.price_grown(offer, node) * case.hkd_per_usd
        hkd = hkd_per_hour * facts.days[node] * HOURS_PER_DAY * line["devices"]
        origin, risky = case.accelerators[offer.accelerator].vendor_country, line["outcome"] == "compliance_risk"
        tags = line["site"], origin, offer.id, risky
        yield Payment("rental", node, hkd, facts.weight[node], *tags, device=offer.accelerator, decided=node)


def ordering(facts: Standing) -> Iterator[Payment]:
    """What orders, rentals' contracts and kinds new to a hall cost whatever their size, where lots are whole."""
    case, e = facts.case, facts.case.economics
    if not case.whole.lots:
        return
    for offer_id, site, node in (*facts.orders, *contracts(facts)):
        device = case.offers[offer_id].accelerator
        made = facts.arrivals(offer_id, site, node) if (offer_id, site, node) in facts.orders else {}
        outcomes = {s.ruling.outcome for s in made.values()} or {facts.rentals[offer_id, site, node]["outcome"]}
        origin, risky = case.accelerators[device].vendor_country, "compliance_risk" in outcomes
        hkd = e.order_hkd.mid if made else e.rental_contract_hkd.mid
        weight = facts.weight[node]
        yield Payment("ordering", node, hkd, weight, site, origin, risky=risky, device=device, decided=node)
    for device, site, node in introduced(facts):
        origin, risky = case.accelerators[device].vendor_country, _shunned(facts, device, site, node)
        hkd, weight = e.new_kind_hkd_per_hall.mid, facts.weight[node]
        yield Payment("introduction", node, hkd, weight, site, origin, risky=risky, device=device, decided=node)


def standing(facts: Standing) -> Iterator[Payment]:
    """Hosting, peak power, staff, upkeep and insurance of what stands; removal of what is taken out."""
    case, e = facts.case, facts.case.economics
    values_hkd = mean_price_hkd(facts)
    for (accelerator, site_id, node), devices in facts.there.present.items():
        site, kw = case.sites[site_id], case.kw_per_device(accelerator)
        worth = values_hkd.get((accelerator, site_id, node), 0.0)
        per_device = {
            "hosting": site.hosting_hkd_per_kw_month.mid * kw * facts.months(node),
            "demand_charge": site.demand_charge_hkd_per_kw_month * kw * site.pue * facts.months(node),
            "staff": e.staff_hkd_per_device_year.mid * facts.years(node),
            "maintenance": e.maintenance_share_per_year.mid * worth * facts.years(node),
            "insurance": e.insurance_share_per_year.mid * worth * facts.years(node),
        }
        origin, risky = case.accelerators[accelerator].vendor_country, _shunned(facts, accelerator, site_id, node)
        removed = e.decommission_hkd_per_device * facts.retired[accelerator, site_id, node]
        paid = {cost: hkd * devices for cost, hkd in per_device.items()} | {"decommission": removed}
        for cost, hkd in paid.items():
            yield Payment(cost, node, hkd, facts.weight[node], site_id, origin, risky=risky, device=accelerator)


def energy(facts: Standing) -> Iterator[Payment]:
    """Energy of what is owned at the tariff; carbon of all at its price."""
    case = facts.case
    for place, mwh in owned_mwh(facts).items():
        accelerator, site_id, node = place
        tariff = case.sites[site_id].tariff_hkd_per_kwh.mid * facts.grown(
            case.sites[site_id].tariff_growth_per_year, node
        )
        origin = case.accelerators[accelerator].vendor_country
        hkd, risky = mwh * KWH_PER_MWH * tariff, _shunned(facts, accelerator, site_id, node)
        yield Payment("energy", node, hkd, facts.weight[node], site_id, origin, risky=risky, device=accelerator)
    for mwh_by_place in (owned_mwh(facts), rented_mwh(facts)):
        for place, mwh in mwh_by_place.items():
            hkd = case.economics.carbon_price_hkd_per_tonne * mwh * tonnes_per_mwh(facts, place)
            yield Payment("carbon", place[2], hkd, facts.weight[place[2]], place[1], device=place[0])


def readiness(facts: Standing) -> Iterator[Payment]:
    """Ports and mechanisms when they are begun; the entities of silos while they exist."""
    case = facts.case
    for (kind, subject, what, _), by_node in facts.begun.items():
        workload = subject if kind == "port" else ""
        if kind == "port":
            effort = case.stacks[what].porting[case.workloads[subject].workload_class].engineer_months.mid
            cost, hkd = "porting", effort * case.economics.engineer_hkd_per_month
        else:
            cost, hkd = "mechanism", case.governance.mechanisms[what].cost_hkd.mid
        for node, begun in by_node.items():
            yield Payment(cost, node, hkd * begun, facts.weight[node], workload=workload, decided=node)
    for silo in case.silos.values():
        for node in facts.nodes:
            yield Payment("entity", node, silo.entity_hkd_per_year * facts.years(node), facts.weight[node])


def values(facts: Standing) -> Iterator[Payment]:
    """Unserved work and missed targets at their prices."""
    case = facts.case
    for line in facts.records("unserved"):
        hkd = case.workloads[line["workload"]].unserved_hkd_per_pflops_day.mid * line["unserved_pflops_days"]
        yield Payment("unserved", line["node"], hkd, facts.weight[line["node"]], cash=False)
    for line in facts.records("shortfall"):
        hkd = (case.capacity_targets[line["target"]].shortfall_hkd_per_pflops or 0.0) * line["missing_pflops"]
        yield Payment("shortfall", line["node"], hkd, facts.weight[line["node"]], cash=False)


def funding(facts: Standing) -> Iterator[Payment]:
    """Subsidies, which lower the cost, and what loans cost beyond paying at once."""
    rate = facts.case.economics.discount_rate
    for line in facts.records("draws"):
        fund, weight = facts.case.funds[line["fund"]], facts.weight[line["node"]]
        if fund.kind == "subsidy":
            yield Payment("subsidy", line["node"], -line["hkd"], weight, cash=False)
        if fund.interest_per_year is not None and fund.loan_years is not None:
            years, i = fund.loan_years, fund.interest_per_year
            yearly = i / (1 - (1 + i) ** -years) if i else 1 / years
            worth = (1 - (1 + rate) ** -years) / rate if rate else years
            yield Payment("interest", line["node"], line["hkd"] * max(0.0, yearly * worth - 1), weight, cash=False)
            yield from _repayments(facts, line["node"], line["bucket"], line["hkd"], yearly, i, years)


def _repayments(
    facts: Standing, drawn: str, bucket: str, hkd: float, yearly: float, interest: float, term: float
) -> Iterator[Payment]:
    """Yearly repayments of a draw in the nodes after it, and the principal that each leaf leaves, by own money that might
    have paid in its place.
    """
    known = facts.case.funds
    owners = (
        ".".join(f for f in bucket.partition("@")[0].split(".") if f in known and known[f].kind == "budget") or "nobody"
    )
    due: dict[str, float] = {}
    for leaf in facts.leaves_below[drawn]:
        path = facts.path[leaf.id]
        after, passed = path[path.index(drawn) + 1 :], 0.0
        for node in after:
            lasts = max(0.0, min(term - passed, facts.years(node)))
            due[node] = hkd * yearly * lasts
            passed += lasts
        # What is owed is what the payments to come are worth at the loan's own rate.
        left = term - passed
        owed = yearly * ((1 - (1 + interest) ** -left) / interest if interest else left)
        due[leaf.id] = due.get(leaf.id, 0.0) + hkd * owed
    for node, amount in due.items():
        yield Payment("repayment", node, amount, 0.0, cash=False, funds=owners, decided=drawn)


SOURCES: tuple[Callable[[Standing], Iterator[Payment]], ...] = (
    orders, residual, rentals, ordering, standing, energy, readiness, values, funding,
)  # fmt: skip


def _shunned(facts: Standing, accelerator: str, site: str, node: str) -> bool:
    """Whether US money keeps off the device that stands there."""
    at = facts.nodes[node]
    return facts.law.shunned(accelerator, facts.case.sites[site], facts.case.horizon.order_date(at.period), at.scenario)


def _price_hkd(facts: Standing, offer: Offer, node: str) -> float:
    """Price of one device as ordered in the node, without the fee."""
    usd = offer.price_usd_per_device.mid if offer.price_usd_per_device else 0.0
    return usd * facts.price_grown(offer, node) * facts.case.hkd_per_usd


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
    devices: dict[Place, list[tuple[float, float]]] = defaultdict(list)
    for order, lines in facts.orders.items():
        for node, share in facts.there.of_orders[order].items():
            if share == 1:
                place = lines[0]["accelerator"], order[1], node
                devices[place].append((_price_usd(facts, order[0]), lines[0]["devices"]))
    for place in facts.fleet:
        devices[place].append((_middle_usd(facts, place[0]), facts.standing(*place)))
    return devices
