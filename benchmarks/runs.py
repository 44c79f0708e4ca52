"""Published training runs against the model: accelerator-hours with the layout hidden, and what practice costs beside benchmarks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.hold_out import source_weights, weighted_quantile
from benchmarks.published import Run
from planner.domain.speed_parameters import SpeedParameters
from planner.errors import InvalidInput
from planner.intake.catalogue import accelerators
from planner.performance.estimate import accelerator_hours, usual_devices
from planner.performance.search import Pins
from planner.performance.speed import speed

NAIVE_MFU = 0.40
FEWEST_RUNS = 3


def predicted_hours(run: Run, parameters: SpeedParameters) -> float:
    """Accelerator-hours of a run, or nan where the model finds no layout for it."""
    q = run.question
    try:
        found = speed(
            q.shape,
            accelerators()[q.accelerator],
            q.devices or usual_devices(q.shape),
            q.precision,
            q.year or 2024,
            parameters,
            pins=Pins(global_batch=q.pins.global_batch),
        )
    except InvalidInput:
        return float("nan")
    return accelerator_hours(found, q.tokens or 0.0, parameters).p50 if found.fits else float("nan")


def naive_hours(run: Run) -> float:
    """6 N D over 40 % of peak."""
    device, q = accelerators()[run.question.accelerator], run.question
    peak = (device.fp8_tflops if q.precision == "fp8" else None) or device.bf16_tflops or device.fp16_tflops or 0.0
    active = q.shape.active_matrix_parameters
    return 6 * active * (q.tokens or 0.0) / (NAIVE_MFU * peak * 1e12) / 3600


def log_ratios(runs: Sequence[Run], parameters: SpeedParameters) -> np.ndarray:
    """log(predicted / published) accelerator-hours, nan where nothing can be said."""
    with np.errstate(divide="ignore"):
        return np.log(np.array([predicted_hours(run, parameters) / run.hours for run in runs]))


def on_cuda(runs: Sequence[Run]) -> np.ndarray:
    """Mask of the runs on CUDA. The practice factor rests on them: elsewhere are a handful, all on early TPUs."""
    return np.array([accelerators()[run.question.accelerator].software_stack == "cuda" for run in runs])


def centre(ratios: np.ndarray, owners: np.ndarray) -> float:
    """Weighted median of log ratios; an organisation of many runs weighs as their square root."""
    return weighted_quantile(ratios, source_weights(owners), 0.5)


def leave_owner_out(ratios: np.ndarray, owners: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Log ratios after the practice factor of all other organisations, taken from the runs that are `counted`."""
    left = ratios.copy()
    for owner in set(owners):
        out = owners == owner
        rest = ~out & counted
        left[out] = ratios[out] - centre(ratios[rest], owners[rest])
    return left


def leave_run_out(ratios: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """Log ratios after the median of the same organisation's other runs: what is left when even its habits are known.

    nan for organisations of fewer than three runs.
    """
    left = np.full(len(ratios), np.nan)
    for owner in set(owners):
        (runs,) = np.nonzero(owners == owner)
        if len(runs) >= FEWEST_RUNS:
            for run in runs:
                left[run] = ratios[run] - np.median(ratios[runs[runs != run]])
    return left
