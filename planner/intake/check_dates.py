"""Dates that cannot be: periods of another step than the plan's, windows turned round or outside the horizon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from planner.domain.case import Case
from planner.domain.horizon import Period
from planner.domain.offer import PeriodText
from planner.errors import Problem
from planner.intake.document import ANY, Path
from planner.intake.fields import inside
from planner.intake.merge import Merged
from planner.intake.shape import public

WINDOWS = (
    ("workloads", "start", "end"),
    ("offers", "available_from", "available_to"),
    ("funds", "start", "end"),
)
PERIOD = get_args(PeriodText)[1]
_FORMS = {"quarter": "2027q1", "month": "2027m03", "year": "2027"}


def reveals(merged: Merged) -> Iterator[Problem]:
    """The world learns of a scenario before its law begins, or on the day: else that law would be in force unseen."""
    for path, entry in merged.each("scenarios", ANY):
        known = entry.get("id") if isinstance(entry, dict) else None
        law = merged.data["rulebook"].scenarios.get(known) if isinstance(known, str) else None
        revealed = _day(entry.get("revealed")) if law is not None and law.changes_law else None
        if law is not None and revealed is not None and revealed > law.start_date:
            what = f"scenario '{known}' is revealed on {revealed}, but its law begins on {law.start_date}, before that"
            fix = f"Reveal it on {law.start_date} or before, or leave `revealed` out."
            yield merged.problem((*path, "revealed"), what, fix)


def horizon(merged: Merged) -> tuple[Period, Period] | None:
    """First and last period of the plan; None when they cannot be read."""
    given = merged.data.get("horizon")
    first, last = (_period(given.get(key)) for key in ("start", "end")) if isinstance(given, dict) else (None, None)
    return (first, last) if first and last and first.step == last.step and first <= last else None


@cache
def period_fields() -> tuple[tuple[str, ...], ...]:
    """The paths of all fields of a case that hold a period, but the horizon's own, which say what a period is."""
    return tuple(path for path in _period_fields(Case, ()) if path[0] != "horizon")


def _period_fields(noun: type[BaseModel], at: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name in public(noun):
        info = noun.model_fields[name]
        marks = [*info.metadata, *(mark for one in get_args(info.annotation) for mark in get_args(one)[1:])]
        if PERIOD in marks:
            yield (*at, name)
        for suffix, inner in inside(info.annotation):
            yield from _period_fields(inner, (*at, name, *(ANY for _ in re.findall(r"<id>|\[\]", suffix))))


def periods(merged: Merged) -> Iterator[Problem]:
    """Every period has the form of the horizon."""
    plan = horizon(merged)
    if plan is None:
        return
    step = plan[0].step
    for pattern in period_fields():
        for path, text in merged.each(*pattern):
            period = _period(text)
            if period and period.step != step:
                what = f"{text} is a {period.step}, but the plan goes by {step}s"
                yield merged.problem(path, what, f"Write it like {_FORMS[step]}.")


def windows(merged: Merged) -> Iterator[Problem]:
    """A window ends after it begins, and work and targets lie within the horizon."""
    plan = horizon(merged)
    for section, begins, ends in WINDOWS:
        for path, entry in merged.each(section, ANY):
            if not isinstance(entry, dict):
                continue
            first, last = _period(entry.get(begins)), _period(entry.get(ends))
            if first and last and last.end <= first.start:
                yield merged.problem(
                    (*path, ends), f"{ends} {last} lies before {begins} {first}", "Swap or correct them."
                )
            elif plan and section == "workloads":
                yield from _outside(merged, path, plan, first, last)
    for path, text in merged.each("capacity_targets", ANY, "by"):
        due = _period(text)
        if plan and due and due.start >= plan[1].end:
            yield merged.problem(
                path, f"{due} lies after the plan ends in {plan[1]}", "Move it, or lengthen the horizon."
            )


def fleet_dates(merged: Merged) -> Iterator[Problem]:
    """What stands at the start was installed before it."""
    plan = horizon(merged)
    given = merged.data.get("horizon")
    decided = _day(given.get("decision_date")) if isinstance(given, dict) else None
    first = decided or (plan[0].start if plan else None)
    for path, text in merged.each("sites", ANY, "fleet", ANY, "installed"):
        installed = _day(text)
        if first and installed and installed > first:
            what = f"this fleet is installed on {installed}, after the plan begins on {first}"
            yield merged.problem(path, what, "Make it an offer, or correct the date.")


def _outside(
    merged: Merged, path: Path, plan: tuple[Period, Period], first: Period | None, last: Period | None
) -> Iterator[Problem]:
    if last and last.end <= plan[0].start:
        yield merged.problem(
            (*path, "end"),
            f"this ends in {last}, before the plan begins in {plan[0]}",
            "Remove it, or correct its dates.",
        )
    if first and first.start >= plan[1].end:
        yield merged.problem(
            (*path, "start"),
            f"this begins in {first}, after the plan ends in {plan[1]}",
            "Remove it, or correct its dates.",
        )


def _period(text: Any) -> Period | None:
    try:
        return Period.parse(str(text)) if isinstance(text, str | int) else None
    except ValueError:
        return None


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
