"""Power: what stands at a site draws no more than the site is granted."""

from __future__ import annotations

from typing import Any

import pytest
from proof import SNAP, Break, bought, missing, model_of, phase, plan_of, price, row, rows
from tiny import DEVICE

BINDS: dict[str, Any] = phase(power_mw=0.009)
BREAKS = (
    Break("power", "power", "hall,2027q", figure=phase(power_mw=0.005)),
)  # fmt: skip


def grant(*phases: tuple[str, float]) -> dict[str, object]:
    return {"sites": {"hall": {"phases": [{"from_date": day, "power_mw": mw} for day, mw in phases]}}}


def test_row_by_hand() -> None:
    # 1 kW a device at PUE 1.5 is 0.0015 MW at the meter.
    found = row(model_of(), "power(hall,2027q2)")
    assert found.terms == pytest.approx({f"fleet({DEVICE},hall,2027q2)": 0.0015})
    assert (found.sense, found.limit) == ("<=", 1)
    assert found.because == "power granted at hall: 1 MW"


def test_power_from_tdp_and_server_factor() -> None:
    # 575 W · 1.8 · 1.5 = 1.5525 kW.
    model = model_of(economics={"server_kw_per_device": {DEVICE: None}})
    assert row(model, "power(hall,2027q2)").terms == pytest.approx({f"fleet({DEVICE},hall,2027q2)": 0.0015525})


def test_phases_count_from_the_period_that_begins_in_them() -> None:
    model = model_of(**grant(("2027-01-01", 0.003), ("2027-07-02", 0.009), ("2027-10-01", 0.012)))
    assert [row(model, f"power(hall,2027q{q})").limit for q in (2, 3, 4)] == [0.003, 0.003, 0.012]


def test_before_the_first_phase_nothing_may_stand() -> None:
    model = model_of(**grant(("2027-06-01", 1.0)))
    assert row(model, "power(hall,2027q2)").limit == 0
    assert missing(plan_of(**grant(("2027-06-01", 1.0)))) == pytest.approx(91)


def test_binds() -> None:
    # 9 kW at the meter are six devices: 0.4 PFLOP/s are missing. A device more is 0.0015 MW and saves 27.5 · 100,000 - 78,000 - 9,900 over
    # the three quarters; the sum of the three rows' prices is that per MW.
    plan = plan_of(**grant(("2020-01-01", 0.009)))
    assert bought(plan) == pytest.approx(6)
    total = sum(price(plan, f"power(hall,2027q{q})") for q in (2, 3, 4))
    assert total == pytest.approx(-(2_750_000 - 78_000 - 9_900) / 0.0015)


def test_does_not_bind() -> None:
    assert price(plan_of(), "power(hall,2027q2)") == 0


def test_the_sites_own_power_beats_its_phases() -> None:
    assert row(model_of(sites={"hall": {"power_mw": 0.5}}), "power(hall,2027q2)").limit == 0.5


def test_one_row_per_branch() -> None:
    names = rows(model_of(scenarios=SNAP, controls={DEVICE: {"outcome": "uncontrolled"}}), "power")
    assert names == [f"power(hall,2027q{q}{b})" for q in (2, 3, 4) for b in ("", "_snap_embargo")]


def test_a_grant_that_falls_within_a_period_holds_for_all_of_it() -> None:
    # Nine devices until 2027-08-15, three of them from then on; no racks are known at first, two later.
    phases = [
        {"from_date": "2020-01-01", "power_mw": 0.0135},
        {"from_date": "2027-08-15", "power_mw": 0.0045, "racks": 2},
    ]
    model = model_of(sites={"hall": {"phases": phases, "rack_kw": 10}})
    assert [row(model, f"power(hall,2027q{q})").limit for q in (2, 3, 4)] == [0.0135, 0.0045, 0.0045]
    assert rows(model, "space") == ["space(hall,2027q3)", "space(hall,2027q4)"]
