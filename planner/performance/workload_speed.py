"""The performance model as the plan asks it: a workload's parameter count, method and precision on an accelerator.

    training, tuning    useful = peak · MFU · practice · goodput     speed.py, architecture guessed from the parameter count
    service             useful = peak · share of a serving roofline  inference.py, an estimate

A workload's precision that a device lacks falls back to BF16, so FP8 jobs run on devices without FP8, at BF16 speed. HPC
precisions (FP64, FP32) take a share of the vector peak. Year counts maturity to the end of the measurements (2026); growth
beyond is the plan's own assumption (stacks.growth_per_year).

A kernel tax t set by hand is a statement on software alone: the stack's kernels become CUDA's with ceilings (1 − t) as high, and
the model is asked again. Memory, links and peak stay the device's own, so what waits for memory pays less than t.
"""

from __future__ import annotations

from typing import Literal

from planner.domain.accelerator import Accelerator
from planner.domain.model_shape import ModelShape
from planner.domain.speed_parameters import SpeedParameters
from planner.errors import InvalidInput
from planner.performance.guess import guess
from planner.performance.inference import inference_mfu
from planner.performance.rates import LOW_PRECISION, ceiling_of, device_of, rates, setting_of
from planner.performance.speed import Speed, speed
from planner.performance.work import Method

YARDSTICK = "cuda"
PlanMethod = Method | Literal["inference"]
VECTOR_SHARE = {"fp64": 0.5, "fp32": 0.5}
"""Share of peak that mixed HPC codes reach with dense kernels: judgement, between HPL (0.7) and HPCG (0.02)."""


def plan_precision(accelerator: Accelerator, precision: str) -> str:
    """The precision that will run: the one asked for, else BF16."""
    wanted = LOW_PRECISION.get(precision)
    return precision if wanted is None or accelerator.peak_tflops(wanted) else "bf16"


def useful_pflops(
    params_b: float,
    accelerator: Accelerator,
    devices: int,
    precision: str,
    year: float,
    parameters: SpeedParameters,
    *,
    active_params_b: float | None = None,
    seq_len: int = 4096,
    method: PlanMethod = "pretrain",
    tax: float | None = None,
) -> Speed:
    """Speed of a workload per device; `Speed.useful_pflops` is `useful[w, a]`, `Speed.reason` says why it does not fit.

    `tax`: kernel tax of the accelerator's stack set by hand, in place of the modelled one.
    """
    if precision in VECTOR_SHARE:
        return _vector(accelerator, precision, tax or 0.0)
    if tax is not None:
        parameters = _taxed(parameters, accelerator.software_stack, tax)
    shape = guess(params_b, active_params_b, seq_len)
    runs_in = plan_precision(accelerator, precision)
    try:
        if method == "inference":
            return _service(shape, accelerator, runs_in, year, parameters)
        return speed(shape, accelerator, devices, runs_in, year, parameters, method=method)
    except InvalidInput as error:
        return Speed(False, error.problems[0].what, devices, 0.0, 0.0)


def _taxed(parameters: SpeedParameters, stack: str, tax: float) -> SpeedParameters:
    """The parameters under which the stack's software is CUDA's, but for ceilings lower by the tax."""
    cuda = ceiling_of(YARDSTICK, parameters)
    lowered = cuda.model_copy(update={name: getattr(cuda, name) * (1.0 - tax) for name in ("matmul", "low", "fp4")})
    return parameters.model_copy(update={"stacks": {**parameters.stacks, stack: lowered}})


def _vector(accelerator: Accelerator, precision: str, tax: float) -> Speed:
    peak = (accelerator.peak_tflops(precision) or 0.0) / 1000
    if not peak:
        return Speed(False, f"{accelerator.id} has no published {precision} rate", 1, 0.0, 0.0)
    share = VECTOR_SHARE[precision] * (1.0 - tax)
    return Speed(True, "", 1, peak, 0.0, mfu=share, kernels=share)


def _service(
    shape: ModelShape, accelerator: Accelerator, precision: str, year: float, parameters: SpeedParameters
) -> Speed:
    device = device_of(accelerator, precision, parameters)
    r = rates(setting_of(device, precision, year, False, parameters), parameters.shared)
    mfu, peak = inference_mfu(shape, device, r), device.peak * device.speedup / 1e15
    if not mfu:
        return Speed(False, f"{shape.name} does not fit 64 × {accelerator.id} for serving", 1, peak, 0.0)
    return Speed(True, "", 1, peak, 2 * shape.active_matrix_parameters, mfu=mfu, kernels=mfu)
