"""From a solution to the tables of the plan: tidy, units in names, sorted by key, one line per fact (formulation §8).

Values come from the program's own columns and lines of spending; nothing is computed a second time, so a table cannot disagree
with the objective. Quantities below `NEGLIGIBLE` of their unit are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, fields
from typing import Any

import pandas as pd

from planner.model.build import Model
from planner.model.constraints.budget import bucket_name
from planner.model.constraints.carbon_cap import carbon_terms
from planner.model.costs.line import Line
from planner.model.energy import owned_mwh, rented_mwh
from planner.model.ledger import Refusal
from planner.model.timing import days_in
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.solve.outcome import Floats

NEGLIGIBLE = 1e-6
Record = dict[str, Any]


def tables(model: Model, values: Floats) -> dict[str, pd.DataFrame]:
    """All tables that follow from the values of the columns."""
    made: dict[str, Callable[[Model, Floats], Iterator[Record]]] = {
        "orders": orders,
        "rentals": rentals,
        "fleet": fleet,
        "service": service,
        "unserved": unserved,
        "readiness": readiness,
        "energy": energy,
        "carbon": carbon,
        "spend": spend,
        "draws": draws,
        "shortfall": shortfall,
        "silos": silos,
    }
    found = {name: _frame(rows(model, values), COLUMNS[name]) for name, rows in made.items()}
    found["jobs"] = _frame(jobs(model, found), COLUMNS["jobs"])
    found["refused"] = pd.DataFrame(
        [asdict(r) for r in model.options.refused], columns=[f.name for f in fields(Refusal)]
    )
    return found


COLUMNS = {
    "orders": [
        "offer", "accelerator", "site", "node", "period", "devices", "order_date", "shipped", "stands_from", "outcome", "rule",
        "citation", "price_hkd_per_device", "hkd",
    ],
    "rentals": ["offer", "accelerator", "site", "node", "period", "devices", "outcome", "rule", "hkd"],
    "fleet": ["accelerator", "site", "node", "period", "devices", "arrived", "retired"],
    "service": ["workload", "accelerator", "site", "node", "period", "devices", "useful_pflops_per_device", "work_pflops_days"],
    "unserved": ["workload", "node", "period", "asked_pflops_days", "unserved_pflops_days", "share", "hkd"],
    "readiness": ["kind", "subject", "what", "zone", "node", "period", "level"],
    "energy": ["accelerator", "site", "node", "period", "energy_mwh"],
    "carbon": ["accelerator", "site", "node", "period", "carbon_t"],
    "spend": ["cost", "node", "period", "site", "fund", "hkd", "weight", "objective_hkd"],
    "draws": ["fund", "bucket", "node", "period", "hkd"],
    "shortfall": ["target", "node", "period", "promised_pflops", "missing_pflops", "hkd"],
    "silos": ["silo", "accelerator", "site", "node", "period", "devices", "given"],
    "jobs": [
        "workload", "node", "start", "finish", "days", "asked_pflops_days", "done_pflops_days", "device_days",
    ],
}  # fmt: skip


def _frame(records: Iterable[Record], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(list(records), columns=columns)


def _amounts(model: Model, values: Floats, kind: str) -> Iterator[tuple[tuple[str, ...], float]]:
    """Index and value of every column of a kind that is not negligible."""
    for key, column in model.columns.table(kind).items():
        if abs(values[column]) > NEGLIGIBLE:
            yield key, float(values[column])


def _spent(model: Model, values: Floats, cost: str) -> dict[int, float]:
    """HKD of one cost by column, undiscounted."""
    spent: dict[int, float] = {}
    for line in model.lines:
        if line.cost == cost:
            spent[line.column] = spent.get(line.column, 0.0) + line.hkd * float(values[line.column])
    return spent


def orders(model: Model, values: Floats) -> Iterator[Record]:
    """Purchases: what is ordered when, when it ships and stands in each branch, and under which rule."""
    for (offer, site, node), devices in _amounts(model, values, "order"):
        order = model.options.orders[offer, site, node]
        price = [ln for ln in model.lines_of(model.columns.order[offer, site, node]) if ln.cost == "purchase"]
        for arrival in order.arrivals:
            branch = [ln.hkd for ln in price if ln.node in (order.node, arrival.node)]
            hkd = sum(branch) if arrival.node is not order.node else sum(ln.hkd for ln in price)
            yield {
                "offer": offer, "accelerator": order.accelerator, "site": site, "node": node, "period": str(order.node.period),
                "devices": devices, "order_date": model.case.horizon.order_date(order.node.period).isoformat(),
                "shipped": arrival.shipped.isoformat(), "stands_from": arrival.node.id, "outcome": arrival.answer.outcome,
                "rule": arrival.answer.rule, "citation": arrival.answer.citation, "price_hkd_per_device": hkd, "hkd": hkd * devices,
            }  # fmt: skip


def rentals(model: Model, values: Floats) -> Iterator[Record]:
    """Devices rented in each node."""
    spent = _spent(model, values, "rental")
    for (offer, site, node), devices in _amounts(model, values, "rent"):
        rental = model.options.rentals[offer, site, node]
        yield {
            "offer": offer, "accelerator": rental.accelerator, "site": site, "node": node, "period": str(rental.node.period),
            "devices": devices, "outcome": rental.answer.outcome, "rule": rental.answer.rule,
            "hkd": spent[model.columns.rent[offer, site, node]],
        }  # fmt: skip


def fleet(model: Model, values: Floats) -> Iterator[Record]:
    """Devices owned and standing, with what arrived and was taken out in the node."""
    for key, column in model.columns.fleet.items():
        accelerator, site, node = key
        came = [
            model.columns.order[o.offer.id, site, o.node.id]
            for o in model.options.arrivals.get((accelerator, site, node), ())
        ]
        devices, retired = float(values[column]), float(values[model.columns.retire[key]])
        arrived = float(sum(values[order] for order in came))
        if max(devices, retired, arrived) > NEGLIGIBLE:
            yield {
                "accelerator": accelerator, "site": site, "node": node, "period": _period(model, node),
                "devices": devices, "arrived": arrived, "retired": retired,
            }  # fmt: skip


def service(model: Model, values: Floats) -> Iterator[Record]:
    """What runs where, and the useful work it does."""
    for (workload, accelerator, site, node), devices in _amounts(model, values, "run"):
        at = model.options.node(node)
        useful = model.options.speeds.useful_pflops(model.case.workloads[workload], accelerator, at)
        yield {
            "workload": workload, "accelerator": accelerator, "site": site, "node": node, "period": str(at.period),
            "devices": devices, "useful_pflops_per_device": useful, "work_pflops_days": devices * useful * days_in(model.case, at),
        }  # fmt: skip


def unserved(model: Model, values: Floats) -> Iterator[Record]:
    """Work asked for and not done, at its value of lost compute."""
    spent = _spent(model, values, "unserved")
    for (workload, node), column in model.columns.unserved.items():
        asked, missing = model.columns.all[column].high or 0.0, float(values[column])
        yield {
            "workload": workload, "node": node, "period": _period(model, node), "asked_pflops_days": asked,
            "unserved_pflops_days": missing, "share": missing / asked if asked else 0.0, "hkd": spent.get(column, 0.0),
        }  # fmt: skip


def readiness(model: Model, values: Floats) -> Iterator[Record]:
    """Ports and mechanisms: the node in which each is begun, or carried further."""
    for kind in ("port", "clear"):
        for key, level in _amounts(model, values, kind):
            parent = model.options.node(key[-1]).parent
            before = float(values[model.columns.table(kind)[(*key[:-1], parent.id)]]) if parent else 0.0
            if level - before > NEGLIGIBLE:
                yield {
                    "kind": kind, "subject": key[0], "what": key[1], "zone": key[2] if kind == "clear" else None,
                    "node": key[-1], "period": _period(model, key[-1]), "level": level,
                }  # fmt: skip


def energy(model: Model, values: Floats) -> Iterator[Record]:
    """Energy at the meter, owned and rented."""
    for node in model.case.tree:
        draws_mwh: dict[tuple[str, str], float] = {}
        for column, mwh, accelerator, site in (
            *owned_mwh(model.options, model.columns, node), *rented_mwh(model.options, model.columns, node),
        ):  # fmt: skip
            draws_mwh[accelerator, site.id] = draws_mwh.get((accelerator, site.id), 0.0) + mwh * float(values[column])
        for (accelerator, site_id), mwh in draws_mwh.items():
            if mwh > NEGLIGIBLE:
                yield {
                    "accelerator": accelerator,
                    "site": site_id,
                    "node": node.id,
                    "period": str(node.period),
                    "energy_mwh": mwh,
                }


def carbon(model: Model, values: Floats) -> Iterator[Record]:
    """Carbon of that energy at the grid factor of the site."""
    for node in model.case.tree:
        tonnes: dict[tuple[str, str], float] = {}
        for column, t in carbon_terms(model.options, model.columns, node):
            index = model.columns.all[column].index
            accelerator = _device_of(model, column)
            tonnes[accelerator, index[-2]] = tonnes.get((accelerator, index[-2]), 0.0) + t * float(values[column])
        for (accelerator, site), t in tonnes.items():
            if t > NEGLIGIBLE:
                yield {
                    "accelerator": accelerator,
                    "site": site,
                    "node": node.id,
                    "period": str(node.period),
                    "carbon_t": t,
                }


def spend(model: Model, values: Floats) -> Iterator[Record]:
    """Spending by cost, node, site and fund; `hkd` is undiscounted, `objective_hkd` is what it counts in the objective.

    A fund's part of a line is its part of what the line's bucket draws in that node; lines that no fund pays carry none.
    """
    shares = _fund_shares(model, values)
    sums: dict[tuple[str, str, str, str], list[float]] = {}
    for line in model.lines:
        amount = line.hkd * float(values[line.column])
        if not amount:
            continue
        for fund, share in shares.get(id(line), (("", 1.0),)):
            total = sums.setdefault((line.cost, line.node.id, line.site or "", fund), [0.0, 0.0])
            total[0] += amount * share
            total[1] += amount * share * line.weight
    for (cost, node, site, fund), (hkd, objective) in sums.items():
        weight = objective / hkd if hkd else 0.0
        yield {
            "cost": cost, "node": node, "period": _period(model, node), "site": site, "fund": fund, "hkd": hkd,
            "weight": weight, "objective_hkd": objective,
        }  # fmt: skip


def _fund_shares(model: Model, values: Floats) -> dict[int, tuple[tuple[str, float], ...]]:
    shares: dict[int, tuple[tuple[str, float], ...]] = {}
    for (bucket, node), lines in model.columns.buckets.items():
        name = bucket_name(bucket)
        drawn = {
            fund: float(values[model.columns.draw[fund, name, node]])
            for fund in bucket
            if (fund, name, node) in model.columns.draw
        }
        total = sum(drawn.values())
        if total > 0:
            parts = tuple((fund, amount / total) for fund, amount in drawn.items() if amount > 0)
            shares |= {id(line): parts for line in lines}
    return shares


def draws(model: Model, values: Floats) -> Iterator[Record]:
    """Money taken from each fund."""
    for (fund, bucket, node), amount in _amounts(model, values, "draw"):
        yield {
            "fund": fund,
            "bucket": bucket,
            "node": node,
            "period": _period(model, node),
            "hkd": amount * HKD_PER_MODEL_UNIT,
        }


def shortfall(model: Model, values: Floats) -> Iterator[Record]:
    """Promised capacity that does not stand."""
    spent = _spent(model, values, "shortfall")
    for (target, node), missing in _amounts(model, values, "shortfall"):
        yield {
            "target": target, "node": node, "period": _period(model, node), "missing_pflops": missing,
            "promised_pflops": model.case.capacity_targets[target].pflops, "hkd": spent[model.columns.shortfall[target, node]],
        }  # fmt: skip


def silos(model: Model, values: Floats) -> Iterator[Record]:
    """Devices that are a silo's own, and those newly given to it in the node."""
    for (accelerator, site, silo, node), column in model.columns.assign.items():
        devices, given = float(values[column]), float(values[model.columns.dedicate[accelerator, site, silo, node]])
        if max(devices, given) > NEGLIGIBLE:
            yield {
                "silo": silo, "accelerator": accelerator, "site": site, "node": node, "period": _period(model, node),
                "devices": devices, "given": given,
            }  # fmt: skip


