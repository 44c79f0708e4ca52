"""What everything costs: the objective, and what of it is cash that funds must cover."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.plain.halls import mwh, standing, tonnes
from benchmarks.plain.program import Program
from benchmarks.plain.sets import Place, Sets
from planner.domain.device_cost import (
    equipment_hkd,
    fit_out_hkd,
    freight_hkd,
    rent_hkd_per_hour,
    warehouse_hkd,
)
from planner.domain.horizon import Node
from planner.model.procurement import Order
from planner.model.stay import Arrival
from planner.model.timing import discount_at_end, growth, hours_in, months_in, years_in
from planner.units import DAYS_PER_MONTH

MILLION = 1e6
KILO = 1000.0


class Payment(NamedTuple):
    """Cash, million HKD per unit of a variable, paid in a node; what funds ask before they pay it. `order`: that of which
    it is credited as residual value.
    """

    column: int
    node: str
    million: float
    cost: str
    site: str | None = None
    origin: str | None = None
    offer: str | None = None
    risky: bool = False
    order: Place | None = None


def write(s: Sets, p: Program) -> list[Payment]:
    """Put the costs into the objective; the cash payments."""
    payments: list[Payment] = []
    for payment, weight in (*_orders(s, p), *_rentals(s, p), *_standing(s, p), *_energy(s, p), *_readiness(s, p)):
        if payment.million:
            p.cost[payment.column] += payment.million * weight
            payments.append(payment)
    _values(s, p)
    return payments


Weighted = tuple[Payment, float]


def price_hkd(s: Sets, order: Order) -> float:
    """Price of a device as ordered."""
    assert order.offer.price_usd_per_device is not None
    return order.offer.price_usd_per_device.mid * s.case.hkd_per_usd * s.grown(order.offer, order.node)


def _on_arrival(s: Sets, arrival: Arrival) -> float:
    """Weight of money spent on an arrival: that of the period in which it arrives, in the branches in which it stands."""
    node = arrival.node
    if node.parent is None or arrival.day >= node.period.start:
        return s.weight[node.id]
    return s.weight[node.parent.id] * node.probability / node.parent.probability


def _orders(s: Sets, p: Program) -> Iterator[Weighted]:
    e = s.case.economics
    for key, order in s.orders.items():
        column, price, kw = p.at("order", *key), price_hkd(s, order), s.case.kw_per_device(order.accelerator)
        risky = any(arrival.answer.outcome == "compliance_risk" for arrival in order.arrivals)
        marks = (order.site.id, s.case.accelerators[order.accelerator].vendor_country, order.offer.id, risky)
        credited = key if any(True for _ in s.left(order)) else None
        deposit = order.offer.deposit_share

        def pay(cost: str, node: Node, hkd: float, weight: float, credit: Place | None = None) -> Weighted:
            return Payment(column, node.id, hkd / MILLION, cost, *marks, order=credit), weight  # noqa: B023

        here = s.weight[order.node.id]
        fee = max(arrival.answer.fee_share for arrival in order.arrivals)
        yield pay("purchase", order.node, deposit * price, here, credited)
        yield pay("purchase", order.node, deposit * price * fee, here)
        if any(arrival.answer.licensed for arrival in order.arrivals):
            yield pay("compliance", order.node, e.compliance_hkd_per_licensed_device, here)
        for arrival in order.arrivals:
            weight, balance = _on_arrival(s, arrival), (1 - deposit) * price
            stored = (arrival.day - arrival.arrived).days / DAYS_PER_MONTH
            yield pay("purchase", arrival.node, balance, weight, credited)
            yield pay("purchase", arrival.node, balance * arrival.answer.fee_share, weight)
            yield pay("freight", arrival.node, freight_hkd(e, price), weight)
            yield pay("equipment", arrival.node, equipment_hkd(e), weight, credited)
            yield pay("fit_out", arrival.node, fit_out_hkd(order.site, kw), weight)
            yield pay("warehouse", arrival.node, warehouse_hkd(e, stored), weight)


def _rentals(s: Sets, p: Program) -> Iterator[Weighted]:
    for key, rental in s.rentals.items():
        hkd = rent_hkd_per_hour(s.case.economics, rental.offer) * hours_in(s.case, rental.node)
        hkd *= s.grown(rental.offer, rental.node)
        origin = s.case.accelerators[rental.accelerator].vendor_country
        risky = rental.answer.outcome == "compliance_risk"
        yield (
            Payment(p.at("rent", *key), key[2], hkd / MILLION, "rental", key[1], origin, key[0], risky),
            s.weight[key[2]],
        )


def _standing(s: Sets, p: Program) -> Iterator[Weighted]:
    """Hosting, peak charge, staff and upkeep of what stands; removal of what is taken out."""
    e = s.case.economics
    yearly = e.maintenance_share_per_year.mid, e.insurance_share_per_year.mid
    for site in s.case.sites.values():
        for node in s.nodes:
            months, years = months_in(s.case, node), years_in(s.case, node)
            for column, a, share in standing(s, p, site.id, node):
                kw = s.case.kw_per_device(a) * months * share
                value = _value_usd(s, a, site.id) * s.case.hkd_per_usd * years * share
                costs = {
                    "hosting": site.hosting_hkd_per_kw_month.mid * kw,
                    "demand_charge": site.demand_charge_hkd_per_kw_month * site.pue * kw,
                    "staff": e.staff_hkd_per_device_year.mid * years * share,
                    "maintenance": yearly[0] * value,
                    "insurance": yearly[1] * value,
                }
                for cost, hkd in costs.items():
                    yield _owned(s, column, a, site.id, node, cost, hkd)
    beyond = [(offer, site, node, column, 1.0) for (offer, site, node), column in p.of("upkeep").items()]
    beyond += [
        (part.offer, part.key[2], part.node.id, p.at("part", *part.key), part.share) for part in s.parts if part.offer
    ]
    for offer_id, site_id, node_id, column, share in beyond:
        offer, node = s.case.offers[offer_id], s.node[node_id]
        assert offer.price_usd_per_device is not None
        usd = offer.price_usd_per_device.mid - _value_usd(s, offer.accelerator, site_id)
        hkd = share * usd * s.case.hkd_per_usd * years_in(s.case, node)
        for cost, rate in zip(("maintenance", "insurance"), yearly, strict=True):
            yield _owned(s, column, offer.accelerator, site_id, node, cost, rate * hkd)
    for (a, site_id, node_id), column in p.of("retire").items():
        yield _owned(s, column, a, site_id, s.node[node_id], "decommission", e.decommission_hkd_per_device)


def _owned(s: Sets, column: int, accelerator: str, site: str, node: Node, cost: str, hkd: float) -> Weighted:
    origin, risky = s.case.accelerators[accelerator].vendor_country, s.marked(accelerator, site, node)
    return Payment(column, node.id, hkd / MILLION, cost, site, origin, None, risky), s.weight[node.id]


def _value_usd(s: Sets, accelerator: str, site: str) -> float:
    """Price of a device whose own price no `upkeep` counts: of the pair's only offer, else the middle of the catalogue's
    for a fleet that stood.
    """
    prices, stood = s.prices_usd[accelerator, site], s.stood(accelerator, site, s.case.tree.root)
    if len(prices) + bool(stood) <= 1 and prices:
        return next(iter(prices.values()))
    low, high = (
        s.case.accelerators[accelerator].unit_price_usd_low,
        s.case.accelerators[accelerator].unit_price_usd_high,
    )
    return (low + (high or low)) / 2 if stood and low is not None else 0.0


def _energy(s: Sets, p: Program) -> Iterator[Weighted]:
    price = s.case.economics.carbon_price_hkd_per_tonne
    for node in s.nodes:
        for column, a, site_id, energy in mwh(s, p, node):
            site = s.case.sites[site_id]
            hkd = energy * site.tariff_hkd_per_kwh.mid * KILO * growth(s.case, site.tariff_growth_per_year, node)
            yield _owned(s, column, a, site_id, node, "energy", hkd)
        for column, site_id, amount in tonnes(s, p, node) if price else ():
            yield Payment(column, node.id, price * amount / MILLION, "carbon", site_id), s.weight[node.id]


def _readiness(s: Sets, p: Program) -> Iterator[Weighted]:
    """Engineers who port and formalities of data law, paid when begun."""
    for kind in ("port", "clear"):
        for (*key, node_id), column in p.of(kind).items():
            if kind == "port":
                workload_class = s.case.workloads[key[0]].workload_class
                effort = s.case.stacks[key[1]].porting[workload_class].engineer_months.mid
                cost, hkd = "porting", effort * s.case.economics.engineer_hkd_per_month
            else:
                cost, hkd = "mechanism", s.case.governance.mechanisms[key[1]].cost_hkd.mid
            node = s.node[node_id]
            yield Payment(column, node_id, hkd / MILLION, cost), s.weight[node_id]
            if node.parent is not None:
                yield Payment(p.at(kind, *key, node.parent.id), node_id, -hkd / MILLION, cost), s.weight[node_id]


def _values(s: Sets, p: Program) -> None:
    """What counts and is no payment: unserved work, missed targets, residual value."""
    for (workload, node), column in p.of("unserved").items():
        p.cost[column] += s.case.workloads[workload].unserved_hkd_per_pflops_day.mid * s.weight[node] / MILLION
    for (target, node), column in p.of("shortfall").items():
        p.cost[column] += (s.case.capacity_targets[target].shortfall_hkd_per_pflops or 0.0) * s.weight[node] / MILLION
    for key, order in s.orders.items():
        for leaf, left in s.left(order):
            worth = (
                left
                * (price_hkd(s, order) + equipment_hkd(s.case.economics))
                * leaf.probability
                * discount_at_end(s.case, leaf)
                / MILLION
            )
            p.cost[p.at("order", *key)] -= worth
            p.cost[p.at("forfeit", *key, leaf.id)] += worth
