"""Speed of training a model on devices: what the plan and the time-to-train both ask.

    tokens/s per device = batch tokens / (N · step seconds)                     steady state, p50
    MFU                 = tokens/s · F / peak                                   causal attention counted half
    useful PFLOP/s      = peak · MFU · practice · goodput                       what a plan may count on

`practice` is the speed of production runs over that of the benchmarks the model is fitted to: other hardware, other code,
data loading, evaluation, restarts with new settings. It is one number, from published runs (`data/performance.yaml`). What is
published of LoRA and QLoRA on ordinary stacks are runs of ordinary scripts: there it is 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from planner.domain.accelerator import Accelerator
from planner.domain.model_shape import ModelShape
from planner.domain.speed_parameters import AdapterParameters, Band, SpeedParameters
from planner.errors import InvalidInput, Problem
from planner.performance import adapters
from planner.performance.cluster import check_devices, why_not
from planner.performance.counts import counts
from planner.performance.device import Device
from planner.performance.goodput import goodput
from planner.performance.kept import Kept
from planner.performance.layout import Layout
from planner.performance.rates import ceiling_of, device_of, rates, setting_of
from planner.performance.search import FREE, Choice, Pins, fastest
from planner.performance.step_time import Rates, compute_seconds, step_seconds
from planner.performance.work import ORDINARY, Method, flop_per_token

CUDA = "cuda"
LABELS = {"lora": "LoRA", "qlora": "QLoRA"}
LAYOUT_YEAR = 2025.0
"""Layouts are chosen at the rates of this year, so that a year changes speed and never the layout."""

OVERFLOW = 1.5
"""How far a pinned layout may pass the estimated memory: estimates of activations are that uncertain."""

MEASURED_BAND = Band(p10=0.93, p90=1.07)
"""A user's own measurement still varies from step to step and from node to node."""

UNMEASURED_BAND = Band(p10=0.55, p90=1.35)
"""Stacks without public measurements: an estimate, wider than any measured one."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Speed of one model on `devices` of one accelerator. When it does not fit, speeds are zero and `reason` says why."""

    fits: bool
    reason: str
    devices: int
    peak_pflops: float
    flop_per_token: float
    layout: Layout | None = None
    memory_gb: float = 0.0
    tokens_per_s_per_device: float = 0.0
    mfu: float = 0.0
    kernels: float = 0.0
    goodput: float = 1.0
    practice: float = 1.0
    band: Band = UNMEASURED_BAND
    batch_sequences: int = 0
    notes: tuple[str, ...] = ()

    @property
    def scaling(self) -> float:
        """Share of kernel speed that is left after communication, bubbles and failures."""
        return self.mfu / self.kernels * self.goodput if self.kernels else 0.0

    @property
    def useful_pflops(self) -> float:
        """PFLOP/s of model FLOP per device that a plan may count on."""
        return self.peak_pflops * self.mfu * self.practice * self.goodput


@lru_cache(maxsize=20_000)
def _chosen(
    shape: ModelShape, device: Device, devices: int, r: Rates, pins: Pins, method: Method, p: AdapterParameters
) -> Choice | None:
    if method in ORDINARY:
        return adapters.choose(shape, device, devices, r, p, pins, method)
    return fastest(shape, device, devices, r, pins, method)


def _pinned_but_large(
    shape: ModelShape, device: Device, devices: int, r: Rates, pins: Pins, method: Method, p: AdapterParameters
) -> Choice | None:
    """A pinned layout stands even where the memory estimate objects by a little; `fits` of the choice is then False."""
    if not (pins.tp or pins.pp):
        return None
    choice = _chosen(shape, device._replace(memory_bytes=OVERFLOW * device.memory_bytes), devices, r, pins, method, p)
    return choice._replace(fits=False) if choice else None


def speed(
    shape: ModelShape,
    accelerator: Accelerator,
    devices: int,
    precision: str,
    year: float,
    parameters: SpeedParameters,
    *,
    method: Method = "pretrain",
    pins: Pins = FREE,
    third_party: bool = False,
    nic_gbps: float | None = None,
    measured_tokens_per_s: float | None = None,
    memory_factor: float = 1.0,
) -> Speed:
    """Speed of training `shape` on `devices` of `accelerator` at `precision` in `year`.

    `pins` fixes parts of the layout; `third_party`: nobody tunes the stack for this model, as nobody does for LoRA and QLoRA; `measured_tokens_per_s` per device
    in steady state overrides the model; `memory_factor` widens the memory, for runs that evidently fitted. InvalidInput
    when the question makes no sense on this device.
    """
    check_devices(devices)
    asked = method, pins, third_party, nic_gbps, measured_tokens_per_s, memory_factor
    return _speed(shape, accelerator, devices, precision, year, Kept(parameters), *asked)


