"""The case that benchmarks measure is Hong Kong's own, in fractions of lots, which peers know."""

from __future__ import annotations

from pathlib import Path

import pytest

import planner
from benchmarks.cases import HONG_KONG, case_path


@pytest.mark.slow
def test_hong_kong_is_measured_in_fractions(tmp_path: Path) -> None:
    measured, own = planner.read_case(case_path("hong_kong", tmp_path)), planner.read_case(HONG_KONG / "case.yaml")
    assert own.whole.lots
    assert not measured.whole.lots
    assert (measured.near_tie_share, measured.offers) == (0.0, own.offers)
