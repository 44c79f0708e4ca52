"""What the audit was answered holds for a case near it where nothing differs that the answers hang on, and not elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from tiny import case, offer

from planner.audit import audit, nothing_known
from planner.audit.facts import Facts
from planner.intake.catalogue import performance_parameters
from planner.plan.plan import make_plan

TERMS: dict[str, dict[str, Any]] = {
    "a ban": {"controls": {"nvidia_l20": {"outcome": "prohibited"}}},
    "a buyer from the US": {"buyer": {"us_exposure": True, "end_user_hq": "US"}},
    "an offer of another device": {"offers": {"card": offer(accelerator="nvidia_h20_96gb")}},
    "a tax": {"tax": {"cuda": 0.3}},
    "a precision": {"workloads": {"service": {"precision": "fp16"}}},
}

MODELLED: dict[str, Any] = {
    "workloads": {"service": {"measured_pflops_per_device": None}},
    "performance": performance_parameters(),
}


@pytest.mark.parametrize("changes", TERMS.values(), ids=TERMS)
def test_an_audit_that_knows_another_case_says_what_one_that_knows_nothing_says(changes: dict[str, Any]) -> None:
    plan, other = make_plan(case()), case(**changes)
    tables = plan.rows.by_name
    assert audit(other, tables, plan.objective_hkd, plan.known.of(other)) == audit(other, tables, plan.objective_hkd)


def test_a_tax_leaves_what_is_known_of_devices_with_other_software() -> None:
    plan, taxed = make_plan(case(**MODELLED)), case(**MODELLED, tax={"cann": 0.3})
    known = plan.known.of(taxed)
    assert known.rates._modelled == plan.known.rates._modelled
    assert not plan.known.of(case(**MODELLED, tax={"cuda": 0.3})).rates._modelled


def test_what_law_and_speeds_do_not_hang_on_is_asked_once() -> None:
    plan, dearer = make_plan(case()), case(offers={"card": offer(price_usd_per_device=20_000)})
    known = plan.known.of(dearer)
    assert known.law._ruled is plan.known.law._ruled
    assert known.rates._modelled == plan.known.rates._modelled
    assert Facts(dearer, plan.rows.by_name, 0.0, known).law is known.law
    assert not nothing_known(dearer).rates._modelled
