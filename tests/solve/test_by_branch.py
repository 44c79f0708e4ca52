"""A tree solved by branch against the same tree solved as one program."""

from __future__ import annotations

import random
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from proof import ASCEND
from random_cases import drawn
from tiny import case, deep_merge, offer, service

from planner.domain.case import Case
from planner.domain.decomposition import Decomposition
from planner.errors import Infeasible
from planner.intake.read import read_case
from planner.model.build import build
from planner.model.rows import Terms
from planner.plan.plan import Plan, make_plan
from planner.report.stress import page, results
from planner.solve import solved_tree
from planner.solve.futures import Futures
from planner.solve.objective import solve_model, solve_objective
from planner.solve.tree_program import TreeProgram
from planner.study.stress.stress import stress
from planner.study.stress.uncertain import uncertain
from planner.study.workers import Workers, shared_out

FUTURES: tuple[dict[str, Any], ...] = (
    {"id": "status_quo", "probability": 0.4},
    {"id": "tightening", "probability": 0.25},
    {"id": "snap_embargo", "probability": 0.2},
    {"id": "relaxation", "probability": 0.15},
)


TWO = (FUTURES[0], {"id": "snap_embargo", "probability": 0.6})


def in_branches(taken: Case, **limits: Any) -> Case:
    """The case, its tree solved by branch however small."""
    return taken.model_copy(update={"decomposition": Decomposition(above_columns=0, **limits)})


def on_a_tree(seed: int) -> Case:
    """A random case in two to four futures, half of the time averse to the dear ones, at times short of money."""
    rng = random.Random(seed)
    chosen = rng.sample(FUTURES, rng.randint(2, 4))
    total = sum(future["probability"] for future in chosen)
    changes: dict[str, Any] = {"scenarios": [{**f, "probability": f["probability"] / total} for f in chosen]}
    if rng.random() < 0.5:
        changes["risk"] = {"weight": rng.uniform(0.1, 0.9), "tail": rng.uniform(0.1, 0.6)}
    if rng.random() < 0.3:
        changes["budget_hkd"] = rng.uniform(2e5, 3e6)
    return case(**drawn(seed, **changes))


def check(plan: Plan, whole_hkd: float) -> None:
    """Every bound on its side of the optimum, none worse than the one before, and the plan within the gap told."""
    rounds, least = plan.solution.rounds, whole_hkd / 1e6
    slack = 1e-7 * max(1.0, abs(least))
    assert all(one.below <= least + slack and least - slack <= one.above for one in rounds)
    assert all(
        one.below <= later.below + slack and one.above >= later.above - slack for one, later in pairwise(rounds[:-1])
    )
    assert plan.solution.gap <= plan.case.decomposition.gap
    assert plan.objective_hkd == pytest.approx(whole_hkd, rel=2 * plan.case.decomposition.gap)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_bounds_close_on_the_optimum_of_the_whole(seed: int) -> None:
    taken = on_a_tree(seed)
    try:
        least = solve_objective(build(taken))[1].objective * 1e6
    except Infeasible as error:
        with pytest.raises(Infeasible, match=str(error)):
            make_plan(in_branches(taken))
        return
    check(make_plan(in_branches(taken)), least)


@pytest.mark.slow
def test_the_hedge_example() -> None:
    taken = read_case("examples/15_hedge/case.yaml")
    plan = make_plan(in_branches(taken))
    check(plan, make_plan(taken).objective_hkd)
    assert plan.status == "optimal"
    told: Any = plan.solver["by_branch"]
    assert told["branches"] == 2
    assert told["rounds"] == len(plan.solution.rounds)
    assert told["gap_hkd"] == pytest.approx(plan.objective_hkd - told["bound_hkd"], abs=0.01)


def test_rounds_that_are_spent_leave_a_plan_with_its_gap() -> None:
    plan = make_plan(in_branches(read_case("examples/15_hedge/case.yaml"), rounds=2))
    assert len(plan.solution.rounds) == 2
    assert plan.status == "feasible"
    assert plan.solution.gap > 1e-3
    assert plan.solution.priced.objective < plan.solution.objective


@pytest.mark.slow
def test_a_wider_gap_takes_fewer_rounds() -> None:
    taken = on_a_tree(3)
    few, many = (make_plan(in_branches(taken, gap=gap)).solution for gap in (0.01, 1e-9))
    assert len(few.rounds) < len(many.rounds)
    assert few.gap <= 0.01
    assert many.gap <= 1e-9


