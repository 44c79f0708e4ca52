"""The question of `planner train-time`: what is trained, how, when, and under which rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import inf
from typing import Literal

from planner.domain.horizon import YEARS
from planner.domain.model_name import by_key, model_key
from planner.domain.model_shape import ModelShape
from planner.errors import InvalidInput, Problem, did_you_mean
from planner.intake.catalogue import data_governance, models
from planner.performance.guess import guess, known_mixture
from planner.performance.rates import LOW_PRECISION
from planner.performance.search import FINE_TUNE_BATCH_TOKENS, Pins
from planner.performance.work import Method
from planner.training.market import HOME
from planner.training.no_decoder import check_decoder
from planner.units import DAYS_PER_YEAR

TOKENS_B_MAX = 1_000_000
"""Thirty times the largest training run that is published."""

TOKENS_B_MIN = 1e-6
PARAMS_B = (1e-4, 100_000)
WAIT_MONTHS_MAX = 60
STEPS_MIN = 100
"""Steps below which a fine-tune has hardly begun."""


Sure = Literal["p50", "p90"]
"""How sure a date and a budget are to be kept: as likely as not, or in nine cases of ten."""


@dataclass(frozen=True)
class TrainQuestion:
    """A training job. `tokens` in all; `to`: country in which purchases stand; `tokens_per_s` measured per device and
    steady, None to model it.
    """

    shape: ModelShape
    tokens: float
    devices: int = 64
    precision: str = "bf16"
    method: Method = "pretrain"
    third_party: bool = False
    pins: Pins = field(default_factory=Pins)
    start: date = field(default_factory=date.today)
    by: date | None = None
    budget_hkd: float | None = None
    sure: Sure = "p50"
    site: str | None = None
    to: str = HOME
    data_class: str | None = None
    tokens_per_s: float | None = None
    us_exposed: bool = False
    licence_wait_months: float | None = None
    stack_factors: Mapping[str, float] = field(default_factory=dict)

    @property
    def tokens_b(self) -> float:
        """Tokens, billions."""
        return self.tokens / 1e9

    @property
    def year(self) -> float:
        """The start as a year with its fraction."""
        return self.start.year + (self.start.timetuple().tm_yday - 1) / DAYS_PER_YEAR


def check_tokens(tokens_b: float) -> float:
    """Tokens of a number of billions; InvalidInput unless above zero and at most a million billions."""
    if not TOKENS_B_MIN <= tokens_b < inf:
        raise InvalidInput(
            Problem(
                f"training on {tokens_b:g} billion tokens takes no time", "Give --tokens-b in billions, such as 100."
            )
        )
    if tokens_b > TOKENS_B_MAX:
        what = f"{tokens_b:g} billion tokens is more text than there is"
        raise InvalidInput(Problem(what, f"Give --tokens-b in billions, at most {TOKENS_B_MAX:,}."))
    return tokens_b * 1e9


def check_dates(start: date, by: date | None) -> None:
    """InvalidInput when the end asked for does not follow the start, or either is out of all proportion."""
    for option, day in (("--start", start), ("--by", by)):
        if day is not None and not YEARS[0] <= day.year <= YEARS[1]:
            what = f"{option} {day} is out of all proportion"
            raise InvalidInput(Problem(what, f"Give a day from {YEARS[0]} to {YEARS[1]}."))
    if by is not None and by <= start:
        raise InvalidInput(Problem(f"--by {by} does not follow the start, {start}", "Give a later --by."))


def check_positive(**given: float | None) -> None:
    """InvalidInput for every value given that is not above zero, by the name of its option."""
    wrong = [
        Problem(f"--{name.replace('_', '-')} {value:g} is not above zero", "Give a number above zero, or leave it out.")
        for name, value in given.items()
        if value is not None and not 0 < value < inf
    ]
    if wrong:
        raise InvalidInput(*wrong)


def check_wait(months: float | None) -> None:
    """InvalidInput for a wait that is no number of months."""
    if months is not None and not 0 <= months <= WAIT_MONTHS_MAX:
        what = f"--licence-wait-months {months:g} is no wait"
        raise InvalidInput(Problem(what, f"Give 0 to {WAIT_MONTHS_MAX} months, or leave it out."))


def check_experts(shape: ModelShape, ep: int | None) -> None:
    """InvalidInput when experts are spread that the model does not have."""
    if ep is not None and ep > 1 and not shape.experts:
        what = f"--ep {ep} spreads experts, and {shape.name} is a dense model"
        raise InvalidInput(Problem(what, "Leave --ep out."))


def method_on(method: Method, tuned: bool | None, precision: str) -> Method:
    """The method on the stack that is meant: LoRA below BF16 needs a tuned one, else ordinary ones are the rule.

    InvalidInput for what no stack does: QLoRA that is tuned, or adapters of an ordinary stack below BF16.
    """
    low = precision in LOW_PRECISION
    if method == "qlora" and (tuned or low):
        what = f"QLoRA {'on a tuned stack' if tuned else f'in {precision}'} was never measured: its weights have 4 bits, its arithmetic 16"
        raise InvalidInput(Problem(what, "Leave --tuned and --precision out."))
    if method == "lora" and low and tuned is False:
        what = f"LoRA on an ordinary stack runs in bf16, not in {precision}"
        raise InvalidInput(Problem(what, "Leave --precision or --no-tuned out."))
    return "tuned_lora" if method == "lora" and (low or tuned) else method


def fine_tuning_batch(shape: ModelShape, tokens: float, devices: int) -> int | None:
    """Sequences a step where the usual batch would leave a small fine-tune less than a hundred steps; else None."""
    if tokens >= STEPS_MIN * FINE_TUNE_BATCH_TOKENS:
        return None
    return max(devices, int(tokens / STEPS_MIN / shape.seq_len))


def check_layout(count: int, **degrees: int | None) -> None:
    """InvalidInput when the pinned degrees of parallelism do not divide the devices."""
    product = 1
    for degree in degrees.values():
        product *= degree or 1
    if count > 0 and count % product:
        what = f"a layout of {' × '.join(f'{name} {value}' for name, value in degrees.items() if value)} does not divide {count} devices"
        raise InvalidInput(Problem(what, f"Give --count as a multiple of {product}, or leave the layout free."))


def check_data_class(name: str | None) -> str | None:
    """The class of data as given; InvalidInput names the nearest and all there are when it is none of them."""
    known = tuple(data_governance().data_classes)
    if name is None or name in known:
        return name
    fix = f"{did_you_mean(name, known, '')} Known: {', '.join(known)}.".strip()
    raise InvalidInput(Problem(f"'{name}' is no class of data", fix))


def named_shape(name: str, seq_len: int | None = None) -> ModelShape:
    """A model of the catalogue, by its name however spelt; InvalidInput names the nearest when there is none."""
    known = by_key(models())
    shape = known.get(model_key(name))
    if shape is None:
        check_decoder(name)
        from difflib import get_close_matches

        near = [known[key].name for key in get_close_matches(model_key(name), known, n=3, cutoff=0.4)]
        fix = f"Did you mean {' or '.join(near)}? Else give --params-b." if near else "Give --params-b instead."
        raise InvalidInput(Problem(f"the catalogue has no model {name!r}", fix))
    return shape if seq_len is None else shape.model_copy(update={"seq_len": seq_len})


def stated_shape(
    params_b: float,
    active_params_b: float | None = None,
    *,
    seq_len: int = 4096,
    vocab: int | None = None,
    **dimensions: int | None,
) -> ModelShape:
    """A shape from a parameter count and whatever dimensions are known (`layers`, `hidden`, `heads`, `kv_heads`, `ffn`).

    The dimensions given replace those guessed; the rest of the guess and the parameter count stand.
    """
    for option, billions in (("--params-b", params_b), ("--active-params-b", active_params_b)):
        if billions is not None and not PARAMS_B[0] <= billions <= PARAMS_B[1]:
            what = f"{option} {billions:g} is no size of a model"
            raise InvalidInput(Problem(what, f"Give {PARAMS_B[0]:g} to {PARAMS_B[1]:,} billions."))
    shape = guess(params_b, active_params_b, seq_len, vocab or 32_000)
    given = {name: value for name, value in dimensions.items() if value is not None}
    if not given:
        return known_mixture(params_b, active_params_b, seq_len, models()) or shape
    check_positive(**given)
    heads = given.get("heads", shape.heads)
    hidden = given.get("hidden", shape.hidden)
    update = {
        **given,
        "head_dim": max(1, hidden // heads),
        "kv_heads": given.get("kv_heads", min(shape.kv_heads, heads)),
        "fill": 1.0,
    }
    plain = shape.model_copy(update=update)
    plain = ModelShape.model_validate(plain.model_dump())
    embedding = plain.hidden * plain.vocab * (1 if plain.tied else 2)
    fill = max(params_b * 1e9 - embedding, 0.2 * params_b * 1e9) / (plain.total_parameters - embedding)
    missing = sorted({"layers", "hidden", "heads"} - set(given))
    said = (f"{', '.join(missing)} guessed from {params_b:g} B parameters",) if missing else ()
    return plain.model_copy(update={"fill": fill, "guessed": said})
