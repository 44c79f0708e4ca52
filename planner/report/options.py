"""What pages on options have in common: law in a word, how many are not shown, and what stands in the way of the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from planner.report.language import IN_ENGLISH, Language
from planner.report.screen import CONDITIONS
from planner.report.tables import Heading, Part

LAW = {
    "uncontrolled": "free",
    "notify": "notify",
    "compliance_risk": "risk",
    "unknown": "unknown",
    "case_by_case": "licence",
    "presumption_of_denial": "denied",
    "prohibited": "banned",
}
NAMED, LEAST_WAIT_MONTHS = 4, 0.05
PLACES = (
    "own, in a hall of one's own",
    "own, in colocation",
    "own, in a hall of one's own in {country}",
    "own, in colocation in {country}",
    "{site}, {share} subsidised",
)
"""How an option that is bought, or paid for in part, words where it stands."""
REASONS = (
    "{outcome} by {rule}",
    "law: {outcome} under {rule}",
    "data rule: {words}",
    "needs an export licence ({rule})",
    "not on offer before {day}",
    "no longer on offer from {day} on",
    "only {count} devices are on offer at a time",
    "only {count} devices come in a year",
    "ready on {day} at the earliest",
    "has no price in the catalogue",
    "costs {times} times the chosen option",
    "serves {share} of what the chosen option does",
    "dearer than the budget",
    "dearer than the budget (HKD {hkd}, {sure})",
    "bought, the devices alone take more than the budget (HKD {hkd}, {sure})",
    "has no price, so no budget can be held against it",
    "finishes on {finish}, after {day}",
    "one copy is dearer than the budget",
    "no batch keeps the limits of latency",
    "its weights and one request do not fit {count} devices",
    "{accelerator} has no {precision} arithmetic",
    "{accelerator}: {rate} is not published, so its speed cannot be modelled",
    "not done before the scheme ends on {day}",
    "the scheme ends on {day}, within a year of the day on which it is ready",
    "budget and date leave too few tokens, with porting and what must be bought or rented whole",
    "{model} does not fit {count} × {accelerator} ({room} GB usable each); it needs {smallest} devices",
    "{model} does not fit {count} × {accelerator} ({room} GB usable each); it does not fit on any cluster up to {most} devices",
)
"""Sentences in which training and serving word what is against an option."""
Entry = TypeVar("Entry")


def law_words(verdicts: Iterable[Mapping[str, Any]], say: Language = IN_ENGLISH) -> str:
    """What the short words for these outcomes mean, for a legend; empty where they mean themselves."""
    outcomes = dict.fromkeys(verdict["outcome"] for verdict in verdicts)
    pairs = [(say(LAW[each]), say.name(each)) for each in outcomes]
    short = [f"{word} = {outcome}" for word, outcome in pairs if word != outcome]
    return say(" law: {words}.", words=say.listed(short, 6)) if short else ""


def law_said(legal: Mapping[str, Any], say: Language, *, taken: bool) -> str:
    """The verdict with its rule, and on what condition it lets a device be `taken`."""
    condition = CONDITIONS.get(legal["outcome"], "") if taken else ""
    outcome = say.name(legal["outcome"])
    return say("Law: {outcome} by {rule}{condition}.", outcome=outcome, rule=legal["rule"], condition=say(condition))


def said_place(where: str, say: Language) -> str:
    """Where an option stands: a site by its name, what is bought in words."""
    return say.again(where, PLACES)


def waits_said(waits: Iterable[tuple[float, str]], say: Language) -> list[str]:
    """`lead time 3 months`: each wait that there is, by months and name."""
    return [
        say("{wait} {months}", wait=say(name), months=say.count(round(months, 1), "month"))
        for months, name in waits
        if months >= LEAST_WAIT_MONTHS
    ]


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


def not_shown(number: int, say: Language = IN_ENGLISH, *, typed: bool = True) -> list[str]:
    """How to see the options that the table leaves out. `typed`: on a command line, else on a page with fields."""
    if not number:
        return []
    more = say.count(number, "more option")
    if typed:
        return [f"{more}: --all shows them; --json has every figure of each."]
    return [say("{options}: choose accelerators, and all of theirs are shown.", options=more)]


def in_the_way(met: Iterable[tuple[str, str]], most: int, say: Language = IN_ENGLISH) -> list[Part]:
    """Under a heading each reason once, with all that it meets; nothing when there is none. `met`: reason and name."""
    lines = reason_lines(met, most, say)
    return ["", Heading(say("What stands in the way")), *lines] if lines else []


def reason_lines(met: Iterable[tuple[str, str]], most: int, say: Language = IN_ENGLISH) -> list[str]:
    """At most so many reasons, each with the names that it meets."""
    by_reason: dict[str, dict[str, None]] = {}
    for reason, name in met:
        by_reason.setdefault(reason, {})[name] = None
    more = len(by_reason) - most
    lines = [
        say("  - {names}: {reason}", names=say.listed(list(names), NAMED), reason=say.again(reason, REASONS))
        for reason, names in list(by_reason.items())[:most]
    ]
    return [*lines, *([say("  - and {reasons} more", reasons=say.count(more, "reason"))] if more > 0 else [])]
