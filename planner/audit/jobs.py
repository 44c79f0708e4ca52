"""What every training is told to cost, against its part, by device-days, of all that its devices are paid for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planner.audit.account import Account
from planner.audit.facts import Record
from planner.audit.rule import Comparison

Pair = tuple[str, str]


def job_costs(facts: Account) -> Iterator[Comparison]:
    """Present value: the price of a device-day at each site times those of the training on its branch, and its ports."""
    price, ports, runs = _per_device_day(facts), _ports(facts), _runs(facts)
    for line in facts.records("jobs"):
        path = facts.path[line["node"]]
        shares = [
            price[run["accelerator"], run["site"]] * run["devices"] * facts.days[run["node"]]
            for run in runs[line["workload"]]
            if run["node"] in path
        ]
        where = line["workload"], line["node"]
        size = sum(map(abs, shares))
        yield Comparison(where, line["cost_hkd"], "==", sum(shares) + ports[line["workload"]], size)


def _per_device_day(facts: Account) -> dict[Pair, float]:
    """HKD in present value per expected device-day at work, by accelerator and site."""
    paid: dict[Pair, float] = defaultdict(float)
    for payments in facts.payments.values():
        for payment in payments:
            paid[payment.device, payment.site] += payment.hkd * payment.weight
    worked: dict[Pair, float] = defaultdict(float)
    for (accelerator, site, node), devices in facts.running.items():
        worked[accelerator, site] += devices * facts.days[node] * facts.nodes[node].probability
    return {pair: paid[pair] / days if days else 0.0 for pair, days in worked.items()}


def _ports(facts: Account) -> dict[str, float]:
    """HKD in present value of porting, by workload."""
    found: dict[str, float] = defaultdict(float)
    for payment in facts.payments.get("porting", ()):
        found[payment.workload] += payment.hkd * payment.weight
    return found


def _runs(facts: Account) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for run in facts.records("service"):
        found[run["workload"]].append(run)
    return found
