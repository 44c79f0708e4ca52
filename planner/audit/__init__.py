"""The independent audit: every constraint family and every cost recomputed from the case and the plan's tables (formulation §9).

It shares no code with the program that made the plan: only the nouns of the case, law and the performance model, which it asks again.
"""

from __future__ import annotations

from planner.audit import energy, halls, lots, money, procurement, readiness, subsidies, treasury, work
from planner.audit import tables as names
from planner.audit.account import Account
from planner.audit.facts import Tables
from planner.audit.known import Known, nothing_known
from planner.audit.rule import DEVICE_FLOOR, FAULTS, HKD_FLOOR, WORK_FLOOR, Audit, AuditFailed, Check, Rule, run
from planner.audit.tables import QUANTITIES
from planner.domain.case import Case

FIRST: Rule[Account] = Rule("tables", (), FAULTS, 0.0, names.known)
RULES: tuple[Rule[Account], ...] = (
    Rule("not_negative", (), "units", DEVICE_FLOOR, names.not_negative),
    Rule("timeline", (), "days or devices", DEVICE_FLOOR, procurement.timeline),
    Rule("useful", (), "PFLOP/s or PFLOP/s-days", WORK_FLOOR * WORK_FLOOR, work.useful),
    Rule("demand", ("demand",), "PFLOP/s-days", WORK_FLOOR, work.demand),
    Rule("jobs", (), "days or PFLOP/s-days", WORK_FLOOR, work.jobs),
    Rule("parallelism", ("parallelism",), "devices", DEVICE_FLOOR, work.parallelism),
    Rule("fleet_balance", ("fleet_balance",), "devices", DEVICE_FLOOR, halls.fleet_balance),
    Rule("end_of_life", ("fleet_balance",), "devices", DEVICE_FLOOR, halls.end_of_life),
    Rule("part_periods", ("fleet_balance",), "devices", DEVICE_FLOOR * DEVICE_FLOOR, halls.part_periods),
    Rule("capacity", ("capacity",), "devices", DEVICE_FLOOR, halls.capacity),
    Rule("embargo", ("embargo",), "devices", DEVICE_FLOOR, procurement.embargo),
    Rule("licence_quota", ("licence_quota",), "devices", DEVICE_FLOOR, procurement.licence_quota),
    Rule("supply", ("supply",), "devices", DEVICE_FLOOR, procurement.supply),
    Rule("supercomputer_ceiling", ("supercomputer_ceiling",), "PFLOP/s", WORK_FLOOR, halls.supercomputer_ceiling),
    Rule("power", ("power",), "MW", DEVICE_FLOOR, halls.power),
    Rule("cooling", ("cooling",), "MW or kW", DEVICE_FLOOR, halls.cooling),
    Rule("space", ("space",), "racks", DEVICE_FLOOR, halls.space),
    Rule("data_governance", ("data_governance",), "PFLOP/s-days", WORK_FLOOR, readiness.data_governance),
    Rule("double_bind", ("double_bind",), "devices", DEVICE_FLOOR, readiness.double_bind),
    Rule("porting", ("porting",), "PFLOP/s-days", WORK_FLOOR, readiness.porting),
    Rule("vendor_share", ("vendor_share",), "PFLOP/s", WORK_FLOOR, work.vendor_share),
    Rule("zone_share", ("zone_share",), "PFLOP/s", WORK_FLOOR, work.zone_share),
    Rule("energy", (), "MWh", WORK_FLOOR, energy.energy),
    Rule("carbon", (), "t CO2e", WORK_FLOOR, energy.carbon),
    Rule("carbon_cap", ("carbon_cap",), "t CO2e", WORK_FLOOR, energy.carbon_cap),
    Rule("capacity_target", ("capacity_target",), "PFLOP/s", WORK_FLOOR, work.capacity_target),
    Rule("target_peaks", (), "PFLOP/s or devices", WORK_FLOOR, work.target_peaks),
    Rule("silo", ("silo",), "devices", DEVICE_FLOOR, halls.silo),
    Rule("lots", ("lots",), "devices", DEVICE_FLOOR, lots.lots),
    *money.RULES,
    Rule("job_costs", (), "HKD", HKD_FLOOR, money.job_costs),
)
SUMS: tuple[Rule[Account], ...] = (*treasury.RULES, *subsidies.RULES)
"""Of what the others have found to hold: where one of them fails, its sums would fail for the same reason."""


def audit(case: Case, tables: Tables, objective_hkd: float, known: Known | None = None) -> Audit:
    """Every rule over a plan. Where a table lacks a line or names what the case does not know, that alone is told; sums by
    financial year are looked at where all else holds.

    Args:
        case: what the plan was made from.
        tables: of the plan, with the columns of `planner.plan.rows`; shadow prices and refusals are not needed.
        objective_hkd: cost of the plan, HKD, discounted and expected.
        known: who answers for law and speeds of this case, where they were asked before.
    """
    facts = Account(case, tables, objective_hkd, known)
    named = run(FIRST, facts)
    if not named.passed:
        return Audit((named,))
    verdict = Audit((named, *(run(rule, facts) for rule in RULES)))
    return Audit((*verdict.checks, *(run(rule, facts) for rule in SUMS))) if verdict.passed else verdict


__all__ = [
    "FIRST",
    "QUANTITIES",
    "RULES",
    "SUMS",
    "Audit",
    "AuditFailed",
    "Check",
    "Known",
    "Rule",
    "audit",
    "nothing_known",
]
