"""Fleet balance: what stands is what stood, plus what arrived, minus what was taken out."""

from __future__ import annotations

from typing import Any

import pytest
from proof import PRESENT, SNAP, Break, bought, by, cells, missing, model_of, plan_of, row, rows
from tiny import DEVICE, case

from planner.audit import audit

STANDING = {
    "hall": {"fleet": [{"accelerator": DEVICE, "devices": 4, "installed": "2026-01-01", "lifetime_years": 19 / 12}]}
}

BINDS: dict[str, Any] = {}
BREAKS = (
    Break("fleet_balance", "plain", "nvidia_rtx_5090d_v2,hall,2027q2,arrived", cell=("fleet", 0, "arrived", 3.0)),
    Break("end_of_life", "plain", "nvidia_rtx_5090d_v2,hall,2027q4", figure={"offers": {"card": {"lifetime_years": 0.5}}}),
    Break("part_periods", "mid_period", "card,hall,2027q1,2027q2,share", cell=("part_periods", 0, "share", 0.9), also=PRESENT),
    Break("part_periods", "mid_period", "card,hall,2027q1,2027q2: 12", cell=("part_periods", 0, "devices", 12.0), also=PRESENT),
)  # fmt: skip


def test_balance_by_hand() -> None:
    # Ordered in q2 (2027-04-01), three months later it is 2027-07-01, the first day of q3.
    found = row(model_of(), f"fleet_balance({DEVICE},hall,2027q3)")
    assert found.terms == {
        f"fleet({DEVICE},hall,2027q3)": 1, f"retire({DEVICE},hall,2027q3)": 1,
        f"fleet({DEVICE},hall,2027q2)": -1, "order(card,hall,2027q2)": -1,
    }  # fmt: skip
    assert (found.sense, found.limit) == ("==", 0)
    assert found.because == f"devices are conserved: {DEVICE} at hall"


def test_standing_fleet_enters_at_the_root_and_leaves_at_the_end_of_its_life() -> None:
    # Installed 2026-01-01 for 19 months, to 2027-08-01: it stands all of q1 and q2, 31 of the 92 days of q3, and not in q4.
    model = model_of(sites=STANDING)
    assert row(model, f"fleet_balance({DEVICE},hall,2027q1)").limit == 4
    assert f"fleet_balance({DEVICE},hall,2027q2,end_of_life)" not in rows(model, "fleet_balance")
    assert row(model, f"fleet_balance({DEVICE},hall,2027q3,end_of_life)").limit == 0
    (part,) = model.options.all_parts
    assert (part.node.id, part.share, part.stood) == ("2027q3", pytest.approx(31 / 92), True)
    column = model.columns.all[model.columns.part[part.key]]
    assert (column.name, column.high) == ("part(fleet.0,2027q1,hall,2027q3)", 4)
    last = row(model, f"fleet_balance({DEVICE},hall,2027q3,last_days)")
    assert last.terms == {column.name: 1, f"retire({DEVICE},hall,2027q3)": -1}
    end = row(model, f"fleet_balance({DEVICE},hall,2027q4,end_of_life)")
    assert end.terms == {
        f"fleet({DEVICE},hall,2027q4)": 1, "order(card,hall,2027q1)": -1, "order(card,hall,2027q2)": -1, "order(card,hall,2027q3)": -1,
    }  # fmt: skip
    assert (end.sense, end.limit) == ("<=", 0)


def test_what_is_credited_still_stands_when_the_horizon_ends() -> None:
    model = model_of(economics={"residual_value": True}, offers={"card": {"lifetime_years": 0.75}})
    # Three quarters of life: what stands from q2 ends with the horizon, what stands from q3 or q4 outlives it.
    found = row(model, f"fleet_balance({DEVICE},hall,2027q4,credited)")
    assert found.terms == {
        "order(card,hall,2027q2)": 1, "forfeit(card,hall,2027q2,2027q4)": -1,
        "order(card,hall,2027q3)": 1, "forfeit(card,hall,2027q3,2027q4)": -1, f"fleet({DEVICE},hall,2027q4)": -1,
    }  # fmt: skip
    assert (found.sense, found.limit) == ("<=", 0)
    found = row(model, "fleet_balance(card,hall,2027q2,2027q4,forfeit)")
    assert found.terms == {"forfeit(card,hall,2027q2,2027q4)": 1, "order(card,hall,2027q2)": -1}
    assert (found.sense, found.limit) == ("<=", 0)
    assert not [name for name in rows(model_of(), "fleet_balance") if "forfeit" in name]


