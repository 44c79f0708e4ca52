"""Capacity target: a promised capacity stands from its date on, on its stated precision basis."""

from __future__ import annotations

from typing import Any

import pytest
from proof import SNAP, Break, bought, model_of, paid, plan_of, price, row, rows
from tiny import DEVICE, rental, site

from planner.errors import Infeasible

# RTX 5090D V2: 104.8 TFLOP/s FP32, so 2 PFLOP/s take 19.08 devices.
PEAK = 0.1048

BINDS: dict[str, Any] = {"capacity_targets": {"t": {"pflops": 2, "by": "2027q3", "basis": "peak", "precision": "fp32"}}}
BREAKS = (
    Break("capacity_target", "capacity_target", "t,2027q", figure={"capacity_targets": {"t": {"pflops": 4}}}, also=("target_peaks",)),
    Break("capacity_target", "soft_target", "t,2027q3,target", cell=("shortfall", 0, "target_pflops", 9.0)),
    Break("target_peaks", "capacity_target", "t,2027q3,fp32,peak", cell=("target_peaks", 0, "peak_pflops", 9.0)),
    Break("target_peaks", "capacity_target", "t,2027q3,fp32,devices", cell=("target_peaks", 0, "devices_without_rate", 9.0)),
    Break("target_peaks", "capacity_target", "t,2027q3,fp8,", cell=("target_peaks", 1, "precision", "fp8")),
)  # fmt: skip


def target(**changes: object) -> dict[str, object]:
    return {
        "capacity_targets": {"promise": {"pflops": 2, "by": "2027q3", "basis": "peak", "precision": "fp32", **changes}}
    }


def test_row_by_hand() -> None:
    model = model_of(**target(source="a speech"))
    found = row(model, "capacity_target(promise,2027q3)")
    assert found.terms == pytest.approx({f"fleet({DEVICE},hall,2027q3)": PEAK})
    assert (found.sense, found.limit, found.because) == (">=", 2, "2 PFLOP/s fp32 peak by 2027q3 (a speech)")
    # It holds from its date on, not before.
    assert rows(model, "capacity_target") == ["capacity_target(promise,2027q3)", "capacity_target(promise,2027q4)"]


def test_shortfall_is_one_and_the_same_from_the_date_on() -> None:
    model = model_of(**target(shortfall_hkd_per_pflops=1e6))
    for node in ("2027q3", "2027q4"):
        assert row(model, f"capacity_target(promise,{node})").terms["shortfall(promise,2027q3)"] == 1


@pytest.mark.parametrize("by", ["2027", "2026q2"])
def test_shortfall_stands_whatever_the_form_of_the_date(by: str) -> None:
    model = model_of(**target(by=by, shortfall_hkd_per_pflops=1e6))
    assert row(model, "capacity_target(promise,2027q1)").terms == {"shortfall(promise,2027q1)": 1}


def test_only_sites_of_the_target_count_and_rented_devices_where_asked() -> None:
    cloud = site(access="rent", phases=[], destination="OTHER", legal_zone="sg")
    both = {"sites": {"annex": site(), "cloud": cloud}, "offers": {"card": {"sites": ["*"]}, "rent": rental()}}
    found = row(
        model_of(**both, **target(sites=["annex", "cloud"], rented_counts=True)), "capacity_target(promise,2027q4)"
    )
    assert set(found.terms) == {f"fleet({DEVICE},annex,2027q4)", "rent(rent,cloud,2027q4)"}
    owned = row(model_of(**both, **target()), "capacity_target(promise,2027q4)")
    assert set(owned.terms) == {f"fleet({DEVICE},hall,2027q4)", f"fleet({DEVICE},annex,2027q4)"}


def test_binds() -> None:
    # 19.08 devices instead of 10; idle ones draw 30 % of 3,312 HKD in q3 and q4. The price of the promise is that of its last device.
    plan = plan_of(**target())
    assert bought(plan) == pytest.approx(2 / PEAK)
    total = sum(price(plan, f"capacity_target(promise,2027q{q})") for q in (3, 4))
    assert total == pytest.approx((78_000 + 2 * 0.3 * 3_312) / PEAK)


def test_does_not_bind() -> None:
    plan = plan_of(**target(pflops=1))
    assert bought(plan) == pytest.approx(10)
    assert price(plan, "capacity_target(promise,2027q3)") == 0


def test_a_soft_promise_is_broken_where_that_is_cheaper() -> None:
    # Ten devices stand anyway, 1.048 PFLOP/s; each further one costs 79,987 HKD, 763,235 per PFLOP/s, more than 500,000.
    plan = plan_of(**target(shortfall_hkd_per_pflops=500_000))
    assert bought(plan) == pytest.approx(10)
    assert paid(plan, "shortfall") == pytest.approx((2 - 10 * PEAK) * 500_000)


def test_a_promise_that_nothing_can_keep_is_told_before_solving() -> None:
    with pytest.raises(Infeasible) as caught:
        plan_of(**target(by="2027q1"))
    assert str(caught.value) == (
        "capacity_target(promise,2027q1) asks for 2, and nothing in the case can give it: 2 PFLOP/s fp32 peak by 2027q1"
    )


def test_it_is_kept_in_every_branch() -> None:
    names = rows(
        model_of(scenarios=SNAP, controls={DEVICE: {"outcome": "uncontrolled"}}, **target()), "capacity_target"
    )
    assert names == [f"capacity_target(promise,2027q{q}{b})" for q in (3, 4) for b in ("", "_snap_embargo")]
