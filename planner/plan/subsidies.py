"""Whom a subsidy serves: what it pays, shared among tenants by the work that runs on the devices it pays for.

    hkd[f,g,y]  =  Σ_o paid[f,o,y] · device_days[g,o] / Σ_h device_days[h,o]

    f  subsidy   g, h  tenants   y  financial year   o  order or rental that the subsidy pays a part of
    device_days[g,o]  days at work for g of all devices of o's kind at o's site, in the periods in which o stands, or is rented

Devices of a kind at a site are one pool: a plan does not say which of them a workload runs on. A device that stands idle is
paid for those who use the rest; where nobody uses any, or the order never stands, the tenant is empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from planner.domain.horizon import Node
from planner.model.build import Model
from planner.model.timing import days_in
from planner.model.variables import Column
from planner.plan.amounts import NEGLIGIBLE, Shares
from planner.plan.cash import by_year
from planner.plan.rows import Service, SubsidyYear
from planner.solve.outcome import Floats

Tenants = dict[str, float]


def subsidy_years(model: Model, values: Floats, ran: Iterable[Service], paying: Shares) -> Iterator[SubsidyYear]:
    """Subsidies by tenant and financial year of each branch."""
    case, paid, worked = model.case, _paid(model, values, paying), _worked(model, ran)
    for leaf in case.tree.leaves if paid else ():
        path = {node.id for node in leaf.path}
        sums: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
        for (fund, column, node_id), hkd in paid.items():
            if node_id not in path:
                continue
            shares = _shares(model, model.columns.all[column], leaf, worked)
            for year, part, nominal in by_year(case, model.options.node(node_id), hkd):
                for tenant, share in shares.items():
                    total = sums[fund, tenant, year]
                    total[0] += part * share
                    total[1] += nominal * share
        for (fund, tenant, year), (real, nominal) in sorted(sums.items()):
            if real > NEGLIGIBLE:
                yield {
                    "fund": fund, "tenant": tenant, "node": leaf.id, "financial_year": year, "hkd": real, "nominal_hkd": nominal,
                }  # fmt: skip


def _paid(model: Model, values: Floats, shares: Shares) -> dict[tuple[str, int, str], float]:
    """HKD by subsidy, column of the order or rental, and node."""
    subsidies = {fund.id for fund in model.case.funds.values() if fund.kind == "subsidy"}
    paid: dict[tuple[str, int, str], float] = defaultdict(float)
    for line, spent in model.lines.spent(values) if subsidies else ():
        for fund, share in shares.get(id(line), ()):
            if fund in subsidies and (hkd := spent * share):
                paid[fund, line.column, line.node.id] += hkd
    return paid


def _worked(model: Model, ran: Iterable[Service]) -> dict[tuple[str, str, str], Tenants]:
    """Device-days at work by accelerator, site and node: of each tenant."""
    worked: dict[tuple[str, str, str], Tenants] = defaultdict(lambda: defaultdict(float))
    for row in ran:
        days = row["devices"] * days_in(model.case, model.options.node(row["node"]))
        tenant = model.case.workloads[row["workload"]].tenant
        worked[row["accelerator"], row["site"], row["node"]][tenant] += days
    return worked


def _shares(model: Model, column: Column, leaf: Node, worked: dict[tuple[str, str, str], Tenants]) -> Tenants:
    offer, site, _ = column.key
    accelerator = model.case.offers[offer].accelerator
    days: Tenants = defaultdict(float)
    for node in _stands(model, column, leaf):
        for tenant, some in worked.get((accelerator, site, node), {}).items():
            days[tenant] += some
    total = sum(days.values())
    return {tenant: some / total for tenant, some in days.items()} if total else {"": 1.0}


def _stands(model: Model, column: Column, leaf: Node) -> list[str]:
    """Nodes of the branch in which what was ordered stands, or is rented."""
    if column.kind == "rent":
        return [column.key[-1]]
    path = {node.id: node for node in leaf.path}
    for arrival in model.options.orders[column.key].arrivals:  # type: ignore[index]
        if arrival.node.id in path:
            nodes = leaf.path[arrival.node.position :]
            return [node.id for node in nodes if model.case.horizon.order_date(node.period) < arrival.until]
    return []
