"""Freight, equipment and fit-out: what is paid when the devices stand."""

from __future__ import annotations

import pytest
from proof import SNAP, cells, model_of, paid, plan_of, spending
from tiny import DEVICE

ORDER = "order(card,hall,2027q1)"
H100 = "nvidia_h100_sxm"


def test_freight_by_hand() -> None:
    # 3 % of 78,000 HKD, in the node in which the devices stand.
    assert spending(model_of(economics={"freight_share": 0.03}), "freight")[ORDER, "2027q2"] == pytest.approx(2_340)


def test_equipment_by_hand() -> None:
    # 4,000 + 3,000 + 1,000 USD.
    prices = {"server_usd_per_device": 4_000, "network_usd_per_device": 3_000, "storage_usd_per_device": 1_000}
    assert spending(model_of(economics=prices), "equipment")[ORDER, "2027q2"] == pytest.approx(62_400)


def test_fit_out_by_hand() -> None:
    # 2,000 HKD per kW of IT load, half a kW a device.
    changes = {"sites": {"hall": {"fit_out_hkd_per_kw": 2_000}}, "economics": {"server_kw_per_device": {DEVICE: 0.5}}}
    assert spending(model_of(**changes), "fit_out")[ORDER, "2027q2"] == pytest.approx(1_000)


def test_fit_out_takes_its_months() -> None:
    # The hall is ready after four months.
    assert cells(plan_of(sites={"hall": {"fit_out_months": 4}}).rows.orders, "stands_on") == ["2027-05-01"]


def test_warehouse_by_hand() -> None:
    # Denied from 2027-05-01 on, when the hall is ready. From 04-01 to 05-01 are 30 of the 30.4375 days of a month, at 400 HKD.
    denied = {"controls": {DEVICE: {"outcome": "prohibited", "start": "2027m05"}}}
    model = model_of(**denied, sites={"hall": {"fit_out_months": 4}})
    assert spending(model, "warehouse")[ORDER, "2027q2"] == pytest.approx(400 * 30 / 30.4375)


def test_what_may_come_in_time_for_its_hall_is_not_stored() -> None:
    assert not spending(model_of(sites={"hall": {"fit_out_months": 4}}), "warehouse")
    denied = {"controls": {DEVICE: {"outcome": "prohibited", "start": "2027m05"}}}
    assert not spending(model_of(**denied, sites={"hall": {"fit_out_months": 3}}), "warehouse")


def test_a_shipment_that_only_a_later_law_allows_waits_for_its_hall() -> None:
    # An H100 is denied until 2027-07-01. For a hall that is ready on that day it may be ordered on 01-01, for one that stands by then it may not.
    changes = {
        "controls": {H100: {"outcome": "uncontrolled", "start": "2027q3"}},
        "offers": {"card": {"accelerator": H100}},
    }
    in_time = (
        model_of(**changes, sites={"hall": {"fit_out_months": 6}}).options.orders["card", "hall", "2027q1"].arrivals[0]
    )
    assert (in_time.shipped.isoformat(), in_time.stored_months) == ("2027-07-01", 0)
    assert ("card", "hall", "2027q1") not in model_of(**changes).options.orders


def test_a_lawful_order_stays_lawful_while_its_hall_is_built() -> None:
    # Shipments are denied from 2027-07-01 on. What is ordered on 01-01 ships on 04-01, whenever its hall is ready: on 08-01, and it
    # waits for 122 days. Ten devices: 780,000 HKD, 10 · 400 · 122 / 30.4375 of storage, 360 a day of energy from 08-01 on; until then
    # 122 PFLOP/s-days of lost compute.
    changes = {"controls": {DEVICE: {"outcome": "prohibited", "start": "2027q3"}}}
    ready, built = plan_of(**changes), plan_of(**changes, sites={"hall": {"fit_out_months": 7}})
    assert ready.objective_hkd == pytest.approx(780_000 + 360 * 275)
    stored = 10 * 400 * 122 / 30.4375
    assert built.objective_hkd == pytest.approx(780_000 + stored + 360 * 153 + 122 * 100_000)
    (order,) = built.rows.orders
    assert (order["node"], order["shipped"], order["arrives_on"]) == ("2027q1", "2027-04-01", "2027-04-01")
    assert (order["stands_on"], order["stored_months"]) == ("2027-08-01", pytest.approx(122 / 30.4375))


def test_a_wait_for_law_runs_while_the_hall_is_built() -> None:
    # 25 days of notice after 04-01 end before the hall is ready on 08-01: nothing is lost.
    plan = plan_of(controls={DEVICE: {"outcome": "notify"}}, sites={"hall": {"fit_out_months": 7}})
    (order,) = plan.rows.orders
    assert (order["shipped"], order["stands_on"]) == ("2027-08-01", "2027-08-01")


def test_what_one_branch_would_overtake_ships_at_once_in_all() -> None:
    # No shipment from 03-01 on in one branch, and the hall is ready on 05-01: what can ship on 02-01 waits for 89 days.
    model = model_of(scenarios=SNAP, sites={"hall": {"fit_out_months": 4}}, offers={"card": {"lead_time_months": 1}})
    order = model.options.orders["card", "hall", "2027q1"]
    assert not order.cancelled
    assert {(a.node.id, a.shipped.isoformat(), a.day.isoformat()) for a in order.arrivals} == {
        ("2027q2", "2027-02-01", "2027-05-01"),
        ("2027q2_snap_embargo", "2027-02-01", "2027-05-01"),
    }


def test_they_bind_and_do_not_bind() -> None:
    # Ten devices.
    prices = {"freight_share": 0.03, "server_usd_per_device": 4_000}
    plan = plan_of(sites={"hall": {"fit_out_hkd_per_kw": 2_000}}, economics=prices)
    assert (paid(plan, "freight"), paid(plan, "equipment"), paid(plan, "fit_out")) == pytest.approx(
        (23_400, 312_000, 20_000)
    )
    free = plan_of()
    assert (paid(free, "freight"), paid(free, "equipment"), paid(free, "fit_out")) == (0, 0, 0)


def test_a_cancelled_order_is_not_shipped() -> None:
    lines = spending(model_of(scenarios=SNAP, economics={"freight_share": 0.03}), "freight")
    assert {node for column, node in lines if column == ORDER} == {"2027q2"}
