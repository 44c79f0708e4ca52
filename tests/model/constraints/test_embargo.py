"""Embargo: nothing arrives whose shipment a control denies; the ledger keeps every refusal with its rule."""

from __future__ import annotations

from datetime import date

import pytest
from proof import SNAP, Break, cells, missing, model_of, paid, plan_of
from tiny import DEVICE, case, rental, site

from planner.audit import audit
from planner.intake.catalogue import accelerators
from planner.model.build import build

BREAKS = (
    Break("embargo", "plain", "card,hall,2027q1,shipped 2027-04-01", cell=("orders", 0, "rule", "another_rule")),
    Break("embargo", "rented", "rent,cloud,2027q2,rented", cell=("rentals", 0, "outcome", "notify")),
)  # fmt: skip


def test_a_denied_device_has_no_column_but_four_entries_of_the_ledger() -> None:
    model = model_of(controls={DEVICE: {"outcome": "prohibited"}})
    assert not model.columns.order
    refused = model.options.refused
    assert [r.node for r in refused] == ["2027q1", "2027q2", "2027q3", "2027q4"]
    assert {(r.family, r.rule, r.offer, r.site, r.outcome) for r in refused} == {
        ("embargo", f"controls.{DEVICE}", "card", "hall", "prohibited")
    }
    assert refused[0].because.startswith("shipping on 2027-04-01: prohibited by")


def test_the_day_of_shipment_decides() -> None:
    # Denied from 2027-07-01 on. Three months of lead, one of them in transit: the order of 2027-04-01 ships on 2027-05-31 or
    # 2027-06-01 and stands on 07-01; with no transit it ships on 07-01 and is denied.
    controls = {DEVICE: {"outcome": "prohibited", "start": "2027q3"}}
    with_transit = model_of(controls=controls, offers={"card": {"transit_months": 1}})
    assert set(with_transit.columns.order) == {("card", "hall", "2027q1"), ("card", "hall", "2027q2")}
    assert set(model_of(controls=controls).columns.order) == {("card", "hall", "2027q1")}


def test_binds() -> None:
    # All 275 PFLOP/s-days at 100,000 HKD.
    plan = plan_of(controls={DEVICE: {"outcome": "prohibited"}})
    assert plan.objective_hkd == pytest.approx(27_500_000)


def test_does_not_bind_on_an_uncontrolled_device() -> None:
    assert plan_of().objective_hkd == pytest.approx(879_000)
    assert not [r for r in model_of().options.refused if r.family == "embargo"]


def test_notice_delays_by_25_days() -> None:
    # 25 days after 2027-04-01 is 2027-04-26: the device stands from that day.
    plan = plan_of(controls={DEVICE: {"outcome": "notify"}})
    (order,) = plan.rows.orders
    assert (order["stands_from"], order["stands_on"], order["shipped"]) == ("2027q2", "2027-04-26", "2027-04-26")
    assert missing(plan) == pytest.approx(25)


def test_a_compliance_risk_is_for_buyers_without_us_exposure() -> None:
    controls = {DEVICE: {"outcome": "compliance_risk"}}
    assert model_of(controls=controls).columns.order
    assert not model_of(controls=controls, buyer={"us_exposure": True}).columns.order


UNMEASURED = "metax_c500_pcie"  # TPP 3,840, die area unknown: uncontrolled, or presumed to breach the US rules
CARD = {
    "offers": {"card": {"accelerator": UNMEASURED}},
    "workloads": {"service": {"measured_pflops_per_device": {UNMEASURED: 0.1}, "stacks_ready": ["cuda", "maca"]}},
    "economics": {"server_kw_per_device": {UNMEASURED: 1.0}},
}


def test_no_plan_rests_on_an_unknown_figure() -> None:
    assert model_of(**CARD).columns.order, "whatever the figure is, this buyer may"
    exposed = model_of(**CARD, buyer={"us_exposure": True})
    assert not exposed.columns.order
    refused = exposed.options.refused[0]
    assert (refused.family, refused.outcome, refused.rule) == ("embargo", "unknown", "us_gp10_presumed")
    assert "unknown, as figures are not published: compliance_risk by us_gp10_presumed" in refused.because
    # The case says so: on 3,000 mm2 the density is 1.28, which no rule reaches; or a what-if on law.
    said = {
        UNMEASURED: accelerators()[UNMEASURED].model_copy(update={"die_area_mm2": 3000, "performance_density": 1.28})
    }
    known = model_of(**CARD, buyer={"us_exposure": True})
    told = case(**CARD, buyer={"us_exposure": True}).model_copy(
        update={"accelerators": {**known.case.accelerators, **said}}
    )
    assert build(told).columns.order
    assert model_of(
        **CARD, buyer={"us_exposure": True}, controls={UNMEASURED: {"outcome": "uncontrolled"}}
    ).columns.order


