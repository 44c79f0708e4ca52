"""LoRA and QLoRA on ordinary stacks: published throughputs, the fit of what adapters cost, and errors with sources held out.

`benchmarks/data/adapter_cases.csv`. Three numbers are fitted, in log, around priors: bytes of traffic per adapted value, bytes
of unpacking a 4-bit weight, host seconds a layer. Everything else is the model of training as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.fit import LOSS_SCALE
from benchmarks.hold_out import band_of, source_weights
from benchmarks.published import Measured, catalogue, rows, source_of
from planner.domain.speed_parameters import AdapterParameters, Band, SpeedParameters
from planner.intake.catalogue import accelerators
from planner.performance.cases import number, question_of
from planner.performance.speed import speed
from planner.training.cases import answer_row

PRIORS = {"bytes_per_value": 24.0, "dequantise_bytes": 8.0, "layer_s": 0.004}
"""Three passes that read and write an adapted value in BF16; a NF4 weight read, unpacked and read again; 100 launches of 40 µs."""

SPREAD = 0.5


def adapter_measurements() -> list[Measured]:
    """Throughputs of ordinary stacks, each with its source."""
    found = []
    for row in rows("adapter_cases.csv"):
        question, measured = question_of(row, catalogue()), number(row, "tokens_per_s_per_device")
        assert question is not None
        assert measured is not None
        found.append(Measured(row["case_id"], source_of(row["source"]), question, measured))
    return found


def log_errors(measured: Sequence[Measured], parameters: SpeedParameters) -> np.ndarray:
    """log of predicted over measured tokens per second and device."""
    ratios = []
    for row in measured:
        q = row.question
        found = speed(
            q.shape, accelerators()[q.accelerator], q.devices or 1, q.precision, q.year or 2024, parameters,
            method=q.method, pins=q.pins,
        )  # fmt: skip
        ratios.append(found.tokens_per_s_per_device / row.tokens_per_s)
    return np.log(np.array(ratios))


def with_adapters(parameters: SpeedParameters, values: dict[str, float], band: Band | None = None) -> SpeedParameters:
    """The parameters with other numbers for adapters."""
    adapters = AdapterParameters(**values, band=band or parameters.adapters.band, source="fitted")
    return parameters.model_copy(update={"adapters": adapters})


def fit_adapters(measured: Sequence[Measured], parameters: SpeedParameters) -> dict[str, float]:
    """The three numbers that explain the rows."""
    from scipy.optimize import least_squares

    weights = source_weights(np.array([row.source for row in measured]))
    weights = np.sqrt(weights / weights.max())

    def meaning(z: np.ndarray) -> dict[str, float]:
        return {name: prior * float(np.exp(x)) for (name, prior), x in zip(PRIORS.items(), z, strict=True)}

    def residuals(z: np.ndarray) -> np.ndarray:
        error = log_errors(measured, with_adapters(parameters, meaning(z))) / LOSS_SCALE
        robust = np.sign(error) * np.sqrt(2 * (np.sqrt(1 + error**2) - 1))
        return np.concatenate([weights * robust, z / SPREAD])

    solved = least_squares(residuals, np.zeros(len(PRIORS)), diff_step=1e-2, max_nfev=12, ftol=1e-3)
    return meaning(solved.x)


def held_out_adapters(measured: Sequence[Measured], parameters: SpeedParameters) -> np.ndarray:
    """Log errors of every row by fits that had not seen its source."""
    sources = np.array([row.source for row in measured])
    errors = np.zeros(len(measured))
    for source in sorted(set(sources)):
        seen = [row for row in measured if row.source != source]
        found = with_adapters(parameters, fit_adapters(seen, parameters))
        errors[sources == source] = log_errors([row for row in measured if row.source == source], found)
    return errors


def as_tuned(measured: Sequence[Measured]) -> list[Measured]:
    """The same rows as if their stacks were tuned: what was said of LoRA while it rested on fused kernels alone."""
    return [row._replace(question=row.question._replace(method="tuned_lora")) for row in measured]


def newer_rows() -> list[tuple[str, float, float, float]]:
    """Rows of 2025 that no fit has seen: (what, measured, said before of LoRA as if tuned, said now), tokens/s per device."""
    found = []
    for row in rows("throughput_cases_2.csv"):
        question, measured = question_of(row, catalogue()), number(row, "tokens_per_s_per_device")
        assert question is not None
        assert measured is not None
        said = f"{row['model']}, {row['count']} × {row['accelerator_id']}, {row['framework']}"
        now = answer_row(row, catalogue()).tokens_per_s_per_device
        before = answer_row(
            row | {"kind": row["kind"].replace("lora", "tuned_lora")}, catalogue()
        ).tokens_per_s_per_device
        assert now is not None
        assert before is not None
        found.append((said, measured, before.p50, now.p50))
    return found


def fitted_adapters(parameters: SpeedParameters) -> SpeedParameters:
    """The parameters with adapters fitted to all rows, and a band from errors on sources held out."""
    measured = adapter_measurements()
    sources = np.array([row.source for row in measured])
    band = band_of(held_out_adapters(measured, parameters), sources)
    return with_adapters(parameters, fit_adapters(measured, parameters), band)
