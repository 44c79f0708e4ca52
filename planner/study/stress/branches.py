"""What the scenarios of a case set, as cases that hold in their branches of the tree.

A scenario may set what can be read node by node: prices, supplies, lead times, halls and tariffs, demand, porting,
mechanisms, controls, money of funds. What shapes the tree, or what was settled before the reveal, it may not.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from planner.domain.case import Case
from planner.errors import InvalidInput, Problem
from planner.study.whatif.override import override

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
    found = []
    for path, value in sets.items():
        known = path.split(".")[0] in ALLOWED and not any(fnmatchcase(path, never) for never in NEVER)
        if not known:
            what = f"scenario {scenario} cannot set {path}: it shapes what was settled before the scenario is revealed"
            found.append(Problem(what, "Set it in a variant of the case instead."))
        elif value is None or (
            isinstance(value, dict) and len(path.split(".")) == 2 and not path.startswith("controls.")
        ):
            what = f"scenario {scenario} cannot add or take out {path}: the branches of a tree have the same entries"
            found.append(Problem(what, "Set its supply or its power to 0, or put it in a variant of the case."))
    return found
