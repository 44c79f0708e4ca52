"""Fits the speed of a stack to the user's own measurements.

factor(stack) = median over its rows of the factor under which the model gives what was measured

Without a limit of latency that is measured / modelled; under a limit a faster stack also holds more answers at once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from math import sqrt
from pathlib import Path
from statistics import median

from pydantic import Field

from planner.domain.accelerator import Accelerator
from planner.domain.base import Noun
from planner.domain.model_name import by_key, model_key, near_models
from planner.domain.model_shape import ModelShape
from planner.domain.workload import CacheFormat, WeightFormat
from planner.errors import InvalidInput, Problem, meant_any
from planner.intake.catalogue import accelerators, models, performance_parameters
from planner.intake.csv_table import parse_table, row_lines
from planner.intake.source import read_source
from planner.performance.copies import Wish
from planner.performance.serving import Served, serve
from planner.performance.serving_step import Load

PLAUSIBLE = (0.1, 5.0)
NEAR = 1e-4


class Measurement(Noun):
    """A row: what was served on what, and how fast."""

    model: str = Field(description="of the catalogue")
    accelerator_id: str = Field(description="of the catalogue")
    tokens_in: float = Field(ge=1, le=1e8, description="mean of a prompt")
    tokens_out: float = Field(ge=1, le=1e8, description="mean of an answer")
    output_tokens_per_s_per_device: float = Field(gt=0, le=1e7, description="tokens of answers per second and device")
    cached_share: float = Field(0.0, ge=0, le=1, description="share of prompts that was not computed")
    devices: int | None = Field(None, gt=0, le=100_000, description="devices that share a copy")
    concurrency: float | None = Field(
        None, gt=0, le=1e6, description="answers at once in a copy; none: as many as the limit allows"
    )
    tpot_ms: float | None = Field(None, gt=0, le=1e6, description="limit on the time of a token")
    precision: WeightFormat = Field("bf16", description="of the arithmetic")
    weight_precision: WeightFormat | None = Field(None, description="of the weights")
    kv_precision: CacheFormat = Field("bf16", description="of keys and values")
    engine_tuned: bool = Field(True, description="whether the engine is tuned for the device")
    note: str = ""


def stack_factors(path: Path) -> dict[str, float]:
    """Ratio of measured to modelled throughput by software stack. InvalidInput with every problem of the file."""
    source = read_source(path)
    rows = parse_table(source, Measurement)
    ratios: dict[str, list[float]] = defaultdict(list)
    problems: list[Problem] = []
    for line, row in zip(row_lines(source), rows, strict=True):
        wrong = _unknown(row, source.name, line)
        problems += wrong
        if wrong:
            continue
        modelled, ratio = _modelled(row), _factor(row)
        if not modelled or not PLAUSIBLE[0] <= ratio <= PLAUSIBLE[1]:
            what = f"{row.output_tokens_per_s_per_device:g} tokens/s per device is "
            times = row.output_tokens_per_s_per_device / modelled if modelled else 0.0
            what += f"{times:.2f} times the modelled {modelled:,.0f}" if modelled else "of a set-up that does not fit"
            problems.append(
                Problem(what, "Check unit (per device), accelerator, model and lengths.", source.name, line)
            )
        ratios[accelerators()[row.accelerator_id].software_stack].append(ratio)
    if not rows:
        problems.append(Problem("the table has no row", "Add one measurement a row.", source.name))
    if problems:
        raise InvalidInput(*problems)
    return {stack: median(values) for stack, values in ratios.items()}


def calibrated(shape: ModelShape, device: Accelerator, wish: Wish, factor: float) -> Served:
    """What a device serves at `factor` of the modelled speed: a modelled time takes 1 / factor of it, under the same limits."""
    tpot_ms, ttft_s = (limit and limit * factor for limit in (wish.tpot_ms, wish.ttft_s))
    served = serve(shape, device, replace(wish, tpot_ms=tpot_ms, ttft_s=ttft_s), performance_parameters())
    return replace(
        served,
        output_tokens_per_s=served.output_tokens_per_s * factor,
        requests_per_s=served.requests_per_s * factor,
        tpot_ms=served.tpot_ms / factor,
        ttft_s=served.ttft_s / factor,
    )


def _unknown(row: Measurement, file: str, line: int) -> list[Problem]:
    problems = []
    if model_key(row.model) not in by_key(models()):
        problems.append(
            Problem(f"the catalogue has no model '{row.model}'", near_models(row.model, models()), file, line)
        )
    if row.accelerator_id not in accelerators():
        fix = meant_any(row.accelerator_id, accelerators(), "`planner catalog accelerators` lists them.")
        problems.append(Problem(f"the catalogue has no accelerator '{row.accelerator_id}'", fix, file, line))
    return problems


def _factor(row: Measurement) -> float:
    """The speed of the stack over the modelled one under which the row is as measured."""
    low, high = PLAUSIBLE[0] / 2, PLAUSIBLE[1] * 2
    if row.tpot_ms is None:
        modelled = _modelled(row)
        return row.output_tokens_per_s_per_device / modelled if modelled else 0.0
    while high / low > 1 + NEAR:
        middle = sqrt(low * high)
        low, high = (middle, high) if _modelled(row, middle) < row.output_tokens_per_s_per_device else (low, middle)
    return sqrt(low * high)


def _modelled(row: Measurement, factor: float = 1.0) -> float:
    """Tokens per second and device at so much of the modelled speed; zero where it does not fit."""
    wish = Wish(
        load=Load(row.tokens_in, row.tokens_out, row.cached_share),
        precision=row.precision,
        weights=row.weight_precision,
        cache=row.kv_precision,
        tpot_ms=row.tpot_ms,
        tuned=row.engine_tuned,
        devices=row.devices,
        batch=row.concurrency,
    )
    shape = by_key(models())[model_key(row.model)]
    return calibrated(shape, accelerators()[row.accelerator_id], wish, factor).output_tokens_per_s
