"""A branch of the tree in which fields of the case differ from its reveal on."""

from __future__ import annotations

from dataclasses import dataclass

from planner.domain.case import Case


@dataclass(frozen=True)
class Branch:
    """The scenario in whose nodes a case holds, and the case that holds in all other nodes of the same tree.

    What was ordered before the reveal keeps its contract: price, lead time and hall as ordered.
    """

    scenario: str
    before: Case


def in_force(case: Case, branch: Branch | None, scenario: str | None) -> Case:
    """The case that holds in the nodes of a scenario."""
    return case if branch is None or scenario == branch.scenario else branch.before
