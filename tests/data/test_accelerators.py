"""The catalogue of devices: whole, consistent, honest about what is unknown."""

from collections import Counter

import pytest

from planner.domain.accelerator import RATE_FIELDS, TPP_BITS
from planner.intake.catalogue import accelerators, cycles, raw

ROWS = raw("accelerators.yaml")["devices"]


def test_126_devices_in_four_groups():
    groups = Counter(device.group for device in accelerators().values())
    assert groups == {"us_frontier": 54, "domestic": 43, "china_variant": 18, "legacy": 11}
    confidence = Counter(device.confidence for device in accelerators().values())
    assert confidence == {"sourced": 107, "recalled": 10, "derived": 2, "assumed": 7}


def test_stated_tpp_and_density_follow_from_rates_and_area():
    for row in ROWS:
        rates = {field: row[field] for field in RATE_FIELDS.values()}
        known = [rates[RATE_FIELDS[p]] * bits for p, bits in TPP_BITS.items() if rates[RATE_FIELDS[p]] is not None]
        if known:
            assert row["tpp"] == pytest.approx(max(known), abs=0.51), row["id"]
        if row["performance_density"] is not None:
            tpp = max(known, default=row["tpp"])
            assert row["performance_density"] == pytest.approx(tpp / row["die_area_mm2"], abs=0.00051), row["id"]


def test_unknown_tpp_is_null_and_estimates_are_marked():
    unknown = {device.id for device in accelerators().values() if device.tpp is None}
    estimated = {device.id for device in accelerators().values() if device.tpp_basis == "estimated"}
    assert estimated == {"nvidia_rtx_6000d", "amd_mi308x"}
    assert unknown == {
        "intel_gaudi_3_hl328",
        "huawei_ascend_910d",
        "biren_br106",
        "enflame_t21",
        "enflame_s60",
        "enflame_l600",
        "thead_zhenwu_m890",
        "thead_zhenwu_v900",
    }


def test_no_zero_stands_for_unknown():
    zeros = {(row["id"], key) for row in ROWS for key, value in row.items() if value == 0 and value is not False}
    # Biren's chips have no FP64 units at all.
    assert zeros == {("biren_br100", "fp64_tflops"), ("biren_br104", "fp64_tflops")}


def test_every_device_names_its_sources():
    assert all(device.sources for device in accelerators().values())


def test_devices_near_a_threshold_keep_the_side_on_which_they_were_placed():
    """A change of one percent would move them across: 3.2 and 5.92 of density, 1,600, 2,400, 4,800 and 21,000 of TPP."""
    by_id = accelerators()
    assert by_id["nvidia_a10"].performance_density == pytest.approx(3.18269, abs=1e-4)
    assert by_id["nvidia_a30"].performance_density == pytest.approx(3.19613, abs=1e-4)
    assert by_id["nvidia_a40"].tpp == pytest.approx(2395.2)
    assert by_id["nvidia_rtx_4090d"].tpp == pytest.approx(4707.2)
    assert by_id["nvidia_rtx_5090d_v2"].tpp == pytest.approx(4750.4)
    assert by_id["amd_mi300x"].tpp == pytest.approx(20919.2)


def test_every_device_has_a_cycle_and_the_ends_that_follow_from_it():
    assert {row["cycle"] for row in ROWS} == set(cycles())
    for device in accelerators().values():
        dated = device.release_date is not None
        assert (device.last_support is not None) is dated, device.id
        assert (device.last_order is not None) is (dated and cycles()[device.cycle].orders_years is not None), device.id
        if device.last_order:
            assert device.release_date <= device.last_order < device.last_support, device.id


def test_ends_that_the_sources_tell():
    by_id = accelerators()
    # docs.nvidia.com: Pascal and Volta end with driver branch R580, whose support ends in June 2028.
    assert {
        by_id[f"nvidia_{name}"].last_support for name in ("p100_pcie_16gb", "v100_16gb_sxm2", "v100_32gb_pcie")
    } == {"2028-06"}
    press = {device.id for device in by_id.values() if device.life_basis == "press"}
    assert {"nvidia_rtx_4090", "nvidia_rtx_4090d", "nvidia_h20_96gb"} <= press
    assert by_id["nvidia_a30"].last_order == "2026-04"


def test_every_cycle_is_sourced():
    assert all(cycle.source and cycle.confidence for cycle in cycles().values())


def test_generations_that_nobody_announced_are_marked_and_say_how_far_they_may_be_out():
    assumed = [device for device in accelerators().values() if device.confidence == "assumed"]
    assert {device.group for device in assumed} == {"us_frontier", "china_variant", "domestic"}
    for device in assumed:
        assert "(assumed generation)" in device.name
        assert device.release_date > "2027-12"
        assert device.note
    # A device made for the rules of the Chinese market stays under the thresholds that they set.
    for device in assumed:
        if device.group == "china_variant":
            assert device.tpp < 4800
            assert device.memory_bandwidth_gbps < 1400
            assert device.memory_plus_io_gbps < 1700


def test_successors_follow_their_maker():
    by_id = accelerators()
    names = ("huawei_ascend_950dt", "huawei_ascend_960", "huawei_ascend_970", "huawei_ascend_2030")
    ascend = [by_id[name] for name in names]
    assert [device.fp8_tflops for device in ascend] == [1000, 2000, 4000, 7320]
    assert [device.release_date for device in ascend] == sorted(device.release_date for device in ascend)
    # Half of FP8 is assumed for BF16, which leaves TPP as published.
    assert by_id["huawei_ascend_960"].tpp == 16_000
    assert by_id["huawei_ascend_970"].tpp == 32_000
