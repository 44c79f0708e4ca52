"""What moves cost by the last plan's prices, against plans made anew."""

from __future__ import annotations

import pytest
from page_server import ROOT, SMALL

import planner
from planner.app.sliders import asked, sliders
from planner.app.work.estimate import estimate, slopes
from planner.plan.plan import make_plan
from planner.study.whatif.variant import changed

SMALL_MOVE, OFF = -0.1, 0.02


@pytest.mark.slow
@pytest.mark.parametrize(
    "example",
    [SMALL, ROOT / "examples" / "6_fund_with_strings" / "case.yaml", ROOT / "examples" / "scenarios" / "case.yaml"],
)
def test_small_moves_cost_what_the_prices_say(example) -> None:  # type: ignore[no-untyped-def]
    case = planner.read_case(example).comparable
    base, known = make_plan(case), sliders(case)
    slope = slopes(base)
    size = sum(map(abs, base.cost_hkd.values()))
    for slider in known:
        now = {slider.name: str(slider.default + SMALL_MOVE)}
        assert slider.value(now[slider.name]) != slider.default or slider.default == slider.low
        said = estimate(base.objective_hkd, slope, known, {}, now)
        if said is None:
            continue
        exact = make_plan(changed(case, asked(case, now)[0]), near=base).objective_hkd
        move = max(abs(exact - base.objective_hkd), abs(said - base.objective_hkd), 1e-6 * size)
        assert said - exact == pytest.approx(0.0, abs=max(OFF * size * abs(SMALL_MOVE) / 100, 0.35 * move)), slider.name


def test_nothing_is_said_where_no_price_speaks() -> None:
    case = planner.read_case(SMALL)
    known = sliders(case)
    assert estimate(1.0, {"power": 2.0}, known, {}, {}) is None
    assert estimate(1.0, {"power": 2.0}, known, {}, {"power": "150"}) == 2.0
    assert estimate(1.0, {"power": 2.0}, known, {"power": "200"}, {"power": "150"}) == 0.5
    assert estimate(1.0, {"power": 2.0}, known, {}, {"power": "150", "lead": "3"}) is None
    assert estimate(1.0, {"power": 2.0}, known, {}, {"scenario": "tightening"}) is None
