"""What pages on options have in common: law in a word, how many are not shown, and what stands in the way of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from planner.report.tables import Heading, Part
from planner.report.words import count, listed

LAW = {
    "uncontrolled": "free",
    "notify": "notify",
    "compliance_risk": "risk",
    "unknown": "unknown",
    "case_by_case": "licence",
    "presumption_of_denial": "denied",
    "prohibited": "banned",
}
NAMED = 4


def law_words(verdicts: Iterable[Mapping[str, Any]]) -> str:
    """What the short words for these outcomes mean, for a legend; empty where they mean themselves."""
    outcomes = dict.fromkeys(verdict["outcome"] for verdict in verdicts)
    short = [f"{LAW[each]} = {each}" for each in outcomes if LAW[each] != each]
    return f" law: {listed(short)}." if short else ""


def not_shown(number: int) -> list[str]:
    """How to see the options that the table leaves out."""
    return [f"{count(number, 'more option')}: --all shows them; --json has every figure of each."] if number else []


def in_the_way(met: Iterable[tuple[str, str]], most: int) -> list[Part]:
    """Under a heading each reason once, with all that it meets; nothing when there is none. `met`: reason and name."""
    lines = reason_lines(met, most)
    return ["", Heading("What stands in the way"), *lines] if lines else []


def reason_lines(met: Iterable[tuple[str, str]], most: int) -> list[str]:
    """At most so many reasons, each with the names that it meets."""
    by_reason: dict[str, dict[str, None]] = {}
    for reason, name in met:
        by_reason.setdefault(reason, {})[name] = None
    more = len(by_reason) - most
    lines = [f"  - {listed(list(names), NAMED)}: {reason}" for reason, names in list(by_reason.items())[:most]]
    return [*lines, *([f"  - and {count(more, 'reason')} more"] if more > 0 else [])]
