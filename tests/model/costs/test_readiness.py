"""Readiness: what is paid once before work can move: porting, mechanisms, licences, separate entities."""

from __future__ import annotations

import pytest
from proof import SNAP, model_of, paid, plan_of, spending
from tiny import DEVICE

from planner.intake.catalogue import data_governance

CANN = {"cann": {"name": "CANN", "porting": {"inference_llm": {"engineer_months": 2, "months": 1.5}}}}
CHINESE = {"offers": {"card": {"accelerator": "huawei_ascend_910c", "channel": "domestic"}}, "stacks": CANN}


def test_porting_by_hand() -> None:
    # 2 engineer-months at 100,000 HKD are paid where the port is begun.
    lines = spending(model_of(**CHINESE, economics={"engineer_hkd_per_month": 100_000}), "porting")
    assert lines["port(service,cann,2027q2)", "2027q2"] == 200_000
    assert ("port(service,cann,2027q1)", "2027q2") not in lines


def test_mechanism_by_hand() -> None:
    cost = data_governance().mechanisms["processor_terms"].cost_hkd.mid
    lines = spending(model_of(workloads={"service": {"data_class": "personal_hk"}}), "mechanism")
    assert lines["clear(city,processor_terms,hk_onprem,2027q3)", "2027q3"] == cost
    assert ("clear(city,processor_terms,hk_onprem,2027q2)", "2027q3") not in lines


def test_compliance_by_hand() -> None:
    licensed = {
        "controls": {DEVICE: {"outcome": "case_by_case"}},
        "licences": {"hope": {"accelerators": [DEVICE], "quota_devices": 99, "approval_share": 1, "wait_months": 0}},
        "economics": {"compliance_hkd_per_licensed_device": 5_000},
    }
    assert spending(model_of(**licensed), "compliance")["order(card,hall,2027q1)", "2027q1"] == 5_000
    assert paid(plan_of(**licensed), "compliance") == pytest.approx(50_000)
    assert spending(model_of(economics={"compliance_hkd_per_licensed_device": 5_000}), "compliance") == {}


def test_entity_by_hand() -> None:
    # A quarter of 91 days.
    lines = spending(model_of(silos={"west": {"tenants": ["city"], "entity_hkd_per_year": 365_250}}), "entity")
    assert lines["one(west)", "2027q2"] == pytest.approx(91_000)


def test_they_bind() -> None:
    # A port of 183,334 HKD is begun only if the work is worth it: 275 PFLOP/s-days, 10/3 Ascends at 78,000 and their energy.
    worth = (183_334 + (78_000 + 9_900) / 0.3) / 275
    assert (
        len(plan_of(**CHINESE, workloads={"service": {"unserved_hkd_per_pflops_day": worth * 1.001}}).rows.readiness)
        == 1
    )
    assert (
        len(plan_of(**CHINESE, workloads={"service": {"unserved_hkd_per_pflops_day": worth * 0.999}}).rows.readiness)
        == 0
    )


def test_they_do_not_bind_where_nothing_is_to_be_made_ready() -> None:
    for cost in ("porting", "mechanism", "compliance", "entity"):
        assert paid(plan_of(), cost) == 0


def test_a_port_begun_in_one_branch_is_paid_there_alone() -> None:
    model = model_of(scenarios=SNAP, **CHINESE)
    found = {
        (model.columns.all[ln.column].name, ln.node.id): (round(ln.hkd), ln.weight)
        for ln in model.lines
        if ln.cost == "porting"
    }
    assert found["port(service,cann,2027q2_snap_embargo)", "2027q2_snap_embargo"] == (183_334, 0.5)
    assert ("port(service,cann,2027q1)", "2027q2_snap_embargo") not in found
