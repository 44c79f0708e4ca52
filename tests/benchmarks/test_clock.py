"""The clock of stages: time is that of the innermost stage, and no time is lost or counted twice."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from benchmarks.clock import Clock, peak_mb


def wait(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


def test_a_stage_inside_another_stops_the_outer_clock() -> None:
    began = time.perf_counter()
    clock = Clock("first")
    wait(0.02)
    with clock.stage("outer"):
        wait(0.01)
        with clock.stage("inner"):
            wait(0.03)
    stages = clock.record()
    assert list(stages) == ["first", "outer", "inner"]
    for name, least in (("first", 0.02), ("outer", 0.01), ("inner", 0.03)):
        assert least <= stages[name]["wall_s"]
    # Looking at memory is no stage's time.
    assert 0.06 <= sum(stage["wall_s"] for stage in stages.values()) <= time.perf_counter() - began


def test_borders_are_timed_and_turn_the_stage_that_called_them() -> None:
    solver = SimpleNamespace(run=lambda seconds: wait(seconds), ask=lambda: wait(0.01))
    clock = Clock("hand_over")
    clock.border(solver, "run", "solve", then={"hand_over": "read_back"})
    clock.inner_border(solver, "ask", "law")
    solver.run(0.01)
    solver.ask()
    wait(0.02)
    stages = clock.record()
    assert list(stages) == ["hand_over", "solve", "read_back", "law"]
    assert stages["solve"]["wall_s"] >= 0.01
    assert stages["law"]["wall_s"] >= 0.01
    assert stages["read_back"]["wall_s"] >= 0.02
    assert stages["solve"]["peak_mb"] > 0


@pytest.mark.skipif(
    "not __import__('pathlib').Path('/proc/self/clear_refs').exists()", reason="Linux tells it by stage"
)
def test_memory_is_that_of_the_time_since_it_was_last_asked() -> None:
    peak_mb()
    block = bytearray(100_000_000)
    with_block = peak_mb()
    del block
    peak_mb()
    assert with_block - peak_mb() > 80
