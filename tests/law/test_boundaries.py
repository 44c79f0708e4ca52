"""Every regime of the book on the day before its first, on its first, on its last, and on the day after its last."""

from datetime import date, timedelta

import pytest

from planner.domain.rule import DECIDING_LAYER, FLAG_LAYERS
from planner.domain.transaction import Transaction
from planner.intake.catalogue import accelerators, regimes
from planner.law.outcome import _in_force, outcome_of

ONE = timedelta(days=1)
RULED = [regime for regime in regimes().regimes if regime.rules]


def in_force(regime, on):
    """Ids of the rules of the regime that are in force on the day, at each place of its scope."""
    return {
        place: {
            ground.rule.id
            for ground in _in_force(regime.layer, Transaction(destination=place), on, regimes(), None)
            if ground.source_id == regime.id
        }
        for place in regime.destination_scope
    }


@pytest.mark.parametrize("regime", RULED, ids=lambda regime: regime.id)
def test_a_regime_holds_from_its_first_to_its_last_day(regime):
    everything = {rule.id for rule in regime.rules}
    assert set(map(frozenset, in_force(regime, regime.effective_from - ONE).values())) == {frozenset()}
    assert set(map(frozenset, in_force(regime, regime.effective_from).values())) == {frozenset(everything)}
    last = regime.effective_to or date(2100, 1, 1)
    assert set(map(frozenset, in_force(regime, last).values())) == {frozenset(everything)}
    if regime.effective_to:
        assert set(map(frozenset, in_force(regime, last + ONE).values())) == {frozenset()}


@pytest.mark.parametrize("regime", RULED, ids=lambda regime: regime.id)
def test_a_regime_holds_nowhere_else(regime):
    for place in {"HK", "CN", "MO", "OTHER"} - set(regime.destination_scope):
        found = _in_force(regime.layer, Transaction(destination=place), regime.effective_from, regimes(), None)
        assert regime.id not in {ground.source_id for ground in found}


def test_every_day_on_which_law_changes_is_the_first_or_follows_the_last_of_a_regime():
    days = {regime.effective_from for regime in regimes().regimes}
    days |= {regime.effective_to + ONE for regime in regimes().regimes if regime.effective_to}
    days |= {scenario.start_date for scenario in regimes().scenarios.values()}
    days |= {regime.savings_until for regime in regimes().regimes if regime.savings_until}
    days |= {entry.since for entry in regimes().country_groups if entry.since}
    assert set(regimes().changes) == days


@pytest.mark.parametrize(
    ("since", "on", "rule"),
    [
        ("2023-01-17", "2023-02-15", "us_default_uncontrolled"),  # aboard that day, arrives before the clause ends
        ("2023-01-17", "2023-02-16", "us_3a090_2022_macau"),
        ("2023-01-18", "2023-02-15", "us_3a090_2022_macau"),  # went aboard too late
        (None, "2023-02-15", "us_3a090_2022_macau"),
    ],
)
def test_what_was_on_its_way_arrives_under_the_savings_clause(since, on, rule):
    transaction = Transaction(destination="MO", en_route_since=since)
    found = outcome_of(accelerators()["nvidia_a100_80gb_sxm"], transaction, date.fromisoformat(on), regimes())
    assert found.rule.id == rule


def test_layers_with_rules_decide_or_flag():
    assert {regime.layer for regime in RULED} <= {*DECIDING_LAYER.values(), *FLAG_LAYERS}


def test_every_rule_and_regime_names_source_and_confidence():
    for regime in regimes().regimes:
        assert regime.citations, regime.id
        for rule in regime.rules:
            assert rule.source, rule.id
            assert rule.confidence in ("high", "medium", "low", "recalled"), rule.id
