"""A case small enough to read that uses every family and every cost; its program is kept as text beside this file."""

from __future__ import annotations

from proof import SNAP
from tiny import DEVICE, case, offer, rental, service, site, training

from planner.domain.case import Case
from planner.model.build import Model
from planner.model.costs import Line

ASCEND = "huawei_ascend_910c"


def every_family() -> Case:
    """Three quarters, two futures, a hall and a cloud, a card under licence, an Ascend that
    must ship before its hall is ready, a rental, two tenants in silos, three funds."""
    return case(
        title="every family",
        horizon={"start": "2027q1", "end": "2027q3", "decision_date": "2027-01-15"},
        scenarios=SNAP,
        risk={"weight": 0.25, "tail": 0.5},
        sites={
            "hall": {
                "phases": [
                    {"from_date": "2020-01-01", "power_mw": 0.05, "racks": 4, "liquid_cooled_mw": 0.03},
                    {"from_date": "2027-07-01", "power_mw": 0.08, "racks": 5, "liquid_cooled_mw": 0.04},
                ],
                "rack_kw": 10,
                "public": True,
                "hosting_hkd_per_kw_month": 900,
                "fit_out_hkd_per_kw": 2_000,
                "fit_out_months": 3,
                "demand_charge_hkd_per_kw_month": 70,
                "tariff_growth_per_year": 0.02,
                "fleet": [{"accelerator": DEVICE, "devices": 2, "installed": "2025-06-01", "lifetime_years": 2}],
            },
            "cloud": site(
                access="rent",
                phases=[],
                destination="OTHER",
                legal_zone="sg",
                operator_parent="SG",
                carbon_kg_per_kwh=0.5,
            ),
        },
        offers={
            "card": offer(
                supply_devices_per_quarter=12,
                supply_devices_total=20,
                subsidised_by=["grant"],
                transit_months=1,
                price_growth_per_year=-0.1,
            ),
            "ascend": offer(
                accelerator=ASCEND,
                channel="domestic",
                price_usd_per_device=20_000,
                lead_time_months=2,
                lot_devices=2,
                min_order_devices=3,
            ),
            "rent": rental(supply_devices_per_quarter=6, min_term_months=4, lot_devices=2),
        },
        workloads={
            "service": service(data_class="personal_hk", end="2027q3", growth_per_year=0.4),
            "job": training(tenant="bank", end="2027q3"),
        },
        stacks={"cann": {"name": "CANN", "growth_per_year": 0.05, "porting": PORTING}},
        funds={
            "own": {"kind": "budget", "amount_hkd": 4e6, "amount_hkd_per_year": 3e6},
            "loan": {
                "kind": "loan",
                "interest_per_year": 0.06,
                "loan_years": 8,
                "strings": {"public_sites_only": True},
            },
            "grant": {"kind": "subsidy", "share_max": 0.7, "strings": {"costs": ["purchase"]}},
        },
        budget_hkd=5e6,
        controls={DEVICE: {"outcome": "case_by_case"}, ASCEND: {"outcome": "prohibited", "start": "2027q3"}},
        licences={
            "hope": {
                "accelerators": [DEVICE],
                "quota_devices": 20,
                "quota_devices_per_year": 15,
                "approval_share": 0.8,
                "wait_months": 0,
            }
        },
        vendor_supply={"NVIDIA": {"devices_per_quarter": 14, "growth_per_year": 0.2}},
        vendor_share={"max_share": 0.9},
        zone_share={"max_share": 1, "start": "2027q2"},
        capacity_targets={
            "promise": {
                "pflops": 1.5,
                "by": "2027q3",
                "basis": "peak",
                "precision": "fp32",
                "shortfall_hkd_per_pflops": 9e5,
            }
        },
        carbon_cap={"tonnes_per_year": 60},
        silos={"west": {"tenants": ["city"], "entity_hkd_per_year": 50_000}, "east": {"tenants": ["bank"]}},
        economics={
            "discount_rate": 0.04,
            "freight_share": 0.03,
            "server_usd_per_device": 2_000,
            "network_usd_per_device": 500,
            "staff_hkd_per_device_year": 3_000,
            "maintenance_share_per_year": 0.04,
            "insurance_share_per_year": 0.01,
            "compliance_hkd_per_licensed_device": 800,
            "order_hkd": 30_000,
            "rental_contract_hkd": 4_000,
            "new_kind_hkd_per_hall": 9_000,
            "carbon_price_hkd_per_tonne": 300,
            "decommission_hkd_per_device": 400,
            "liquid_cooling_above_tdp_w": 500,
            "residual_value": True,
            "availability": 0.95,
            "devices_per_server": 4,
        },
        whole={"lots": True, "porting": True, "gap": 0},
    )


PORTING = {
    "inference_llm": {"engineer_months": 2, "months": 1.5},
    "pretrain": {"engineer_months": 9, "months": 2},
}


def spending_text(model: Model) -> str:
    """Every line of spending: cost, column, node, HKD per unit undiscounted, weight in the objective, where and for what.

    The risk lines that repeat every other line with a share are left out.
    """
    lines = ["spends: cost, column, node, HKD per unit, weight, marks"]
    for ln in model.lines:
        column = model.columns.all[ln.column]
        if ln.cost != "risk" or column.kind in ("value_at_risk", "cvar_excess"):
            lines.append(
                f"  {ln.cost}  {column.name}  {ln.node.id}  {ln.hkd:.9g} x {ln.weight:.9g}  {_marks(ln)}".rstrip()
            )
    return "\n".join(lines) + "\n"


def _marks(ln: Line) -> str:
    marks = (ln.site, ln.device_origin, ln.offer, "risky" if ln.risky else None, None if ln.cash else "value")
    return " ".join(mark for mark in marks if mark)
