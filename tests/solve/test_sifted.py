"""An optimum found by the columns that may matter is that of the whole program, whatever lies between it and the known one."""

from dataclasses import replace

import numpy as np
import pytest

from planner.errors import Infeasible
from planner.solve import sifted
from planner.solve.arrays import OUTSIDE, Arrays
from planner.solve.highs import INFEASIBLE, OPTIMAL
from planner.solve.resolve import PRIMAL, Live, Optimum, seen_from
from planner.solve.restricted import Restricted
from planner.solve.sifted import solve_near, stands

COLUMNS, ROWS = 400, 40


def covering(seed: int) -> Arrays:
    """The cheapest cover of forty needs by four hundred mixed wares, of which there are so many, within three budgets."""
    rng = np.random.default_rng(seed)
    needs = np.where(rng.random((ROWS, COLUMNS)) < 0.1, rng.uniform(0.2, 3.0, (ROWS, COLUMNS)), 0.0)
    needs[:, 0] = 1.0
    cost = rng.uniform(0.5, 2.0, COLUMNS) * (needs.sum(axis=0) + 0.3)
    cost[0] = 500.0
    matrix = np.vstack([needs, rng.uniform(0, 1, (3, COLUMNS))])
    matrix[ROWS:, 0] = 0.0
    need, budget = rng.uniform(5, 20, ROWS), rng.uniform(300, 900, 3)
    row, column = np.nonzero(matrix)
    return Arrays(
        cost,
        np.zeros(COLUMNS),
        np.where(rng.random(COLUMNS) < 0.5, rng.uniform(1, 8, COLUMNS), np.inf),
        np.concatenate([need, np.full(3, -np.inf)]),
        np.concatenate([np.full(ROWS, np.inf), budget]),
        np.concatenate([[0], np.cumsum(np.bincount(row, minlength=ROWS + 3))]),
        column,
        matrix[row, column],
        kin=np.arange(COLUMNS) // 4,
    )


def solved(program: Arrays) -> Optimum:
    return Live(program).solve()


def changed(program: Arrays, kind: str, seed: int) -> Arrays:
    rng = np.random.default_rng(seed)
    if kind == "costs":
        return replace(program, cost=program.cost * rng.uniform(0.5, 1.5, COLUMNS))
    if kind == "needs":
        return replace(program, row_low=program.row_low * rng.uniform(0.5, 2.0))
    if kind == "bounds":
        return replace(program, high=program.high * rng.uniform(0.1, 1.2, COLUMNS))
    if kind == "budgets":
        return replace(program, row_high=program.row_high * 0.1)
    return replace(program, value=program.value * rng.uniform(0.7, 1.4, len(program.value)))


