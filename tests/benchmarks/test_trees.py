"""Ways to solve a tree, measured on one that is small: one optimum, and bounds that meet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import scale
from benchmarks.cases import Size, write
from benchmarks.trees import TREES, WAYS, solved


@pytest.mark.slow
def test_all_ways_find_one_optimum(tmp_path: Path) -> None:
    case = str(write("small", Size(12, 4, 6, 12, scenarios=6), tmp_path))
    answers = {way: solved(case, way) for way in WAYS}
    least = answers["whole"]["objective_hkd"]
    assert {way: answer["objective_hkd"] for way, answer in answers.items()} == pytest.approx(
        dict.fromkeys(WAYS, least), rel=2e-6
    )
    assert answers["whole"]["futures"] == 6
    assert answers["by_branch"]["gap"] <= 1e-6
    assert answers["by_branch"]["rounds"] > 0
    assert "rounds" not in answers["together"]


def test_the_page_tells_each_way(tmp_path: Path) -> None:
    spent: dict[str, Any] = {
        "columns": 5_000,
        "tree_s": 2.0,
        "alone_s": 1.0,
        "peak_mb": 300.0,
        "rounds": 7,
        "gap": 3e-7,
    }
    told = scale.page({"XL": {"tree_by_branch": spent, "tree_whole": {"stopped": "not done after 9 CPU seconds"}}})
    assert "| four futures of M | 5,000 | by branch | 1.0 | 2.0 | 300 | 7 | 3.0e-07 |" in told
    assert "not done after 9 CPU seconds" in told
    assert {"XL", *scale.TREE_NAMES} == {"XL", *TREES}
