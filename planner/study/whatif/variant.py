"""What-if: the case and its variant, both solved, and what lies between them.

A variant is a set of overrides, a future that is known from the start, or both; a case may name some under `variants`. What it keeps for later is checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from planner.domain.case import LOTS, Case
from planner.domain.horizon import Scenario
from planner.errors import Infeasible, InvalidInput, Problem, UsageError, did_you_mean
from planner.intake.overrides.override import Sets, override
from planner.plan.plan import Plan, make_plan
from planner.study.whatif import difference


@dataclass(frozen=True)
class WhatIf:
    """Two plans and their difference. Money is discounted and expected, HKD, as in the objective.

    decisions   where the two plans decide differently
    costs       add up to the change of the objective
    causes      the same change by override, each taken alone, and their interaction
    prices      shadow prices that moved
    unserved    work, by workload
    """

    base: Plan
    variant: Plan
    sets: Sets
    scenario: str | None
    decisions: list[difference.Decision]
    costs: list[difference.CostChange]
    causes: list[difference.Cause]
    prices: list[difference.PriceChange]
    unserved: list[difference.UnservedChange]

    @property
    def change_hkd(self) -> float:
        return self.variant.objective_hkd - self.base.objective_hkd


def what_if(case: Case, sets: Sets | None = None, scenario: str | None = None) -> WhatIf:
    """The case against the case with the overrides, under the scenario where one is named; both in fractions where plans
    round lots, unless that is what is asked about.

    Raises:
        InvalidInput: an override that leads nowhere or does not fit.
        UsageError: no such scenario.
        Infeasible: the case, or its variant, has no plan.
    """
    sets = sets or {}
    case = case if LOTS in sets else case.comparable
    varied = changed(case, sets, scenario)
    base = _planned(case, "the case as it stands")
    variant = base if varied is case else _planned(varied, "the variant", base)
    alone = _causes(case, varied, sets, scenario)
    return WhatIf(
        base,
        variant,
        sets,
        scenario,
        difference.decisions(base, variant),
        difference.costs(base, variant),
        difference.by_cause(base, variant, alone),
        difference.prices(base, variant),
        difference.unserved(base, variant),
    )


def changed(case: Case, sets: Sets, scenario: str | None = None) -> Case:
    """The case with a scenario known from the start, then with the overrides."""
    return override(under(case, scenario) if scenario else case, sets)


def under(case: Case, scenario: str) -> Case:
    """The chain of the case in which that future is known from the start.

    What a scenario of the case's own sets holds from its first day. Raises UsageError for a scenario that neither case nor rule book has.
    """
    known = {entry.id: entry for entry in case.scenarios}
    names = tuple(dict.fromkeys((*known, *case.rulebook.scenarios)))
    if scenario not in names:
        meant = did_you_mean(scenario, names, f"There are {', '.join(names)}.")
        raise UsageError(f"no scenario '{scenario}'. {meant}")
    entry = known.get(scenario) or Scenario(id=scenario, probability=1.0)
    chain = Scenario(id=scenario, probability=1.0, revealed=_from_the_start(case, scenario))
    return override(case.model_copy(update={"scenarios": (chain,)}), entry.set)


def as_overrides(case: Case, sets: Sets, scenario: str | None = None) -> dict[str, Any]:
    """The same as `changed`, in overrides alone: what a case file may give so that it is the changed case."""
    if scenario is None:
        return dict(sets)
    chain = {"id": scenario, "probability": 1.0, "revealed": _from_the_start(case, scenario).isoformat()}
    own = next((entry.set for entry in case.scenarios if entry.id == scenario), {})
    return {"scenarios": [chain], **own, **sets}


def _from_the_start(case: Case, scenario: str) -> date:
    """The first day of the plan; of a future whose law begins before, the day on which it does."""
    later = case.rulebook.scenarios.get(scenario)
    return min(case.horizon.first_day, later.start_date) if later else case.horizon.first_day


def named(case: Case, name: str) -> tuple[dict[str, object], str | None]:
    """Overrides and scenario of a variant that the case names. Raises UsageError for one it does not."""
    if name not in case.variants:
        there = f"Its variants are {', '.join(case.variants)}." if case.variants else "It names none."
        raise UsageError(f"the case has no variant '{name}'. {did_you_mean(name, case.variants, there)}")
    variant = case.variants[name]
    return dict(variant.set), variant.scenario


def joined(case: Case, names: Sequence[str], scenario: str | None = None) -> tuple[dict[str, object], str | None]:
    """Overrides of all the variants named, and the one future of them and of `scenario`.

    Raises UsageError where two of them set the same path, or stand in different futures.
    """
    sets: dict[str, object] = {}
    for name in dict.fromkeys(names):
        own, future = named(case, name)
        if twice := sorted(sets.keys() & own.keys()):
            raise UsageError(f"variant {name} sets {twice[0]}, as another variant does; take one of them.")
        if future and scenario and future != scenario:
            raise UsageError(
                f"variant {name} stands in scenario {future}, not in {scenario}; take one future at a time."
            )
        sets, scenario = sets | own, scenario or future
    return sets, scenario


def _causes(case: Case, varied: Case, sets: Sets, scenario: str | None) -> Mapping[str, Case]:
    """Each override, and the scenario, taken alone; a single one is the variant."""
    parts: dict[str, tuple[Sets, str | None]] = {f"scenario {scenario}": ({}, scenario)} if scenario else {}
    parts |= {f"{path}={_shown(value)}": ({path: value}, None) for path, value in sets.items()}
    if len(parts) == 1:
        return dict.fromkeys(parts, varied)
    return {cause: changed(case, *part) for cause, part in parts.items()}


def _shown(value: object) -> str:
    return "null" if value is None else str(value)


def _planned(case: Case, what: str, near: Plan | None = None) -> Plan:
    try:
        return make_plan(case, near=near)
    except Infeasible as error:
        raise Infeasible(f"{what} has no plan: {error}", error.case or case) from error


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
