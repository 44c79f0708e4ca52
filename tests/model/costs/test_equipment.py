"""Freight, equipment and fit-out: what is paid when the devices stand."""

from __future__ import annotations

import pytest
from proof import SNAP, model_of, paid, plan_of, spending
from tiny import DEVICE

ORDER = "order(card,hall,2027q1)"


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
    assert plan_of(sites={"hall": {"fit_out_months": 4}}).orders["stands_on"].tolist() == ["2027-05-01"]


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
