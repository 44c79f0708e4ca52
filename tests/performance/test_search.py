"""The search counts all layouts at once; here it is compared with counting them one by one."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import pytest

from benchmarks.published import measurements
from planner.domain.model_shape import ModelShape
from planner.domain.speed_parameters import SpeedParameters
from planner.intake.catalogue import accelerators
from planner.performance.counts import counts
from planner.performance.device import Device
from planner.performance.guess import guess
from planner.performance.laid_out import LAYOUT_YEAR
from planner.performance.layout import Layout
from planner.performance.memory import memory_bytes, state_bytes, usable_bytes
from planner.performance.rates import device_of, rates, setting_of
from planner.performance.search import FREE, RECOMPUTE, TP_MAX, Choice, Pins, _groups, fastest, fastest_on
from planner.performance.step_time import Rates, step_seconds
from planner.performance.work import Method

SIZES = (
    ("pretrain", 7.0, None, 64),
    pytest.param("pretrain", 671.0, 37.0, 2048, marks=pytest.mark.slow),
    ("tuned_lora", 70.0, None, 16),
    ("full", 1.5, None, 24),
)
ROWS = 150


def _fitting(
    shape: ModelShape, device: Device, devices: int, pins: Pins, method: Method
) -> Iterator[tuple[Layout, float]]:
    """Layouts that fit, by one at a time; without pipeline the two largest micro-batches of a group."""
    room = usable_bytes(device.memory_bytes)
    for group in _groups(shape, min(device.domain, TP_MAX, devices), devices, pins, method):
        if state_bytes(shape, group.bare, method) > room:
            continue
        for recompute in (pins.recompute,) if pins.recompute else RECOMPUTE:
            bare = group.bare._replace(recompute=recompute)
            rows = (bare._replace(micro_batch=b, micro_batches=max(1, ceil(group.per_rank / b))) for b in group.sizes)
            needs = ((layout, memory_bytes(shape, layout, method)) for layout in rows)
            fitting = [(layout, need) for layout, need in needs if need <= room]
            yield from fitting if bare.pp > 1 else fitting[:2]


def one_by_one(shape: ModelShape, device: Device, devices: int, r: Rates, pins: Pins, method: Method) -> Choice | None:
    """What `fastest` must find."""
    best: tuple[float, Choice] | None = None
    for layout, need in _fitting(shape, device, devices, pins, method):
        seconds = step_seconds(counts(shape, device, layout, method), r)
        each = seconds / (layout.micro_batches * layout.micro_batch * layout.dp)
        if best is None or each < best[0]:
            best = each, Choice(layout, seconds, need, True)
    if best is None and pins.shard is None and (pins.pp or 1) == 1:
        return one_by_one(shape, device, devices, r, pins._replace(shard=3, pp=1), method)
    return best[1] if best else None


def _planning(device: Device, precision: str, parameters: SpeedParameters) -> Rates:
    return rates(setting_of(device, precision, LAYOUT_YEAR, False, parameters), parameters.shared)


def same(one: Choice | None, other: Choice | None) -> bool:
    """The same layout and figures, but for the last digits, in which versions of NumPy differ."""
    if one is None or other is None:
        return one is other
    figures = pytest.approx((other.seconds, other.memory_bytes), rel=1e-12)
    return (one.layout, one.fits) == (other.layout, other.fits) and (one.seconds, one.memory_bytes) == figures


@pytest.mark.parametrize(("method", "params_b", "active_b", "devices"), SIZES)
@pytest.mark.slow
def test_guessed_models_on_every_training_device(
    method: Method, params_b: float, active_b: float | None, devices: int, parameters: SpeedParameters
) -> None:
    shape = guess(params_b, active_b, 4096)
    trainers = [a for a in accelerators().values() if a.bf16_tflops and a.memory_gb and a.memory_bandwidth_gbps]
    assert len(trainers) > 20
    on = [device_of(accelerator, "bf16", parameters) for accelerator in trainers]
    planning = [_planning(device, "bf16", parameters) for device in on]
    found = fastest_on(shape, on, devices, planning, FREE, method)
    for device, rate, choice in zip(on, planning, found, strict=True):
        question = (shape, device, devices, rate, FREE, method)
        assert choice == fastest(*question), f"{device.name}: by itself as among others, to the same bit"
        assert same(choice, one_by_one(*question)), device.name


@pytest.mark.slow
def test_measured_runs_with_their_layouts_pinned_and_free(parameters: SpeedParameters) -> None:
    rows = measurements()
    chosen = 0
    for row in rows[:: max(1, len(rows) // ROWS)]:
        q = row.question
        device = device_of(accelerators()[q.accelerator], q.precision, parameters, q.nic_gbps)
        for pins in (q.pins, Pins(global_batch=q.pins.global_batch)):
            question = (q.shape, device, q.devices or 8, _planning(device, q.precision, parameters), pins, q.method)
            found = fastest(*question)
            assert same(found, one_by_one(*question)), row.case
            chosen += found is not None
    assert chosen > ROWS


def test_unfused_attention_and_windows_are_counted_alike(tiny: ModelShape, parameters: SpeedParameters) -> None:
    device = device_of(accelerators()["nvidia_a100_80gb_sxm"], "bf16", parameters)
    for change in ({"flash": False}, {"window": 3, "window_share": 0.5}, {"seq_len": 65_536, "flash": False}):
        shape = tiny.model_copy(update={**change, "layers": 8})
        rate = _planning(device, "bf16", parameters)
        found = fastest(shape, device, 32, rate, FREE, "pretrain")
        assert same(found, one_by_one(shape, device, 32, rate, FREE, "pretrain"))


def test_nothing_fits_on_devices_that_are_too_few(parameters: SpeedParameters) -> None:
    device = device_of(accelerators()["nvidia_a100_80gb_sxm"], "bf16", parameters)
    rate = _planning(device, "bf16", parameters)
    assert fastest(guess(671.0, 37.0, 4096), device, 1, rate, FREE) is None
    assert fastest(guess(7.0, None, 4096), device, 1, rate, Pins(tp=2)) is None