@pytest.mark.slow
def test_the_same_whoever_solves_the_branches() -> None:
    taken = in_branches(uncertain(on_a_tree(1)))
    one, two = (Futures(taken, share=partial(shared_out, workers=Workers(count))).hedged for count in (1, 2))
    assert one.values.tobytes() == two.values.tobytes()
    assert one.prices.tobytes() == two.prices.tobytes()
    assert one.objective == two.objective


def test_limits_that_clash_are_told_as_of_the_whole() -> None:
    target = {"pflops": 500.0, "by": "2027q2", "basis": "peak", "precision": "bf16"}
    taken = case(scenarios=TWO, capacity_targets={"never": target})
    errors = []
    for asked in (taken, in_branches(taken)):
        with pytest.raises(Infeasible) as error:
            make_plan(asked)
        errors.append(str(error.value))
    assert errors[0] == errors[1]


def test_one_future_and_whole_numbers_are_solved_as_one_program() -> None:
    for taken in (case(), case(scenarios=TWO, whole={"lots": True})):
        assert make_plan(in_branches(taken)).solution.rounds == ()


def test_a_row_over_several_branches_keeps_the_tree_whole() -> None:
    taken = in_branches(case(scenarios=TWO, workloads={"service": service()}, offers={"card": offer()}))
    model = build(taken)
    assert TreeProgram(model).decomposed is not None
    last = [number for number, column in enumerate(model.columns.all) if column.node == model.case.tree.leaves[-1].id]
    first = [number for number, column in enumerate(model.columns.all) if column.node == model.case.tree.leaves[0].id]
    tie = model.rows[0]._replace(terms=Terms((last[0], first[0]), (1.0, 1.0)), sense="<=", limit=1e9, node=None)
    tied = type(model)(model.options, model.columns, model.lines, (*model.rows, tie))
    assert TreeProgram(tied).decomposed is None
    assert TreeProgram(tied).hedged.objective == pytest.approx(solve_model(tied).objective)


@pytest.mark.slow
def test_prices_prove_the_last_bound() -> None:
    plan = make_plan(in_branches(on_a_tree(5), rounds=3))
    program, prices = TreeProgram(plan.model).program, plan.solution.priced.prices
    limits = np.where(prices > 0, program.row_low, program.row_high)
    losses = program.losses(prices)
    bounds = np.where(losses > 0, program.low, program.high)
    proved = sum(
        float(price * limit)
        for price, limit in ((prices, limits), (losses, bounds))
        for price, limit in zip(price, limit, strict=True)
        if abs(price) > 1e-9
    )
    assert proved == pytest.approx(plan.solution.rounds[-1].below, rel=1e-6)


@pytest.mark.parametrize("seed", [2, 7, 11])
@pytest.mark.slow
def test_from_the_futures_put_together(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = on_a_tree(seed)
    scratch = make_plan(taken)
    monkeypatch.setattr(solved_tree, "FROM_FUTURES_ABOVE_COLUMNS", 0)
    together = make_plan(taken)
    assert together.objective_hkd == pytest.approx(scratch.objective_hkd, rel=1e-9)
    assert (together.solution.gap, together.solution.rounds) == (0.0, ())
    assert scratch.solution.options
    assert not together.solution.options


@pytest.mark.slow
def test_stress_tells_how_near_the_hedge_is() -> None:
    taken = read_case("examples/15_hedge/case.yaml")
    whole, by_branch = stress(taken, periods_later=0), stress(in_branches(taken), periods_later=0)
    assert whole.hedge_gap_hkd is None
    assert results(whole)["hedge_gap_hkd"] is None
    assert by_branch.hedge_gap_hkd is not None
    assert 0.0 <= by_branch.hedge_gap_hkd <= 1e-6 * by_branch.stochastic.hkd
    assert by_branch.stochastic.hkd == pytest.approx(whole.stochastic.hkd, rel=2e-6)
    assert any("solved by branch" in str(part) for part in page(by_branch))


@pytest.mark.slow
@pytest.mark.parametrize("price", [8_000, 20_000, 60_000])
def test_halls_free_of_us_devices_are_chosen_on_a_tree_too(price: int) -> None:
    mixed = {
        "sites": {"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 3}]}},
        "offers": {"ascend": offer(accelerator=ASCEND, channel="domestic", price_usd_per_device=price)},
        "workloads": {"service": {"stacks_ready": ["cuda", "cann"], "demand_pflops": 300}},
    }
    taken = case(**deep_merge(mixed, {"scenarios": TWO}))
    whole, plan = make_plan(taken), make_plan(in_branches(taken))
    assert plan.model.columns.us_free
    assert plan.objective_hkd == pytest.approx(whole.objective_hkd, rel=2e-6)
