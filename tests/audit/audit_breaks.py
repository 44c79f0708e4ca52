"""For every rule of the audit a way to break a good plan: a cell of its tables, or a figure of its case, and what must then fail."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
from every_family_solved import CASES, FAMILY_TESTS
from proof import ASCEND, CANN, SNAP, Break, economics, hall
from tiny import DEVICE, case, deep_merge, offer, rental, service, site, training

from planner.plan.plan import Plan, make_plan

CLOUD = site(access="rent", phases=[], destination="OTHER", legal_zone="sg", operator_parent="SG")
CHEAP = {"workloads": {"service": {"unserved_hkd_per_pflops_day": 100}}}
TARGET = {"pflops": 2, "by": "2027q3", "basis": "peak", "precision": "fp32", "shortfall_hkd_per_pflops": 1000}
LOAN = {"kind": "loan", "interest_per_year": 0.06, "loan_years": 8}
OWN = {"kind": "budget", "amount_hkd": 5e5}
LATER = {"kind": "budget", "start": "2027q2"}
GRANT = {"kind": "subsidy", "share_max": 0.7, "amount_hkd": 3e5}
OLD = {"accelerator": DEVICE, "devices": 4, "installed": "2022-01-01", "lifetime_years": 5.5}

VARIANTS: dict[str, dict[str, Any]] = CASES | {
    "plain": {},
    "lots": {"whole": {"lots": True}, "economics": {"order_hkd": 5_000, "new_kind_hkd_per_hall": 2_000}},
    "rented": {"offers": {"card": None, "rent": rental()}, "sites": {"cloud": CLOUD}},
    "lent": {
        "offers": {"card": None, "rent": rental(assume={"end_user_hq": "SG"})},
        "sites": {"cloud": CLOUD},
        "workloads": {"service": None, "job": training(us_exposure=True)},
    },
    "market": {
        "offers": {"rent": rental(supply_devices_total=1), "used": offer(channel="secondary", supply_devices_total=2)},
        "sites": {"cloud": CLOUD},
        "workloads": {"service": {"growth_per_year": 1}},
        "economics": {
            "residual_value": True,
            "new_price_growth_per_year": -0.05,
            "used_price_growth_per_year": -0.3,
            "rent_growth_per_year": -0.2,
        },
    },
    "unserved": CHEAP,
    "training": {"workloads": {"service": None, "job": training()}},
    "soft_target": {**CHEAP, "capacity_targets": {"t": TARGET}},
    "loan": {"funds": {"loan": LOAN, "later": LATER}},
    "subsidy": {"funds": {"own": OWN, "grant": GRANT}, "offers": {"card": {"subsidised_by": ["grant"]}}},
    "two_funds": {"funds": {"own": {**OWN, "end": "2027q1"}, "loan": LOAN, "later": LATER}},
    "stored": {
        "sites": {"hall": {"fit_out_months": 4}},
        "controls": {DEVICE: {"outcome": "prohibited", "start": "2027m05"}},
    },
    "brownfield": {"sites": {"hall": {"fleet": [OLD]}}},
    "all_costs": {
        "sites": {
            "hall": {"hosting_hkd_per_kw_month": 900, "fit_out_hkd_per_kw": 2_000, "demand_charge_hkd_per_kw_month": 70}
        },
        "controls": {DEVICE: {"outcome": "case_by_case"}},
        "licences": {"hope": {"accelerators": [DEVICE], "quota_devices": 40, "approval_share": 0.8, "wait_months": 0}},
        "silos": {"west": {"tenants": ["city"], "entity_hkd_per_year": 50_000}},
        "whole": {"lots": True},
        "economics": {
            "discount_rate": 0.04,
            "freight_share": 0.03,
            "server_usd_per_device": 2_000,
            "staff_hkd_per_device_year": 3_000,
            "maintenance_share_per_year": 0.04,
            "insurance_share_per_year": 0.01,
            "compliance_hkd_per_licensed_device": 800,
            "carbon_price_hkd_per_tonne": 300,
            "residual_value": True,
        },
    },
    "mid_period": {
        "offers": {"card": {"lead_time_months": 4.5, "lifetime_years": 5 / 12}},
        "economics": {"residual_value": True, "staff_hkd_per_device_year": 3_000},
    },
    "job_mid_period": {
        "offers": {"card": {"lead_time_months": 4.5}},
        "workloads": {"service": None, "job": training(end="2027q2", max_devices=4)},
    },
    "removal": {"sites": {"hall": {"fleet": [OLD]}}, "economics": {"decommission_hkd_per_device": 400}},
    "taken_out": {
        "workloads": {"service": {"end": "2027q2"}},
        "sites": {"hall": {"hosting_hkd_per_kw_month": 20_000}},
        "economics": {"residual_value": True},
    },
    "tree": {"scenarios": SNAP, "workloads": {"service": {"growth_per_year": 0.6}}},
    "porting": CASES["porting"] | {"buyer": {"us_exposure": False}},
    "ported_job": {
        "offers": {"card": {"accelerator": ASCEND, "channel": "domestic"}},
        "stacks": {"cann": {"name": "CANN", "porting": {"pretrain": {"engineer_months": 2, "months": 1.5}}}},
        "workloads": {"service": None, "job": training()},
        "economics": {"engineer_hkd_per_month": 90_000, "discount_rate": 0.04},
    },
    "shared_tree": {
        "scenarios": SNAP,
        "workloads": {"job": training()},
        "economics": {
            "discount_rate": 0.04,
            "staff_hkd_per_device_year": 3_000,
            "carbon_price_hkd_per_tonne": 300,
            "residual_value": True,
        },
    },
    "both_stacks": {
        "offers": {"ascend": offer(accelerator=ASCEND, channel="domestic", price_usd_per_device=60_000)},
        "stacks": CANN,
        "workloads": {"other": service(tenant="bank", stacks_ready=["cann"], measured_pflops_per_device={ASCEND: 0.3})},
    },
}


BREAKS = (
    *(one for family in FAMILY_TESTS.values() for one in family.BREAKS),
    Break("tables", "plain", "orders,line 1,site", cell=("orders", 0, "site", "nowhere")),
    Break("tables", "plain", "service,line 1,devices", cell=("service", 0, "devices", float("nan"))),
    Break("tables", "plain", "fleet,line 2,period", cell=("fleet", 1, "period", "2031q1")),
    Break("tables", "plain", "orders,line 1,shipped", cell=("orders", 0, "shipped", "next spring")),
    Break("tables", "porting", "readiness,line 1,what", cell=("readiness", 0, "what", "abacus")),
    Break("not_negative", "plain", "energy,line 1,energy_mwh", cell=("energy", 0, "energy_mwh", -5.0), also=("energy",)),
    Break("timeline", "plain", "card,hall,2027q1,order_date", cell=("orders", 0, "order_date", "2027-01-09")),
    Break("timeline", "stored", "card,hall,2027q1,arrives_on", cell=("orders", 0, "arrives_on", "2027-04-09")),
    Break("timeline", "stored", "card,hall,2027q1,stored_months", cell=("orders", 0, "stored_months", 0.0)),
    Break("timeline", "plain", "card,hall,2027q1,shipped", cell=("orders", 0, "shipped", "2027-04-09")),
    Break("useful", "plain", "service,nvidia_rtx_5090d_v2,hall,2027q2,work", cell=("service", 0, "work_pflops_days", 1.0)),
    Break("jobs", "training", "job,2027q4,days", cell=("jobs", 0, "days", 7)),
    Break("jobs", "training", "job,2027q4,dates", cell=("jobs", 0, "finish", "2027q1")),
    Break("job_costs", "training", "job,2027q4", cell=("jobs", 0, "cost_hkd", 1.0), also=("jobs",)),
    Break("job_costs", "ported_job", "job,2027q4", cell=("jobs", 0, "cost_hkd", 1.0), also=("jobs",)),
    Break("job_costs", "shared_tree", "job,2027q4", cell=("jobs", 0, "cost_hkd", 1.0), also=("jobs",)),
    Break("jobs", "job_mid_period", "job,2027q2,days", cell=("jobs", 0, "days", 91)),
    Break("energy", "plain", "nvidia_rtx_5090d_v2,hall,2027q2", cell=("energy", 0, "energy_mwh", 1.0)),
    Break("carbon", "plain", "nvidia_rtx_5090d_v2,hall,2027q2", cell=("carbon", 0, "carbon_t", 1.0)),
    Break("cost_purchase", "plain", "purchase,2027q2,hall", figure={"offers": {"card": {"price_usd_per_device": 11_000}}}, also=("lines",)),
    Break("cost_purchase", "market", "purchase,2027q", figure=economics(new_price_growth_per_year=-0.1), also=("lines", "cost_residual")),
    Break("cost_rental", "market", "rental,2027q", figure=economics(rent_growth_per_year=-0.1), also=("lines",)),
    Break("cost_residual", "market", "residual,2027q4,hall", figure=economics(used_price_growth_per_year=-0.4), also=("lines", "cost_purchase")),
    Break("cost_freight", "plain", "freight,2027q2,hall", figure=economics(freight_share=0.03)),
    Break("cost_equipment", "plain", "equipment,2027q2,hall", figure=economics(server_usd_per_device=100)),
    Break("cost_fit_out", "plain", "fit_out,2027q2,hall", figure=hall(fit_out_hkd_per_kw=100)),
    Break("cost_warehouse", "stored", "warehouse,2027q2,hall", figure=economics(warehouse_hkd_per_device_month=500)),
    Break("cost_hosting", "plain", "hosting,2027q", figure=hall(hosting_hkd_per_kw_month=100)),
    Break("cost_energy", "plain", "energy,2027q", figure=hall(tariff_hkd_per_kwh=1.1)),
    Break("cost_demand_charge", "plain", "demand_charge,2027q", figure=hall(demand_charge_hkd_per_kw_month=70)),
    Break("cost_carbon", "plain", "carbon,2027q", figure=economics(carbon_price_hkd_per_tonne=50)),
    Break("cost_rental", "rented", "rental,2027q", figure={"offers": {"rent": {"rent_usd_per_device_hour": 3}}}, also=("lines",)),
    Break("cost_staff", "plain", "staff,2027q", figure=economics(staff_hkd_per_device_year=1_000)),
    Break("cost_maintenance", "plain", "maintenance,2027q", figure=economics(maintenance_share_per_year=0.04)),
    Break("cost_insurance", "plain", "insurance,2027q", figure=economics(insurance_share_per_year=0.01)),
    Break("cost_porting", "porting", "porting,2027q1", figure=economics(engineer_hkd_per_month=100_000)),
    Break("cost_mechanism", "data_governance", "mechanism,2027q", cell=("spend", "mechanism", "objective_hkd", 1.0), also=("breakdown",)),
    Break("cost_compliance", "licence_quota", "compliance,2027q1,hall", figure=economics(compliance_hkd_per_licensed_device=800)),
    Break("cost_entity", "silo", "entity,2027q", figure={"silos": {"west": {"entity_hkd_per_year": 50_000}}}),
    Break("cost_decommission", "brownfield", "decommission,2027q1,hall", figure=economics(decommission_hkd_per_device=400)),
    Break("cost_residual", "plain", "residual,2027q4,hall", figure=economics(residual_value=True)),
    Break(
        "cost_unserved", "unserved", "unserved,2027q",
        figure={"workloads": {"service": {"unserved_hkd_per_pflops_day": 200}}}, also=("lines",),
    ),
    Break(
        "cost_shortfall", "soft_target", "shortfall,2027q3",
        figure={"capacity_targets": {"t": {"shortfall_hkd_per_pflops": 2000}}}, also=("lines",),
    ),
    Break("cost_subsidy", "subsidy", "subsidy,2027q", cell=("spend", "subsidy", "objective_hkd", 1.0), also=("breakdown",)),
    Break("cost_interest", "loan", "interest,2027q", figure={"funds": {"loan": {"interest_per_year": 0.05}}}, also=("cost_repayment", "budget")),
    Break("cost_repayment", "loan", "repayment,2027q", cell=("spend", "repayment", "hkd", 1.0), also=("budget",)),
    Break("lines", "plain", "card,hall,2027q1,hkd", cell=("orders", 0, "hkd", 1.0)),
    Break("lines", "plain", "card,hall,2027q1,price_hkd_per_device", cell=("orders", 0, "price_hkd_per_device", 1.0)),
    Break("lines", "rented", "rentals,2027q2,cloud", cell=("rentals", 0, "hkd", 1.0)),
    Break("cash_years", "plain", "energy,2027q4,2027-28,paid_hkd", cell=("cash_years", 0, "paid_hkd", 1.0)),
    Break("cash_years", "tree", "purchase,2027q4,2028-29,committed", cell=("cash_years", "purchase", "financial_year", "2028-29")),
    Break("cash_years", "plain", "nominal_hkd", figure=economics(inflation_per_year=0.05)),
    Break("fund_years", "subsidy", "own,2027q4,2026-27,closing_hkd", cell=("fund_years", 0, "closing_hkd", 1.0)),
    Break("fund_years", "subsidy", "grant,2027q4,", figure={"funds": {"grant": {"amount_hkd": 4e5}}}),
    Break("fund_years", "loan", "loan,2027q4,2026-27,closing_hkd", cell=("fund_years", "loan", "closing_hkd", 7.0)),
    Break("subsidy_years", "subsidy", "2027q4,2027-28", cell=("subsidy_years", 0, "tenant", "bank")),
    Break("breakdown", "plain", "purchase,2027q1,hall", cell=("spend", 0, "weight", 0.5)),
)  # fmt: skip


@cache
def plan_of_variant(name: str) -> Plan:
    """The plan of a variant, made once."""
    return make_plan(case(**VARIANTS[name]))


def broken(one: Break) -> tuple[Any, dict[str, pd.DataFrame], float]:
    """Case, tables and objective of the variant's plan with the one thing broken."""
    plan = plan_of_variant(one.variant)
    tables = dict(plan.tables)
    if one.cell is not None:
        table, line, column, value = one.cell
        tables[table] = changed = tables[table].copy()
        changed[column] = changed[column].astype(object)
        number = line if isinstance(line, int) else list(changed.iloc[:, 0]).index(line)
        changed.iloc[number, list(changed.columns).index(column)] = value
    changes = deep_merge(VARIANTS[one.variant], one.figure or {})
    return case(**changes), tables, plan.objective_hkd
