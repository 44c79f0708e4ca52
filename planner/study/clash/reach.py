"""What could be reached at all, in words: is a promise, or a workload, out of reach by law, delivery, power or memory
alone?
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from planner.cells import number
from planner.domain.case import Case
from planner.domain.policy import CapacityTarget
from planner.model.build import Model
from planner.model.options import Options, find_options
from planner.solve.reach import beyond, sites_of

MOST_RULES, MOST_WORKLOADS = 3, 5


def reach(case: Case, model: Model | None = None) -> tuple[str, ...]:
    """A sentence for every hard promise that one limit alone puts out of reach, and for workloads that
    can run nowhere.
    """
    options = model.options if model else find_options(case)
    return (*_promises(options), *_workloads(options))


def _promises(options: Options) -> Iterator[str]:
    for out in beyond(options, options.case.capacity_targets):
        asked = f"{out.name} asks for {number(out.target.pflops, 4)} PFLOP/s by {out.node.id}"
        if out.deliverable_pflops == 0.0:
            yield f"{asked}: no device that law lets ship stands there by then{_by_rules(options, out.target)}."
        elif out.undeliverable:
            yield f"{asked}: all that lawful offers can deliver by then is {number(out.deliverable_pflops, 4)}."
        if out.unpowered:
            yield f"{asked}: the power of its sites feeds at most {number(out.powered_pflops, 4)}, whatever the device."


def _by_rules(options: Options, target: CapacityTarget) -> str:
    rules = Counter(r.rule for r in options.refused if r.offer and r.site in sites_of(options, target))
    named = ", ".join(rule for rule, _ in rules.most_common(MOST_RULES))
    return f" (refused by {named})" if named else ""


def _workloads(options: Options) -> Iterator[str]:
    nowhere = [name for name, placements in options.placements_of.items() if not placements]
    for name in nowhere[:MOST_WORKLOADS]:
        why = Counter(r.family for r in options.refused if r.workload == name)
        because = ", ".join(family for family, _ in why.most_common(MOST_RULES)) or "no device at the sites it may use"
        yield f"{name} can run nowhere: {because}."
