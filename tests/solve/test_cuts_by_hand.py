"""A trunk of one amount x and two branches, small enough for pencil and paper: what a branch has no plan for is cut off."""

from __future__ import annotations

import numpy as np
import pytest

from planner.domain.decomposition import Decomposition
from planner.errors import Infeasible
from planner.solve.arrays import Arrays
from planner.solve.by_branch import ByBranch, by_branch
from planner.solve.resolve import Live, Optimum, seen_from
from planner.solve.share import in_turn
from planner.solve.split import split

TRUNK, LIKELY, OTHER = 0, 1, 2
CHANCES = np.array([0.6, 0.4])


def tree(least_in_the_likely: float, most_in_the_other: float) -> Arrays:
    """Least -x + y₁ + y₂ over 0 <= x <= 10, x - y₁ = least in the likely, x + y₂ = most in the other."""
    return Arrays(
        cost=np.array([-1.0, 0.5, 0.1]),
        low=np.zeros(3),
        high=np.array([10.0, np.inf, np.inf]),
        row_low=np.array([-np.inf, least_in_the_likely, most_in_the_other]),
        row_high=np.array([10.0, least_in_the_likely, most_in_the_other]),
        start=np.array([0, 1, 3, 5]),
        column=np.array([0, 0, 1, 0, 2]),
        value=np.array([1.0, 1.0, -1.0, 1.0, 1.0]),
    )


def alone(program: Arrays, future: int) -> Optimum:
    """The optimum of a future in the numbers of the tree: its own amount costs what it costs for sure."""
    here = np.array([TRUNK, future])
    cost = program.cost[here] / np.array([1.0, CHANCES[future - 1]])
    numbers = np.array([0, 1, -1]) if future == LIKELY else np.array([0, -1, 1])
    return seen_from(Live(program.part(here, here, cost)).solve(), numbers, numbers)


def solved(program: Arrays, rounds: int = 20) -> ByBranch | None:
    nodes, ways = np.arange(3), [np.array([True, True, False]), np.array([True, False, True])]
    parts = split(program, nodes, nodes, np.array([True, False, False]), ways, 0)
    assert parts is not None
    futures = (alone(program, LIKELY), alone(program, OTHER))
    return by_branch(parts, futures, futures[0], CHANCES, Decomposition(rounds=rounds), in_turn)


def test_a_trunk_that_leaves_the_other_branch_no_plan_is_cut_off() -> None:
    result = solved(tree(2.0, 4.0))
    assert result is not None
    # In the likely branch x = 10 is best; the other has a plan up to x = 4 alone.
    assert result.best.values == pytest.approx([4.0, 2.0, 0.0])
    assert result.best.objective == pytest.approx(-3.0)
    assert result.rounds[0].above == np.inf
    assert result.rounds[-1].below == pytest.approx(-3.0)


def test_branches_that_clash_with_one_another_are_a_clash() -> None:
    with pytest.raises(Infeasible, match="clash"):
        solved(tree(6.0, 4.0))


def test_no_plan_in_the_rounds_given() -> None:
    assert solved(tree(2.0, 4.0), rounds=1) is None
