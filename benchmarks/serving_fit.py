"""Fits the serving model: least squares on log(predicted / measured) over all rows, every parameter held by a prior.

A row weighs less the more rows its source has. Stacks differ from the common values by factors that are shrunk to one, so a
stack that few measured stays near them.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.serving_cases import ServingCase, serving_case
from planner.domain.model_name import model_key
from planner.domain.serving_parameters import ServingParameters, ServingStack
from planner.domain.speed_parameters import SpeedParameters
from planner.intake.catalogue import accelerators, models, performance_parameters
from planner.performance.serving import Served, serve

DATA = Path(__file__).resolve().parent / "data" / "serving_cases.csv"
SHARED = {
    "doubling": (0.2, 0.5), "expert_width": (1000.0, 0.6), "balance": (0.15, 0.4), "exposed": (0.7, 0.5), "expert_layer": (2.0, 0.3), "fp4": (0.7, 0.2), "wide": (1.5, 0.5),
    "untuned": (1.3, 0.3),
}  # fmt: skip
"""Centre and spread (log) before any row is seen."""
COMMON = {"prompt": (0.5, 0.4), "decode": (0.4, 0.4), "bandwidth": (0.65, 0.3), "layer_us": (12.0, 0.5)}
STACKS = ("cuda", "rocm", "cann", "xla", "dtk")
STACK_SPREAD = {"prompt": 0.25, "decode": 0.25, "bandwidth": 0.2, "layer_us": 0.4}
UNMEASURED = 0.8
"""What a stack that nobody measured is taken to reach of the common values."""
NOISE = 0.3
CEILING = 0.95


def cases() -> list[ServingCase]:
    """The published rows."""
    known = {model_key(name): shape for name, shape in models().items()}
    with DATA.open(encoding="utf-8", newline="") as file:
        found = [serving_case(row, known) for row in csv.DictReader(file)]
    return [case for case in found if case is not None and case.measured]


def answer(case: ServingCase, parameters: SpeedParameters) -> Served:
    """What the model says of a row; a row that ran is believed to have fitted."""
    return serve(case.shape, accelerators()[case.accelerator], case.wish, parameters)


def _parameters(theta: np.ndarray, base: SpeedParameters) -> SpeedParameters:
    values = iter(np.exp(theta))
    shared = {name: float(next(values)) for name in SHARED}
    common = {name: float(next(values)) for name in COMMON}
    stacks = {}
    for stack in STACKS:
        own = {name: common[name] * float(next(values)) for name in COMMON}
        stacks[stack] = _stack(own)
    rest = {name: value * (UNMEASURED if name != "layer_us" else 1 / UNMEASURED) for name, value in common.items()}
    stacks["other"] = _stack(rest).model_copy(update={"confidence": "estimate"})
    serving = ServingParameters(stacks=stacks, **{**shared, "untuned": max(1.0, shared["untuned"])})
    return base.model_copy(update={"serving": serving})


def _stack(values: dict[str, float]) -> ServingStack:
    return ServingStack(**{k: v if k == "layer_us" else min(v, CEILING) for k, v in values.items()})


def log_errors(rows: Sequence[ServingCase], parameters: SpeedParameters) -> np.ndarray:
    """log(predicted / measured) of every row; a row that the model cannot serve counts as ten times off."""
    found = [answer(row, parameters) for row in rows]
    off = [
        np.log(f.output_tokens_per_s / (r.measured or 1.0)) if f.fits else -np.log(10.0)
        for f, r in zip(found, rows, strict=True)
    ]
    return np.array(off)


def fit(rows: Sequence[ServingCase], base: SpeedParameters | None = None) -> SpeedParameters:
    """Parameters under which the rows are most likely."""
    from scipy.optimize import least_squares

    base = base or performance_parameters()
    centre, spread = priors()
    sources = [row.source for row in rows]
    weight = np.array([sources.count(source) ** -0.25 for source in sources])
    weight = weight / weight.mean() / NOISE

    def residuals(theta: np.ndarray) -> np.ndarray:
        data = log_errors(rows, _parameters(theta, base)) * weight
        # Far-off rows count by their distance, not by its square.
        return np.concatenate([np.sign(data) * np.sqrt(2 * (np.sqrt(1 + data**2) - 1)), (theta - centre) / spread])

    found = least_squares(residuals, centre, diff_step=0.01, xtol=1e-3, ftol=1e-3, max_nfev=25)
    return _parameters(found.x, base)


def priors() -> tuple[np.ndarray, np.ndarray]:
    """Centres and spreads, in logarithms, in the order of the parameters."""
    pairs = [*SHARED.values(), *COMMON.values()]
    centre = [float(np.log(value)) for value, _ in pairs] + [0.0] * len(STACKS) * len(COMMON)
    return np.array(centre), np.array([s for _, s in pairs] + [STACK_SPREAD[n] for _ in STACKS for n in COMMON])
