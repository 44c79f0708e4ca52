"""Licence quota: devices that law reviews case by case stay within what the case hopes to be licensed."""

from __future__ import annotations

from typing import Any

import pytest
from proof import SNAP, Break, bought, cells, missing, model_of, plan_of, price, row, rows
from tiny import DEVICE

from planner.errors import Infeasible

BINDS: dict[str, Any] = {"controls": {DEVICE: {"outcome": "case_by_case"}}, "licences": {"hope": {
    "accelerators": [DEVICE], "quota_devices": 10, "approval_share": 0.8, "wait_months": 0}}}  # fmt: skip
BREAKS = (
    Break("licence_quota", "licence_quota", "hope,2027q4", figure={"licences": {"hope": {"quota_devices": 5}}}),
)  # fmt: skip


def licensed(**licence: object) -> dict[str, object]:
    """The card needs a licence: 8 of 10 devices applied for are approved, without a wait."""
    terms = {"accelerators": [DEVICE], "quota_devices": 10, "approval_share": 0.8, "wait_months": 0} | licence
    return {"controls": {DEVICE: {"outcome": "case_by_case"}}, "licences": {"hope": terms}}


def test_row_by_hand() -> None:
    # Orders of q1, q2 and q3 arrive within the horizon; that of q4 would not. 0.8 · 10 = 8.
    found = row(model_of(**licensed()), "licence_quota(hope,2027q4)")
    assert found.terms == {f"order(card,hall,2027q{q})": 1 for q in (1, 2, 3)}
    assert (found.sense, found.limit) == ("<=", 8)
    assert found.because == "licence hope: 80% of the devices applied for"


def test_quota_of_a_year_counts_by_the_year_of_the_order() -> None:
    model = model_of(horizon={"start": "2027q1", "end": "2028q4"}, **licensed(quota_devices_per_year=5))
    assert row(model, "licence_quota(hope,2028q4,y2027)").terms == {
        f"order(card,hall,2027q{q})": 1 for q in (1, 2, 3, 4)
    }
    assert row(model, "licence_quota(hope,2028q4,y2028)").terms == {f"order(card,hall,2028q{q})": 1 for q in (1, 2, 3)}
    assert row(model, "licence_quota(hope,2028q4,y2028)").limit == pytest.approx(0.8 * 5)


def test_a_part_of_a_year_has_its_part_of_the_quota() -> None:
    # The plan covers 2027-03-01 to 09-30: 214 of 365 days.
    model = model_of(horizon={"end": "2027q3", "decision_date": "2027-03-01"}, **licensed(quota_devices_per_year=5))
    assert row(model, "licence_quota(hope,2027q3,y2027)").limit == pytest.approx(0.8 * 5 * 214 / 365)


def test_binds() -> None:
    # 8 of the 10 devices wanted: 0.2 PFLOP/s go unserved over 275 days. A device more saves 27.5 PFLOP/s-days at 100,000 HKD and costs
    # 78,000 and 9,900 HKD of energy.
    plan = plan_of(**licensed())
    assert bought(plan) == pytest.approx(8)
    assert missing(plan) == pytest.approx(55)
    assert price(plan, "licence_quota(hope,2027q4)") == pytest.approx(-(2_750_000 - 78_000 - 9_900))


def test_does_not_bind() -> None:
    plan = plan_of(**licensed(quota_devices=100))
    assert bought(plan) == pytest.approx(10)
    assert price(plan, "licence_quota(hope,2027q4)") == 0


def test_waiting_time_delays_the_device() -> None:
    # Three months of licence wait on top of three of lead time: the order of q1 stands in q3, that of q3 after the horizon.
    plan = plan_of(**licensed(quota_devices=100, wait_months=3))
    assert cells(plan.rows.orders, "stands_from") == ["2027q3"]
    assert missing(plan) == pytest.approx(91)


def test_without_a_licence_there_is_no_column_but_an_entry_in_the_ledger() -> None:
    model = model_of(controls={DEVICE: {"outcome": "case_by_case"}})
    assert rows(model, "licence_quota") == []
    assert not model.options.orders
    assert {r.rule for r in model.options.refused} == {f"controls.{DEVICE}"}


def test_one_row_per_branch_over_the_orders_that_need_the_licence_there() -> None:
    # In the branch of the snap embargo everything from 2027-03-01 on is denied: no shipment is reviewed there, no row stands.
    model = model_of(scenarios=SNAP, **licensed())
    # The what-if on law beats the scenario's rules as well, so both branches review; each has its own row with the shared order of q1.
    assert rows(model, "licence_quota") == ["licence_quota(hope,2027q4)", "licence_quota(hope,2027q4_snap_embargo)"]
    assert row(model, "licence_quota(hope,2027q4)").terms == {f"order(card,hall,2027q{q})": 1 for q in (1, 2, 3)}
    other = row(model, "licence_quota(hope,2027q4_snap_embargo)").terms
    assert other == {"order(card,hall,2027q1)": 1} | {f"order(card,hall,2027q{q}_snap_embargo)": 1 for q in (2, 3)}


def test_a_target_beyond_the_quota_is_a_clash() -> None:
    target = {"promise": {"pflops": 100, "by": "2027q2", "basis": "peak"}}
    with pytest.raises(Infeasible):
        plan_of(capacity_targets=target, **licensed(quota_devices=0))
