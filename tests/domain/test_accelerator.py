"""Devices: what follows from rates, what is unknown, what is refused."""

import pytest
from pydantic import ValidationError

from planner.domain.accelerator import Accelerator

CHIP = {
    "id": "chip",
    "name": "Chip",
    "vendor": "Maker",
    "vendor_country": "US",
    "group": "legacy",
    "software_stack": "cuda",
    "cuda_compatible": "none",
}


def a_chip(**facts):
    return Accelerator.model_validate({**CHIP, **facts})


def test_tpp_is_the_largest_of_rate_times_bits():
    chip = a_chip(fp64_tflops=30, bf16_tflops=100, int8_tops=240, fp4_tflops=400)
    assert chip.tpp == 30 * 64  # 1,920, against 100 × 16, 240 × 8 (a tie) and 400 × 4
    assert chip.tpp_basis == "derived"


def test_tf32_takes_no_part_in_tpp():
    assert a_chip(bf16_tflops=10, tf32_tflops=1000).tpp == 160


def test_density_needs_tpp_and_area():
    assert a_chip(bf16_tflops=300, die_area_mm2=800).performance_density == 6.0
    assert a_chip(bf16_tflops=300).performance_density is None
    assert a_chip(die_area_mm2=800).performance_density is None


def test_a_stated_figure_within_rounding_gives_way_to_the_derived_one():
    chip = a_chip(bf16_tflops=165, die_area_mm2=826, tpp=2640, performance_density=3.2)
    assert chip.performance_density == pytest.approx(3.196126)  # not the 3.2 that a rule tests


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ({"bf16_tflops": 300, "tpp": 4700}, "tpp 4700 does not follow from rates and die area, which give 4800"),
        (
            {"bf16_tflops": 300, "die_area_mm2": 800, "performance_density": 6.1},
            "performance_density 6.1 does not follow from rates and die area, which give 6",
        ),
        ({"performance_density": 6.1}, "needs tpp"),
        ({"bf16_tflops": 300, "tpp_basis": "estimated"}, "make it derived"),
        ({"tpp_basis": "derived"}, "make it null"),
        ({"unit_price_usd_low": 3, "unit_price_usd_high": 2}, "a low price of 3 lies above its high price of 2"),
        ({"cloud_price_usd_per_hour": [3, 2]}, "a low price of 3 lies above"),
        ({"bf16_tflops": -1}, "greater than or equal to 0"),
        ({"memory_gb": 0}, "greater than 0"),
    ],
)
def test_what_contradicts_itself_is_refused(facts, complaint):
    with pytest.raises(ValidationError, match=complaint):
        a_chip(**facts)


def test_unknown_is_never_zero():
    chip = a_chip()
    assert chip.tpp is None
    assert chip.tpp_basis is None
    assert chip.peak_tflops("bf16") is None
    assert chip.memory_plus_io_gbps is None
    assert a_chip(memory_bandwidth_gbps=1000).memory_plus_io_gbps is None
    assert a_chip(memory_bandwidth_gbps=1000, io_bandwidth_gbps=64).memory_plus_io_gbps == 1064


def test_an_estimate_stands_where_no_rate_is_published():
    chip = a_chip(tpp=2368, die_area_mm2=740)
    assert (chip.tpp, chip.tpp_basis, chip.performance_density) == (2368, "estimated", 3.2)


def test_a_rate_of_zero_says_that_the_precision_is_lacking():
    chip = a_chip(fp64_tflops=0, bf16_tflops=100)
    assert chip.peak_tflops("fp64") == 0
    assert chip.tpp == 1600


def test_peak_by_precision():
    chip = a_chip(int8_tops=200, fp8_tflops=100)
    assert (chip.peak_tflops("int8"), chip.peak_tflops("fp8"), chip.peak_tflops("fp32")) == (200, 100, None)
