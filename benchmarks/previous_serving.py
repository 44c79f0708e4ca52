"""The serving model that plans used before, kept to compare with."""

from __future__ import annotations

from planner.intake.catalogue import accelerators, performance_parameters
from planner.performance.guess import guess
from planner.performance.inference import inference_mfu
from planner.performance.rates import LOW_PRECISION, device_of, rates, setting_of
from planner.performance.serving_cases import ServingCase


def previous_output_tokens(row: ServingCase) -> float:
    """Tokens of the answer per second and device as a plan asked for them: shape guessed from counts, 3 : 1, nothing else."""
    p, device = performance_parameters(), accelerators()[row.accelerator]
    total, active = row.shape.total_parameters / 1e9, row.shape.active_matrix_parameters / 1e9
    shape = guess(total, active if row.shape.experts else None)
    low = LOW_PRECISION.get(row.wish.precision)
    precision = row.wish.precision if low is None or device.peak_tflops(low) else "bf16"
    seen = device_of(device, precision, p)
    r = rates(setting_of(seen, precision, 2026.0, False, p), p.shared)
    tokens = inference_mfu(shape, seen, r) * seen.peak * seen.speedup / (2 * shape.active_matrix_parameters)
    load = row.wish.load
    return max(tokens, 1e-9) * load.tokens_out / (load.tokens_in + load.tokens_out)