def test_the_audit_lets_nothing_rest_on_an_unknown_figure() -> None:
    plan = plan_of(**CARD)
    assert set(cells(plan.rows.orders, "outcome")) == {"unknown"}
    assert audit(plan.case, plan.rows.by_name, plan.objective_hkd).passed
    exposed = audit(case(**CARD, buyer={"us_exposure": True}), plan.rows.by_name, plan.objective_hkd)
    assert "embargo" in {check.name for check in exposed.failed}


def test_notices_that_few_get_through_are_hoped_for_as_licences_are() -> None:
    device = "nvidia_l40"
    card = {
        "offers": {"card": {"accelerator": device}},
        "workloads": {"service": {"measured_pflops_per_device": {device: 0.1}}},
        "economics": {"server_kw_per_device": {device: 1.0}},
    }
    assert not model_of(**card).columns.order
    hope = {"accelerators": [device], "quota_devices": 100, "approval_share": 0.02, "wait_months": 0}
    plan = plan_of(**card, licences={"nac": hope})
    # 2 % of 100 notices are two devices; the notice takes its 25 days though the case hopes for no longer wait.
    assert cells(plan.rows.orders, "devices") == pytest.approx([2])
    assert cells(plan.rows.orders, "shipped") == ["2027-04-26"]
    assert audit(plan.case, plan.rows.by_name, plan.objective_hkd).passed


def test_an_order_that_a_branch_overtakes_loses_its_deposit() -> None:
    # 10 devices: the deposit of 156,000 in the root, the balance of 624,000 and 99,000 of energy in one branch of two, and in the
    # other 275 PFLOP/s-days of lost compute: 156,000 + (624,000 + 99,000 + 27,500,000) / 2.
    plan = plan_of(scenarios=SNAP)
    assert plan.objective_hkd == pytest.approx(156_000 + (624_000 + 99_000 + 27_500_000) / 2)
    assert paid(plan, "purchase") == pytest.approx(156_000 + 312_000)
    assert missing(plan) == pytest.approx(275)
    order = plan.model.options.orders["card", "hall", "2027q1"]
    assert [a.node.id for a in order.arrivals] == ["2027q2"]
    assert [n.id for n in order.cancelled] == ["2027q2_snap_embargo"]


def test_decisions_before_the_branches_part_are_one() -> None:
    # Non-anticipativity has no rows: 2027q1 exists once, and so does its order.
    model = model_of(scenarios=SNAP)
    assert [key for key in model.columns.order if key[2].startswith("2027q1")] == [("card", "hall", "2027q1")]
    assert [n.id for n in model.case.tree if n.position == 0] == ["2027q1"]


def test_a_denied_rental_has_no_column() -> None:
    # The snap embargo closes clouds with US-origin devices too; the quarter 2027q1 before it is free.
    cloud = {
        "sites": {"cloud": site(access="rent", phases=[], destination="OTHER", legal_zone="sg")},
        "offers": {"rent": rental()},
    }
    nodes = {key[2] for key in model_of(scenarios=SNAP, **cloud).columns.rent}
    assert nodes == {"2027q1", "2027q2", "2027q3", "2027q4"}


def test_too_late_is_told_apart_from_denied() -> None:
    model = model_of(offers={"card": {"lead_time_months": 9}})
    assert set(model.columns.order) == {("card", "hall", "2027q1")}
    assert {(r.family, r.node) for r in model.options.refused} == {("lead_time", f"2027q{q}") for q in (2, 3, 4)}


def test_law_changes_on_its_day_though_decisions_part_at_the_next_period() -> None:
    # The embargo begins on 2027-03-01. What is ordered on 01-01 and ships on 03-01 is denied in its branch, what ships on 02-26 is not; both are
    # decided in 2027q1, before the branches part. What arrives while the branches share a period and not their law stands from the next one.
    for months, stands in ((2, ["2027q2"]), (1.9, ["2027q1"])):
        model = model_of(scenarios=SNAP, offers={"card": {"lead_time_months": months}})
        order = model.options.orders["card", "hall", "2027q1"]
        assert [a.node.id for a in order.arrivals] == stands
    assert model.case.tree.leaves[-1].policy_on(date(2027, 2, 28)) == "status_quo"
    assert model.case.tree.leaves[-1].policy_on(date(2027, 3, 1)) == "snap_embargo"
