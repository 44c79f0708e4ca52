"""From a solution to the tables of the plan: tidy, units in names, sorted by key, one line per fact (formulation §8).

Values come from the program's own columns and lines of spending; nothing is computed a second time, so a table cannot
disagree with the objective. Quantities below `NEGLIGIBLE` of their unit are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields

import pandas as pd

from planner.model.build import Model
from planner.model.costs.line import Line
from planner.model.ledger import Refusal
from planner.model.options import Options
from planner.model.timing import days_in
from planner.solve.amounts import NEGLIGIBLE, Record, amounts, period, spent_on
from planner.solve.energy_tables import carbon, energy
from planner.solve.job_costs import JobCosts
from planner.solve.outcome import Floats
from planner.solve.spending import draws, spend


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
    found["jobs"] = _frame(jobs(model, values, found), COLUMNS["jobs"])
    found["refused"] = ledger(model.options)
    return found


def ledger(options: Options) -> pd.DataFrame:
    """What never became a column, by which rule."""
    return pd.DataFrame([vars(r) for r in options.refused], columns=[f.name for f in fields(Refusal)])


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
        "cost_hkd", "hkd_per_pflops_day",
    ],
}  # fmt: skip


def _frame(records: Iterable[Record], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(list(records), columns=columns)


def orders(model: Model, values: Floats) -> Iterator[Record]:
    """Purchases: what is ordered when, when it ships and stands in each branch, and under which rule."""
    for (offer, site, node), devices in amounts(model, values, "order"):
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
    spent = spent_on(model, values, "rental")
    for (offer, site, node), devices in amounts(model, values, "rent"):
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
                "accelerator": accelerator, "site": site, "node": node, "period": period(model, node),
                "devices": devices, "arrived": arrived, "retired": retired,
            }  # fmt: skip


def service(model: Model, values: Floats) -> Iterator[Record]:
    """What runs where, and the useful work it does."""
    for (workload, accelerator, site, node), devices in amounts(model, values, "run"):
        at = model.options.node(node)
        useful = model.options.speeds.useful_pflops(model.case.workloads[workload], accelerator, at)
        yield {
            "workload": workload, "accelerator": accelerator, "site": site, "node": node, "period": str(at.period),
            "devices": devices, "useful_pflops_per_device": useful, "work_pflops_days": devices * useful * days_in(model.case, at),
        }  # fmt: skip


def unserved(model: Model, values: Floats) -> Iterator[Record]:
    """Work asked for and not done, at its value of lost compute."""
    spent = spent_on(model, values, "unserved")
    for (workload, node), column in model.columns.unserved.items():
        asked, missing = model.columns.all[column].high or 0.0, float(values[column])
        yield {
            "workload": workload, "node": node, "period": period(model, node), "asked_pflops_days": asked,
            "unserved_pflops_days": missing, "share": missing / asked if asked else 0.0, "hkd": spent.get(column, 0.0),
        }  # fmt: skip


def readiness(model: Model, values: Floats) -> Iterator[Record]:
    """Ports and mechanisms: the node in which each is begun, or carried further."""
    for kind in ("port", "clear"):
        for key, level in amounts(model, values, kind):
            parent = model.options.node(key[-1]).parent
            before = float(values[model.columns.table(kind)[(*key[:-1], parent.id)]]) if parent else 0.0
            if level - before > NEGLIGIBLE:
                yield {
                    "kind": kind, "subject": key[0], "what": key[1], "zone": key[2] if kind == "clear" else None,
                    "node": key[-1], "period": period(model, key[-1]), "level": level,
                }  # fmt: skip


def shortfall(model: Model, values: Floats) -> Iterator[Record]:
    """Promised capacity that does not stand."""
    spent = spent_on(model, values, "shortfall")
    for (target, node), missing in amounts(model, values, "shortfall"):
        yield {
            "target": target, "node": node, "period": period(model, node), "missing_pflops": missing,
            "promised_pflops": model.case.capacity_targets[target].pflops, "hkd": spent[model.columns.shortfall[target, node]],
        }  # fmt: skip


def silos(model: Model, values: Floats) -> Iterator[Record]:
    """Devices that are a silo's own, and those newly given to it in the node."""
    for (accelerator, site, silo, node), column in model.columns.assign.items():
        devices, given = float(values[column]), float(values[model.columns.dedicate[accelerator, site, silo, node]])
        if max(devices, given) > NEGLIGIBLE:
            yield {
                "silo": silo, "accelerator": accelerator, "site": site, "node": node, "period": period(model, node),
                "devices": devices, "given": given,
            }  # fmt: skip


def jobs(model: Model, values: Floats, found: dict[str, pd.DataFrame]) -> Iterator[Record]:
    """Trainings: from the first to the last period in which they run, on each branch, the work done and
    what it costs.
    """
    ran, missing = found["service"], found["unserved"]
    costs = JobCosts(model, values, ran)
    for workload, node_id in model.columns.unserved:
        if model.case.workloads[workload].kind != "training":
            continue
        path = model.options.node(node_id).path
        here = ran[(ran["workload"] == workload) & ran["node"].isin([node.id for node in path])]
        asked = missing[(missing["workload"] == workload) & (missing["node"] == node_id)].iloc[0]
        nodes = [node for node in path if node.id in set(here["node"])]
        days = sum(days_in(model.case, node) for node in nodes)
        done, cost = float(here["work_pflops_days"].sum()), costs.of(workload, here)
        yield {
            "workload": workload, "node": node_id, "start": str(nodes[0].period) if nodes else None,
            "finish": str(nodes[-1].period) if nodes else None, "days": days, "asked_pflops_days": asked["asked_pflops_days"],
            "done_pflops_days": done, "device_days": sum(costs.device_days(here).values()), "cost_hkd": cost,
            "hkd_per_pflops_day": cost / done if done else 0.0,
        }  # fmt: skip


__all__ = ["COLUMNS", "NEGLIGIBLE", "Line", "tables"]
