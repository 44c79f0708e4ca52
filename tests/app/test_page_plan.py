"""What the plan's page says of a figure beside that of the pinned plan."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("dash")

from planner.app.pages.plan import fact_beside
from planner.app.work.plan import Number
from planner.report.language import language


def change(unit: str, value: float, before: float, lang: str = "en") -> Any:
    fact = fact_beside(Number("done", "Work done", unit, value, before), language(lang))
    return next(part.children for part in fact.children if getattr(part, "id", "") == "change-done")


@pytest.mark.parametrize(
    ("value", "before", "said"),
    [(0.97, 0.8, "+17 percentage points"), (0.8, 0.8034, "-0.34 percentage points"), (1.0, 1.0, "no change")],
)
def test_a_share_differs_by_points(value: float, before: float, said: str) -> None:
    assert change("share", value, before) == said


def test_amounts_differ_by_amounts() -> None:
    assert change("hkd", 2e9, 1e9) == "+HKD 1 bn"
    assert change("hkd", 2e9, 2e9 + 4e-6) == "no change"
    assert change("t", 293_000, 200_000) == "+93 kt"
    assert change("t", 293, 200) == "+93 t"
    assert change("share", 0.97, 0.8, "zh-Hant-HK") == "+17 個百分點"
