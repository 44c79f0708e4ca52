"""The fit: one set of parameters for all measurements, on whichever sources are given.

    minimise  Σ_i w_i ρ(log(predicted_i / measured_i) / 0.2)² + Σ_j (log(parameter_j / prior_j) / spread_j)²

ρ is the soft-l1 loss, so a badly tuned row pulls little; w_i = 1/√n of its source (scaled), so that a source of two hundred
rows weighs as fourteen, not as two hundred. Layouts that a row leaves open are chosen by the search at the priors and kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from benchmarks.priors import CEILING_SPREAD, CHIP_SPREAD, EXPERTS_SPREAD, FITTED_CEILINGS, PRIORS, STACKS, UNMEASURED
from benchmarks.published import Measured
from planner.domain.speed_parameters import Shared, SpeedParameters, StackCeiling
from planner.intake.catalogue import accelerators
from planner.performance.counts import Counts, counts
from planner.performance.device import Device
from planner.performance.layout import Layout
from planner.performance.rates import Setting, device_of, rates, setting_of
from planner.performance.search import Pins, fastest
from planner.performance.step_time import step_seconds

LOSS_SCALE = 0.2
TOP_WEIGHT = 4.0
MAX_EVALUATIONS = 60
EXACT, QUICK = 1e-8, 1e-4
"""Relative change of the cost at which a fit ends: for the parameters that ship, and for a test of held-out errors."""
ROOMY = 8


class Table(NamedTuple):
    """Measurements side by side, as arrays. `moe`, `cuda` are masks."""

    counts: Counts
    setting: Setting
    devices: np.ndarray
    measured: np.ndarray
    source: np.ndarray
    stack: np.ndarray
    chip: np.ndarray
    fp4: np.ndarray
    cuda: np.ndarray
    moe: np.ndarray


def prior_parameters(base: SpeedParameters) -> SpeedParameters:
    """The parameters before the fit; facts (network, best matrix products, failures) are those of `base`."""
    shared = Shared(**{name: value for name, (value, _) in PRIORS.items()})
    stacks = {name: StackCeiling(**values) for name, values in {**STACKS, **UNMEASURED}.items()}
    return base.model_copy(update={"shared": shared, "stacks": stacks, "chips": {}, "free_layout": 1.0})


def laid_out(row: Measured, parameters: SpeedParameters, hidden: bool) -> tuple[Device, Layout]:
    """Device and layout of a row. `hidden`: its layout is chosen as if unknown. A pinned layout too large for memory stands."""
    q = row.question
    device = device_of(accelerators()[q.accelerator], q.precision, parameters, q.nic_gbps)
    r = rates(setting_of(device, q.precision, q.year or 2024, not q.tuned, parameters), parameters.shared)
    pins = Pins(global_batch=q.pins.global_batch) if hidden else q.pins
    roomy = device._replace(memory_bytes=ROOMY * device.memory_bytes)
    tries = ((device, pins), (roomy, pins), (roomy, Pins(global_batch=q.pins.global_batch)))
    for size, pinned in tries:
        choice = fastest(q.shape, size, q.devices or 8, r, pinned, q.method)
        if choice:
            return device, choice.layout
    raise ValueError(f"{row.case}: no layout on {q.devices} devices")


def _stacked(items: Sequence[Any]) -> Any:
    """A NamedTuple of numbers, products or tuples of products, item by item, as one of arrays."""
    first = items[0]
    if isinstance(first, tuple) and hasattr(first, "_fields"):
        return type(first)(*(_stacked([item[i] for item in items]) for i in range(len(first))))
    if isinstance(first, tuple):
        return tuple(_stacked([item[i] for item in items]) for i in range(len(first)))
    return np.array(items, float)


def table(rows: Sequence[Measured], parameters: SpeedParameters, hidden: bool = False) -> Table:
    """The rows as arrays, each with its layout."""
    placed = [laid_out(row, parameters, hidden) for row in rows]
    settings = [
        setting_of(device, row.question.precision, row.question.year or 2024, not row.question.tuned, parameters)
        for row, (device, _) in zip(rows, placed, strict=True)
    ]
    return Table(
        counts=_stacked(
            [
                counts(row.question.shape, device, layout, row.question.method)
                for row, (device, layout) in zip(rows, placed, strict=True)
            ]
        ),
        setting=_stacked(settings),
        devices=np.array([row.question.devices for row in rows], float),
        measured=np.array([row.tokens_per_s for row in rows]),
        source=np.array([row.source for row in rows]),
        stack=np.array([device.stack for device, _ in placed]),
        chip=np.array([device.name for device, _ in placed]),
        fp4=np.array([row.question.precision in ("nvfp4", "fp4", "mxfp4") for row in rows]),
        cuda=np.array([device.stack == "cuda" for device, _ in placed]),
        moe=np.array([row.question.shape.experts > 0 for row in rows]),
    )


def part(value: Any, mask: np.ndarray) -> Any:
    """The masked rows of a table or of a part of it."""
    if isinstance(value, np.ndarray):
        return value[mask]
    if hasattr(value, "_fields"):
        return type(value)(*(part(item, mask) for item in value))
    return tuple(part(item, mask) for item in value)


def predicted(
    t: Table, shared: Mapping[str, float], stacks: Mapping[str, Mapping[str, float]], chips: Mapping[str, float]
) -> np.ndarray:
    """Tokens per second and device of every row."""
    x = t.setting._replace(
        matmul=np.array([stacks[s]["matmul"] for s in t.stack]),
        low=np.array([stacks[s]["fp4" if four else "low"] for s, four in zip(t.stack, t.fp4, strict=True)]),
        experts=np.array([stacks[s]["experts"] for s in t.stack]),
        chip=np.exp(np.array([chips.get(c, 0.0) for c in t.chip])),
    )
    return t.counts.tokens / (t.devices * step_seconds(t.counts, rates(x, SimpleNamespace(**shared))))


class Unknowns:
    """The vector that the optimiser moves, and what it means."""

    def __init__(self, t: Table) -> None:
        self.stacks = [s for s in STACKS if s in set(t.stack)]
        self.chips = sorted({str(chip) for chip in t.chip})
        self.ceilings = [(s, c) for s in self.stacks for c in FITTED_CEILINGS]
        n_shared, n_ceilings = len(PRIORS), len(self.ceilings)
        self.spread = np.array(
            [s for _, s in PRIORS.values()]
            + [CEILING_SPREAD] * n_ceilings
            + [EXPERTS_SPREAD]
            + [CHIP_SPREAD] * len(self.chips)
        )
        self._cut = (n_shared, n_shared + n_ceilings, n_shared + n_ceilings + 1)

    def meaning(self, z: np.ndarray) -> tuple[dict[str, float], dict[str, dict[str, float]], dict[str, float]]:
        a, b, c = self._cut
        shared = {name: value * float(np.exp(x)) for (name, (value, _)), x in zip(PRIORS.items(), z[:a], strict=True)}
        stacks = {name: dict(values) for name, values in STACKS.items()}
        for (stack, ceiling), x in zip(self.ceilings, z[a:b], strict=True):
            stacks[stack][ceiling] *= float(np.exp(x))
        for stack, values in stacks.items():
            if stack != "cuda":
                values["experts"] *= float(np.exp(z[b]))
        return shared, stacks, dict(zip(self.chips, map(float, z[c:]), strict=True))


def fit(t: Table, tolerance: float = EXACT) -> tuple[dict[str, float], dict[str, dict[str, float]], dict[str, float]]:
    """(shared, stacks, chips) that explain the rows of `t`."""
    from scipy.optimize import least_squares

    unknowns = Unknowns(t)
    _, index, size = np.unique(t.source, return_inverse=True, return_counts=True)
    weight = size[index] ** -0.5
    weight = np.sqrt(TOP_WEIGHT * weight / weight.max())

    def residuals(z: np.ndarray) -> np.ndarray:
        error = np.log(predicted(t, *unknowns.meaning(z)) / t.measured) / LOSS_SCALE
        robust = np.sign(error) * np.sqrt(2 * (np.sqrt(1 + error**2) - 1))
        return np.concatenate([weight * robust, z / unknowns.spread])

    start = np.zeros(len(unknowns.spread))
    solved = least_squares(residuals, start, x_scale=unknowns.spread, max_nfev=MAX_EVALUATIONS, ftol=tolerance)
    return unknowns.meaning(solved.x)


def fitted_parameters(t: Table, base: SpeedParameters) -> SpeedParameters:
    """`base` with shared parameters, stacks and chips fitted to `t`."""
    shared, stacks, chips = fit(t)
    named = {name: StackCeiling(**{**values, "source": "fitted"}) for name, values in stacks.items()}
    rest = {name: StackCeiling(**values, confidence="estimate") for name, values in UNMEASURED.items()}
    return base.model_copy(update={"shared": Shared(**shared), "stacks": {**named, **rest}, "chips": chips})
