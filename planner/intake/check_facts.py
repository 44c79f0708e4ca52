"""Facts of a transaction that a case, an offer or a bid assumes: law knows their names and may take their values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from pydantic import ValidationError

from planner.domain.transaction import Transaction
from planner.errors import Problem, did_you_mean
from planner.intake.document import ANY
from planner.intake.document import Path as Place

FOLLOWS = {"channel": "the kind of the offer", "destination": "its site", "use_case": "the workload"}
"""Facts that the case tells by other fields."""
FACTS = tuple(name for name in Transaction.model_fields if name not in FOLLOWS)


class Held(Protocol):
    """A file, or a case over the catalogue, with its places."""

    def each(self, *pattern: str | int) -> Iterator[tuple[Place, Any]]: ...

    def problem(self, path: Place, what: str, fix: str, *, at_key: bool = False) -> Problem: ...


def assumed_facts(case: Held) -> Iterator[Problem]:
    """Of a case: the buyer's, and those of each offer."""
    yield from unknown_facts(case, case.each("buyer", "assume", ANY))
    yield from unknown_facts(case, case.each("offers", ANY, "assume", ANY))


def unknown_facts(held: Held, entries: Iterable[tuple[Place, Any]]) -> Iterator[Problem]:
    """Facts that law does not ask for, that follow from elsewhere, or whose value cannot be."""
    for path, value in entries:
        fact = str(path[-1])
        if fact in FOLLOWS:
            what = f"'{fact}' follows from {FOLLOWS[fact]}"
            yield held.problem(path, what, "Remove it.", at_key=True)
        elif fact not in FACTS:
            fix = did_you_mean(fact, FACTS, f"Facts: {', '.join(FACTS)}.")
            yield held.problem(path, f"law asks for no fact '{fact}'", fix, at_key=True)
        elif isinstance(value, bool | int | float | str):
            try:
                Transaction.model_validate({fact: value})
            except ValidationError as error:
                wrong = error.errors()[0]["msg"].removeprefix("Value error, ")
                what = f"{fact} cannot be {value!r}: {wrong[0].lower()}{wrong[1:]}"
                yield held.problem(path, what, f"It is: {Transaction.model_fields[fact].description}.")
