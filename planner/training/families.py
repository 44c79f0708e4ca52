"""What a budget trains where nobody has said which model on how many tokens: the largest of each family, and its tokens.

devices   those asked for; else as many as use up the budget by the date, in eights, and no more than are on offer
tokens    those of the hours that budget and date leave (`planner.training.reverse`)
enough    20 tokens for each active parameter in pretraining (Hoffmann 2022), a billion in continued pretraining, ten million
          in fine-tuning: of each family the largest model that gets so many, on the option that gives it the most
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from planner.domain.model_shape import ModelShape
from planner.errors import InvalidInput
from planner.intake.catalogue import economics, models, performance_parameters
from planner.performance.cluster import smallest_cluster
from planner.performance.estimate import Spread
from planner.performance.rates import device_of
from planner.training.choice import why_not
from planner.training.cost import billed_hours, hkd_per_accelerator_hour, purchase_hkd
from planner.training.market import Option, options
from planner.training.option import Answer, answer, speed_of
from planner.training.question import TrainQuestion
from planner.training.reverse import NOTHING, TOKENS_PER_PARAMETER, hours_within
from planner.units import HOURS_PER_DAY

USUAL_DEVICES, STEP = 64, 8
TOO_FEW = "budget and date leave too few tokens, with porting and what must be bought or rented whole"
CONTINUED_TOKENS, FINE_TUNING_TOKENS = 1e9, 1e7
CUT = re.compile(r"-\d+L$")
"""Models of the catalogue that were cut to fewer layers to be measured."""

UNPUBLISHED = ("mc", "mxt", "gpt", "palm", "lamda", "mt", "megatron")
"""Families whose weights nobody published, or that exist to be measured; gpt-oss is a family of its own."""


@dataclass(frozen=True)
class FamilyTime:
    """The largest model of a family that budget and date train."""

    family: str
    model: str
    params_b: float
    active_params_b: float
    tokens_b: float
    tokens_per_parameter: float
    option: str
    accelerator: str
    count: int
    ready: date
    finish: date
    finish_p90: date
    days: Spread
    accelerator_hours: Spread
    cost_hkd: Spread

    def plain(self) -> dict[str, Any]:
        """As JSON shows it."""
        return asdict(self)


def family_of(name: str) -> str:
    """The family of a model: its name before the first figure, its version left out."""
    plain = name.casefold()
    if plain.startswith("gpt-oss"):
        return "gpt-oss"
    letters = re.match(r"[a-z]+", plain)
    return letters[0] if letters else plain


def families(named: ModelShape | None, seq_len: int | None) -> dict[str, list[ModelShape]]:
    """Models of the catalogue by family, the largest first; the one named alone, if one is."""
    shapes: dict[str, list[ModelShape]] = defaultdict(list)
    for shape in [named] if named else models().values():
        family = family_of(shape.name)
        if named or not (CUT.search(shape.name) or family in UNPUBLISHED):
            shapes[family].append(shape.model_copy(update={"seq_len": seq_len}) if seq_len else shape)
    return {key: sorted(each, key=lambda shape: -shape.total_parameters) for key, each in shapes.items()}


def largest_of_each(
    question: TrainQuestion, ids: Sequence[str], of: dict[str, list[ModelShape]], devices: int | None
) -> list[FamilyTime]:
    """The largest of each family, the largest of all first; empty when budget, date and law leave nothing."""
    ways = options(ids, question.site, question.to)
    largest = (_largest(question, family, shapes, ways, devices) for family, shapes in of.items())
    return sorted((each for each in largest if each), key=lambda each: -each.params_b)


def _largest(
    question: TrainQuestion, family: str, shapes: Sequence[ModelShape], ways: Sequence[Option], devices: int | None
) -> FamilyTime | None:
    for shape in shapes:
        tried = [known for option in ways for known in _tried(replace(question, shape=shape), option, devices)]
        if tried:
            known, tokens = max(tried, key=lambda each: each[1])
            return _family_time(family, shape, known, tokens)
    return None


def _tried(question: TrainQuestion, option: Option, devices: int | None) -> Iterator[tuple[Answer, float]]:
    """The answer on the most tokens that the option gives the model, if they are enough."""
    try:
        posed = replace(question, devices=devices or _devices(question, option))
        speed = speed_of(posed, option)
    except InvalidInput:
        return
    known = answer(posed, option, speed)
    if not known.possible or known.hours is None or known.cost_hkd is None:
        return
    tokens = hours_within(posed, known) / known.hours.at(question.sure) * posed.tokens
    if tokens >= _enough(question):
        known = answer(replace(posed, tokens=tokens), option, speed)
        if known.possible:
            yield known, tokens


def _enough(question: TrainQuestion) -> float:
    if question.method == "pretrain":
        return TOKENS_PER_PARAMETER * question.shape.active_matrix_parameters
    return CONTINUED_TOKENS if question.method == "continued" else FINE_TUNING_TOKENS


def _devices(question: TrainQuestion, option: Option) -> int:
    """As many as use up the budget by the date; the fewest that hold the model, or those on offer, bound them."""
    device = device_of(option.accelerator, question.precision, performance_parameters())
    fewest = smallest_cluster(question.shape, device, question.method) or 1
    most = min(option.devices_on_offer or float("inf"), _paid_devices(question, option))
    wanted: float = USUAL_DEVICES
    hourly = hkd_per_accelerator_hour(option, economics())
    last = min((day for day in (question.by, option.paid_until) if day is not None), default=None)
    if last is not None and question.budget_hkd is not None and hourly:
        known = answer(question, option, speed_of(question, option, fewest))
        left = HOURS_PER_DAY * max(1, (last - known.ready).days)
        wanted = question.budget_hkd / hourly / left
    return max(fewest, int(min(wanted, most) // STEP * STEP), 1)


def _paid_devices(question: TrainQuestion, option: Option) -> float:
    """Devices that the budget buys whole, or rents for the shortest term."""
    hourly = hkd_per_accelerator_hour(option, economics())
    whole = purchase_hkd(option, 1) or (billed_hours(option, NOTHING, 1).p50 * hourly if hourly else 0.0)
    return question.budget_hkd / whole if question.budget_hkd is not None and whole else float("inf")


def _family_time(family: str, shape: ModelShape, known: Answer, tokens: float) -> FamilyTime:
    assert known.finish is not None
    assert known.days is not None
    assert known.hours is not None
    assert known.cost_hkd is not None
    return FamilyTime(
        family=family,
        model=shape.name,
        params_b=shape.total_parameters / 1e9,
        active_params_b=shape.active_matrix_parameters / 1e9,
        tokens_b=tokens / 1e9,
        tokens_per_parameter=tokens / shape.active_matrix_parameters,
        option=known.option.id,
        accelerator=known.option.accelerator.id,
        count=known.speed.devices,
        ready=known.ready,
        finish=known.finish.p50,
        finish_p90=known.finish.p90,
        days=known.days,
        accelerator_hours=known.hours,
        cost_hkd=known.cost_hkd,
    )


def obstacles(question: TrainQuestion, ids: Sequence[str]) -> dict[str, str]:
    """What stands in the way of each option, for the model and devices of the question."""
    reasons = {}
    for option in options(ids, question.site, question.to):
        try:
            known = answer(question, option, speed_of(question, option))
        except InvalidInput as error:
            reasons[option.id] = error.problems[0].what
        else:
            waits = f"ready on {known.ready} at the earliest"
            late = question.by is not None and known.ready >= question.by and known.access.allowed
            reasons[option.id] = waits if late else why_not(known, None, question) or TOO_FEW
    return reasons
