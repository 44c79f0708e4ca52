"""What is off the market is neither bought nor rented, and the audit sees to it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from tiny import DEVICE, ageless, case, rental, site

from planner.audit import audit
from planner.domain.case import Case
from planner.plan.plan import Plan, make_plan

CLOUD = {
    "sites": {"cloud": site(access="rent", phases=[], destination="OTHER", legal_zone="sg", operator_parent="SG")},
    "offers": {"card": None, "rent": rental()},
}


def aged(plain: Case, device: str, **ends: str) -> Case:
    """The case in which the device has these ends."""
    devices = {**plain.accelerators, device: ageless()[device].model_copy(update=ends)}
    return plain.model_copy(update={"accelerators": devices})


def periods(plan: Plan, table: str) -> set[str]:
    """Periods in which the plan orders or rents."""
    rows: pd.DataFrame = getattr(plan, table)
    return set(rows["node"]) if len(rows) else set()


def test_a_device_past_its_last_order_is_never_bought() -> None:
    growing = case(workloads={"service": {"growth_per_year": 2}})
    assert periods(make_plan(growing), "orders") == {"2027q1", "2027q2", "2027q3"}
    assert periods(make_plan(aged(growing, DEVICE, last_order="2027-05")), "orders") == {"2027q1", "2027q2"}
    assert periods(make_plan(aged(growing, DEVICE, last_order="2026-12")), "orders") == set()


def test_a_device_past_its_support_is_never_rented() -> None:
    rented = case(**CLOUD)
    assert periods(make_plan(rented), "rentals") == {"2027q2", "2027q3", "2027q4"}
    assert periods(make_plan(aged(rented, "nvidia_h100_sxm", last_support="2027-11")), "rentals") == {
        "2027q2",
        "2027q3",
    }


@pytest.mark.parametrize(
    ("changes", "device", "ends", "where"),
    [
        ({}, DEVICE, {"last_order": "2026-12"}, "card,hall,2027q1,offered"),
        (CLOUD, "nvidia_h100_sxm", {"last_support": "2027-11"}, "rent,cloud,2027q4,offered"),
    ],
    ids=["bought", "rented"],
)
def test_the_audit_finds_what_was_off_the_market(
    changes: dict[str, Any], device: str, ends: dict[str, str], where: str
) -> None:
    plain = case(**changes)
    plan = make_plan(plain)
    failed = audit(aged(plain, device, **ends), plan.tables, plan.objective_hkd).failed
    assert any(where in check.where for check in failed if check.name == "supply")
