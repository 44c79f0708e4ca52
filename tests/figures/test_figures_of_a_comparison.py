"""Pictures of options compared: each says what it finds, holds its numbers, and is drawn from what was saved as well."""

from __future__ import annotations

import pytest

from planner.figures import OF_A_COMPARISON, figures_of_comparison
from planner.figures.comparison import frontier
from planner.study.compare.compare import compare
from tests.study.compare.bids import bid, comparison, rental, written


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    jobs = {"reference_jobs": [{"model": "llama-2-7b", "tokens_b": 1}]}
    options = {"cheap": bid(claim={"pflops": 23.5}), "dear": bid(3_600_000), "cloud": rental()}
    return compare(written(tmp_path_factory.mktemp("bids"), {**comparison(), **jobs, "options": options}))


@pytest.fixture(scope="module")
def drawn(answer):
    return figures_of_comparison(answer)


@pytest.mark.slow
def test_every_figure_is_drawn_and_says_what_it_finds(drawn):
    assert tuple(drawn) == OF_A_COMPARISON
    for figure in drawn.values():
        assert figure.title.endswith(".")
        assert figure.alt.endswith(".")
        assert figure.table.rows
        figure.plotly()


def test_the_edge_is_the_lower_hull_from_nothing_on():
    assert frontier([(1.0, 1.0), (2.0, 1.5), (3.0, 9.0), (2.5, 7.0), (0.5, 3.0)]) == [(0, 0), (2, 1.5), (3, 9)]


def test_the_edge_lies_below_every_option(answer):
    points = [(o.work_pflops_days, o.npv_cost_hkd) for o in answer.options if o.work_pflops_days > 0]
    edge = frontier(points)
    for work, cost in points:
        left = max((corner for corner in edge if corner[0] <= work), key=lambda corner: corner[0])
        right = min((corner for corner in edge if corner[0] >= work), key=lambda corner: corner[0])
        share = (work - left[0]) / (right[0] - left[0]) if right[0] > left[0] else 0.0
        assert cost >= left[1] + share * (right[1] - left[1]) - 1e-6


def test_points_by_criterion_add_up_to_the_score(answer, drawn):
    points = {}
    for option, _, _, _, amount in drawn["scores"].table.rows:
        points[option] = points.get(option, 0.0) + amount
    assert points == {o.option: pytest.approx(o.score) for o in answer.options if o.rank}


def test_the_claim_stands_beside_what_is_left_of_it(answer, drawn):
    rows = {row[0]: row[1:] for row in drawn["claims"].table.rows}
    assert rows["cheap"] == [23.5, answer.option("cheap").peak_pflops, answer.option("cheap").effective_pflops]
    assert drawn["claims"].title == "Of 24 PFLOP/s that cheap claims, 4 are useful on the mix."
