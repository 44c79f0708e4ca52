"""From a solution to the tables of the plan: tidy, units in names, sorted by key, one line per fact (formulation §8).

Values come from the program's own columns and lines of spending; nothing is computed a second time, so a table cannot
disagree with the objective. Quantities below `NEGLIGIBLE` of their unit are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields

import pandas as pd

from planner.model.build import Model
from planner.model.costs.line import Line
from planner.model.ledger import Refusal
from planner.model.options import Options
from planner.model.timing import days_in
from planner.plan.amounts import NEGLIGIBLE, Record, amounts, period, spent_on
from planner.plan.energy import carbon, energy
from planner.plan.jobs import JobCosts
from planner.plan.spending import draws, spend
from planner.solve.outcome import Floats


def tables(model: Model, values: Floats) -> dict[str, pd.DataFrame]:
    """All tables that follow from the values of the columns."""
    made: dict[str, Callable[[Model, Floats], Iterator[Record]]] = {
        "orders": orders,
        "rentals": rentals,
        "fleet": fleet,
        "part_periods": part_periods,
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
        "offer", "accelerator", "site", "node", "period", "devices", "order_date", "shipped", "arrives_on", "stands_from",
        "stands_on", "stored_months", "outcome", "rule", "citation", "price_hkd_per_device", "hkd",
    ],
    "rentals": ["offer", "accelerator", "site", "node", "period", "devices", "outcome", "rule", "hkd"],
    "fleet": ["accelerator", "site", "node", "period", "devices", "arrived", "retired"],
    "part_periods": ["offer", "accelerator", "site", "ordered", "node", "period", "devices", "share"],
    "service": ["workload", "accelerator", "site", "node", "period", "devices", "part_devices", "useful_pflops_per_device", "work_pflops_days"],
    "unserved": ["workload", "node", "period", "asked_pflops_days", "unserved_pflops_days", "share", "hkd"],
    "readiness": ["kind", "subject", "what", "zone", "node", "period", "level"],
    "energy": ["accelerator", "site", "node", "period", "energy_mwh"],
    "carbon": ["accelerator", "site", "node", "period", "carbon_t"],
    "spend": ["cost", "node", "period", "site", "fund", "hkd", "weight", "objective_hkd"],
    "draws": ["fund", "bucket", "node", "period", "hkd"],
    "shortfall": ["target", "node", "period", "promised_pflops", "missing_pflops", "hkd"],
    "silos": ["silo", "accelerator", "site", "node", "period", "devices", "given", "part_devices"],
    "jobs": [
        "workload", "node", "start", "finish", "days", "asked_pflops_days", "done_pflops_days", "device_days",
        "cost_hkd", "hkd_per_pflops_day",
    ],
}  # fmt: skip


def _frame(records: Iterable[Record], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(list(records), columns=columns)


def orders(model: Model, values: Floats) -> Iterator[Record]:
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
    """Devices owned that stand all of the node, with what joined them and was taken out then."""
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


def part_periods(model: Model, values: Floats) -> Iterator[Record]:
    """Devices that stand a part of a node's period: from the day they arrive, or to the end of their life; those of the
    start have no offer.
    """
    for key, devices in amounts(model, values, "part"):
        (_, ordered, site, node), part = key, model.options.part_of[key]
        yield {
            "offer": part.offer.id if part.offer else None, "accelerator": part.accelerator, "site": site,
            "ordered": ordered, "node": node, "period": period(model, node), "devices": devices, "share": part.share,
        }  # fmt: skip


def service(model: Model, values: Floats) -> Iterator[Record]:
    """What runs where, averaged over the node, how much of it on devices that stand a part of the node, and the useful
    work it does.
    """
    part = dict(amounts(model, values, "run_part"))
    whole = dict(amounts(model, values, "run"))
    numbers = model.columns.run | model.columns.run_part
    for key in sorted({*whole, *part}, key=lambda key: numbers[key]):
        (workload, accelerator, site, node), devices = key, whole.get(key, 0.0) + part.get(key, 0.0)
        at = model.options.node(node)
        useful = model.options.speeds.useful_pflops(model.case.workloads[workload], accelerator, at)
        yield {
            "workload": workload, "accelerator": accelerator, "site": site, "node": node, "period": str(at.period),
            "devices": devices, "part_devices": part.get(key, 0.0), "useful_pflops_per_device": useful, "work_pflops_days": devices * useful * days_in(model.case, at),
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
        days = sum(days_in(model.case, node) * _share_there(found, here, node.id) for node in nodes)
        done, cost = float(here["work_pflops_days"].sum()), costs.of(workload, here)
        yield {
            "workload": workload, "node": node_id, "start": str(nodes[0].period) if nodes else None,
            "finish": str(nodes[-1].period) if nodes else None, "days": days, "asked_pflops_days": asked["asked_pflops_days"],
            "done_pflops_days": done, "device_days": sum(costs.device_days(here).values()), "cost_hkd": cost,
            "hkd_per_pflops_day": cost / done if done else 0.0,
        }  # fmt: skip


def _share_there(found: dict[str, pd.DataFrame], ran: pd.DataFrame, node: str) -> float:
    """Part of the node in which a training runs: all of it but where all its devices stand only a part."""
    here, parts = ran[ran["node"] == node], found["part_periods"]
    if (here["devices"] - here["part_devices"] > NEGLIGIBLE).any():
        return 1.0
    places = set(zip(here["accelerator"], here["site"], strict=True))
    lines = zip(parts["accelerator"], parts["site"], parts["node"], parts["share"], strict=True)
    return max((share for a, s, at, share in lines if at == node and (a, s) in places), default=1.0)


__all__ = ["COLUMNS", "NEGLIGIBLE", "Line", "tables"]