def jobs(model: Model, found: dict[str, pd.DataFrame]) -> Iterator[Record]:
    """Trainings: from the first to the last period in which they run, on each branch, and the work done."""
    ran, missing = found["service"], found["unserved"]
    for workload, node_id in model.columns.unserved:
        if model.case.workloads[workload].kind != "training":
            continue
        path = model.options.node(node_id).path
        here = ran[(ran["workload"] == workload) & ran["node"].isin([node.id for node in path])]
        asked = missing[(missing["workload"] == workload) & (missing["node"] == node_id)].iloc[0]
        nodes = [node for node in path if node.id in set(here["node"])]
        days = sum(days_in(model.case, node) for node in nodes)
        lengths = {node.id: days_in(model.case, node) for node in nodes}
        yield {
            "workload": workload, "node": node_id, "start": str(nodes[0].period) if nodes else None,
            "finish": str(nodes[-1].period) if nodes else None, "days": days, "asked_pflops_days": asked["asked_pflops_days"],
            "done_pflops_days": float(here["work_pflops_days"].sum()),
            "device_days": float((here["devices"] * here["node"].map(lengths)).sum()),
        }  # fmt: skip


def _device_of(model: Model, column: int) -> str:
    index = model.columns.all[column].index
    return model.case.offers[index[0]].accelerator if model.columns.all[column].kind == "rent" else index[-3]


def _period(model: Model, node: str) -> str:
    return str(model.options.node(node).period)


__all__ = ["COLUMNS", "NEGLIGIBLE", "Line", "tables"]
