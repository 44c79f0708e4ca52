"""LoRA and QLoRA on ordinary stacks: a step by hand, where weights lie, and how far published throughputs are met."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.adapters import adapter_measurements, log_errors
from planner.domain.model_shape import ModelShape
from planner.domain.speed_parameters import AdapterParameters, Band, SpeedParameters
from planner.intake.catalogue import accelerators, models
from planner.performance.adapters import seconds
from planner.performance.device import Device
from planner.performance.layout import Layout
from planner.performance.search import Pins
from planner.performance.speed import speed
from planner.performance.step_time import Rates
from planner.performance.work import adapted_widths

# No time for arithmetic and none for traffic: what is left is what adapters cost.
IDLE = Rates(*[0.0] * len(Rates._fields))._replace(matmul=1.0, low=1.0, attention=1.0, expert=1.0, data_each=1.0)
DEVICE = Device(1e30, 1.0, 1e12, 1_000.0, 100.0, 100.0, 8, 0.8, "cuda", "card", 2024)


def costs(bytes_per_value: float = 2.0, dequantise_bytes: float = 1.0, layer_s: float = 0.0) -> AdapterParameters:
    return AdapterParameters(
        bytes_per_value=bytes_per_value, dequantise_bytes=dequantise_bytes, layer_s=layer_s, band=Band(p10=1, p90=1)
    )


def test_a_step_by_hand(tiny: ModelShape) -> None:
    # Q 8+8, K and V 8+4 each, O 8+8, three matrices of 8+16.
    assert adapted_widths(tiny) == 16 + 12 + 12 + 16 + 3 * 24 == 128
    layout, parameters = Layout(micro_batches=3, recompute="full"), tiny.total_parameters
    optimiser = 30 * 0.01 * parameters / 1_000 / 0.8
    adapters = 2 * 6 * 2 * 128 / 1_000
    unpacked = 3 * parameters / 1_000
    assert seconds(tiny, DEVICE, layout, IDLE, costs(), "lora").step == pytest.approx(3 * adapters + optimiser)
    assert seconds(tiny, DEVICE, layout, IDLE, costs(), "lora").kernels == pytest.approx(adapters)
    packed = seconds(tiny, DEVICE, layout, IDLE, costs(), "qlora").step
    assert packed == pytest.approx(3 * (adapters + unpacked) + optimiser)
    waits = seconds(tiny, DEVICE, layout, IDLE, costs(layer_s=10), "qlora").step
    assert waits == pytest.approx(3 * 2 * 10 + optimiser), "the host is slower than the device"


def test_gathered_and_offloaded_weights_take_the_links(tiny: ModelShape) -> None:
    sharded = Layout(dp=4, shard=3, recompute="full")
    optimiser = 30 * 0.01 * tiny.total_parameters / 4 / 1_000 / 0.8
    gathered = 2 * 2 * tiny.total_parameters * 3 / 4 / 100
    took = seconds(tiny, DEVICE, sharded, IDLE, costs(bytes_per_value=0), "lora").step
    assert took == pytest.approx(gathered * 1.05 + optimiser)
    host = 2 * 2 * tiny.total_parameters / 4 / 28e9
    offloaded = seconds(tiny, DEVICE, sharded._replace(offload=True), IDLE, costs(bytes_per_value=0), "lora").step
    assert offloaded - took == pytest.approx(host, rel=1e-3)


@pytest.mark.parametrize(
    ("method", "device", "devices", "shard", "offload"),
    [
        ("lora", "nvidia_h100_sxm", 1, 1, False),
        ("qlora", "nvidia_a100_40gb_sxm", 2, 3, False),
        # Daily practice: 70 B in four bits on two cards of 24 GB.
        ("qlora", "nvidia_rtx_4090", 2, 3, True),
    ],
)
def test_where_the_weights_lie(parameters: SpeedParameters, method, device, devices, shard, offload) -> None:
    model = "llama3-8b" if method == "lora" else "llama2-70b"
    shape = models()[model].model_copy(update={"seq_len": 2048})
    found = speed(shape, accelerators()[device], devices, "bf16", 2026.0, parameters, method=method)
    assert found.fits
    assert (found.layout.shard, found.layout.offload) == (shard, offload)
    assert (found.practice, found.band) == (1.0, parameters.adapters.band)


def test_a_tuned_stack_is_two_to_four_times_faster_and_short_samples_wait_for_the_host(parameters) -> None:
    shape, device = models()["llama2-70b"], accelerators()["nvidia_h100_sxm"]
    tuned, ordinary = (
        speed(shape, device, 8, "bf16", 2026.0, parameters, method=method).tokens_per_s_per_device
        for method in ("tuned_lora", "lora")
    )
    assert 1.5 < tuned / ordinary < 4
    short = models()["llama3-8b"].model_copy(update={"seq_len": 200})
    alone, eight = (
        speed(short, device, 1, "bf16", 2026.0, parameters, method="lora", pins=Pins(micro_batch=size))
        for size in (1, 8)
    )
    assert eight.tokens_per_s_per_device > 3 * alone.tokens_per_s_per_device


def test_the_band_holds_four_of_five_published_rows(parameters) -> None:
    errors = log_errors(adapter_measurements(), parameters)
    assert np.median(abs(np.exp(errors) - 1)) < 0.15
    band = parameters.adapters.band
    inside = (errors > -np.log(band.p90)) & (errors < -np.log(band.p10))
    assert 0.75 < inside.mean() <= 1