@lru_cache(maxsize=20_000)
def _speed(
    shape: ModelShape,
    accelerator: Accelerator,
    devices: int,
    precision: str,
    year: float,
    kept: Kept,
    method: Method,
    pins: Pins,
    third_party: bool,
    nic_gbps: float | None,
    measured_tokens_per_s: float | None,
    memory_factor: float,
) -> Speed:
    parameters = kept.parameters
    device = device_of(accelerator, precision, parameters, nic_gbps)
    device = device._replace(memory_bytes=device.memory_bytes * memory_factor)
    planning = rates(setting_of(device, precision, LAYOUT_YEAR, False, parameters), parameters.shared)
    question = (shape, device, devices, planning, pins, method, parameters.adapters)
    choice = _chosen(*question) or _pinned_but_large(*question)
    peak_pflops = device.peak * device.speedup / 1e15
    work = flop_per_token(shape, method)
    if choice is None:
        return Speed(False, why_not(shape, device, devices, pins, method), devices, peak_pflops, work)
    untuned = third_party or method in ORDINARY
    r = rates(setting_of(device, precision, year, untuned, parameters), parameters.shared)
    estimate = _speed_of(choice, shape, device, devices, r, method, parameters, pins.tp is not None)
    estimate = replace(
        estimate,
        band=_band(shape, accelerator, parameters, pins.tp is not None, method),
        notes=_notes(choice, accelerator, parameters, method),
    )
    return estimate if measured_tokens_per_s is None else _measured(estimate, measured_tokens_per_s)


def _speed_of(
    choice: Choice,
    shape: ModelShape,
    device: Device,
    devices: int,
    r: Rates,
    method: Method,
    p: SpeedParameters,
    pinned: bool,
) -> Speed:
    layout, work, peak = choice.layout, flop_per_token(shape, method), device.peak * device.speedup
    c = counts(shape, device, layout, method)
    if method in ORDINARY:
        took = adapters.seconds(shape, device, layout, r, p.adapters, method)
        seconds, habit, busy = took.step, 1.0, layout.micro_batches * took.kernels
    else:
        seconds, habit = step_seconds(c, r), 1.0 if pinned else p.free_layout
        busy = compute_seconds(c, r)
    tokens = c.tokens / (devices * seconds) * habit
    kernels = c.tokens / (layout.devices * busy)
    return Speed(
        fits=True,
        reason="",
        devices=devices,
        peak_pflops=peak / 1e15,
        flop_per_token=work,
        layout=layout,
        memory_gb=choice.memory_bytes / 1e9,
        tokens_per_s_per_device=tokens,
        mfu=tokens * work / peak,
        kernels=kernels * work / peak,
        goodput=goodput(devices, p.reliability),
        practice=1.0 if method in ORDINARY else p.practice,
        batch_sequences=layout.dp * layout.micro_batch * layout.micro_batches,
    )


def _measured(estimate: Speed, tokens_per_s: float) -> Speed:
    if tokens_per_s <= 0:
        raise InvalidInput(Problem("a measured throughput must be above zero", "Give tokens per second and device."))
    mfu = tokens_per_s * estimate.flop_per_token / (estimate.peak_pflops * 1e15)
    if mfu > 1:
        what = f"{tokens_per_s:g} tokens/s per device would be {mfu:.0%} of peak"
        raise InvalidInput(Problem(what, "Give tokens per second per device, not of the whole cluster."))
    note = "steady-state throughput measured by the user; it overrides the model"
    kernels = max(mfu, estimate.kernels * mfu / estimate.mfu) if estimate.mfu else mfu
    return replace(
        estimate,
        tokens_per_s_per_device=tokens_per_s,
        mfu=mfu,
        kernels=kernels,
        practice=1.0,
        band=MEASURED_BAND,
        notes=(*estimate.notes, note),
    )


def _band(shape: ModelShape, accelerator: Accelerator, p: SpeedParameters, pinned: bool, method: Method) -> Band:
    stack = accelerator.software_stack
    if ceiling_of(stack, p).confidence == "estimate":
        return UNMEASURED_BAND
    if method in ORDINARY:
        return p.adapters.band
    kind = "moe" if shape.experts else "dense"
    return p.bands[f"{'known' if pinned else 'hidden'}_{'cuda' if stack == 'cuda' else 'other'}_{kind}"]


def _notes(choice: Choice, accelerator: Accelerator, p: SpeedParameters, method: Method) -> tuple[str, ...]:
    notes = []
    if ceiling_of(accelerator.software_stack, p).confidence == "estimate":
        notes.append(
            f"no public training measurement of the {accelerator.software_stack} stack: kernel efficiency is an estimate"
        )
    if method in ORDINARY and accelerator.software_stack != CUDA:
        notes.append(f"{LABELS[method]} was measured on CUDA alone: its cost on other software is taken as the same")
    if choice.layout.offload:
        notes.append("the frozen weights lie in host memory: they do not fit on the devices")
    if not choice.fits:
        notes.append(
            f"the pinned layout needs about {choice.memory_bytes / 1e9:.0f} GB per device, more than the device has"
        )
    return tuple(notes)


def fits(
    shape: ModelShape,
    accelerator: Accelerator,
    devices: int,
    precision: str,
    parameters: SpeedParameters,
    method: Method = "pretrain",
) -> tuple[bool, str]:
    """(whether the model fits, why not)."""
    estimate = speed(shape, accelerator, devices, precision, LAYOUT_YEAR, parameters, method=method)
    return estimate.fits, estimate.reason
