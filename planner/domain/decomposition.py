"""When and how far a tree of scenarios is solved by branch."""

from __future__ import annotations

from pydantic import Field

from planner.domain.base import Noun


class Decomposition(Noun):
    """A tree of scenarios is one linear program; a large one is solved by branch, round by round, until its proved gap is small."""

    above_columns: int = Field(
        1_000_000, ge=0, le=1_000_000_000, description="columns above which a tree is solved by branch; 0: always"
    )
    gap: float = Field(
        1e-6, ge=1e-9, lt=1, description="gap between the plan and the proved bound at which it ends, 0.001 = 0.1 %"
    )
    rounds: int = Field(
        100, ge=1, le=100_000, description="rounds after which the best plan found is taken, its gap shown"
    )
