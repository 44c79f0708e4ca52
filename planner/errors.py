"""Everything that planner raises on purpose.

PlannerError            exit 1   our own fault, or a step that was asked for out of order
├── UsageError          exit 2   the call makes no sense
├── InvalidInput        exit 3   the files or values given are wrong; carries every Problem at once
├── Infeasible          exit 4   hard limits clash; carries the story of which
└── SolverFailed        exit 5   no solution: time ran out, or the solver gave up
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass


class PlannerError(Exception):
    """Base of all errors that planner raises on purpose."""

    exit_code = 1


class UsageError(PlannerError):
    """The call makes no sense: an unknown topic, two options that exclude each other."""

    exit_code = 2


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in an input, where it stands, and what to do about it.

    `file` is as the user wrote it; `line` and `column` count from 1 and are None where no file is at fault.
    `what` is a sentence without its full stop; `fix` is a sentence that tells what to do.
    """

    what: str
    fix: str = ""
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        sentence = f"{self.what}. {self.fix}".strip()
        return f"{place}: {sentence}" if place else sentence


class InvalidInput(PlannerError):
    """One or more inputs are wrong. `problems` holds all of them, in the order of the file."""

    exit_code = 3

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Infeasible(PlannerError):
    """Hard limits clash, so no plan exists.

    `case` is the one without a plan, where known: `planner.study.clash.repair` tells its story.
    """

    exit_code = 4

    def __init__(self, message: str, case: object = None) -> None:
        self.case = case
        super().__init__(message)


class SolverFailed(PlannerError):
    """The solver stopped without a solution."""

    exit_code = 5


SHOWN = 3
BEGINNING = 4


def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """The known name that looks most like the word, or that begins with it, or with a word like it, if any does."""
    lowered = {name.lower(): name for name in known}
    asked = word.lower()
    begun = sorted((name for name in lowered if name.startswith(asked)), key=len) if len(asked) >= BEGINNING else []
    match = begun or difflib.get_close_matches(asked, lowered, n=1, cutoff=0.6)
    if not match and len(asked) >= BEGINNING:
        first = {name.split("_")[0]: name for name in reversed(lowered)}
        match = [first[part] for part in difflib.get_close_matches(asked, first, n=1, cutoff=0.75)]
    return lowered[match[0]] if match else None


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """What to do about a name that is none of the known: the nearest of them, or else this."""
    match = nearest(word, tuple(known))
    return f"Did you mean '{match}'?" if match else otherwise


def meant_any(name: str, known: Collection[str], otherwise: str) -> str:
    """The same of ids with many parts: up to three, those that hold the name first."""
    asked, plain = name.lower(), {other: other.lower() for other in known}
    within = [other for other in known if asked and asked in plain[other]]
    # `nvidia_h20` is a variant of H20 before it is the beginning of H200.
    within.sort(key=lambda other: not f"_{plain[other]}_".startswith(f"_{asked}_"))
    # Maker and family are the first two parts: `nvidia_a100_sxm` is an A100 before it is an H100.
    family = asked.split("_")[:2]
    akin = [other for other in known if len(family) > 1 and plain[other].split("_")[:2] == family]
    close = difflib.get_close_matches(asked, plain.values(), n=SHOWN, cutoff=0.5)
    alike = [other for like in close for other in known if plain[other] == like]
    near = list(dict.fromkeys([*within, *akin, *alike]))[:SHOWN]
    parts = [", ".join(near[:-1]), near[-1]] if near else []
    return f"Did you mean {' or '.join(part for part in parts if part)}?" if near else otherwise
