"""Checks the overrides that a case keeps for later: those of its variants and of its own scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from planner.domain.case import Case
from planner.errors import InvalidInput, Problem, did_you_mean
from planner.study.whatif.override import override


def kept_overrides(case: Case, file: str | None = None) -> list[Problem]:
    """What is wrong with them, each told by the variant or scenario it stands in; none is carried out."""
    return [replace(problem, file=file) for problem in _problems(case)]


def _problems(case: Case) -> Iterator[Problem]:
    known = tuple(dict.fromkeys((*(scenario.id for scenario in case.scenarios), *case.rulebook.scenarios)))
    for name, variant in case.variants.items():
        yield from _of(case, f"variant {name}", variant.set)
        if variant.scenario is not None and variant.scenario not in known:
            fix = did_you_mean(variant.scenario, known, f"There are {', '.join(known)}.")
            yield Problem(f"variant {name}: there is no scenario '{variant.scenario}'", fix)
    for scenario in case.scenarios:
        yield from _of(case, f"scenario {scenario.id}", scenario.set)


def _of(case: Case, where: str, sets: dict[str, Any]) -> Iterator[Problem]:
    try:
        override(case, sets)
    except InvalidInput as error:
        yield from (replace(problem, what=f"{where}: {problem.what}") for problem in error.problems)
