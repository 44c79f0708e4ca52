"""What a plan must respect: one family a file, in the order in which a procurement review reads them.

A family is a pure function from what may be decided to rows. Two families have no rows: what law denies (`embargo`) and
what exposure to two regimes rules out (`double_bind`) never becomes a column; the ledger of refusals keeps it
(formulation §4).
"""

from __future__ import annotations

from planner.model.constraints import (
    budget,
    capacity,
    capacity_target,
    carbon_cap,
    cooling,
    data_governance,
    demand,
    fleet_balance,
    licence_quota,
    lots,
    parallelism,
    porting,
    power,
    silo,
    space,
    supercomputer_ceiling,
    supply,
    tail_cost,
    vendor_share,
    zone_share,
)
from planner.model.family import Family

FAMILIES: tuple[Family, ...] = (
    demand.FAMILY,
    parallelism.FAMILY,
    fleet_balance.FAMILY,
    capacity.FAMILY,
    licence_quota.FAMILY,
    supply.FAMILY,
    supercomputer_ceiling.FAMILY,
    power.FAMILY,
    cooling.FAMILY,
    space.FAMILY,
    budget.FAMILY,
    data_governance.FAMILY,
    porting.FAMILY,
    vendor_share.FAMILY,
    zone_share.FAMILY,
    carbon_cap.FAMILY,
    capacity_target.FAMILY,
    silo.FAMILY,
    tail_cost.FAMILY,
    lots.FAMILY,
)
COMPUTE = Family(
    "compute",
    lambda options, x: iter(()),
    unit="PFLOP/s-day",
    price_says="the cost of the last PFLOP/s-day served",
    kind="work",
    one_more=lambda at: "One PFLOP/s-day more in all",
)
KNOWN = {family.name: family for family in (*FAMILIES, COMPUTE)}
LEDGER_FAMILIES = ("embargo", "double_bind")

__all__ = ["FAMILIES", "KNOWN", "LEDGER_FAMILIES", "Family"]
