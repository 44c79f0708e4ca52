"""What a book of rules refuses, so that one answer always stands."""

import copy

import pytest
from pydantic import ValidationError

from planner.domain.regime import RuleBook
from planner.intake.catalogue import raw


@pytest.fixture
def book():
    return copy.deepcopy(raw("regimes.yaml"))


def refused(book, complaint):
    with pytest.raises(ValidationError, match=complaint):
        RuleBook.model_validate(book)


def regime(book, id):
    return next(regime for regime in book["regimes"] if regime["id"] == id)


def test_the_book_itself_stands(book):
    assert len(RuleBook.model_validate(book).regimes) == len(book["regimes"])


def test_a_priority_stands_once(book):
    regime(book, "us_hbm_dec2024")["rules"][0]["priority"] = 330
    refused(book, "priority 330 stands twice")


def test_a_rule_id_stands_once(book):
    regime(book, "us_hbm_dec2024")["rules"][0]["id"] = "us_listed_party"
    refused(book, "rule us_listed_party stands twice")


def test_a_regime_id_stands_once(book):
    book["regimes"].append(regime(book, "hk_pdpo"))
    refused(book, "regime hk_pdpo stands twice")


def test_a_default_is_needed(book):
    regime(book, "us_ear_hk_as_china")["rules"] = []
    refused(book, "layer us_hardware has no default rule")


def test_scenarios_rank_above_the_book(book):
    regime(book, "us_hbm_dec2024")["rules"][0]["priority"] = 2000
    refused(book, "priorities of us_hardware must stay below 2000")
    regime(book, "us_hbm_dec2024")["rules"][0]["priority"] = 340
    book["scenarios"]["tightening"]["override_rules"][0]["priority"] = 1999
    refused(book, "rules of scenarios need a priority of 2000 or more")


def test_a_scenario_disables_what_exists(book):
    book["scenarios"]["tightening"]["disable_regimes"] = ["us_jan2026"]
    refused(book, "scenario tightening disables us_jan2026, which is no regime")


def test_a_regime_ends_after_it_begins(book):
    regime(book, "us_isinformed_aug2022")["effective_to"] = "2022-08-25"
    refused(book, "ends on 2022-08-25, before it begins on 2022-08-26")
