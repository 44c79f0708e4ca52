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
    parallelism,
    porting,
    power,
    silo,
    space,
    supercomputer_ceiling,
    supply,
    tail_cost,
    vendor_share,
    whole_servers,
)
from planner.model.family import Family

FAMILIES: tuple[Family, ...] = (
    Family("demand", demand.rows, "PFLOP/s-day", "the marginal cost of one more PFLOP/s-day"),
    Family("parallelism", parallelism.rows, "device", "what one more usable device would save the job"),
    Family("fleet_balance", fleet_balance.rows, "device", "the value of one more device standing"),
    Family("capacity", capacity.rows, "device-period", "the value of one more device-period"),
    Family("licence_quota", licence_quota.rows, "device", "the value of one more licensed device"),
    Family("supply", supply.rows, "device", "the value of one more device on the market"),
    Family("supercomputer_ceiling", supercomputer_ceiling.rows, "PFLOP/s", "the cost of that control"),
    Family("power", power.rows, "MW", "the value of one more megawatt"),
    Family("cooling", cooling.rows, "MW", "the value of one more megawatt of liquid cooling"),
    Family("space", space.rows, "rack", "the value of one more rack"),
    Family("budget", budget.rows, "million HKD", "the return on one more million HKD"),
    Family("data_governance", data_governance.rows, "PFLOP/s-day", "the value of the mechanism"),
    Family("porting", porting.rows, "PFLOP/s-day", "the cost of the software gap"),
    Family("vendor_share", vendor_share.rows, "PFLOP/s", "the price of not depending on one vendor"),
    Family("carbon_cap", carbon_cap.rows, "t CO2e", "the marginal abatement cost"),
    Family("capacity_target", capacity_target.rows, "PFLOP/s", "the cost of the promise"),
    Family("silo", silo.rows, "device", "the cost of balkanisation"),
    Family("tail_cost", tail_cost.rows, "million HKD", "the weight that the branch carries in the tail"),
    Family("whole_servers", whole_servers.rows, "device", "nothing: prices are taken with whole numbers fixed"),
)
COMPUTE = Family("compute", lambda options, x: iter(()), "PFLOP/s-day", "the cost of the last PFLOP/s-day served")
LEDGER_FAMILIES = ("embargo", "double_bind")

__all__ = ["FAMILIES", "LEDGER_FAMILIES", "Family"]
