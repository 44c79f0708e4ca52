"""Speed of training a model on devices: what the plan and the time-to-train both ask.

    tokens/s per device = batch tokens / (N · step seconds)                     steady state, p50
    MFU                 = tokens/s · F / peak                                   causal attention counted half
    useful PFLOP/s      = peak · MFU · practice · goodput                       what a plan may count on

`practice` is the speed of production runs over that of the benchmarks the model is fitted to: other hardware, other code,
data loading, evaluation, restarts with new settings. It is one number, from published runs (`data/performance.yaml`). What is
published of LoRA and QLoRA on ordinary stacks are runs of ordinary scripts: there it is 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from planner.domain.accelerator import Accelerator
from planner.domain.model_shape import ModelShape
from planner.domain.speed_parameters import Band, SpeedParameters
from planner.errors import InvalidInput, Problem
from planner.performance.cluster import check_devices, why_not
from planner.performance.device import Device
from planner.performance.goodput import goodput
from planner.performance.kept import Answers, Kept, answered, given
from planner.performance.laid_out import LAYOUT_YEAR, Question, chosen, steps
from planner.performance.layout import Layout
from planner.performance.rates import ceiling_of, device_of
from planner.performance.search import FREE, Choice, Pins
from planner.performance.work import ORDINARY, Method, flop_per_token

CUDA = "cuda"
LABELS = {"lora": "LoRA", "qlora": "QLoRA"}
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


SPEEDS = Answers[Accelerator, Speed | InvalidInput]()


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
    more = method, pins, third_party, nic_gbps, measured_tokens_per_s, memory_factor
    (answer,) = _answers(Question(shape, devices, precision, year, Kept(parameters), *more), (accelerator,))
    return given(answer)


def speeds(
    shape: ModelShape,
    accelerators: Sequence[Accelerator],
    devices: int,
    precision: str,
    year: float,
    parameters: SpeedParameters,
    method: Method,
) -> list[Speed | InvalidInput]:
    """The same for each of several accelerators, far sooner than one by one."""
    return _answers(Question(shape, devices, precision, year, Kept(parameters), method), accelerators)


def _answers(asked: Question, accelerators: Sequence[Accelerator]) -> list[Speed | InvalidInput]:
    check_devices(asked.devices)
    return SPEEDS.of(asked, accelerators, lambda missing: _worked_out(asked, missing))


def _worked_out(asked: Question, accelerators: Sequence[Accelerator]) -> list[Speed | InvalidInput]:
    """Layouts are chosen, and their steps counted, on all accelerators at once."""
    devices = [answered(partial(_device, asked, accelerator)) for accelerator in accelerators]
    able = [(one, device) for one, device in zip(accelerators, devices, strict=True) if isinstance(device, Device)]
    estimates = iter(_estimates(asked, able))
    return [device if isinstance(device, InvalidInput) else next(estimates) for device in devices]


def _device(asked: Question, accelerator: Accelerator) -> Device:
    device = device_of(accelerator, asked.precision, asked.kept.parameters, asked.nic_gbps)
    return device._replace(memory_bytes=device.memory_bytes * asked.memory_factor)


def _estimates(asked: Question, able: Sequence[tuple[Accelerator, Device]]) -> Iterator[Speed]:
    shape, count, method, pins, parameters = asked.shape, asked.devices, asked.method, asked.pins, asked.kept.parameters
    choices = chosen(asked, [device for _, device in able])
    laid_out = [(device, choice.layout) for (_, device), choice in zip(able, choices, strict=True) if choice]
    each = iter(steps(asked, laid_out))
    good, work = goodput(count, parameters.reliability), flop_per_token(shape, method)
    habit = 1.0 if asked.pinned or method in ORDINARY else parameters.free_layout
    for (accelerator, device), choice in zip(able, choices, strict=True):
        peak = device.peak * device.speedup
        if choice is None:
            yield Speed(False, why_not(shape, device, count, pins, method), count, peak / 1e15, work)
            continue
        layout, step = choice.layout, next(each)
        tokens = step.tokens / (count * step.seconds) * habit
        kernels = step.tokens / (layout.devices * step.busy)
        estimate = Speed(
            fits=True,
            reason="",
            devices=count,
            peak_pflops=peak / 1e15,
            flop_per_token=work,
            layout=layout,
            memory_gb=choice.memory_bytes / 1e9,
            tokens_per_s_per_device=tokens,
            mfu=tokens * work / peak,
            kernels=kernels * work / peak,
            goodput=good,
            practice=1.0 if method in ORDINARY else parameters.practice,
            band=_band(shape, accelerator, parameters, asked.pinned, method),
            batch_sequences=layout.sequences,
            notes=_notes(choice, accelerator, parameters, method),
        )
        measured = asked.measured_tokens_per_s
        yield estimate if measured is None else _measured(estimate, measured)


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
