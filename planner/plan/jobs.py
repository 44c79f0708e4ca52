"""What a training costs: its part of all that its devices cost in the plan, by device-days, and its own ports.

    cost[w]  =  Σ_{a,s} spent[a,s] / used[a,s] · device_days[w,a,s]  +  ports[w]

    spent   HKD in present value of purchase, rental, energy and all else that a device at a site causes, less its value at the end
    used    device-days at work, expected over branches

Subsidies and what a site costs whatever stands there are nobody's; devices that stood before the plan cost only what
running them costs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import fsum

from planner.model.build import Model
from planner.model.timing import days_in
from planner.plan.amounts import NEGLIGIBLE
from planner.plan.rows import Job, PartPeriod, Service, Unserved
from planner.solve.outcome import Floats

Place = tuple[str, str]


class JobCosts:
    """HKD in present value per device-day by device and site, and of ports by workload."""

    def __init__(self, model: Model, values: Floats, ran: Iterable[Service]) -> None:
        self.model = model
        spent: dict[Place, float] = defaultdict(float)
        self.ports: dict[str, float] = defaultdict(float)
        for line in model.lines:
            # Lines of risk weigh the others anew; nobody is paid by them.
            if line.cost == "risk" or not values[line.column]:
                continue
            column, hkd = model.columns.all[line.column], line.hkd * line.weight * float(values[line.column])
            if column.kind == "port":
                self.ports[column.key[0]] += hkd
            elif place := _place(model, column.kind, column.key):
                spent[place] += hkd
        chance = {node.id: node.probability for node in model.case.tree}
        used = self.device_days(ran, chance)
        self.rates = {place: spent[place] / days for place, days in used.items()}

    def device_days(self, ran: Iterable[Service], chance: dict[str, float] | None = None) -> dict[Place, float]:
        """Device-days at work by device and site in lines of `service`; with `chance`, each node's counts that much."""
        totals: dict[Place, float] = defaultdict(float)
        for row in ran:
            days = days_in(self.model.case, self.model.options.node(row["node"]))
            totals[row["accelerator"], row["site"]] += row["devices"] * days * (chance[row["node"]] if chance else 1.0)
        return totals

    def of(self, workload: str, ran: Iterable[Service]) -> float:
        """HKD in present value of a training that ran as these lines of `service` say, on one branch."""
        runs = sum(self.rates[place] * days for place, days in self.device_days(ran).items())
        return runs + self.ports[workload]


def _place(model: Model, kind: str, index: tuple[str, ...]) -> Place | None:
    if kind in ("order", "rent", "placed", "forfeit", "upkeep"):
        return model.case.offers[index[0]].accelerator, index[1]
    if kind in ("fleet", "retire", "kind"):
        return index[0], index[1]
    if kind == "part":
        return model.options.part_of[index].accelerator, index[2]
    return (index[1], index[2]) if kind in ("run", "run_part") else None


def jobs(
    model: Model, values: Floats, ran: list[Service], missing: list[Unserved], parts: list[PartPeriod]
) -> Iterator[Job]:
    """Trainings: from the first to the last period in which they run, on each branch, the work done and
    what it costs.
    """
    costs = JobCosts(model, values, ran)
    by_workload: dict[str, list[Service]] = defaultdict(list)
    for row in ran:
        by_workload[row["workload"]].append(row)
    for row_of_work in missing:
        workload, node_id = row_of_work["workload"], row_of_work["node"]
        if model.case.workloads[workload].kind != "training":
            continue
        path = model.options.node(node_id).path
        ids = {node.id for node in path}
        here = [row for row in by_workload[workload] if row["node"] in ids]
        at = {row["node"] for row in here}
        nodes = [node for node in path if node.id in at]
        days = sum(days_in(model.case, node) * _share_there(parts, here, node.id) for node in nodes)
        done, cost = fsum(row["work_pflops_days"] for row in here), costs.of(workload, here)
        yield {
            "workload": workload, "node": node_id, "start": str(nodes[0].period) if nodes else None,
            "finish": str(nodes[-1].period) if nodes else None, "days": days, "asked_pflops_days": row_of_work["asked_pflops_days"],
            "done_pflops_days": done, "device_days": sum(costs.device_days(here).values()), "cost_hkd": cost,
            "hkd_per_pflops_day": cost / done if done else 0.0,
        }  # fmt: skip


def _share_there(parts: list[PartPeriod], ran: list[Service], node: str) -> float:
    """Part of the node in which a training runs: all of it but where all its devices stand only a part."""
    here = [row for row in ran if row["node"] == node]
    if any(row["devices"] - row["part_devices"] > NEGLIGIBLE for row in here):
        return 1.0
    places = {(row["accelerator"], row["site"]) for row in here}
    there = (p["share"] for p in parts if p["node"] == node and (p["accelerator"], p["site"]) in places)
    return max(there, default=1.0)
