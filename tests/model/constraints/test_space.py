"""Space: what stands at a site fits into its racks."""

from __future__ import annotations

from typing import Any

import pytest
from proof import Break, bought, hall, model_of, phase, plan_of, price, row, rows
from tiny import DEVICE, deep_merge

BINDS: dict[str, Any] = deep_merge(phase(racks=0.6), hall(rack_kw=10))
BREAKS = (
    Break("space", "space", "hall,2027q", figure=phase(racks=0.2)),
)  # fmt: skip


def racked(racks: float) -> dict[str, object]:
    return {
        "sites": {"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 1.0, "racks": racks}], "rack_kw": 20}}
    }


def test_row_by_hand() -> None:
    # 1 kW a device, 20 kW a rack: a device takes 0.05 of it.
    found = row(model_of(**racked(3)), "space(hall,2027q2)")
    assert found.terms == pytest.approx({f"fleet({DEVICE},hall,2027q2)": 0.05})
    assert (found.sense, found.limit) == ("<=", 3)
    assert found.because == "racks at hall: 3 of 20 kW"


def test_binds() -> None:
    plan = plan_of(**racked(0.3))
    assert bought(plan) == pytest.approx(6)
    total = sum(price(plan, f"space(hall,2027q{q})") for q in (2, 3, 4))
    assert total == pytest.approx(-(2_750_000 - 78_000 - 9_900) / 0.05)


def test_does_not_bind() -> None:
    plan = plan_of(**racked(3))
    assert bought(plan) == pytest.approx(10)
    assert price(plan, "space(hall,2027q2)") == 0


def test_no_row_where_racks_are_unknown() -> None:
    assert rows(model_of(), "space") == []
