"""Reads what an override sets: a plain value, or a change of the value that is there.

10  1e9  true  null  text  [a, b]  {low: 1, mid: 2, high: 3}     as in a case file; a plain number sets all of a range
*1.1  x1.1                                                      times
+10%  -10%                                                      more or less, in percent
+2  +-2                                                         plus (a plain -2 sets minus two)
+12m  -1q  +1y                                                  a date or a period, so many months, quarters or years later
uncontrolled  uncontrolled@2027q1                               controls.*: an outcome, and from which period
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from planner.domain.horizon import MONTHS_PER_STEP, Period, add_months
from planner.errors import InvalidInput, Problem
from planner.intake.strict_yaml import loads

Change = Callable[[Any], Any]
_NUMBER = r"[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?"
_TIMES = re.compile(rf"[*x×]\s*(-?{_NUMBER})")
_PERCENT = re.compile(rf"([-+]{_NUMBER})\s*%")
_PLUS = re.compile(rf"\+\s*(-?{_NUMBER})")
_LATER = re.compile(r"([-+][0-9]+)\s*([mqy])")
_MONTHS = {"m": 1, "q": MONTHS_PER_STEP["quarter"], "y": MONTHS_PER_STEP["year"]}
_RANGE = ("low", "mid", "high")


class NothingThereError(ValueError):
    """A change of a value was asked for, and there is none."""


def read_change(value: Any) -> tuple[Change, Any]:
    """What an override does to the value that is there, and the value that it sets: None where it changes what is there.

    Text is read by the rules above; any other value is set as it is. Raises InvalidInput for text that is no YAML.
    """
    if not isinstance(value, str):
        return lambda old: value, value
    text = value.strip()
    for pattern, change in _CHANGES:
        if match := pattern.fullmatch(text):
            return change(match), None
    if text.startswith("*"):
        what, fix = f"{text} is no factor", "Write a number after the star, such as *1.1."
        raise InvalidInput(Problem(what, fix))
    # A colon inside a word is no mapping in YAML, so that text such as 2027q1 or a@b stays text.
    plain = loads(text, "--set").data
    return lambda old: plain, plain


def control(value: Any) -> Any:
    """`outcome@period` as the mapping that `controls` holds; anything else as it is."""
    if not isinstance(value, str):
        return value
    outcome, at, start = value.partition("@")
    return {"outcome": outcome, **({"start": start} if at else {})}


def _numbers(old: Any, compute: Callable[[float], float]) -> Any:
    if isinstance(old, Mapping) and set(old) == set(_RANGE):
        return {bound: _numbers(old[bound], compute) for bound in _RANGE}
    if old is None:
        raise NothingThereError
    if isinstance(old, bool) or not isinstance(old, int | float):
        raise ValueError(f"{old!r} is no number that could be changed")
    new = compute(old)
    return int(new) if isinstance(old, int) and new == int(new) else new


def _times(match: re.Match[str]) -> Change:
    factor = float(match[1])
    return lambda old: _numbers(old, lambda number: number * factor)


def _percent(match: re.Match[str]) -> Change:
    factor = 1.0 + float(match[1]) / 100.0
    return lambda old: _numbers(old, lambda number: number * factor)


def _plus(match: re.Match[str]) -> Change:
    added = float(match[1])
    return lambda old: _numbers(old, lambda number: number + added)


def _later(match: re.Match[str]) -> Change:
    months = int(match[1]) * _MONTHS[match[2]]
    return lambda old: later(old, months)


def later(old: Any, months: int) -> str:
    """A date or period, as text, so many months later (earlier where negative)."""
    if old is None:
        raise NothingThereError
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(old)):
        return add_months(date.fromisoformat(old), months).isoformat()
    period = Period.parse(str(old))
    if months % period.months:
        raise ValueError(f"{period} is a {period.step}, which cannot be moved by {months} months")
    return str(period.later(months // period.months))


_CHANGES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Change]], ...] = (
    (_TIMES, _times), (_PERCENT, _percent), (_PLUS, _plus), (_LATER, _later),
)  # fmt: skip


def problem_with(path: str, value: Any, error: ValueError) -> InvalidInput:
    """A value that cannot be changed so, as a problem."""
    what = (
        f"{path}={value} changes what is not there"
        if isinstance(error, NothingThereError)
        else f"{path}={value}: {error}"
    )
    fix = (
        "Give the value itself."
        if isinstance(error, NothingThereError)
        else "Give the value itself, or a change that fits it."
    )
    return InvalidInput(Problem(what, fix))
