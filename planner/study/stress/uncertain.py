"""The case as the stress test takes it: its scenarios with their weights, targets at a price, a linear program.

A hard target that some future makes impossible would leave the tree without any plan. So each gets a price here, ten
times what the dearest device on offer costs per PFLOP/s: it is kept wherever it can be, and what is missing where it
cannot be is shown as shortfall. Counts may be fractions: whole lots and whole ports are let go. The aim is least
cost, whatever the case's own.

What the scenarios of a case set, as cases that hold in their branches of the tree.

A scenario may set what can be read node by node: prices, supplies, lead times, halls and tariffs, demand, porting,
mechanisms, controls, money of funds. What shapes the tree, or what was settled before the reveal, it may not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from planner.domain.case import Case, Whole
from planner.domain.horizon import Scenario
from planner.domain.policy import CapacityTarget, Risk
from planner.errors import InvalidInput, Problem, UsageError, did_you_mean
from planner.intake.overrides.override import override
from planner.units import TFLOPS_PER_PFLOPS

DEAREST_TIMES = 10.0
WITHOUT_OFFERS_HKD_PER_PFLOPS = 1e7


def uncertain(case: Case, weights: Mapping[str, float] | None = None) -> Case:
    """The case on the tree of its scenarios, risk neutral.

    Args:
        case: its scenarios count; without any, those of the rule book at the weights suggested there.
        weights: in place of both, probability by scenario of the case or of the rule book.

    Raises:
        UsageError: an unknown scenario, or probabilities that do not add up to 1.
    """
    return priced_targets(case).model_copy(
        update={
            "scenarios": _weighted(case, weights) if weights else case.scenarios or _suggested(case),
            "objective": "min_cost",
            "risk": Risk(),
            "whole": Whole(),
        }
    )


def priced_targets(case: Case) -> Case:
    """The case with every hard target at a price."""
    priced = {name: _priced(case, target) for name, target in case.capacity_targets.items()}
    return case.model_copy(update={"capacity_targets": priced})


def hard_targets(case: Case) -> tuple[str, ...]:
    """Targets without a price of their own."""
    return tuple(name for name, target in case.capacity_targets.items() if target.shortfall_hkd_per_pflops is None)


def _suggested(case: Case) -> tuple[Scenario, ...]:
    known = [scenario for scenario in case.rulebook.scenarios.values() if scenario.suggested_weight]
    total = math.fsum(scenario.suggested_weight or 0.0 for scenario in known)
    if not known:
        raise UsageError("neither case nor rule book has scenarios; name some with --scenario ID=PROBABILITY.")
    return tuple(Scenario(id=scenario.id, probability=(scenario.suggested_weight or 0.0) / total) for scenario in known)


def _weighted(case: Case, weights: Mapping[str, float]) -> tuple[Scenario, ...]:
    own = {scenario.id: scenario for scenario in case.scenarios}
    known = (*own, *(name for name in case.rulebook.scenarios if name not in own))
    for name in weights:
        if name not in known:
            hint = did_you_mean(name, known, f"There are {', '.join(known)}.")
            raise UsageError(f"no scenario '{name}'. {hint}")
    total = math.fsum(weights.values())
    if not math.isclose(total, 1.0, abs_tol=1e-6) or min(weights.values()) <= 0:
        raise UsageError(f"the probabilities of the scenarios must be above 0 and add up to 1, not {total:g}.")
    return tuple(
        own.get(name, Scenario(id=name, probability=1.0)).model_copy(update={"probability": weights[name]})
        for name in known
        if name in weights
    )


def _priced(case: Case, target: CapacityTarget) -> CapacityTarget:
    if target.shortfall_hkd_per_pflops is not None:
        return target
    return target.model_copy(update={"shortfall_hkd_per_pflops": target_hkd_per_pflops(case, target)})


def target_hkd_per_pflops(case: Case, target: CapacityTarget) -> float:
    """The price put on a hard target, HKD per PFLOP/s that is missing."""
    prices = []
    for offer in case.offers.values():
        peak_tflops = case.accelerators[offer.accelerator].peak_tflops(target.precision)
        if offer.price_usd_per_device is not None and peak_tflops:
            prices.append(offer.price_usd_per_device.mid * case.hkd_per_usd / peak_tflops * TFLOPS_PER_PFLOPS)
    return DEAREST_TIMES * max(prices) if prices else WITHOUT_OFFERS_HKD_PER_PFLOPS


ALLOWED = (
    "offers", "sites", "workloads", "stacks", "governance", "vendor_supply", "licences", "carbon_cap", "capacity_targets",
    "funds", "controls", "budget_hkd", "economics",
)  # fmt: skip
NEVER = (
    "economics.discount_rate", "economics.price_year", "capacity_targets.*.by", "funds.*.strings*", "funds.*.origin", "sites.*.fleet*",
    "sites.*.access", "licences.*.wait_months", "licences.*.accelerators*", "offers.*.sites*", "offers.*.accelerator", "offers.*.kind",
)  # fmt: skip


def branches(case: Case) -> tuple[Case, dict[str, Case]]:
    """The case as it stands, which holds on the trunk, and by scenario the case with what it sets, which holds in its
    branch.

    A scenario alone is no branch: what it sets holds from the first day.

    Raises InvalidInput for what a scenario cannot set, with every problem.
    """
    problems = [problem for scenario in case.scenarios for problem in _problems(scenario.id, scenario.set)]
    if problems:
        raise InvalidInput(*problems)
    if len(case.scenarios) == 1:
        return override(case, case.scenarios[0].set), {}
    return case, {one.id: override(case, one.set) for one in case.scenarios if one.set}


def _problems(scenario: str, sets: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for path, value in sets.items():
        known = path.split(".")[0] in ALLOWED and not any(fnmatchcase(path, never) for never in NEVER)
        if not known:
            what = f"scenario {scenario} cannot set {path}: it shapes what was settled before the scenario is revealed"
            problems.append(Problem(what, "Set it in a variant of the case instead."))
        elif value is None or (
            isinstance(value, dict) and len(path.split(".")) == 2 and not path.startswith("controls.")
        ):
            what = f"scenario {scenario} cannot add or take out {path}: the branches of a tree have the same entries"
            problems.append(Problem(what, "Set its supply or its power to 0, or put it in a variant of the case."))
    return problems
