"""Speeds: what must hold of any model of training, and what is refused."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from planner.domain.speed_parameters import SpeedParameters
from planner.domain.workload import Workload
from planner.errors import InvalidInput
from planner.intake.catalogue import accelerators, models
from planner.performance import Speed, guess, performance_tax, speed, workload_speed
from planner.performance.cluster import smallest_cluster
from planner.performance.laid_out import CHOICES
from planner.performance.rates import CEILING_MAX, device_of, rates, setting_of
from planner.performance.search import Pins
from planner.performance.speed import SPEEDS, speeds
from planner.performance.work import Method
from tests.tiny import training

H800 = "nvidia_h800_sxm"


def at(
    parameters: SpeedParameters,
    device: str,
    devices: int = 64,
    model: str = "llama2-7b",
    precision: str = "bf16",
    **more,
):
    return speed(models()[model], accelerators()[device], devices, precision, 2026.0, parameters, **more)


def test_tokens_mfu_and_useful_compute_agree(parameters: SpeedParameters) -> None:
    found = at(parameters, H800)
    assert found.mfu == pytest.approx(found.tokens_per_s_per_device * found.flop_per_token / (found.peak_pflops * 1e15))
    assert found.useful_pflops == pytest.approx(found.peak_pflops * found.mfu * found.practice * found.goodput)
    assert 0.3 < found.mfu < found.kernels < 0.8
    assert found.layout is not None
    assert found.layout.devices == 64


def test_a_cut_interconnect_slows_and_more_devices_slow_each(parameters: SpeedParameters) -> None:
    wide, cut = (at(parameters, name, 512, "llama3-70b") for name in ("nvidia_h100_sxm", H800))
    assert cut.tokens_per_s_per_device < wide.tokens_per_s_per_device
    batch = Pins(global_batch=512)
    each = [at(parameters, H800, n, "llama3-70b", pins=batch).tokens_per_s_per_device for n in (64, 256, 1024)]
    assert each == sorted(each, reverse=True), "a fixed batch scales ever worse"


def test_full_recomputation_costs_between_a_tenth_and_a_third(parameters: SpeedParameters) -> None:
    pins = Pins(tp=1, pp=1, micro_batch=1, global_batch=512)
    plain, again = (at(parameters, H800, pins=pins._replace(recompute=how)) for how in ("none", "full"))
    assert 0.66 < again.tokens_per_s_per_device / plain.tokens_per_s_per_device < 0.9


def test_fp8_beats_bf16_by_less_than_two(parameters: SpeedParameters) -> None:
    bf16, fp8 = (at(parameters, H800, precision=name) for name in ("bf16", "fp8"))
    assert 1.1 < fp8.tokens_per_s_per_device / bf16.tokens_per_s_per_device < 2
    assert fp8.mfu < bf16.mfu


def test_what_does_not_fit_says_how_many_devices_it_takes(parameters: SpeedParameters) -> None:
    found = at(parameters, H800, 8, "gpt3-175b")
    assert not found.fits
    assert found.useful_pflops == 0
    assert found.reason == "gpt3-175b does not fit 8 × nvidia_h800_sxm (71 GB usable each); it needs 64 devices"
    assert smallest_cluster(models()["gpt3-175b"], device_of(accelerators()[H800], "bf16", parameters)) == 64


@pytest.mark.parametrize(
    ("device", "devices", "precision", "said"),
    [
        (
            H800,
            10**9,
            "bf16",
            "1,000,000,000 devices is more than any cluster that exists. Give --count of at most 1,000,000.",
        ),
        (H800, 0, "bf16", "0 devices cannot train anything. Give --count of at least 1."),
        (
            "nvidia_a100_80gb_sxm",
            8,
            "fp8",
            "nvidia_a100_80gb_sxm has no fp8 arithmetic. Use bf16, or an accelerator that has it.",
        ),
    ],
)
def test_impossible_questions_are_refused_with_what_to_do(
    parameters, device: str, devices: int, precision: str, said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        at(parameters, device, devices, precision=precision)
    assert str(refused.value) == said


def test_a_pinned_layout_may_pass_the_memory_estimate_by_half_and_no_more(parameters: SpeedParameters) -> None:
    near = at(parameters, H800, 64, "llama-13b", pins=Pins(tp=1, pp=2, micro_batch=4, recompute="none"))
    assert near.fits
    assert "more than the device has" in near.notes[0]
    far = at(parameters, H800, 64, "llama-65b", pins=Pins(tp=1, pp=2))
    assert not far.fits
    assert far.reason.startswith("the pinned layout does not divide 64 devices, or overflows the 71 GB")


def test_measured_throughput_beats_the_model(parameters: SpeedParameters) -> None:
    found = at(parameters, H800, measured_tokens_per_s=9000.0)
    assert found.tokens_per_s_per_device == 9000
    assert found.practice == 1
    with pytest.raises(InvalidInput, match="not of the whole cluster"):
        at(parameters, H800, measured_tokens_per_s=576_000.0)


def test_stacks_without_measurements_say_so_and_get_a_wide_band(parameters: SpeedParameters) -> None:
    known, guessed = at(parameters, "huawei_ascend_910b2"), at(parameters, "moore_threads_mtt_s5000")
    assert not known.notes
    assert "no public training measurement of the musa stack" in guessed.notes[0]
    assert guessed.band.p90 / guessed.band.p10 > known.band.p90 / known.band.p10


def test_no_ceiling_passes_what_was_ever_measured(parameters: SpeedParameters) -> None:
    for device in accelerators().values():
        if device.bf16_tflops and device.memory_gb and device.memory_bandwidth_gbps:
            setting = setting_of(device_of(device, "bf16", parameters), "bf16", 2026, False, parameters)
            most = parameters.achievable.get(device.id, CEILING_MAX)
            assert 0.2 < rates(setting, parameters.shared).matmul <= most + 1e-9, device.id


def test_tax_splits_into_kernels_and_scaling(parameters: SpeedParameters) -> None:
    ascend, cuda = (at(parameters, name) for name in ("huawei_ascend_910b2", "nvidia_h100_sxm"))
    tax = performance_tax(ascend, 4.0, [("nvidia_h100_sxm", cuda), ("absent", replace(cuda, fits=False))])
    assert tax is not None
    assert (1 - tax.kernels) * (1 - tax.scaling) == pytest.approx(1 - tax.total)
    assert 1 - tax.total == pytest.approx(ascend.mfu * ascend.goodput / (cuda.mfu * cuda.goodput))
    assert 0 < tax.total < 0.4
    assert (tax.reference, tax.porting_months) == ("nvidia_h100_sxm", 4.0)
    assert performance_tax(ascend, 0.0, []) is None


def planned(parameters: SpeedParameters, device: str, **changes: object) -> Speed:
    """Speed of a training of a dense model of 13 B on 32 devices, as a plan asks for it; `changes` are laid over the workload."""
    job = {"params_b": 13, "reference_devices": 32, "measured_pflops_per_device": {}}
    workload = Workload.model_validate({**training(), **job, **changes})
    return workload_speed(workload, models(), accelerators()[device], 2026.0, parameters)


def test_the_plan_gets_speeds_for_every_method_and_reasons_for_none(parameters: SpeedParameters) -> None:
    device = "huawei_ascend_910b2"
    for method in ("pretrain", "continued", "full", "lora"):
        row = planned(parameters, device, method=method)
        assert row.fits
        assert 0 < row.useful_pflops < row.peak_pflops
    assert planned(parameters, device, precision="fp8").peak_pflops == pytest.approx(0.376), "no FP8: at BF16"
    unknown = planned(parameters, "amd_mi308x")
    assert not unknown.fits
    assert "is not published" in unknown.reason


def test_int8_runs_where_it_is_faster(parameters: SpeedParameters) -> None:
    # B300: 157.5 TOPS of INT8 against 2,250 TFLOP/s of BF16
    assert planned(parameters, "nvidia_b300", precision="int8") == planned(parameters, "nvidia_b300")
    assert planned(parameters, "nvidia_l20", precision="int8").peak_pflops == pytest.approx(0.239)


def test_the_plan_and_the_estimate_agree(parameters: SpeedParameters) -> None:
    device = accelerators()[H800]
    assert planned(parameters, H800, params_b=7).useful_pflops == pytest.approx(
        speed(guess(7), device, 32, "bf16", 2026.0, parameters).useful_pflops
    )


def test_a_model_by_name_is_not_guessed(parameters: SpeedParameters) -> None:
    by_name = planned(parameters, H800, params_b=None, model="Qwen3 235B A22B", reference_devices=256)
    listed = speed(models()["qwen3-235b-a22b"], accelerators()[H800], 256, "bf16", 2026.0, parameters)
    assert by_name.useful_pflops == pytest.approx(listed.useful_pflops)
    shorter = planned(parameters, H800, params_b=None, model="llama3-70b", seq_len=2048)
    assert shorter.useful_pflops != planned(parameters, H800, params_b=None, model="llama3-70b").useful_pflops


def test_an_estimate_takes_less_than_50_ms(parameters: SpeedParameters) -> None:
    CHOICES.forget()
    SPEEDS.forget()
    start = time.perf_counter()
    at(parameters, "nvidia_h100_sxm", 512, "llama3-70b")
    assert time.perf_counter() - start < 0.05


@pytest.mark.parametrize("method", ["pretrain", "full", "lora", "qlora", "tuned_lora"])
def test_several_devices_at_once_are_each_as_by_itself(parameters: SpeedParameters, method: Method) -> None:
    shape, devices = models()["mixtral-8x7b"], list(accelerators().values())[::4]
    together = speeds(shape, devices, 64, "fp8", 2026.0, parameters, method)
    SPEEDS.forget()
    CHOICES.forget()
    assert sum(isinstance(each, Speed) and each.fits for each in together) > 3
    assert any(isinstance(each, InvalidInput) for each in together), "some have no FP8"
    for device, found in zip(devices, together, strict=True):
        if isinstance(found, InvalidInput):
            with pytest.raises(InvalidInput, match=device.id):
                speed(shape, device, 64, "fp8", 2026.0, parameters, method=method)
        else:
            assert speed(shape, device, 64, "fp8", 2026.0, parameters, method=method) == found, device.id
