"""What-if: decisions that change, a bridge that adds up, prices that move, a plan replayed."""

import pytest
from tiny import DEVICE, case, offer, site

from planner.errors import Infeasible, UsageError
from planner.plan.plan import make_plan
from planner.plan.rows import sums
from planner.report.tables import text
from planner.report.whatif import page, results
from planner.study.whatif.replay import ordered, replay
from planner.study.whatif.variant import changed, joined, named, under, what_if

PRICE, DEMAND = "offers.card.price_usd_per_device", "workloads.service.demand_pflops"


def test_twice_the_demand_is_twice_the_devices():
    found = what_if(case(), {DEMAND: "*2"})
    bought = [row for row in found.decisions if row["decision"] == "buy"]
    assert bought == [
        {"decision": "buy", "what": DEVICE, "site": "hall", "period": "2027q1",
         "before": pytest.approx(10), "after": pytest.approx(20), "change": pytest.approx(10), "unit": "devices"}
    ]  # fmt: skip
    # 10 devices at 78,000 HKD, and 10 kW at PUE 1.5 for the 275 days of the window at 1 HKD/kWh.
    assert found.change_hkd == pytest.approx(780_000 + 99_000)


def test_costs_and_causes_add_up_exactly():
    found = what_if(case(), {PRICE: "*1.5", DEMAND: "*2", "sites.hall.pue": "2"})
    by_cause, by_cost = sums(found.causes, "cause", "hkd"), sums(found.causes, "cost", "hkd")
    changes = {line["cost"]: line["change_hkd"] for line in found.costs}
    assert sum(changes.values()) == pytest.approx(found.change_hkd, rel=1e-12)
    assert sum(by_cause.values()) == pytest.approx(found.change_hkd, rel=1e-12)
    assert by_cause[f"{PRICE}=*1.5"] == pytest.approx(390_000)
    assert by_cause[f"{DEMAND}=*2"] == pytest.approx(879_000)
    assert by_cause["sites.hall.pue=2"] == pytest.approx(33_000)
    # The dearer price on the ten devices more, and the worse PUE on their energy.
    assert by_cause["together"] == pytest.approx(390_000 + 33_000)
    assert by_cost == pytest.approx(changes)


def test_a_single_cause_has_no_interaction():
    assert {line["cause"] for line in what_if(case(), {DEMAND: "*2"}).causes} == {f"{DEMAND}=*2"}


def test_nothing_set_changes_nothing():
    found = what_if(case())
    assert found.change_hkd == 0
    assert not len(found.decisions)
    assert not len(found.causes)
    assert not len(found.prices)
    assert text(page(found)).startswith("With nothing changed the plan costs the same: HKD 879 k.")


def test_less_power_leaves_work_unserved_and_moves_its_price():
    found = what_if(case(), {"sites.hall.power_mw": "0.006"})
    row = found.unserved[0]
    # 0.006 MW over a PUE of 1.5 feed four of the ten devices.
    assert row["after_pflops_days"] / row["asked_pflops_days"] == pytest.approx(0.6)
    moved = {row["family"] for row in found.prices}
    assert "power" in moved
    assert "fleet_balance" not in moved


def test_the_answer_comes_first_in_words():
    lines = text(page(what_if(case(), {DEMAND: "*2"}))).splitlines()
    assert lines[0].startswith(
        "With workloads.service.demand_pflops=*2 the plan costs HKD 879 k more: HKD 1.76 M in place of"
    )
    assert f"- buy 10 more devices of {DEVICE} at hall in 2027q1" in lines
    assert len(lines) < 40


def test_results_name_everything():
    found = results(what_if(case(), {DEMAND: "*2"}))
    assert set(found) == {
        "overrides",
        "scenario",
        "before_hkd",
        "after_hkd",
        "change_hkd",
        "costs",
        "causes",
        "decisions",
        "prices",
        "unserved",
    }
    assert found["overrides"] == {DEMAND: "*2"}


def test_a_scenario_is_known_from_the_start():
    chain = under(case(), "snap_embargo")
    assert [node.scenario for node in chain.tree] == ["snap_embargo"] * 4
    # The card is a US device: ordered in 2027q1 it ships in April, a month after the embargo begins.
    found = what_if(case(), scenario="snap_embargo")
    assert {line["cause"] for line in found.causes} == {"scenario snap_embargo"}
    assert found.variant.orders.empty
    with pytest.raises(UsageError, match=r"no scenario 'tightning'. Did you mean 'tightening'?"):
        under(case(), "tightning")


def test_a_scenario_of_the_case_brings_its_own_overrides():
    base = case(
        scenarios=[
            {"id": "calm", "probability": 0.5, "set": {}},
            {"id": "boom", "probability": 0.5, "set": {DEMAND: "*3"}},
        ]
    )
    assert under(base, "boom").workloads["service"].demand_pflops.mid == 3


