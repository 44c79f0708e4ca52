"""Cooling: devices too hot for air stay within the liquid cooling of the hall."""

from __future__ import annotations

from typing import Any

import pytest
from proof import Break, bought, economics, hall, model_of, phase, plan_of, price, row, rows
from tiny import DEVICE

BINDS: dict[str, Any] = phase(liquid_cooled_mw=0.006) | economics(liquid_cooling_above_tdp_w=500)
BREAKS = (
    Break("cooling", "cooling", "hall,2027q", figure=phase(liquid_cooled_mw=0.001)),
    Break("cooling", "plain", "card,hall,2027q1,rack", figure=hall(rack_kw=5)),
)  # fmt: skip


def cooled(mw: float, threshold_w: float = 500) -> dict[str, object]:
    """The card's 575 W need liquid above 500 W."""
    phases = [{"from_date": "2020-01-01", "power_mw": 1.0, "liquid_cooled_mw": mw}]
    return {"sites": {"hall": {"phases": phases}}, "economics": {"liquid_cooling_above_tdp_w": threshold_w}}


def test_row_by_hand() -> None:
    # 1 kW of IT load a device, 0.001 MW: PUE does not count, cooling takes the heat of the IT alone.
    found = row(model_of(**cooled(0.006)), "cooling(hall,2027q2)")
    assert found.terms == pytest.approx({f"fleet({DEVICE},hall,2027q2)": 0.001})
    assert (found.sense, found.limit) == ("<=", 0.006)
    assert found.because == "liquid cooling at hall: 0.006 MW"


def test_binds() -> None:
    plan = plan_of(**cooled(0.006))
    assert bought(plan) == pytest.approx(6)
    total = sum(price(plan, f"cooling(hall,2027q{q})") for q in (2, 3, 4))
    assert total == pytest.approx(-(2_750_000 - 78_000 - 9_900) / 0.001)


def test_does_not_bind() -> None:
    assert bought(plan_of(**cooled(0.02))) == pytest.approx(10)
    assert rows(model_of(**cooled(0.006, threshold_w=600)), "cooling") == []


def test_a_server_that_no_rack_can_feed_is_refused() -> None:
    # Eight devices of 1 kW are 8 kW.
    model = model_of(sites={"hall": {"rack_kw": 7.9}})
    assert not model.columns.order
    assert [(r.family, r.rule, r.because) for r in model.options.refused] == [
        ("cooling", "rack_kw", "a server of 8 draws 8.0 kW, a rack of hall takes 7.9 kW")
    ]
    assert model_of(sites={"hall": {"rack_kw": 8}}).columns.order


def test_an_unknown_tdp_counts_as_hot() -> None:
    # AMD MI308X: TDP unpublished.
    changes = cooled(0.006, threshold_w=5_000)
    changes["offers"] = {"card": {"accelerator": "amd_mi308x"}}
    changes["controls"] = {"amd_mi308x": {"outcome": "uncontrolled"}}
    changes["economics"] |= {"server_kw_per_device": {"amd_mi308x": 1.0}}  # type: ignore[operator]
    changes["workloads"] = {
        "service": {"stacks_ready": ["cuda", "rocm"], "measured_pflops_per_device": {"amd_mi308x": 0.1}}
    }
    assert len(rows(model_of(**changes), "cooling")) == 3
