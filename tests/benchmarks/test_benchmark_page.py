"""The page of benchmarks is what results and rejections make of it, and its ratios are those of the figures."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import results, scale
from benchmarks.goals import Goal, goals, power
from benchmarks.growth import Line, svg
from benchmarks.page import DOCS, REJECTED, page, picture
from benchmarks.stages import STAGES

BY_GOAL = {
    "everything but the solver, share of the plan on hong_kong": 0.25,
    "plan over linopy and HiGHS on M": 0.8,
    "peak memory over linopy's on M": 0.5,
    "peers whose optimum is another by more than one part in a million": 1,
    "plan of Hong Kong over the same before this work began, when it had a fifth fewer columns": 0.5,
    "what-ifs with another optimum than a plan from scratch": 1,
    "`stress` on Hong Kong over its plan": 3.0,
    "`explain` on Hong Kong over its plan": None,
}


def took(outside: float, solve: float, peak_mb: float = 100.0, **more: Any) -> results.Result:
    """A measurement in which two stages took time."""
    stages = dict.fromkeys(STAGES, 0.0) | {"build": outside, "solve": solve}
    return {"stages": {name: {"cpu_s": s, "wall_s": s, "peak_mb": peak_mb} for name, s in stages.items()}, **more}


@pytest.fixture
def measured() -> dict[str, results.Result]:
    return {
        "S": {"planner": took(1, 1, objective_hkd=5.0), "plain": {"columns": 100}},
        "M": {
            "planner": took(10, 30, objective_hkd=5.0),
            "plain": {"columns": 1_000},
            "linopy": took(5, 45, 200.0, objective_hkd=5.1),
            "pyomo": {"stopped": "not done after 600 s"},
        },
        "hong_kong": {
            "planner": took(1, 3, objective_hkd=7.0),
            "before": took(4, 4),
            "what_ifs": {
                "median": 0.05,
                "worst": 0.4,
                "checked": True,
                "asked": [{"kind": "tax", "ratio": 0.05, "same": True}, {"kind": "tax", "ratio": 0.4, "same": False}],
            },
            "verbs": {"plan": {"cpu_s": 4.0}, "stress": {"cpu_s": 12.0}, "explain": {"stopped": "exit code 1"}},
        },
    }


def test_the_page_and_its_picture_are_those_of_what_was_measured() -> None:
    with open(REJECTED, encoding="utf-8", newline="") as file:
        rejected = list(csv.DictReader(file))
    assert (DOCS / "benchmarks.md").read_text(encoding="utf-8") == page(results.read(), rejected)
    assert (DOCS / "benchmarks.svg").read_text(encoding="utf-8") == picture(results.read())
    assert (DOCS / "scale.md").read_text(encoding="utf-8") == scale.page(results.read())


def test_goals_are_reckoned_from_the_figures(measured: dict[str, results.Result]) -> None:
    by_name = {goal.asked: goal for goal in goals(measured)}
    assert {name: by_name[name].measured for name in BY_GOAL} == BY_GOAL
    assert by_name["`stress` on Hong Kong over its plan"].met is True
    assert by_name["plan over linopy and HiGHS on M"].met is False
    assert by_name["plan over linopy and HiGHS on L"].met is None
    assert Goal("x", 1.0, 1.0).met is True


def test_a_peer_that_was_stopped_takes_more_than_it_had(measured: dict[str, results.Result]) -> None:
    measured["L"] = {
        "planner": took(10, 90, objective_hkd=5.0),
        "linopy": {"stopped": "not done after 400 s", "cpu_s": 400.0, "peak_mb": 50.0},
    }
    by_name = {goal.asked: goal for goal in goals(measured)}
    speed, memory = by_name["plan over linopy and HiGHS on L"], by_name["peak memory over linopy's on L"]
    assert (speed.figure, speed.met) == ("below 0.25", True)
    assert (memory.figure, memory.met) == ("below 2.00", None)


def test_growth_is_the_power_between_two_sizes(measured: dict[str, results.Result]) -> None:
    assert power(measured, "S", "M") == pytest.approx(1.0)
    measured["M"]["planner"] = took(100, 1)
    assert power(measured, "S", "M") == pytest.approx(2.0)
    assert power(measured, "S", "L") is None


def test_the_page_tells_what_was_stopped_and_what_differs(measured: dict[str, results.Result]) -> None:
    text = page(measured, [])
    assert "| M | pyomo | not done after 600 s |" in text
    assert "| M | linopy | 50.00 | 45.00 | 200 | 0.80 | 0.50 | **no** |" in text
    assert "| explain | exit code 1 |" in text
    assert "| tax | 2 | 0.400 | 0.400 |" in text


def test_the_picture_has_every_line_at_its_place() -> None:
    text = svg([Line("a", [(10, 1), (1000, 100)]), Line("b", [(10, 0.1), (1000, 0.1)])], {10.0: "S"})
    root = ElementTree.fromstring(text)
    lines = [node.attrib["points"] for node in root.iter() if node.tag.endswith("polyline")]
    places = [[tuple(map(float, pair.split(","))) for pair in line.split()] for line in lines]
    flat, rising = sorted(places, key=lambda line: line[0][1] - line[1][1])
    assert flat[0][1] == flat[1][1] > rising[0][1] > rising[1][1]
    assert math.isclose(rising[0][0], flat[0][0])
    assert rising[1][0] > rising[0][0]


def test_results_are_kept_by_case_and_part(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    results.keep("S", "planner", {"a": 1}, file)
    results.keep("S", "matrix", {"b": 2}, file)
    results.keep("S", "matrix", {"b": 4}, None)
    results.keep("S", "planner", {"a": 3}, file)
    assert results.read(file)["S"]["planner"]["a"] == 3
    assert results.read(file)["S"]["matrix"]["b"] == 2
