"""Broken inputs are refused in words. `python -m tests.fuzz` tries as many as one likes."""

from __future__ import annotations

from tests.fuzz import fuzz


def test_no_broken_input_makes_it_stumble() -> None:
    assert fuzz(60, seed=7) == []
