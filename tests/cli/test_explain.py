"""`planner explain`: on a case and on a saved plan, for people and for scripts."""

from __future__ import annotations

import json

import pytest

from tests.cli.small_case import call


def test_words_come_first(case, capsys):
    lines = call(capsys, "explain", case, "limits").out.splitlines()
    assert lines[0] == "What limits small"
    assert lines[1] == "  - 1 limit with a number binds."
    assert lines[2].startswith("  - One more MW at hall from 2027q2 to 2027q4 would save HKD ")


def test_the_overview_needs_no_topic(case, capsys):
    assert call(capsys, "explain", case).out.splitlines()[0] == "Why small is planned so"


def test_json_has_words_and_tables(case, capsys):
    answer = json.loads(call(capsys, "explain", case, "embargo", "--json").out)
    assert answer["schema"] == "planner.explain/1"
    assert len(answer["inputs_sha256"]) == 64
    assert answer["results"]["topic"] == "embargo"
    assert answer["results"]["words"][0].startswith("US export control costs this plan HKD ")
    assert [rule["rule"] for rule in answer["results"]["tables"]["rules"]] == ["us_3a090a1_dc"]


def test_csv_shows_the_tables(case, capsys):
    out = call(capsys, "explain", case, "why-not", "--format", "csv").out
    assert out.startswith(
        "offer,accelerator,reason,because,rule,citation,price_usd,break_in_usd,falls_share\nb200,nvidia_b200,unlawful,"
    )


@pytest.mark.slow
def test_a_saved_plan_is_explained_as_its_case(case, capsys):
    call(capsys, "plan", case, "-o", "first")
    assert call(capsys, "explain", "first", "limits").out == call(capsys, "explain", case, "limits").out


def test_a_scenario_is_taken_as_certain(case, capsys):
    out = call(capsys, "explain", case, "why-not", "--scenario", "snap_embargo").out
    assert "Unlawful: card and b200." in out


def test_what_is_not_there_is_told(case, capsys):
    assert "Did you mean limits?" in call(capsys, "explain", case, "limit", code=2).err
    assert "there is no such file" in call(capsys, "explain", "nowhere.yaml", code=3).err


def test_a_kind_may_stand_before_an_id_but_topics_come_one_at_a_time(case, capsys):
    assert call(capsys, "explain", case, "workload", "service").out == call(capsys, "explain", case, "service").out
    told = call(capsys, "explain", case, "limits", "tax", code=2)
    assert told.err == "planner: one topic at a time, not limits tax.\n"
