"""Figures of a plan: each is one that plotly draws, says what it finds, and shows the numbers of the plan's tables."""

from __future__ import annotations

import json
from math import fsum

import pytest

from planner.errors import UsageError
from planner.figures import OF_A_PLAN, figure, figures, jobs, lawful, power, procurement
from planner.figures.figure import Figure
from planner.figures.prices import priced_limits
from planner.figures.style import cut, largest, spread, time_axis
from planner.plan.plan import make_plan
from planner.plan.record import PlanRecord
from planner.report.limits import limits
from planner.report.tables import Table
from tests import tiny
from tests.every_family_solved import CASES


@pytest.fixture(scope="module")
def drawn(plan: PlanRecord) -> dict[str, Figure]:
    return figures(plan)


def test_plotly_takes_each(drawn: dict[str, Figure]) -> None:
    for name, each in drawn.items():
        assert name == each.name in OF_A_PLAN
        assert each.plotly().layout.title.text.replace("<br>", " ") == each.title
        json.dumps(each.spec, allow_nan=False)


def test_each_finds_something_and_tells_it_in_words_and_numbers(drawn: dict[str, Figure]) -> None:
    for each in drawn.values():
        assert each.title.endswith(".")
        assert each.alt.endswith(".")
        assert each.table.rows


def height(each: Figure) -> float:
    return fsum(value for trace in each.traces for value in trace["y"])


def test_capacity_stacks_all_the_work_asked_for(plan: PlanRecord, drawn: dict[str, Figure]) -> None:
    asked = fsum(row["asked_pflops_days"] for row in plan.rows.unserved)
    assert height(drawn["capacity"]) == pytest.approx(asked)
    assert drawn["capacity"].title == "80 % of the work asked for is done, 54.6 PFLOP/s-days are not."


def test_the_fleet_counts_owned_and_rented_devices_once(plan: PlanRecord, drawn: dict[str, Figure]) -> None:
    rows = plan.rows
    count = fsum(row["devices"] for table in (rows.fleet, rows.rentals) for row in table)
    count += fsum(row["devices"] * row["share"] for row in rows.part_periods)
    assert height(drawn["fleet"]) == height(drawn["places"]) == pytest.approx(count)


def test_an_unknown_figure_is_named_with_those_that_there_are(plan: PlanRecord) -> None:
    with pytest.raises(UsageError, match=r"no figure 'capacty'. Did you mean capacity"):
        figure(plan, "capacty")


@pytest.mark.parametrize("count", [1, 4, 8, 25])
def test_an_axis_of_periods_is_one_that_plotly_takes(count: int) -> None:
    names = [f"{2026 + quarter // 4}q{quarter % 4 + 1}" for quarter in range(3, 3 + count)]
    axis = time_axis(names)
    Figure("x", "X.", "X.", [], {"xaxis": axis}, Table("", (), ())).plotly()
    assert len(axis["ticktext"]) == len(axis["tickvals"]) <= 10
    assert set(axis["tickvals"]) <= set(names)


def test_labels_are_kept_apart_and_within() -> None:
    assert spread([0.1, 0.5], 0.1) == [0.1, 0.5]
    assert spread([0.2, 0.2, 0.2], 0.1) == pytest.approx([0.2, 0.3, 0.4])
    assert spread([0.9, 0.95, 0.99], 0.1) == pytest.approx([0.8, 0.9, 1.0])
    assert cut("a" * 40, 10) == "a" * 9 + "…"


def test_what_is_small_is_one_series() -> None:
    series = {f"s{number}": [float(number)] for number in range(1, 11)}
    shown, colours = largest(series, "{count} others")
    assert list(shown) == ["s10", "s9", "s8", "s7", "s6", "5 others"]
    assert fsum(values[0] for values in shown.values()) == 55
    assert set(shown) == set(colours)


@pytest.mark.parametrize(
    "name", ["power", "budget", "supply", "vendor_share", "silo", "supercomputer_ceiling", "parallelism"]
)
def test_limits_of_a_saved_plan_are_those_of_the_plan(name: str) -> None:
    made = make_plan(tiny.case(**CASES[name]).comparable)
    asked = {
        (limit.family, limit.subjects): limit.saves_hkd_per_unit
        for limit in limits(made)
        if limit.opens is None and any(made.model.rows[number].limit for number in limit.numbers)
    }
    read = {(limit.family, limit.subject): limit.saves_hkd_per_unit for limit in priced_limits(made.record)}
    assert {key: hkd for key, hkd in read.items() if key in asked} == pytest.approx(asked)
    assert set(read) == set(asked)


def test_the_highest_figures_fit_a_page_of_a4() -> None:
    page_pixels = 960
    assert 96 + lawful.ROW_HEIGHT * lawful.MOST_ROWS < page_pixels
    assert 96 + procurement.ROW_HEIGHT * procurement.MOST_ROWS < page_pixels
    assert 30 + (power.PANEL + power.GAP) * power.MOST_PANELS < page_pixels
    assert jobs.FRAME + jobs.MOST_HEIGHT < page_pixels
