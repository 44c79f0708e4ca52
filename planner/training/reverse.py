"""Reverse questions: how many devices finish by a date; what a budget trains, by that date if one is given.

devices   the fewest, doubling and then bisecting, with which the option finishes by the date within the budget
hours     budget less what is paid once, over HKD per accelerator-hour, and devices times the days that the date, or the end of a
          scheme that helps to pay, leaves; the less of the two
tokens    those that the hours hold
model     in pretraining, the largest that they train on 20 tokens per parameter (Hoffmann 2022), other things equal

Bought devices must be paid whole; a rental pays its shortest term. All at the percentile that was asked for (`sure`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from planner.errors import InvalidInput
from planner.intake.catalogue import economics, performance_parameters
from planner.performance.estimate import Spread, accelerator_hours
from planner.performance.guess import guess
from planner.training.cost import billed_hours, hkd_per_accelerator_hour, life_hours
from planner.training.market import Option
from planner.training.option import Answer, answer, speed_of
from planner.training.question import TrainQuestion
from planner.training.record import Affordable, ByDate
from planner.units import HOURS_PER_DAY

DEVICES_MAX = 65_536
TOKENS_PER_PARAMETER = 20.0
SIZES_B = (0.1, 2000.0)
START_B, TRIES, CLOSE = 7.0, 8, 0.03
NOTHING = Spread(0.0, 0.0, 0.0)


def reverse(question: TrainQuestion, known: Answer) -> dict[str, Any]:
    """Values of `by_date` and `affordable` of a record: none where neither a date nor a budget is given."""
    fields: dict[str, Any] = {}
    if question.by is not None:
        fields["by_date"] = ByDate(devices_by(question, known.option, question.by) if known.access.allowed else None)
    if question.budget_hkd is not None:
        fields["affordable"] = _affordable(question, known)
    return fields


def _affordable(question: TrainQuestion, known: Answer) -> Affordable:
    if known.cost_hkd is None or known.hours is None:
        return Affordable(None, None)
    tokens_b = hours_within(question, known) / known.hours.at(question.sure) * question.tokens_b
    sized = known.access.allowed and question.method == "pretrain"
    return Affordable(tokens_b, params_b_within(question, known) if sized else None)


def devices_by(question: TrainQuestion, option: Option, by: date) -> int | None:
    """Fewest devices with which the option finishes by the date, within the budget; None when no number up to 65,536 does."""

    def kept(devices: int) -> bool:
        try:
            speed = speed_of(question, option, devices)
        except InvalidInput:
            return False
        known = answer(question, option, speed)
        outlay = known.outlay_hkd(question.sure)
        paid = question.budget_hkd is None or (outlay is not None and outlay <= question.budget_hkd)
        return paid and known.possible and known.finish is not None and known.finish.at(question.sure) <= by

    high = 1
    while not kept(high):
        high *= 2
        if high > DEVICES_MAX:
            return None
    low = high // 2
    step = max(1, high // 16)
    for devices in range(low + step, high, step):
        if kept(devices):
            return devices
    return high


def hours_within(question: TrainQuestion, known: Answer) -> float:
    """Accelerator-hours that budget and date leave on the devices of an answer."""
    option, devices, hours = known.option, known.speed.devices, float("inf")
    last = min((day for day in (question.by, option.paid_until) if day is not None), default=None)
    if last is not None:
        hours = devices * HOURS_PER_DAY * max(0, (last - known.ready).days)
    hourly = hkd_per_accelerator_hour(option, economics())
    if question.budget_hkd is None or hourly is None:
        return hours if hours < float("inf") else 0.0
    purse = question.budget_hkd - known.once_hkd
    if known.purchase_hkd is not None:
        paid = min(purse / hourly, devices * life_hours(option)) if purse >= known.purchase_hkd else 0.0
    else:
        paid = purse / hourly if purse >= billed_hours(option, NOTHING, devices).p50 * hourly else 0.0
    return max(0.0, min(hours, paid))


def params_b_within(question: TrainQuestion, known: Answer) -> float | None:
    """Billions of parameters of the largest dense model that the hours train on 20 tokens each; None when none.

    Hours grow about with the square of the size: each try is corrected by the root of what it misses.
    """
    within = hours_within(question, known)
    if within <= 0:
        return None
    (low, high), size = SIZES_B, START_B
    for _ in range(TRIES):
        needed = _hours(question, known.option, size)
        # What does not fit in memory is too large, whatever the purse.
        wanted = size * (within / needed) ** 0.5 if needed else 0.0
        if abs(wanted / size - 1) < CLOSE:
            return min(size, wanted)
        low, high = (size, high) if wanted > size else (low, size)
        size = wanted if low < wanted < high else (low * high) ** 0.5
    return low if low > SIZES_B[0] else None


def _hours(question: TrainQuestion, option: Option, params_b: float) -> float | None:
    """Accelerator-hours of a dense model of `params_b` on 20 tokens a parameter; None when it does not fit."""
    asked = replace(
        question,
        shape=guess(params_b, None, question.shape.seq_len),
        tokens=TOKENS_PER_PARAMETER * params_b * 1e9,
        tokens_per_s=None,
    )
    try:
        speed = speed_of(asked, option)
    except InvalidInput:
        return None
    return accelerator_hours(speed, asked.tokens, performance_parameters()).at(question.sure) if speed.fits else None
