"""Failures and checkpoints, by hand."""

from __future__ import annotations

from math import sqrt

import pytest

from planner.domain.speed_parameters import Reliability
from planner.performance.goodput import WORST, checkpoint_interval_s, goodput, interruption_interval_s

CALM = Reliability(failures_per_1000_node_days=10, devices_per_node=8, checkpoint_s=20, restart_s=600)


def test_a_hundred_nodes_are_interrupted_once_a_day() -> None:
    assert interruption_interval_s(800, CALM) == pytest.approx(86_400)
    assert checkpoint_interval_s(800, CALM) == pytest.approx(sqrt(2 * 20 * 86_400))


def test_goodput_adds_checkpoints_lost_work_and_restarts() -> None:
    interval = sqrt(2 * 20 * 86_400)
    assert goodput(800, CALM) == pytest.approx(1 - 20 / interval - interval / 2 / 86_400 - 600 / 86_400)


def test_goodput_falls_with_the_cluster_and_has_a_floor() -> None:
    shares = [goodput(n, CALM) for n in (8, 800, 8_000, 80_000, 10_000_000)]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == WORST


def test_llama_3_on_16_384_devices_is_about_nine_tenths_effective(parameters) -> None:
    assert 0.87 <= goodput(16_384, parameters.reliability) <= 0.92
