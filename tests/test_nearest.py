"""The name that a mistyped word most likely means."""

from __future__ import annotations

import pytest

from planner.errors import meant_any, nearest

DEVICES = ("nvidia_gh200", "nvidia_h20_96gb", "nvidia_h200_sxm", "huawei_ascend_910b")


@pytest.mark.parametrize(
    ("word", "known", "match"),
    [
        ("nvidia_h20", DEVICES, "nvidia_h20_96gb"),
        ("huawei_ascend_910d", DEVICES, "huawei_ascend_910b"),
        ("prise", ("name", "kind", "price_usd_per_device", "price_growth_per_year"), "price_usd_per_device"),
        ("powr_mw", ("power_mw", "pue"), "power_mw"),
        ("Horizn", ("horizon", "offers"), "horizon"),
        ("foo", DEVICES, None),
        ("", DEVICES, None),
        ("word", (), None),
    ],
)
def test_the_nearest_name(word: str, known: tuple[str, ...], match: str | None) -> None:
    assert nearest(word, known) == match


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("nvidia_h20", "nvidia_h20_96gb"),
        ("nvidia_a100_sxm", "nvidia_a100_80gb_sxm"),
        ("h200", "nvidia_h200_sxm"),
        ("zzz", ""),
    ],
)
def test_an_id_is_told_with_its_own_family_first(name: str, first: str) -> None:
    known = ("nvidia_h100_sxm", "nvidia_h200_sxm", "nvidia_h20_96gb", "nvidia_a100_80gb_sxm")
    words = meant_any(name, known, "Look.")
    assert words.startswith(f"Did you mean {first}") if first else words == "Look."