@pytest.mark.parametrize("kind", ["costs", "needs", "bounds", "budgets", "terms"])
@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_optimum_of_the_whole_program_and_its_prices_prove_it(
    kind: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = covering(seed)
    program, near = changed(known, kind, seed), solved(known)
    scratch = solved(program)
    monkeypatch.setattr(sifted, "from_nothing", None)  # not by falling back on the whole program
    best = solve_near(program, near)
    assert best.objective == pytest.approx(scratch.objective, rel=1e-9)
    sums, losses = program.sums(best.values), program.losses(best.prices)
    assert np.all(sums >= program.row_low - 1e-6)
    assert np.all(sums <= program.row_high + 1e-6)
    assert np.all(best.values >= -1e-9)
    assert np.all(best.values <= program.high + 1e-9)
    priced, held = best.prices != 0, losses < -1e-9
    limits = np.where(best.prices > 0, program.row_low, program.row_high)
    proof = best.prices[priced] @ limits[priced] + losses[held] @ program.high[held]
    assert proof == pytest.approx(best.objective, rel=1e-9)


def test_what_it_ends_with_is_where_the_next_begins() -> None:
    first = covering(1)
    second, third = changed(first, "needs", 2), changed(first, "costs", 3)
    at = solve_near(third, solve_near(second, solved(first)))
    assert at.objective == pytest.approx(solved(third).objective, rel=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_an_optimum_stands_where_what_has_no_price_gives_way_and_nowhere_else(seed: int) -> None:
    program = covering(seed)
    known = solved(program)
    idle = known.prices[ROWS:] == 0
    room = program.row_high.copy()
    room[ROWS:][idle] *= 1.5
    looser = replace(program, row_high=room)
    assert stands(program, known)
    assert stands(looser, known)
    assert solve_near(looser, known).values is known.values
    for kind in ("needs", "terms"):
        assert not stands(changed(program, kind, seed), known)
    used = known.values > 0
    dearer = replace(program, cost=np.where(used, 2 * program.cost, program.cost))
    assert not stands(dearer, known)
    cheaper = replace(program, cost=np.where(used, program.cost, 0.01 * program.cost))
    assert not stands(cheaper, known)


def test_the_same_is_found_whatever_was_asked_before() -> None:
    program, near = changed(covering(2), "terms", 5), solved(covering(2))
    one = solve_near(program, near)
    solve_near(changed(program, "costs", 1), near)
    again = solve_near(program, near)
    assert (one.values == again.values).all()
    assert (one.prices == again.prices).all()


def test_limits_that_clash_are_told_by_the_whole_program() -> None:
    known = covering(3)
    starved = replace(known, high=np.full(COLUMNS, 0.01))
    with pytest.raises(Infeasible):
        solve_near(starved, solved(known))


def test_an_optimum_is_taken_to_a_program_with_other_columns_and_rows() -> None:
    known = covering(4)
    near = solved(known)
    # Every other ware, and the first need twice.
    columns = np.arange(0, COLUMNS, 2)
    part = known.part(columns, np.arange(ROWS + 3))
    seen = seen_from(near, columns, np.arange(ROWS + 3))
    assert (seen.values == near.values[columns]).all()
    assert (seen.prices == near.prices).all()
    assert solve_near(part, seen).objective == pytest.approx(solved(part).objective, rel=1e-9)
    back = np.full(COLUMNS, OUTSIDE)
    back[columns] = np.arange(len(columns))
    from_part = seen_from(solved(part), back, np.arange(ROWS + 3))
    assert (from_part.values[1::2] == 0).all()
    assert solve_near(known, from_part).objective == pytest.approx(near.objective, rel=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_in_hand_it_answers_as_the_whole_program_does_and_stands_as_before(seed: int) -> None:
    known, rng = covering(seed), np.random.default_rng(seed)
    near = solved(known)
    hand = Restricted(known, near, inside=[7, 3])
    assert list(hand.place([3, 7])) == [list(hand._numbers).index(3), list(hand._numbers).index(7)]
    answers = []
    for row in [*rng.integers(0, ROWS, 4), 0]:
        high = known.row_low.copy()
        high[row] *= 1e6 if row == 0 else 1.7
        hand.engine.changeRowBounds(int(row), float(high[row]), np.inf)
        status = hand.run()
        try:
            scratch = solved(replace(known, row_low=high)).objective
        except Infeasible:
            assert status == INFEASIBLE
        else:
            assert hand.engine.getObjectiveValue() == pytest.approx(scratch, rel=1e-9)
        hand.engine.changeRowBounds(int(row), float(known.row_low[row]), np.inf)
        hand.back()
        answers.append((hand.run(), hand.engine.getObjectiveValue(), hand.engine.getNumCol()))
    assert len(set(answers)) == 1
    assert answers[0][1] == pytest.approx(near.objective, rel=1e-9)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("by", [0.01, 1.0, 300.0])
def test_limits_that_give_cost_what_limits_that_are_moved_do(seed: int, by: float) -> None:
    known = covering(seed)
    near = solved(known)
    hand = Restricted(known, near, inside=[COLUMNS - 1])
    for rows, way in ((range(ROWS), -1.0), (range(ROWS, ROWS + 3), 1.0), ((3, 7), -1.0)):
        limits = replace(known, row_low=known.row_low.copy(), row_high=known.row_high.copy())
        for row in rows:
            (limits.row_low if way < 0 else limits.row_high)[row] += way * by
        hand.give(list(rows), way * by)
        assert hand.run(PRIMAL) == OPTIMAL
        assert hand.engine.getObjectiveValue() == pytest.approx(solved(limits).objective, rel=1e-9, abs=1e-6)
        assert known.cost @ hand.values == pytest.approx(hand.engine.getObjectiveValue(), rel=1e-9, abs=1e-6)
        assert hand.place([COLUMNS - 1]).tolist() == [hand._numbers.tolist().index(COLUMNS - 1)]
        hand.back()
        assert hand.run() == OPTIMAL
        assert hand.values == pytest.approx(near.values)


@pytest.mark.parametrize("seed", range(4))
def test_from_nothing_the_columns_join_that_a_plan_needs_or_that_prove_there_is_none(seed: int) -> None:
    known = covering(seed)
    hand = Restricted(known, inside=[0])
    assert hand.run() == OPTIMAL
    assert hand.engine.getObjectiveValue() == pytest.approx(solved(known).objective, rel=1e-9)
    assert known.cost @ hand.values == pytest.approx(hand.engine.getObjectiveValue(), rel=1e-9)
    scarce = replace(known, high=np.where(np.arange(COLUMNS) == 0, 1e-3, known.high * 0.01).clip(max=0.02))
    with pytest.raises(Infeasible):
        solved(scarce)
    hand = Restricted(scarce, inside=[0])
    assert hand.run() == INFEASIBLE
    assert hand.engine.getNumCol() < COLUMNS


def test_it_follows_costs_from_one_answer_to_the_next() -> None:
    known, rng = covering(0), np.random.default_rng(0)
    hand = Restricted(known, solved(known))
    for _ in range(4):
        cost = known.cost * rng.uniform(0.3, 2.0, COLUMNS)
        hand.price(cost)
        objective, values = hand.solve(PRIMAL)
        assert objective == pytest.approx(solved(replace(known, cost=cost)).objective, rel=1e-9)
        assert cost @ values == pytest.approx(objective, rel=1e-9)


def test_a_clash_is_proved_without_the_whole_program(monkeypatch: pytest.MonkeyPatch) -> None:
    known = covering(0)
    near = solved(known)
    monkeypatch.setattr(sifted, "from_nothing", None)
    with pytest.raises(Infeasible):
        solve_near(replace(known, high=np.full(COLUMNS, 0.02)), near)