def test_variants_have_names():
    base = case(variants={"boom": {"set": {DEMAND: "*3"}, "scenario": "tightening"}})
    assert named(base, "boom") == ({DEMAND: "*3"}, "tightening")
    assert changed(base, *named(base, "boom")).workloads["service"].demand_pflops.mid == 3
    with pytest.raises(UsageError, match=r"the case has no variant 'bom'. Did you mean 'boom'?"):
        named(base, "bom")
    with pytest.raises(UsageError, match="It names none"):
        named(case(), "boom")


def test_variants_are_joined_where_they_do_not_contradict_one_another():
    base = case(
        variants={
            "boom": {"set": {DEMAND: "*3"}, "scenario": "tightening"},
            "cheap": {"set": {"economics.discount_rate": 0.0}},
            "bust": {"set": {DEMAND: "*0.5"}},
            "eased": {"scenario": "relaxation"},
        }
    )
    assert joined(base, ["cheap", "boom"]) == ({"economics.discount_rate": 0.0, DEMAND: "*3"}, "tightening")
    assert joined(base, ["boom", "boom"], "tightening") == ({DEMAND: "*3"}, "tightening")
    assert joined(base, [], "relaxation") == ({}, "relaxation")
    with pytest.raises(UsageError, match=f"variant bust sets {DEMAND}, as another variant does"):
        joined(base, ["boom", "bust"])
    with pytest.raises(UsageError, match="variant eased stands in scenario relaxation, not in tightening"):
        joined(base, ["boom", "eased"])
    with pytest.raises(UsageError, match="variant boom stands in scenario tightening, not in relaxation"):
        joined(base, ["boom"], "relaxation")


def test_a_variant_without_a_plan_says_so():
    target = {"promise": {"pflops": 5, "by": "2027q3", "basis": "peak", "precision": "int8"}}
    with pytest.raises(Infeasible, match="the variant has no plan"):
        what_if(case(capacity_targets=target), {"sites.hall.power_mw": "0.001"})


def test_a_cause_that_alone_has_no_plan_counts_in_the_interaction():
    target = {"promise": {"pflops": 0.2, "by": "2027q3", "basis": "peak", "precision": "int8"}}
    sets = {"capacity_targets.promise.pflops": "*50", "sites.hall.power_mw": "1"}
    found = what_if(case(capacity_targets=target, sites={"hall": site(power_mw=0.02)}), sets)
    assert sum(line["hkd"] for line in found.causes) == pytest.approx(found.change_hkd)
    assert "capacity_targets.promise.pflops=*50" not in {line["cause"] for line in found.causes}


def test_a_plan_replayed_in_its_own_world_costs_the_same():
    plan = make_plan(case())
    assert replay(case(), case(), plan.rows.orders).cost_hkd == pytest.approx(plan.objective_hkd, rel=1e-5)


def test_a_plan_replayed_elsewhere_keeps_its_orders_and_pays_for_it():
    plan = make_plan(case())
    world = changed(case(), {DEMAND: "*2"})
    found = replay(world, case(), plan.rows.orders)
    assert found.plan.orders["devices"].sum() == pytest.approx(10, rel=1e-4)
    assert found.cost_hkd > make_plan(world).objective_hkd
    assert found.cancelled == ()


def test_an_order_that_law_overtakes_loses_its_deposit():
    base = case(offers={"card": offer(deposit_share=0.3)})
    plan = make_plan(base)
    found = replay(changed(base, {f"controls.{DEVICE}": "prohibited@2027q2"}), base, plan.rows.orders)
    (lost,) = found.cancelled
    assert (lost["offer"], lost["period"], lost["devices"]) == ("card", "2027q1", pytest.approx(10))
    assert lost["deposit_hkd"] == pytest.approx(0.3 * 780_000)
    assert found.cost_hkd == pytest.approx(found.plan.objective_hkd + 0.3 * 780_000)
    # Refused from the first day on, it would never have been placed.
    known = replay(changed(base, {f"controls.{DEVICE}": "prohibited@2027q1"}), base, plan.rows.orders)
    assert known.cancelled[0]["deposit_hkd"] == 0


def test_of_a_plan_on_a_tree_the_branch_of_the_world_is_carried_out():
    tree = case(scenarios=[{"id": "status_quo", "probability": 0.5}, {"id": "snap_embargo", "probability": 0.5}])
    nodes = [("2027q1", 7), ("2027q3", 5), ("2027q3_snap_embargo", 2), ("2027q4", 3)]
    orders = [{"offer": "card", "site": "hall", "node": node, "devices": devices} for node, devices in nodes]
    in_embargo, as_today = (
        [ordered(tree, orders, node).get(("card", "hall")) for node in under(tree, scenario).tree]
        for scenario in ("snap_embargo", "status_quo")
    )
    # The branches part in 2027q2; before that both worlds share the plan's orders.
    assert in_embargo == [7, None, 2, None]
    assert as_today == [7, None, 5, 3]
