"""The ceiling of a hall: where, when, how much, and what one device adds."""

from datetime import date

import pytest

from planner.intake.catalogue import accelerators, regimes
from planner.law.supercomputer import ceiling_on, counts_as_us_origin, hall_peak_pflops

DAY = date(2026, 11, 21)
CEILING = regimes().supercomputer


def peak(accelerator, precision):
    return hall_peak_pflops(accelerators()[accelerator], precision, CEILING)


def test_the_ceiling_is_that_of_the_definition():
    ceiling = ceiling_on(regimes(), "HK", DAY)
    assert (ceiling.fp64_pflops, ceiling.fp32_pflops, ceiling.envelope_ft3) == (100, 200, 41600)
    assert "744.23" in ceiling.citation


@pytest.mark.parametrize(
    ("destination", "on", "holds"),
    [
        ("HK", "2022-10-20", False),
        ("HK", "2022-10-21", True),
        ("MO", "2023-01-16", False),
        ("MO", "2023-01-17", True),
        ("OTHER", "2026-01-01", False),
    ],
)
def test_it_holds_in_china_hong_kong_and_macau_since_october_2022(destination, on, holds):
    assert (ceiling_on(regimes(), destination, date.fromisoformat(on)) is not None) is holds


def test_1908_gaming_cards_stay_below_and_1909_reach_it():
    per_card = peak("nvidia_rtx_5090d_v2", "fp32")
    limit = ceiling_on(regimes(), "HK", DAY).fp32_pflops
    assert per_card == pytest.approx(0.1048)
    assert 1908 * per_card < limit <= 1909 * per_card


def test_an_unpublished_rate_is_bounded_by_what_tpp_leaves_for_it():
    # Ascend 910C publishes BF16 alone, 800 TFLOP/s: TPP is 12,800, which leaves 400 TFLOP/s of 32 bits or 200 of 64.
    assert accelerators()["huawei_ascend_910c"].peak_tflops("fp32") is None
    assert peak("huawei_ascend_910c", "fp32") == pytest.approx(0.4)
    assert peak("huawei_ascend_910c", "fp64") == pytest.approx(0.2)
    # Iluvatar BI-V150 publishes FP32 and no FP64, of which it has no more; its BF16 peak says nothing of it.
    published = accelerators()["iluvatar_bi_v150"]
    assert published.peak_tflops("fp64") is None
    assert peak(published.id, "fp64") == pytest.approx(published.fp32_tflops / 1000)
    assert peak("biren_br100", "fp64") == 0, "published as none"


@pytest.mark.parametrize("precision", ["fp64", "fp32"])
def test_no_published_rate_exceeds_the_bound_that_would_stand_in_for_it(precision):
    for device in accelerators().values():
        if (rate := device.peak_tflops(precision)) is not None:
            hidden = device.model_copy(update={f"{precision}_tflops": None})
            assert rate / 1000 <= hall_peak_pflops(hidden, precision, CEILING) * (1 + 1e-9), device.id


def test_a_device_of_which_nothing_is_known_may_reach_the_ceiling_alone():
    assert accelerators()["huawei_ascend_910d"].tpp is None
    assert (peak("huawei_ascend_910d", "fp64"), peak("huawei_ascend_910d", "fp32")) == (100, 200)


def test_devices_designed_in_china_do_not_count_as_us_origin():
    assert counts_as_us_origin(accelerators()["nvidia_l2"])
    assert not counts_as_us_origin(accelerators()["huawei_ascend_910c"])
