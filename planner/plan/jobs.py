"""What a training costs: its part of all that its devices cost in the plan, by device-days, and its own ports.

    cost[w]  =  Σ_{a,s} spent[a,s] / used[a,s] · device_days[w,a,s]  +  ports[w]

    spent   HKD in present value of purchase, rental, energy and all else that a device at a site causes, less its value at the end
    used    device-days at work, expected over branches

Subsidies and what a site costs whatever stands there are nobody's; devices that stood before the plan cost only what
running them costs.
"""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from planner.model.build import Model
from planner.model.timing import days_in
from planner.solve.outcome import Floats

Place = tuple[str, str]


class JobCosts:
    """HKD in present value per device-day by device and site, and of ports by workload."""

    def __init__(self, model: Model, values: Floats, ran: pd.DataFrame) -> None:
        self.model = model
        spent: dict[Place, float] = defaultdict(float)
        self.ports: dict[str, float] = defaultdict(float)
        chosen = values.tolist()
        for line in model.lines:
            # Lines of risk weigh the others anew; nobody is paid by them.
            if line.cost == "risk" or not chosen[line.column]:
                continue
            column, hkd = model.columns.all[line.column], line.hkd * line.weight * chosen[line.column]
            if column.kind == "port":
                self.ports[column.key[0]] += hkd
            elif place := _place(model, column.kind, column.key):
                spent[place] += hkd
        chance = {node.id: node.probability for node in model.case.tree}
        used = self.device_days(ran, chance)
        self.rates = {place: spent[place] / days for place, days in used.items()}

    def device_days(self, ran: pd.DataFrame, chance: dict[str, float] | None = None) -> dict[Place, float]:
        """Device-days at work by device and site in lines of `service`; with `chance`, each node's counts that much."""
        found: dict[Place, float] = defaultdict(float)
        for device, site, node, devices in zip(
            ran["accelerator"], ran["site"], ran["node"], ran["devices"], strict=True
        ):
            days = days_in(self.model.case, self.model.options.node(node))
            found[device, site] += float(devices) * days * (chance[node] if chance else 1.0)
        return found

    def of(self, workload: str, ran: pd.DataFrame) -> float:
        """HKD in present value of a training that ran as these lines of `service` say, on one branch."""
        runs = sum(self.rates[place] * days for place, days in self.device_days(ran).items())
        return runs + self.ports[workload]


def _place(model: Model, kind: str, index: tuple[str, ...]) -> Place | None:
    if kind in ("order", "rent", "forfeit", "upkeep"):
        return model.case.offers[index[0]].accelerator, index[1]
    if kind in ("fleet", "retire"):
        return index[0], index[1]
    if kind == "part":
        return model.options.part_of[index].accelerator, index[2]
    return (index[1], index[2]) if kind in ("run", "run_part") else None
