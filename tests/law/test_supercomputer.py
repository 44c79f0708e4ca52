"""The ceiling of a hall: where, when, how much, and what one device adds."""

from datetime import date

import pytest

from planner.intake.catalogue import accelerators, regimes
from planner.law.supercomputer import ceiling_on, counts_as_us_origin, hall_peak_pflops

DAY = date(2026, 11, 21)


def test_the_ceiling_is_that_of_the_definition():
    ceiling = ceiling_on(regimes(), "HK", DAY)
    assert (ceiling.fp64_pflops, ceiling.fp32_pflops, ceiling.envelope_ft3) == (100, 200, 41600)
    assert "744.23" in ceiling.citation


@pytest.mark.parametrize(
    ("destination", "on", "holds"),
    [
        ("HK", "2022-10-20", False),
        ("HK", "2022-10-21", True),
        ("MO", "2026-01-01", True),
        ("OTHER", "2026-01-01", False),
    ],
)
def test_it_holds_in_china_hong_kong_and_macau_since_october_2022(destination, on, holds):
    assert (ceiling_on(regimes(), destination, date.fromisoformat(on)) is not None) is holds


def test_1908_gaming_cards_stay_below_and_1909_reach_it():
    per_card = hall_peak_pflops(accelerators()["nvidia_rtx_5090d_v2"], "fp32")
    limit = ceiling_on(regimes(), "HK", DAY).fp32_pflops
    assert per_card == pytest.approx(0.1048)
    assert 1908 * per_card < limit <= 1909 * per_card


def test_an_unpublished_rate_counts_as_the_bf16_peak_that_it_cannot_exceed():
    unpublished = accelerators()["huawei_ascend_910c"]
    assert unpublished.peak_tflops("fp32") is None
    assert hall_peak_pflops(unpublished, "fp32") == unpublished.peak_tflops("bf16") / 1000
    assert hall_peak_pflops(accelerators()["biren_br100"], "fp64") == 0, "published as none"


def test_devices_designed_in_china_do_not_count_as_us_origin():
    assert counts_as_us_origin(accelerators()["nvidia_l2"])
    assert not counts_as_us_origin(accelerators()["huawei_ascend_910c"])
