"""Purchase: the price of the devices, deposit with the order, balance when they stand."""

from __future__ import annotations

import pytest
from proof import SNAP, model_of, paid, plan_of, spending
from tiny import DEVICE


def test_lines_by_hand() -> None:
    # 10,000 USD at 7.8 HKD: 20 % with the order of q1, 80 % when it stands in q2.
    lines = spending(model_of(), "purchase")
    assert lines["order(card,hall,2027q1)", "2027q1"] == pytest.approx(15_600)
    assert lines["order(card,hall,2027q1)", "2027q2"] == pytest.approx(62_400)


def test_growth_fee_and_peg() -> None:
    # H20: 15 % of the price goes to the US treasury; +10 % a year, 90 days on; 7.75 HKD.
    changes = {
        "offers": {"card": {"accelerator": "nvidia_h20_96gb", "price_growth_per_year": 0.1, "deposit_share": 0.5}},
        "licences": {
            "hope": {"accelerators": ["nvidia_h20_96gb"], "quota_devices": 99, "approval_share": 1, "wait_months": 0}
        },
        "economics": {"hkd_per_usd": 7.75},
    }
    lines = spending(model_of(**changes), "purchase")
    half = 10_000 * 7.75 * 1.1 ** (90 / 365.25) * 1.15 / 2
    assert lines["order(card,hall,2027q2)", "2027q2"] == pytest.approx(half)
    assert lines["order(card,hall,2027q2)", "2027q3"] == pytest.approx(half)


def test_binds() -> None:
    # A device for three quarters replaces 27.5 PFLOP/s-days: at 3,196 HKD each it pays (87,900 / 27.5 = 3,196.4), below it does not.
    assert len(plan_of(workloads={"service": {"unserved_hkd_per_pflops_day": 3_197}}).rows.orders) == 1
    assert len(plan_of(workloads={"service": {"unserved_hkd_per_pflops_day": 3_196}}).rows.orders) == 0


def test_does_not_bind_on_what_stands_already() -> None:
    fleet = [{"accelerator": DEVICE, "devices": 10, "installed": "2026-01-01"}]
    assert paid(plan_of(sites={"hall": {"fleet": fleet}}), "purchase") == 0


def test_each_branch_pays_its_own_balance() -> None:
    model = model_of(scenarios=SNAP, controls={DEVICE: {"outcome": "uncontrolled"}})
    found = [
        ln
        for ln in model.lines
        if ln.cost == "purchase" and model.columns.all[ln.column].name == "order(card,hall,2027q1)"
    ]
    assert [(ln.node.id, round(ln.hkd), ln.weight) for ln in found] == [
        ("2027q1", 15_600, 1), ("2027q2", 62_400, 0.5), ("2027q2_snap_embargo", 62_400, 0.5),
    ]  # fmt: skip
