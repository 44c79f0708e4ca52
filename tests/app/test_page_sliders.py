"""Sliders: which a case has, and the overrides that they mean."""

from __future__ import annotations

import pytest
from page_server import ROOT, SMALL
from tiny import case as tiny_case

import planner
from planner.app.sliders import asked, scenarios, sliders
from planner.app.state import PAGES
from planner.report.language import LANGUAGES, language
from planner.study.whatif.variant import changed

HONG_KONG = ROOT / "examples" / "hong_kong" / "case.yaml"


@pytest.fixture(scope="module")
def city() -> planner.Case:
    return planner.read_case(HONG_KONG)


def test_a_case_has_those_that_move_something_in_it(city: planner.Case) -> None:
    names = ["budget", "power", "licences", "supply", "demand", "price", "rent", "lead", "carbon"]
    assert [slider.name for slider in sliders(city)] == names
    assert "licences" not in [slider.name for slider in sliders(planner.read_case(SMALL))]


def test_nothing_moved_sets_nothing(city: planner.Case) -> None:
    assert asked(city, {}) == ({}, None)
    assert asked(city, {slider.name: f"{slider.default:g}" for slider in sliders(city)}) == ({}, None)


@pytest.mark.slow
def test_each_moved_alone_changes_the_case(city: planner.Case) -> None:
    for slider in sliders(city):
        value = slider.default + 2 * slider.step
        sets, scenario = asked(city, {slider.name: str(value)})
        assert sets
        assert scenario is None
        assert changed(city, sets).model_copy(update={"overrides": {}}) != city, slider.name


def test_what_they_mean() -> None:
    case = planner.read_case(SMALL)
    assert asked(case, {"power": "150", "lead": "3", "carbon": "250"})[0] == {
        "sites.*.power_mw": "*1.5", "sites.*.phases.*.power_mw": "*1.5", "offers.*.lead_time_months": "+3", "economics.carbon_price_hkd_per_tonne": 250.0,
    }  # fmt: skip
    assert asked(case, {"tax": "0.2", "scenario": "tightening"}) == ({"tax.cann": 0.2}, "tightening")


@pytest.mark.parametrize("text", ["", "much", "nan", "inf", "-inf", "1e999", "<b>"])
def test_what_is_no_number_counts_as_not_moved(text: str) -> None:
    case = planner.read_case(SMALL)
    assert asked(case, {"power": text, "tax": text, "scenario": text}) == ({}, None)


def test_values_stay_within_bounds() -> None:
    slider = sliders(planner.read_case(SMALL))[0]
    assert (slider.value("1e9"), slider.value("-5")) == (slider.high, slider.low)


def test_a_case_without_offers_has_sliders_too() -> None:
    case = tiny_case(offers={}, workloads={})
    assert scenarios(case)
    assert sliders(case)


def test_sliders_and_pages_have_names_in_every_language(city: planner.Case) -> None:
    names = {*(slider.words for slider in sliders(city)), *PAGES.values()}
    for tag in LANGUAGES[1:]:
        assert names <= language(tag).words.keys()