def test_whole_years_of_life_end_on_their_day() -> None:
    # Two years from 2025-01-01 end on 2027-01-01: nothing of it stands in 2027q1.
    fleet = [{"accelerator": DEVICE, "devices": 4, "installed": "2025-01-01", "lifetime_years": 2}]
    plan = plan_of(sites={"hall": {"fleet": fleet}})
    assert "2027q1" not in set(cells(plan.rows.fleet, "node"))
    assert bought(plan) == pytest.approx(10)


def test_end_of_life_binds() -> None:
    # Four devices of the ten serve to 08-01; six are bought for q2, and with money cheaper later four more for q3.
    plan = plan_of(sites=STANDING, economics={"discount_rate": 0.04, "idle_power_share": 0})
    orders = by(plan.rows.orders, "node", "devices")
    assert orders == pytest.approx({"2027q1": 6, "2027q2": 4})
    assert missing(plan) == 0


def test_last_days_of_a_standing_fleet_are_served_and_paid_for() -> None:
    # Ten devices stand to 2027-08-01: 91 days of q2 and 31 of q3 are served, 61 of q3 and 92 of q4 are not.
    fleet = [STANDING["hall"]["fleet"][0] | {"devices": 10}]
    plan = plan_of(sites={"hall": {"fleet": fleet}}, offers={"card": None})
    assert cells(plan.rows.unserved, "unserved_pflops_days") == pytest.approx([0, 61, 92])
    (part,) = plan.rows.part_periods
    assert (part["offer"], part["node"]) == (None, "2027q3")
    assert (part["devices"], part["share"]) == (pytest.approx(10), pytest.approx(31 / 92))
    late = [fleet[0] | {"lifetime_years": 1.75}]
    broken = audit(case(sites={"hall": {"fleet": late}}, offers={"card": None}), plan.rows.by_name, plan.objective_hkd)
    assert "part_periods" in {check.name for check in broken.failed}


def test_life_of_a_purchase_in_whole_periods() -> None:
    # 0.5 years are two quarters: what stands from q2 is gone in q4.
    end = row(model_of(offers={"card": {"lifetime_years": 0.5}}), f"fleet_balance({DEVICE},hall,2027q4,end_of_life)")
    assert end.terms == {
        f"fleet({DEVICE},hall,2027q4)": 1, "order(card,hall,2027q2)": -1, "order(card,hall,2027q3)": -1,
    }  # fmt: skip


def test_does_not_bind_when_all_outlive_the_horizon() -> None:
    model = model_of()
    assert not [name for name in rows(model, "fleet_balance") if "end_of_life" in name]
    assert bought(plan_of()) == pytest.approx(10)


def test_a_branch_overtaken_by_law_gets_no_devices() -> None:
    # The order of q1 ships on 2027-04-01: lawful in the status quo, denied in the branch of the snap embargo.
    model = model_of(scenarios=SNAP)
    assert "order(card,hall,2027q1)" in row(model, f"fleet_balance({DEVICE},hall,2027q2)").terms
    assert f"fleet_balance({DEVICE},hall,2027q2_snap_embargo)" not in rows(model, "fleet_balance")


def test_retired_devices_never_come_back() -> None:
    # Demand in q2 and q4 only: keeping an idle device over q3 costs 30 % of its energy, a new one 78,000; so it is kept.
    plan = plan_of(workloads={"a": {**SERVICE, "end": "2027q2"}, "service": {"start": "2027q4"}})
    assert bought(plan) == pytest.approx(10)
    assert by(plan.rows.fleet, "node", "devices") == pytest.approx({"2027q2": 10, "2027q3": 10, "2027q4": 10})


SERVICE = {
    "name": "First", "kind": "service", "workload_class": "inference_llm", "tenant": "city", "data_class": "public", "start": "2027q2",
    "end": "2027q2", "demand_pflops": 1.0, "params_b": 7, "unserved_hkd_per_pflops_day": 100_000,
    "measured_pflops_per_device": {DEVICE: 0.1},
}  # fmt: skip
