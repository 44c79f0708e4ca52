"""What pages on options have in common: law in a word, how many are not shown, and what stands in the way of the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

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
Entry = TypeVar("Entry")


def law_words(verdicts: Iterable[Mapping[str, Any]]) -> str:
    """What the short words for these outcomes mean, for a legend; empty where they mean themselves."""
    outcomes = dict.fromkeys(verdict["outcome"] for verdict in verdicts)
    short = [f"{LAW[each]} = {each}" for each in outcomes if LAW[each] != each]
    return f" law: {listed(short)}." if short else ""


def fair(groups: Sequence[tuple[str, Sequence[Entry]]], most: int) -> list[tuple[str, Sequence[Entry]]]:
    """The first of each group in turn, until there are `most`."""
    taken = [0] * len(groups)
    for _ in range(most):
        for place, (_, entries) in enumerate(groups):
            if sum(taken) < most and taken[place] < len(entries):
                taken[place] += 1
    return [(title, entries[:number]) for (title, entries), number in zip(groups, taken, strict=True) if number]


def group_rows(
    groups: Iterable[tuple[str, Sequence[Entry]]], cells: Callable[[Entry], list[str]]
) -> Iterator[list[str]]:
    """Rows of a table: each group under its title, set in; one without a title stands as it is."""
    for title, entries in groups:
        rows = [cells(entry) for entry in entries]
        if title:
            yield [title, *[""] * (len(rows[0]) - 1)]
        yield from ([f"  {name}" if title else name, *rest] for name, *rest in rows)


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
