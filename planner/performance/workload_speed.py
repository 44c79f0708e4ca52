"""The performance model as the plan asks it: a workload on an accelerator.

    training, tuning    useful = peak · MFU · practice · goodput     speed.py
    service             useful = what a device serves                service.py, serving.py
    FP64, FP32          a share of the vector peak

A precision that a device lacks, or is no faster in, falls back to BF16. Year counts maturity to the end of the
measurements (2026); growth beyond is the plan's own assumption (stacks.growth_per_year).

A kernel tax t set by hand is a statement on software alone: the stack's kernels become CUDA's with ceilings (1 − t) as high, and
the model is asked again. Memory, links and peak stay the device's own, so what waits for memory pays less than t.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from planner.domain.accelerator import Accelerator
from planner.domain.model_shape import ModelShape
from planner.domain.serving_parameters import ServingStack
from planner.domain.speed_parameters import SpeedParameters, StackCeiling
from planner.domain.workload import Workload
from planner.errors import InvalidInput
from planner.performance.guess import guess
from planner.performance.kept import Kept
from planner.performance.rates import ceiling_of
from planner.performance.service import service_speeds, workload_shape
from planner.performance.serving import runs_in, serving_stack
from planner.performance.speed import Speed, speed, speeds
from planner.units import TFLOPS_PER_PFLOPS

YARDSTICK = "cuda"
Ceilings = TypeVar("Ceilings", StackCeiling, ServingStack)
VECTOR_SHARE = {"fp64": 0.5, "fp32": 0.5}
"""Share of peak that mixed HPC codes reach with dense kernels: judgement, between HPL (0.7) and HPCG (0.02)."""
REFERENCE_PARAMS_B, REFERENCE_DEVICES = 7.0, 64
"""Effective capacity is quoted on the pretraining of a dense model of 7 billion parameters on 64 devices."""


def workload_speed(
    workload: Workload,
    models: Mapping[str, ModelShape],
    accelerator: Accelerator,
    year: float,
    parameters: SpeedParameters,
    tax: float | None = None,
) -> Speed:
    """Speed of a workload per device; `Speed.useful_pflops` is `useful[w, a]`, `Speed.reason` says why it does not fit.

    `tax`: kernel tax of the accelerator's stack set by hand, in place of the modelled one.
    """
    taxes = {} if tax is None else {accelerator.software_stack: tax}
    return workload_speeds(workload, models, (accelerator,), year, parameters, taxes)[0]


def workload_speeds(
    workload: Workload,
    models: Mapping[str, ModelShape],
    accelerators: Sequence[Accelerator],
    year: float,
    parameters: SpeedParameters,
    taxes: Mapping[str, float],
) -> list[Speed]:
    """The same on each of several accelerators, far sooner than one by one; `taxes`: by software stack."""
    if workload.precision in VECTOR_SHARE:
        return [_vector(each, workload.precision, taxes.get(each.software_stack, 0.0)) for each in accelerators]
    shape = workload_shape(workload, models)
    alike: dict[tuple[Kept, str], list[Accelerator]] = defaultdict(list)
    for accelerator in accelerators:
        stack = accelerator.software_stack
        its = _taxed(parameters, stack, taxes[stack]) if stack in taxes else parameters
        precision = "" if workload.done == "inference" else runs_in(accelerator, workload.precision)
        alike[Kept(its), precision].append(accelerator)
    by_device: dict[str, Speed] = {}
    for (kept, precision), some in alike.items():
        answers = _answers(workload, shape, some, precision, year, kept.parameters)
        by_device.update(zip((each.id for each in some), answers, strict=True))
    return [by_device[each.id] for each in accelerators]


def _answers(
    workload: Workload,
    shape: ModelShape,
    accelerators: Sequence[Accelerator],
    precision: str,
    year: float,
    parameters: SpeedParameters,
) -> list[Speed]:
    """Speeds on accelerators of which the same is asked; zero, with the reason, where a figure is not published."""
    devices = workload.reference_devices
    answers: Sequence[Speed | InvalidInput]
    try:
        if workload.done == "inference":
            answers = service_speeds(workload, shape, accelerators, parameters)
        else:
            answers = speeds(shape, accelerators, devices, precision, year, parameters, workload.done)
    except InvalidInput as error:
        answers = [error] * len(accelerators)
    return [
        Speed(False, answer.problems[0].what, devices, 0.0, 0.0) if isinstance(answer, InvalidInput) else answer
        for answer in answers
    ]


def reference_pflops(
    accelerator: Accelerator, precision: str, year: float, parameters: SpeedParameters, tax: float | None = None
) -> float:
    """Useful PFLOP/s per device of the reference model: what counts towards a target of effective capacity."""
    if precision in VECTOR_SHARE:
        return _vector(accelerator, precision, tax or 0.0).useful_pflops
    parameters = parameters if tax is None else _taxed(parameters, accelerator.software_stack, tax)
    asked = (
        guess(REFERENCE_PARAMS_B),
        accelerator,
        REFERENCE_DEVICES,
        runs_in(accelerator, precision),
        year,
        parameters,
    )
    try:
        return speed(*asked).useful_pflops
    except InvalidInput:
        return 0.0


@lru_cache(maxsize=256)
def _kept_tax(kept: Kept, stack: str, tax: float) -> SpeedParameters:
    parameters: SpeedParameters = kept.parameters
    cuda = ceiling_of(YARDSTICK, parameters)
    lowered = _lowered(cuda, ("matmul", "low", "fp4"), tax)
    update: dict[str, object] = {"stacks": {**parameters.stacks, stack: lowered}}
    if parameters.serving is not None:
        serving = _lowered(serving_stack(YARDSTICK, parameters.serving), ("prompt", "decode"), tax)
        stacks = {**parameters.serving.stacks, stack: serving}
        update["serving"] = parameters.serving.model_copy(update={"stacks": stacks})
    return parameters.model_copy(update=update)


def _taxed(parameters: SpeedParameters, stack: str, tax: float) -> SpeedParameters:
    """The parameters under which the stack's software is CUDA's, but for ceilings lower by the tax."""
    return _kept_tax(Kept(parameters), stack, tax)


def _lowered(ceilings: Ceilings, names: Sequence[str], tax: float) -> Ceilings:
    return ceilings.model_copy(update={name: getattr(ceilings, name) * (1.0 - tax) for name in names})


def _vector(accelerator: Accelerator, precision: str, tax: float) -> Speed:
    peak = (accelerator.peak_tflops(precision) or 0.0) / TFLOPS_PER_PFLOPS
    if not peak:
        return Speed(False, f"{accelerator.id} has no published {precision} rate", 1, 0.0, 0.0)
    share = VECTOR_SHARE[precision] * (1.0 - tax)
    return Speed(True, "", 1, peak, 0.0, mfu=share, kernels=share)
