"""Figures of verbs that answer: plotly draws each, and it shows the numbers of the answer."""

from __future__ import annotations

import json

import pytest

from planner.figures.figure import Figure
from planner.figures.near_optimal import alternatives_figures
from planner.figures.options import serve_figures, train_figures
from planner.figures.shapes import Band, Step, apart, band_rows, bridge_bars
from planner.figures.stress import stress_figures
from planner.figures.sweep import sweep_figures
from planner.figures.what_if import what_if_figures
from planner.serving.choice import serve_options
from planner.serving.question import question
from planner.study.alternatives import alternatives
from planner.study.stress.stress import stress
from planner.study.sweep.answer import Question, ask
from planner.study.sweep.designs import Parameter
from planner.study.whatif.variant import what_if
from tests.report.small import small
from tests.report.train_record import band, train_record

POWER = Parameter("sites.hall.power_mw", 0.002, 0.006, steps=3)
PRICE = Parameter("offers.card.price_usd_per_device", 5_000, 20_000)


def drawn(figures: list[Figure]) -> Figure:
    """The one figure, which plotly takes."""
    (each,) = figures
    each.plotly()
    json.dumps(each.spec, allow_nan=False)
    assert each.title.endswith(".")
    assert each.alt.endswith(".")
    assert each.table.rows
    return each


def test_a_bridge_leads_from_the_case_to_the_change() -> None:
    answer = what_if(small(), {"sites.hall.power_mw": 0.012}, None)
    bars = drawn(what_if_figures(answer)).traces[0]
    ends = [base + step for base, step in zip(bars["base"], bars["x"], strict=True)]
    assert bars["x"][0] == pytest.approx(answer.base.objective_hkd / 1e6)
    assert ends[-2] == pytest.approx(bars["x"][-1]) == pytest.approx(answer.variant.objective_hkd / 1e6)


def test_what_changes_nothing_has_no_figure() -> None:
    assert what_if_figures(what_if(small(), {"offers.dear.price_usd_per_device": 13_000}, None)) == []


def test_a_tornado_has_the_widest_bar_on_top() -> None:
    figure = drawn(sweep_figures(ask(small(), Question("tornado", (POWER, PRICE), 1))))
    low, high = figure.traces
    assert low["y"] == high["y"] == ["sites.hall.power_mw", "offers.card.price_usd_per_device"]
    assert low["x"][0] > 0 > low["x"][1]
    assert high["x"][1] > 0


def test_a_grid_of_one_parameter_is_a_course() -> None:
    figure = drawn(sweep_figures(ask(small(), Question("grid", (POWER,), 1))))
    (line,) = figure.traces
    assert line["x"] == [0.002, 0.004, 0.006]
    assert line["y"][0] > line["y"][1] > line["y"][2]


@pytest.mark.slow
@pytest.mark.parametrize("design", ["morris", "lhs", "frontier"])
def test_other_designs_have_theirs(design: str) -> None:
    drawn(sweep_figures(ask(small(), Question(design, (POWER, PRICE) if design != "frontier" else (), 4))))  # type: ignore[arg-type]


@pytest.mark.slow
def test_regret_is_that_of_the_matrix() -> None:
    answer = stress(
        small(scenarios=[{"id": "status_quo", "probability": 0.5}, {"id": "tightening", "probability": 0.5}]),
        periods_later=0,
    )
    heat = drawn(stress_figures(answer)).traces[0]
    for cell in answer.matrix:
        value = heat["z"][heat["y"].index(cell.plan.replace("_", " "))][heat["x"].index(cell.scenario)]
        assert value == (None if cell.regret is None else pytest.approx(cell.regret.hkd / 1e6))


def test_ranges_are_those_of_the_spans() -> None:
    answer = alternatives(small(), 0.02, count=2)
    shown = {each.name: each for each in alternatives_figures(answer)}
    rows = {row[0]: row for each in shown.values() for row in each.table.rows}
    for span in answer.spans:
        if span.subject in ("buy", "rent") and span.verdict != "never":
            assert rows[span.name] == [span.name, span.verdict, span.least, span.optimum, span.most]


def test_training_options_stand_with_the_chosen_first() -> None:
    records = [train_record("slow"), train_record("barred", allowed=False), train_record("best", days=band(3.0), chosen=True)]  # fmt: skip
    dots = drawn(train_figures(records)).traces[-1]
    assert dots["x"] == [3.0, 6.0, 6.0]
    assert len(set(dots["y"])) == 3
    assert train_figures([train_record("none", fits=False)]) == []


def test_services_stand_by_their_cost_of_a_month() -> None:
    asked = question(model="Llama-3.1-70B", output_tokens_per_s=20_000, tokens_in=2000, tokens_out=500, tpot_ms=50)
    records = serve_options(asked, ["nvidia_h800_sxm", "huawei_ascend_910c"])
    chosen = next(record for record in records if record.chosen)
    figure = drawn(serve_figures(records, asked))
    assert chosen.hkd_per_month is not None
    assert figure.traces[-1]["x"][0] == chosen.hkd_per_month.p50 / 1e6
    assert figure.title.endswith("the option chosen.")


def test_bridges_and_bands_hold_all_that_they_show() -> None:
    steps = [Step("a", 10, "red", ""), Step("b", -14, "red", ""), Step("all", -4, "red", "", whole=True)]
    (trace,), frame, _ = bridge_bars(steps, "x")
    assert trace["base"] == [0.0, 10.0, 0.0]
    low, high = frame["xaxis"]["range"]
    assert low <= -4
    assert high > 10
    _, frame, _ = band_rows([Band("a", 1, 2, 30, "red")], "x")
    assert frame["xaxis"]["range"][1] > 30
    assert len(set(apart(["a", "a", "b"]))) == 3
