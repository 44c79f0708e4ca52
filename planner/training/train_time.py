"""`planner.train_time(...)`: time to train as one call, the same for Python, the command line and the web page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from planner.domain.model_shape import ModelShape
from planner.errors import InvalidInput, Problem
from planner.performance.cluster import check_devices
from planner.performance.layout import Recompute
from planner.performance.rates import PRECISIONS
from planner.performance.search import Pins
from planner.performance.work import ORDINARY, Method
from planner.training.calibrate import stack_factors
from planner.training.choice import train_options
from planner.training.market import HOME, known_destination, known_site
from planner.training.question import (
    Sure,
    TrainQuestion,
    check_data_class,
    check_dates,
    check_experts,
    check_layout,
    check_positive,
    check_tokens,
    check_wait,
    fine_tuning_batch,
    method_on,
    named_shape,
    stated_shape,
)
from planner.training.record import TrainTime

USUAL_DEVICES, ADAPTER_DEVICES = 64, 8
ANY_B = 7.0
"""A size that stands in the question where every model of the catalogue is meant."""


def question(
    *,
    tokens_b: float,
    model: str | None = None,
    params_b: float | None = None,
    active_params_b: float | None = None,
    dimensions: Mapping[str, int | None] | None = None,
    seq_len: int | None = None,
    count: int | None = None,
    precision: str = "bf16",
    method: Method = "pretrain",
    tuned: bool | None = None,
    sample_tokens: int | None = None,
    batch_tokens: float | None = None,
    tp: int | None = None,
    pp: int | None = None,
    ep: int | None = None,
    micro_batch: int | None = None,
    recompute: Recompute | None = None,
    tokens_per_second: float | None = None,
    calibrate: Path | None = None,
    start: date | None = None,
    by: date | None = None,
    budget_hkd: float | None = None,
    sure: Sure = "p50",
    site: str | None = None,
    to: str = HOME,
    data_class: str | None = None,
    us_exposed: bool = False,
    licence_wait_months: float | None = None,
) -> TrainQuestion:
    """The question behind the arguments; InvalidInput when it makes no sense on any device. `count`: 64, 8 for LoRA and QLoRA."""
    count = (ADAPTER_DEVICES if method in ORDINARY else USUAL_DEVICES) if count is None else count
    check_positive(
        seq_len=seq_len, sample_tokens=sample_tokens, batch_tokens=batch_tokens, tp=tp, pp=pp, ep=ep,
        micro_batch=micro_batch, budget_hkd=budget_hkd,
    )  # fmt: skip
    if sample_tokens and seq_len:
        what = "--seq-len is the length of packed sequences, --sample-tokens that of samples alone"
        raise InvalidInput(Problem(what, "Give one of the two."))
    check_devices(count)
    check_layout(count, tp=tp, pp=pp)
    check_wait(licence_wait_months)
    begin = start or date.today()
    check_dates(begin, by)
    shape = _shape(model, params_b, active_params_b, sample_tokens or seq_len, dimensions or {})
    check_experts(shape, ep)
    if precision not in PRECISIONS:
        raise InvalidInput(Problem(f"precision {precision} is unknown", f"Use one of {', '.join(PRECISIONS)}."))
    batch = max(1, round(batch_tokens / shape.seq_len)) if batch_tokens else None
    tokens, method = check_tokens(tokens_b), method_on(method, tuned, precision)
    if batch is None and method not in ("pretrain", "continued"):
        batch = fine_tuning_batch(shape, tokens, count)
    # Trainers that do not pack take one sample at a time.
    micro_batch = micro_batch or (1 if sample_tokens else None)
    return TrainQuestion(
        shape=shape,
        tokens=tokens,
        devices=count,
        precision=precision,
        method=method,
        third_party=tuned is False,
        pins=Pins(tp=tp, pp=pp, ep=ep, micro_batch=micro_batch, recompute=recompute, global_batch=batch),
        start=begin,
        by=by,
        budget_hkd=budget_hkd,
        sure=sure,
        site=known_site(site) if site else None,
        to=known_destination(to),
        data_class=check_data_class(data_class),
        tokens_per_s=tokens_per_second,
        us_exposed=us_exposed,
        licence_wait_months=licence_wait_months,
        stack_factors=stack_factors(calibrate) if calibrate else {},
    )


def _shape(
    model: str | None,
    params_b: float | None,
    active_params_b: float | None,
    seq_len: int | None,
    dimensions: Mapping[str, int | None],
) -> ModelShape:
    if model:
        return named_shape(model, seq_len)
    if params_b is None:
        raise InvalidInput(Problem("no model is given", "Give --params-b, or --model with a name of the catalogue."))
    return stated_shape(params_b, active_params_b, seq_len=seq_len or 4096, **dimensions)


def train_time(accelerator: Sequence[str] | str = (), **asked: Any) -> list[TrainTime]:
    """Time to train on each option for the accelerators named (none: all on offer). Arguments as `question`.

    Returns records, the chosen option first; their fields are the keys of `planner train-time --json`. InvalidInput with
    what to do when the question makes no sense or no named accelerator can do it.
    """
    return records_of(question(**asked), (accelerator,) if isinstance(accelerator, str) else accelerator)


def records_of(posed: TrainQuestion, ids: Sequence[str]) -> list[TrainTime]:
    """The records of a question, with the reverse answers where a date or a budget is given."""
    if posed.tokens_per_s is not None and len(set(ids)) != 1:
        what = "a measured throughput is that of one accelerator"
        raise InvalidInput(Problem(what, "Name it with one --accelerator, or leave --tokens-per-second out."))
    return train_options(posed, ids)
