"""From a solution to the tables of the plan: tidy, units in names, sorted by key, one line per fact (formulation §8).

Values come from the program's own columns and lines of spending; nothing is computed a second time, so a table cannot
disagree with the objective. Quantities below `NEGLIGIBLE` of their unit are left out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from planner.domain.horizon import Node
from planner.model.build import Model
from planner.model.constraints.carbon_cap import tonnes_per_mwh
from planner.model.energy import full_mwh, owned_mwh
from planner.model.options import Options
from planner.model.timing import days_in
from planner.model.variables import RUNS, Columns
from planner.plan.amounts import NEGLIGIBLE, amounts, decided, draws, fund_shares, period, spend, spent_on
from planner.plan.cash import cash_years, fund_years, payments
from planner.plan.jobs import jobs
from planner.plan.peaks import target_peaks
from planner.plan.rows import (
    Carbon,
    Energy,
    Fleet,
    Order,
    PartPeriod,
    Readiness,
    Refused,
    Rental,
    Rows,
    Service,
    Shortfall,
    Silo,
    Unserved,
)  # fmt: skip
from planner.plan.subsidies import subsidy_years
from planner.solve.outcome import Floats
from planner.solve.shadow_prices import ShadowPrice

Drawn = list[tuple[Node, dict[tuple[str, str], float]]]
"""By node: MWh at the meter by accelerator and site."""


def tables(model: Model, values: Floats, prices: list[ShadowPrice]) -> Rows:
    """All that follows from the values of the columns, and what each limit is worth."""
    shares = fund_shares(model, values)
    # Of a hundred thousand lines a few thousand are of something decided, and the others are nobody's money.
    model = replace(model, lines=model.lines.decided(values))
    ran, missing, parts = list(service(model, values)), list(unserved(model, values)), list(part_periods(model, values))
    drawn = _drawn(model, values)
    paid = payments(model, values, shares)
    cash = list(cash_years(model.case, paid))
    return Rows(
        orders=list(orders(model, values)),
        rentals=list(rentals(model, values)),
        fleet=list(fleet(model, values)),
        part_periods=parts,
        service=ran,
        unserved=missing,
        readiness=list(readiness(model, values)),
        energy=list(energy(model, drawn)),
        carbon=list(carbon(model, drawn)),
        spend=list(spend(model, values, shares)),
        draws=list(draws(model, values)),
        cash_years=cash,
        fund_years=list(fund_years(model.case, paid, cash)),
        subsidy_years=list(subsidy_years(model, values, ran, shares)),
        shortfall=list(shortfall(model, values)),
        target_peaks=list(target_peaks(model, values)),
        silos=list(silos(model, values)),
        jobs=list(jobs(model, values, ran, missing, parts)),
        refused=ledger(model.options),
        shadow_prices=prices,
    )


def ledger(options: Options) -> list[Refused]:
    """What never became a column, by which rule."""
    return [
        {
            "family": r.family, "rule": r.rule, "because": r.because, "accelerator": r.accelerator, "site": r.site, "offer": r.offer,
            "workload": r.workload, "node": r.node, "outcome": r.outcome, "regime": r.regime, "citation": r.citation,
        }
        for r in options.refused
    ]  # fmt: skip


def orders(model: Model, values: Floats) -> Iterator[Order]:
    """Purchases: what is ordered when, when it ships, arrives and stands in each branch, and under which rule."""
    for (offer, site, node), devices in amounts(model, values, "order"):
        order = model.options.orders[offer, site, node]
        price = [ln for ln in model.lines_of(model.columns.order[offer, site, node]) if ln.cost == "purchase"]
        for arrival in order.arrivals:
            branch = [ln.hkd for ln in price if ln.node in (order.node, arrival.node)]
            hkd = sum(branch) if arrival.node is not order.node else sum(ln.hkd for ln in price)
            yield {
                "offer": offer, "accelerator": order.accelerator, "site": site, "node": node, "period": str(order.node.period),
                "devices": devices, "order_date": model.case.horizon.order_date(order.node.period).isoformat(),
                "shipped": arrival.shipped.isoformat(), "arrives_on": arrival.arrived.isoformat(), "stands_from": arrival.node.id,
                "stands_on": max(arrival.day, arrival.node.period.start).isoformat(), "stored_months": arrival.stored_months,
                "outcome": arrival.answer.outcome, "rule": arrival.answer.rule, "citation": arrival.answer.citation, "price_hkd_per_device": hkd, "hkd": hkd * devices,
            }  # fmt: skip


def rentals(model: Model, values: Floats) -> Iterator[Rental]:
    """Devices rented in each node."""
    spent = spent_on(model, values, "rental")
    for (offer, site, node), devices in amounts(model, values, "rent"):
        rental = model.options.rentals[offer, site, node]
        yield {
            "offer": offer, "accelerator": rental.accelerator, "site": site, "node": node, "period": str(rental.node.period),
            "devices": devices, "outcome": rental.answer.outcome, "rule": rental.answer.rule,
            "hkd": spent[model.columns.rent[offer, site, node]],
        }  # fmt: skip


def fleet(model: Model, values: Floats) -> Iterator[Fleet]:
    """Devices owned that stand all of the node, with what joined them and was taken out then."""
    x, came = model.columns, _came(model, values)
    amounts = values[x.numbers("fleet")].tolist(), values[x.numbers("retire")].tolist()
    for key, devices, retired in zip(x.fleet, *amounts, strict=True):
        arrived = came.get(key, 0.0)
        if max(devices, retired, arrived) > NEGLIGIBLE:
            accelerator, site, node = key
            yield {
                "accelerator": accelerator, "site": site, "node": node, "period": period(model, node),
                "devices": devices, "arrived": arrived, "retired": retired,
            }  # fmt: skip


def _came(model: Model, values: Floats) -> dict[tuple[str, ...], float]:
    """By accelerator, site and node: devices of the orders for which it is the first node that they stand all of."""
    came: dict[tuple[str, ...], float] = defaultdict(float)
    devices = values[model.columns.numbers("order")]
    keys = list(model.columns.order)
    for number in np.flatnonzero(devices).tolist():
        order = model.options.orders[keys[number]]  # type: ignore[index]
        for node, _ in order.whole:
            came[order.accelerator, order.site.id, node.id] += float(devices[number])
    return came


def part_periods(model: Model, values: Floats) -> Iterator[PartPeriod]:
    """Devices that stand a part of a node's period: from the day they arrive, or to the end of their life; those of the
    start have no offer.
    """
    for key, devices in amounts(model, values, "part"):
        (_, ordered, site, node), part = key, model.options.part_of[key]
        yield {
            "offer": part.offer, "accelerator": part.accelerator, "site": site,
            "ordered": ordered, "node": node, "period": period(model, node), "devices": devices, "share": part.share,
        }  # fmt: skip


def service(model: Model, values: Floats) -> Iterator[Service]:
    """What runs where, averaged over the node, how much of it on devices that stand a part of the node, and the useful
    work it does.
    """
    part = dict(amounts(model, values, "run_part"))
    whole = dict(amounts(model, values, "run"))
    columns = model.columns.all
    numbers = {columns[n].key: n for kind in ("run", "run_part") for n in decided(model, values, kind).tolist()}
    for key in sorted(numbers, key=lambda key: numbers[key]):
        (workload, accelerator, site, node), devices = key, whole.get(key, 0.0) + part.get(key, 0.0)
        at = model.options.node(node)
        useful = model.options.speeds.useful_pflops(model.case.workloads[workload], accelerator, at)
        yield {
            "workload": workload, "accelerator": accelerator, "site": site, "node": node, "period": str(at.period),
            "devices": devices, "part_devices": part.get(key, 0.0), "useful_pflops_per_device": useful, "work_pflops_days": devices * useful * days_in(model.case, at),
        }  # fmt: skip


def unserved(model: Model, values: Floats) -> Iterator[Unserved]:
    """Unserved work at its value."""
    spent = spent_on(model, values, "unserved")
    for (workload, node), column in model.columns.unserved.items():
        asked, missing = model.columns.all[column].high or 0.0, float(values[column])
        yield {
            "workload": workload, "node": node, "period": period(model, node), "asked_pflops_days": asked,
            "unserved_pflops_days": missing, "share": missing / asked if asked else 0.0, "hkd": spent.get(column, 0.0),
        }  # fmt: skip


def readiness(model: Model, values: Floats) -> Iterator[Readiness]:
    """Ports and mechanisms: the node in which each is begun, or carried further."""
    for kind in ("port", "clear"):
        begun = dict(amounts(model, values, kind))
        for key, share in begun.items():
            if share > NEGLIGIBLE:
                way = model.options.node(key[-1]).path
                level = math.fsum(begun.get((*key[:-1], node.id), 0.0) for node in way)
                yield {
                    "kind": kind, "subject": key[0], "what": key[1], "zone": key[2] if kind == "clear" else None,
                    "node": key[-1], "period": period(model, key[-1]), "level": level,
                }  # fmt: skip


def shortfall(model: Model, values: Floats) -> Iterator[Shortfall]:
    """Target capacity that does not stand."""
    spent = spent_on(model, values, "shortfall")
    for (target, node), missing in amounts(model, values, "shortfall"):
        yield {
            "target": target, "node": node, "period": period(model, node),
            "target_pflops": model.case.capacity_targets[target].pflops, "missing_pflops": missing, "hkd": spent[model.columns.shortfall[target, node]],
        }  # fmt: skip


def silos(model: Model, values: Floats) -> Iterator[Silo]:
    """Devices that are a silo's own all of the node, those newly given to it then, and those that stand a part of it,
    averaged over it.
    """
    parts: dict[tuple[str, ...], float] = defaultdict(float)
    whole: dict[tuple[str, ...], tuple[float, float]] = {}
    for (accelerator, site, node), some in model.options.parts.items():
        for silo in model.case.silos:
            for part in some:
                column = model.columns.own_part[(*part.key[:3], silo, node)]
                parts[accelerator, site, silo, node] += part.share * float(values[column])
    for (accelerator, site, silo, node), column in model.columns.assign.items():
        devices, given = float(values[column]), float(values[model.columns.dedicate[accelerator, site, silo, node]])
        parts[accelerator, site, silo, node] += 0.0
        whole[accelerator, site, silo, node] = devices, given
    for key, average in parts.items():
        accelerator, site, silo, node = key
        devices, given = whole.get(key, (0.0, 0.0))
        if max(devices, given, average) > NEGLIGIBLE:
            yield {
                "silo": silo, "accelerator": accelerator, "site": site, "node": node, "period": period(model, node),
                "devices": devices, "given": given, "part_devices": average,
            }  # fmt: skip


def energy(model: Model, drawn: Drawn) -> Iterator[Energy]:
    """Energy at the meter."""
    for node, places in drawn:
        for (accelerator, site), mwh in places.items():
            if mwh > NEGLIGIBLE:
                yield {
                    "accelerator": accelerator, "site": site, "node": node.id, "period": str(node.period), "energy_mwh": mwh,
                }  # fmt: skip


def carbon(model: Model, drawn: Drawn) -> Iterator[Carbon]:
    """Carbon of that energy at the grid factor of the site."""
    for node, places in drawn:
        for (accelerator, site), mwh in places.items():
            tonnes = mwh * tonnes_per_mwh(model.options, model.case.sites[site], node) if mwh else 0.0
            if tonnes > NEGLIGIBLE:
                yield {
                    "accelerator": accelerator, "site": site, "node": node.id, "period": str(node.period), "carbon_t": tonnes,
                }  # fmt: skip


def _drawn(model: Model, values: Floats) -> Drawn:
    """MWh at the meter of all that stands, runs or is rented."""
    options, x, used, chosen = model.options, model.columns, _used(model, values), values.tolist()
    drawn: Drawn = []
    for node in model.case.tree:
        totals: dict[tuple[str, str], float] = {}
        for accelerator, site, terms in owned_mwh(options, x, node):
            if (accelerator, site.id, node.id) in used:
                totals[accelerator, site.id] = sum(mwh * chosen[column] for column, mwh in terms)
        drawn.append((node, totals))
    by_node = {node.id: totals for node, totals in drawn}
    for key, rental in options.rentals.items():
        if devices := chosen[x.rent[key]]:
            totals, place = by_node[rental.node.id], (rental.accelerator, rental.site.id)
            mwh = full_mwh(options, rental.accelerator, rental.site, rental.node) * devices
            totals[place] = totals.get(place, 0.0) + mwh
    return drawn


def _used(model: Model, values: Floats) -> set[tuple[str, ...]]:
    """Accelerator, site and node of what is owned, be it for a part of the node, or runs."""
    x, parts = model.columns, model.options.part_of
    keys = [x.all[number].key for kind in ("fleet", *RUNS) for number in _some(x, kind, values)]
    places = {key[-3:] for key in keys}
    return places | {
        (parts[key].accelerator, *key[2:]) for key in (x.all[number].key for number in _some(x, "part", values))
    }


def _some(x: Columns, kind: str, values: Floats) -> list[int]:
    """The numbers of the columns of a kind that are not zero."""
    numbers = x.numbers(kind)
    some: list[int] = numbers[values[numbers] != 0].tolist()
    return some
