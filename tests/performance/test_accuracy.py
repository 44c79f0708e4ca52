"""The page of accuracy against the model as it is: quickly on seen rows, slowly with sources held out."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.accuracy import PAGE, held_out_errors, score, seen_scores, throughput_scores
from benchmarks.fit import QUICK, prior_parameters, table
from benchmarks.hold_out import weighted_quantile
from benchmarks.published import Measured, measurements

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def rows() -> list[Measured]:
    return measurements()


def shown(estimator: str, subset: str) -> tuple[float, float]:
    """(median, 90th percentile) of a line of the page, percent."""
    line = re.search(
        rf"\| {re.escape(estimator)} \| {re.escape(subset)} \| \d+ \| ([\d.]+) % \| ([\d.]+) %", PAGE.read_text()
    )
    assert line, f"{estimator}, {subset}"
    return float(line[1]), float(line[2])


@pytest.mark.long
def test_the_page_shows_what_the_shipped_parameters_do(rows, parameters) -> None:
    known = table(rows, prior_parameters(parameters))
    for name, subset, _, median, ninetieth, _, _ in seen_scores(rows, known, parameters):
        assert shown(name, subset) == pytest.approx((100 * median, 100 * ninetieth), abs=0.1)


def test_figures_of_errors_by_hand() -> None:
    found = score("", "", np.log(np.array([0.9, 1.0, 1.3])))
    assert found[2:6] == pytest.approx((3, 0.1, 0.26, 0.0))


def test_a_weighted_quantile_of_equal_weights_is_a_quantile() -> None:
    assert weighted_quantile(np.array([3.0, 1.0, 2.0]), np.ones(3), 0.5) == 2


@pytest.mark.long
def test_goals_hold_with_whole_sources_held_out(rows, parameters) -> None:
    start = prior_parameters(parameters)
    known, hidden = table(rows, start), table(rows, start, hidden=True)
    found = {
        (name, subset): (median, p90, inside)
        for name, subset, _, median, p90, _, inside in throughput_scores(
            rows, known, held_out_errors(known, hidden, QUICK)
        )
    }
    for kind in ("CUDA", "not CUDA"):
        assert found["this model, layout known", kind][0] <= 0.12
        assert found["this model, layout known", kind][1] <= 0.35
        assert found["this model, layout hidden", kind][0] <= 0.14
        assert 0.75 <= found["this model, layout known", kind][2] <= 0.90
    assert found["this model, layout known", "mixture of experts"][0] <= 0.25
    assert shown("this model, layout known", "CUDA")[0] == pytest.approx(
        100 * found["this model, layout known", "CUDA"][0], abs=0.2
    )
