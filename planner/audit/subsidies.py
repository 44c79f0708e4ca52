"""Whom subsidies serve: what each pays, shared anew among tenants by the work that runs on what it pays for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planner.audit.account import Account
from planner.audit.payments import Payment
from planner.audit.rule import HKD_FLOOR, Comparison, Rule
from planner.audit.treasury import Key, given, year_shares
from planner.domain.horizon import Node

FIGURES = ("hkd", "nominal_hkd")


def subsidy_years(facts: Account) -> Iterator[Comparison]:
    """Subsidies by tenant: device-days at work at the place of each order while it stands, or of each rental."""
    worked: dict[Key, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for run in facts.records("service"):
        at_work = run["devices"] * facts.days[run["node"]]
        tenant = facts.case.workloads[run["workload"]].tenant
        worked[run["accelerator"], run["site"], run["node"]][tenant] += at_work
    served: dict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for payment, fund, hkd in given(facts):
        if not fund or facts.case.funds[fund].kind != "subsidy":
            continue
        for leaf in facts.leaves_below[payment.node]:
            days: dict[str, float] = defaultdict(float)
            for node in _stands(facts, payment, leaf):
                for tenant, some in worked[payment.device, payment.site, node].items():
                    days[tenant] += some
            total = sum(days.values())
            shares = {tenant: some / total for tenant, some in days.items()} if total else {"": 1.0}
            for year, part, prices in year_shares(facts)[payment.node]:
                for tenant, share in shares.items():
                    sums = served[fund, tenant, leaf.id, year]
                    sums[0] += hkd * share * part
                    sums[1] += hkd * share * part * prices
    claims: dict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in facts.records("subsidy_years"):
        for place, name in enumerate(FIGURES):
            claims[row["fund"], row["tenant"] or "", row["node"], row["financial_year"]][place] += row[name]
    for key in dict.fromkeys((*claims, *served)):
        for name, claim, hkd in zip(FIGURES, claims[key], served[key], strict=True):
            yield Comparison((*(part for part in key if part), name), claim, "==", hkd)


def _stands(facts: Account, payment: Payment, leaf: Node) -> list[str]:
    """Nodes of the branch in which the order that is paid stands; of a rental the one in which it is paid."""
    path, horizon = facts.path[leaf.id], facts.case.horizon
    if payment.cost == "rental":
        return [payment.node]
    assert payment.offer is not None
    for first, made in facts.arrivals(payment.offer, payment.site, payment.decided).items():
        if first in path:
            after = path[path.index(first) :]
            return [node for node in after if horizon.order_date(facts.nodes[node].period) < made.lives_until]
    return []


RULES = (Rule("subsidy_years", (), "HKD", HKD_FLOOR, subsidy_years),)
