"""A model solved from the optimum of another has the same least cost as from scratch, however far apart the two are."""

import pytest
from test_properties import drawn
from tiny import case

from planner.errors import Infeasible
from planner.model.build import build
from planner.plan.plan import make_plan
from planner.solve.near import Near
from planner.solve.objective import solve_model
from planner.solve.of_model import places


def least(seed: int, near: Near) -> tuple[float | None, float | None]:
    """Million HKD, from scratch and from nearby; None without a plan."""
    model, costs = build(case(**drawn(seed))), []
    for solve in (solve_model, near.solve):
        try:
            costs.append(solve(model).objective)
        except Infeasible:
            costs.append(None)
    return costs[0], costs[1]


def near(seed: int) -> Near:
    model = build(case(**drawn(seed)))
    return Near(model, solve_model(model))


def test_what_moves_nothing_tells_the_same_plan() -> None:
    plan = make_plan(case())
    more = make_plan(case(budget_hkd=1e12), near=plan)
    assert more.rows.by_name["orders"] == plan.rows.by_name["orders"]


@pytest.mark.parametrize(("ours", "numbers"), [("abcd", [0, 1, 2, 3]), ("axcd", [0, -1, 2, 3]), ("abxcd", [0, 1, -1, 2, 3]), ("acd", [0, 2, 3]), ("xacyd", [-1, 0, 2, -1, 3]), ("", [])])  # fmt: skip
def test_things_are_found_where_the_very_same_stand(ours: str, numbers: list[int]) -> None:
    things = {name: [name] for name in "abcdxy"}
    assert places([things[name] for name in ours], [things[name] for name in "abcd"]).tolist() == numbers


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_two_cases_that_share_little(seed: int) -> None:
    known = near(seed)
    for other in range(10 * seed, 10 * seed + 5):
        scratch, nearby = least(other, known)
        assert nearby == (None if scratch is None else pytest.approx(scratch, rel=1e-6))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_two_hundred_pairs_of_cases(seed: int) -> None:
    known = near(seed)
    for other in range(100 + 10 * seed, 110 + 10 * seed):
        scratch, nearby = least(other, known)
        assert nearby == (None if scratch is None else pytest.approx(scratch, rel=1e-6))


def test_a_plan_made_nearby_is_audited_and_its_prices_are_proved() -> None:
    known = make_plan(case(**drawn(1)))
    scratch = make_plan(case(**drawn(2)))
    nearby = make_plan(case(**drawn(2)), near=known)
    assert nearby.objective_hkd == pytest.approx(scratch.objective_hkd, rel=1e-6)
    assert nearby.audit.passed


@pytest.mark.slow
def test_whole_numbers_are_searched_anew() -> None:
    known = make_plan(case(**drawn(3)))
    whole = case(**drawn(3, whole={"lots": True}))
    assert make_plan(whole, near=known).objective_hkd == pytest.approx(make_plan(whole).objective_hkd, rel=1e-6)
