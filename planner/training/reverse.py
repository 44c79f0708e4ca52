"""Reverse questions: how many devices finish by a date; what a budget trains.

devices   the fewest, doubling and then bisecting, with which the option finishes by the date
tokens    budget less porting, over HKD per token
model     the largest that the budget trains on 20 tokens per parameter (Hoffmann 2022), other things equal
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from planner.errors import InvalidInput
from planner.intake.catalogue import performance_parameters
from planner.performance.estimate import accelerator_hours
from planner.performance.guess import guess
from planner.training.cost import cost_hkd, porting
from planner.training.market import Option, options
from planner.training.option import answer, speed_of
from planner.training.question import TrainQuestion
from planner.training.record import Affordable, ByDate, TrainTime

DEVICES_MAX = 65_536
TOKENS_PER_PARAMETER = 20.0
SIZES_B = (0.1, 2000.0)
START_B, TRIES, CLOSE = 7.0, 8, 0.03


def devices_by(question: TrainQuestion, option: Option, by: date) -> int | None:
    """Fewest devices with which the option finishes by the date; None when no number up to 65,536 does."""

    def in_time(devices: int) -> bool:
        try:
            found = speed_of(question, option, devices)
        except InvalidInput:
            return False
        finish = answer(question, option, found).finish
        return finish is not None and finish <= by

    high = 1
    while not in_time(high):
        high *= 2
        if high > DEVICES_MAX:
            return None
    low = high // 2
    step = max(1, high // 16)
    for devices in range(low + step, high, step):
        if in_time(devices):
            return devices
    return high


def tokens_b_for(cost_hkd: float, porting_hkd: float, tokens: float, budget_hkd: float) -> float:
    """Billions of tokens that the budget pays for, when `tokens` cost `cost_hkd`, porting included."""
    running = max(cost_hkd - porting_hkd, 1e-9)
    return max(0.0, budget_hkd - porting_hkd) / running * tokens / 1e9


def params_b_for(question: TrainQuestion, option: Option, budget_hkd: float) -> float | None:
    """Billions of parameters of the largest dense model that the budget trains on 20 tokens each; None when none.

    HKD less porting grow about with the square of the size: each try is corrected by the root of what it misses.
    """
    purse = budget_hkd - porting(option, question.method)[1]
    if purse <= 0:
        return None
    (low, high), size = SIZES_B, START_B
    for _ in range(TRIES):
        spent = _running_hkd(question, option, size)
        # What does not fit in memory is too large, whatever the purse.
        wanted = size * (purse / spent) ** 0.5 if spent else 0.0
        if abs(wanted / size - 1) < CLOSE:
            return min(size, wanted)
        low, high = (size, high) if wanted > size else (low, size)
        size = wanted if low < wanted < high else (low * high) ** 0.5
    return low if low > SIZES_B[0] else None


def _running_hkd(question: TrainQuestion, option: Option, params_b: float) -> float | None:
    """HKD less porting of a dense model of `params_b` on 20 tokens a parameter; None when it does not fit."""
    asked = replace(
        question,
        shape=guess(params_b, None, question.shape.seq_len),
        tokens=TOKENS_PER_PARAMETER * params_b * 1e9,
        tokens_per_s=None,
    )
    try:
        found = speed_of(asked, option)
    except InvalidInput:
        return None
    if not found.fits:
        return None
    hours = accelerator_hours(found, asked.tokens, performance_parameters())
    cost = cost_hkd(option, hours, question.method)
    return cost.p50 - porting(option, question.method)[1] if cost else None


def with_reverse(question: TrainQuestion, records: Sequence[TrainTime], ids: Sequence[str]) -> list[TrainTime]:
    """The records with what a date needs and what a budget trains, where they were asked for."""
    known = {option.id: option for option in options(ids)}
    return [
        replace(
            entry,
            by_date=_by_date(question, known[entry.option], entry) if question.by is not None else None,
            affordable=_affordable(question, known[entry.option], entry) if question.budget_hkd is not None else None,
        )
        for entry in records
    ]


def _by_date(question: TrainQuestion, option: Option, entry: TrainTime) -> ByDate:
    return ByDate(devices_by(question, option, question.by) if question.by and entry.allowed else None)


def _affordable(question: TrainQuestion, option: Option, entry: TrainTime) -> Affordable:
    cost, budget = entry.cost_hkd, question.budget_hkd
    if cost is None or budget is None:
        return Affordable(None, None)
    tokens_b = tokens_b_for(cost.p50, porting(option, question.method)[1], question.tokens, budget)
    return Affordable(tokens_b, params_b_for(question, option, budget) if entry.allowed else None)
