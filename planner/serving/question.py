"""The question of `planner serve`: what is served, under which load and limits, when, and under which rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import inf
from pathlib import Path
from typing import TypeVar

from planner.domain.model_shape import ModelShape
from planner.domain.workload import DEFAULT_SEQ_LEN
from planner.errors import InvalidInput, Problem
from planner.intake.catalogue import models
from planner.performance.copies import Wish
from planner.performance.rates import LOW_PRECISION
from planner.performance.serving import FORMAT_BYTES
from planner.performance.serving_step import Load
from planner.serving.calibrate import stack_factors
from planner.training.market import HOME, known_destination, known_site
from planner.training.no_decoder import kind_of
from planner.training.question import check_data_class, check_dates, stated_shape

ARITHMETIC = ("bf16", "fp16", *LOW_PRECISION)
MOST = 1e12
T = TypeVar("T")


@dataclass(frozen=True)
class ServeQuestion:
    """A service. `requests_per_s` of the busy hour; None where a budget asks for the largest load. `to`: country in which
    purchases stand.
    """

    shape: ModelShape
    wish: Wish
    requests_per_s: float | None
    on: date
    peak_over_mean: float = 1.0
    budget_hkd_per_month: float | None = None
    data_class: str | None = None
    site: str | None = None
    to: str = HOME
    us_exposed: bool = False
    stack_factors: Mapping[str, float] = field(default_factory=dict)

    @property
    def output_tokens_per_s(self) -> float | None:
        """The load in tokens of answers."""
        return None if self.requests_per_s is None else self.requests_per_s * self.wish.load.tokens_out


def question(
    *,
    tokens_in: float,
    tokens_out: float,
    model: str | None = None,
    params_b: float | None = None,
    active_params_b: float | None = None,
    dimensions: Mapping[str, int | None] = {},
    output_tokens_per_s: float | None = None,
    requests_per_s: float | None = None,
    cached_share: float = 0.0,
    tpot_ms: float | None = None,
    ttft_s: float | None = None,
    peak_over_mean: float = 1.0,
    precision: str = "bf16",
    weights: str | None = None,
    kv: str = "bf16",
    tuned: bool = True,
    apart: bool = False,
    on: date | None = None,
    budget_hkd: float | None = None,
    data_class: str | None = None,
    site: str | None = None,
    to: str = HOME,
    us_exposed: bool = False,
    calibrate: Path | None = None,
) -> ServeQuestion:
    """The question behind the arguments; InvalidInput with every problem when it makes no sense on any device."""
    amounts = {
        "--tokens-in": tokens_in, "--tokens-out": tokens_out, "--output-tokens-per-s": output_tokens_per_s,
        "--requests-per-s": requests_per_s, "--tpot-ms": tpot_ms, "--ttft-s": ttft_s, "--budget-hkd": budget_hkd,
    }  # fmt: skip
    problems = [
        Problem(f"{name} {value:g} is out of all proportion", "Give a number above zero, or leave it out.")
        for name, value in amounts.items()
        if value is not None and not 0 < value < MOST
    ]
    if not 0 <= cached_share <= 1:
        problems.append(Problem(f"--cached-share {cached_share:g} is no share", "Give 0 to 1, such as 0.3."))
    if not 1 <= peak_over_mean < inf:
        problems.append(Problem(f"--peak-over-mean {peak_over_mean:g} is below 1", "Give 1 or more, such as 2.5."))
    problems += _formats(precision, weights, kv)
    if output_tokens_per_s is not None and requests_per_s is not None:
        problems.append(Problem("the load is given twice", "Give --output-tokens-per-s or --requests-per-s."))
    if output_tokens_per_s is None and requests_per_s is None and budget_hkd is None:
        fix = "Give --output-tokens-per-s or --requests-per-s, of the busy hour; or --budget-hkd for the largest load."
        problems.append(Problem("no load is given", fix))
    day = on or date.today()
    _noting(problems, check_dates, day, None)
    _noting(problems, check_data_class, data_class)
    shape = _noting(problems, _shape, model, params_b, active_params_b, dimensions)
    place = _noting(problems, known_site, site) if site else None
    country = _noting(problems, known_destination, to)
    factors = _noting(problems, stack_factors, calibrate) if calibrate else {}
    if problems or shape is None or country is None or factors is None:
        raise InvalidInput(*problems)
    requests = requests_per_s if output_tokens_per_s is None else output_tokens_per_s / tokens_out
    load = Load(tokens_in, tokens_out, cached_share)
    wish = Wish(load, precision, weights, kv, tpot_ms, ttft_s, tuned, apart)
    return ServeQuestion(
        shape, wish, requests, day, peak_over_mean, budget_hkd, data_class, place, country, us_exposed, factors
    )


def _noting(problems: list[Problem], ask: Callable[..., T], *given: object) -> T | None:
    """What `ask` answers; None where it refuses, and its problems beside the others."""
    try:
        return ask(*given)
    except InvalidInput as error:
        problems += error.problems
        return None


def _formats(precision: str, weights: str | None, kv: str) -> list[Problem]:
    """What is wrong with the formats of arithmetic, weights and cache."""
    asked = (
        ("--precision", precision, ARITHMETIC),
        ("--weights", weights, tuple(FORMAT_BYTES)),
        ("--kv", kv, tuple(FORMAT_BYTES)),
    )
    return [
        Problem(f"{option} {name} is no format", f"Use one of {', '.join(known)}.")
        for option, name, known in asked
        if name is not None and name not in known
    ]


def _shape(
    model: str | None, params_b: float | None, active_params_b: float | None, dimensions: Mapping[str, int | None]
) -> ModelShape:
    if (model is None) == (params_b is None):
        raise InvalidInput(Problem("the model is given twice or not at all", "Give --model or --params-b."))
    if model is None:
        assert params_b is not None
        return stated_shape(params_b, active_params_b, seq_len=DEFAULT_SEQ_LEN, **dimensions)
    from planner.domain.model_name import by_key, model_key, named

    kind = kind_of(model) if model_key(model) not in by_key(models()) else None
    if kind:
        fix = "Measure it, and give a plan its throughput (measured_pflops_per_device)."
        raise InvalidInput(Problem(f"{model} is {kind}, and text decoders alone are served here", fix))
    stated = {"active_params_b": active_params_b, **dimensions}
    known = [f"--{name.replace('_', '-')}" for name, value in stated.items() if value is not None]
    if known:
        raise InvalidInput(Problem(f"{known[0]} is known of a model by name", "Leave it out."))
    return named(model, models())
