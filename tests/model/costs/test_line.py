"""Lines of many columns are held as one piece, and say what a line for each column would."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from golden.every_family import every_family
from proof import model_of
from random_cases import drawn
from tiny import case

from planner.model.build import Model, build
from planner.model.constraints.budget import million_hkd
from planner.model.costs.line import NO_COLUMN, Line, Lines, Spread, like
from planner.model.energy import owned_mwh
from planner.model.rows import Terms
from planner.model.variables import HKD_PER_MODEL_UNIT

MODEL = model_of()
NODE = MODEL.case.tree.root
ALONE = [Line("staff", 3, NODE, 10.0, 0.5, "hall"), Line("staff", 1, NODE, 20.0, 0.25)]
MANY = Spread(Line("energy", NO_COLUMN, NODE, 0.0, 0.1, "hall", risky=True), Terms([4, 1, 2], [0.3, 0.1, 1e-9]))
EACH = [Line("energy", column, NODE, hkd, 0.1, "hall", risky=True) for column, hkd in ((4, 0.3), (1, 0.1), (2, 1e-9))]
PIECES, LINES = [ALONE[0], MANY, ALONE[1]], [ALONE[0], *EACH, ALONE[1]]


def test_a_piece_is_read_as_a_line_for_each_column() -> None:
    lines = Lines(PIECES)
    assert list(lines) == LINES
    assert (len(lines), len(MANY)) == (5, 3)
    assert lines.columns.tolist() == [3, 4, 1, 2, 1]
    assert lines.weighted_hkd.tolist() == [line.hkd * line.weight for line in LINES]
    assert lines.by_line(lambda line: line.weight).tolist() == [0.5, 0.1, 0.1, 0.1, 0.25]
    assert Lines(PIECES).hkd == Terms.of((line.column, line.hkd) for line in LINES)
    assert list(million_hkd(Lines(PIECES))) == [(line.column, line.hkd / HKD_PER_MODEL_UNIT) for line in LINES]
    assert [like(piece).cost for piece in PIECES] == ["staff", "energy", "staff"]


def test_no_lines_cost_nothing() -> None:
    lines = Lines()
    assert (list(lines), len(lines)) == ([], 0)
    assert not lines.columns.size
    assert not lines.weighted_hkd.size
    assert not list(lines.decided(np.ones(5)))


def test_lines_of_what_is_decided_are_the_same_objects_wherever_they_stand() -> None:
    values = np.array([0.0, 2.0, 0.0, 0.0, -1.0])
    some, others = list(Lines(PIECES).decided(values)), list(Lines([MANY]).decided(values))
    assert some == [EACH[0], EACH[1], ALONE[1]]
    assert [id(line) for line in others] == [id(line) for line in some[:2]]
    assert list(Lines(PIECES).decided(np.ones(5))) == LINES
    assert not list(Lines(PIECES).decided(np.zeros(5)))


def test_lines_are_told_with_what_holds_them_and_with_what_they_spend() -> None:
    values = np.array([0.0, 2.0, 0.0, 0.0, -1.0])
    assert [piece for _, piece in Lines(PIECES).of_pieces(values)] == [MANY, MANY, ALONE[1]]
    assert [line for line, _ in Lines(PIECES).of_pieces(values)] == list(Lines(PIECES).decided(values))
    assert list(Lines(PIECES).spent(values)) == [(line, line.hkd * values[line.column]) for line in LINES]


def test_lines_are_equal_where_their_pieces_are() -> None:
    assert Lines(PIECES) == Lines([ALONE[0], Spread(MANY.like, Terms([4, 1, 2], [0.3, 0.1, 1e-9])), ALONE[1]])
    assert Lines(PIECES) != Lines([ALONE[0], Spread(MANY.like, Terms([4, 1, 2], [0.3, 0.1, 2e-9])), ALONE[1]])
    assert Lines(PIECES) != Lines([ALONE[0], Spread(MANY.like._replace(cost="carbon"), MANY.hkd), ALONE[1]])
    assert Lines(PIECES) != LINES


@pytest.fixture(scope="module", params=["every family", 1, 2])
def model(request: pytest.FixtureRequest) -> Model:
    return build(every_family() if request.param == "every family" else case(**drawn(request.param)))


def test_energy_is_paid_for_every_column_that_draws(model: Model) -> None:
    drawing = [
        (column, node.id, draw.site.id)
        for node in model.case.tree
        for draw in owned_mwh(model.options, model.columns, node)
        for column, _ in draw.mwh
    ]
    paid = [(line.column, line.node.id, line.site) for line in model.lines if line.cost == "energy"]
    assert paid == drawing


def test_the_objective_is_the_sum_of_its_lines(model: Model) -> None:
    sums = Counter[int]()
    for line in model.lines:
        sums[line.column] += line.hkd * line.weight / HKD_PER_MODEL_UNIT  # type: ignore[assignment]
    costs = model.cost_coefficients()
    assert costs == pytest.approx([sums[column] for column in range(len(costs))], rel=1e-12)


def test_every_cash_line_stands_in_one_bucket_where_there_are_funds(model: Model) -> None:
    def told(line: Line) -> tuple[object, ...]:
        return line.cost, line.column, line.node.id, line.hkd, line.site, line.offer

    cash = Counter(told(line) for line in model.lines if line.cash)
    in_buckets = Counter(told(line) for lines in model.columns.buckets.values() for line in lines)
    assert in_buckets == (cash if model.case.funds else Counter())
