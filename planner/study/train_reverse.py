"""Reverse questions: how many devices finish by a date; what a budget trains.

devices   the fewest, doubling and then bisecting, with which the option finishes by the date
tokens    budget less porting, over HKD per token
model     the largest that the budget trains on 20 tokens per parameter (Hoffmann 2022), other things equal
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from planner.errors import InvalidInput
from planner.performance.guess import guess
from planner.study.train_market import Option, options
from planner.study.train_option import answer, speed_of
from planner.study.train_question import TrainQuestion

DEVICES_MAX = 65_536
TOKENS_PER_PARAMETER = 20.0
SIZES_B = (0.1, 2000.0)
STEPS = 12


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
    """Billions of parameters of the largest dense model that the budget trains on 20 tokens each; None when none."""
    low, high = SIZES_B

    def affordable(params_b: float) -> bool:
        asked = replace(
            question,
            shape=guess(params_b, None, question.shape.seq_len),
            tokens=TOKENS_PER_PARAMETER * params_b * 1e9,
            tokens_per_s=None,
        )
        try:
            found = answer(asked, option, speed_of(asked, option))
        except InvalidInput:
            return False
        return found.cost_hkd is not None and found.cost_hkd.p50 <= budget_hkd

    if not affordable(low):
        return None
    for _ in range(STEPS):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if affordable(middle) else (low, middle)
    return low


def reversed_records(
    question: TrainQuestion, records: Sequence[dict[str, Any]], ids: Sequence[str]
) -> list[dict[str, Any]]:
    """The records with `devices_needed`, `tokens_b_affordable` and `params_b_affordable` where they were asked for."""
    from planner.study.train_cost import porting

    known = {option.id: option for option in options(ids)}
    answered = []
    for entry in records:
        option = known[entry["option"]]
        extra: dict[str, float | None] = {}
        if question.by is not None:
            extra["devices_needed"] = devices_by(question, option, question.by) if entry["may_use"] else None
        if question.budget_hkd is not None:
            cost, once = entry["cost_hkd"], porting(option, question.method)[1]
            extra["tokens_b_affordable"] = (
                tokens_b_for(cost["p50"], once, question.tokens, question.budget_hkd) if cost else None
            )
            extra["params_b_affordable"] = (
                params_b_for(question, option, question.budget_hkd) if cost and entry["may_use"] else None
            )
        answered.append({**entry, **extra})
    return answered
