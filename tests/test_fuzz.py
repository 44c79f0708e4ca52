"""Broken inputs are refused in words. `python -m tests.fuzz` tries as many as one likes."""

from __future__ import annotations

import pytest

from tests.fuzz import fuzz


@pytest.mark.parametrize(("mutations", "seed"), [(20, 8), pytest.param(60, 7, marks=pytest.mark.slow)])
def test_no_broken_input_makes_it_stumble(mutations: int, seed: int) -> None:
    assert fuzz(mutations, seed) == []
