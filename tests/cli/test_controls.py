"""`planner controls`: what it answers, how it reads, what it refuses."""

import csv
import io
import json

import pytest

from planner.cli.run import run

FIELDS = {"accelerator", "on", "destination", "channel", "outcome", "rule", "regime", "fee_or_tax_pct", "confidence"}
FIELDS |= {"because", "flags", "nearest_rule", "why_not_nearest", "citation"}


def asked(capsys, *args):
    assert run(["controls", *args, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys, *args, code):
    assert run(["controls", *args]) == code
    return capsys.readouterr().err


def test_one_record_per_device_in_the_order_asked(capsys):
    answer = asked(capsys, "nvidia_l2", "nvidia_h200_sxm", "--on", "2026-11-21")
    assert (answer["schema"], answer["status"], answer["data_as_of"]) == ("planner.controls/1", "ok", "2026-11-20")
    first, second = answer["results"]
    assert FIELDS <= set(second)
    assert (first["accelerator"], first["outcome"]) == ("nvidia_l2", "uncontrolled")
    assert (second["outcome"], second["rule"], second["regime"], second["fee_or_tax_pct"], second["confidence"]) == (
        "case_by_case",
        "us_jan2026_tariff_bands",
        "us_jan2026_case_by_case",
        25,
        "high",
    )
    assert second["because"] == (
        "Rule of 15 January 2026: review case by case below 21,000 TPP and 6,500 GB/s; designed in US, on sale in the US "
        "in January 2026, shipped from the US, made for data centres, 14,000 < TPP 15,832 < 17,500, "
        "4,500 < memory bandwidth 4,800 GB/s < 5,000: a licence is needed and reviewed case by case."
    )
    assert second["nearest_rule"] == "us_3a090a1_dc"
    assert second["why_not_nearest"] == "it matches as well, but its priority 330 lies below 530"
    assert [flag["rule"] for flag in second["flags"]] == ["hk_import_licence_check"]


@pytest.mark.slow
def test_without_ids_all_devices_answer(capsys):
    assert len(asked(capsys, "--on", "2026-11-21")["results"]) == 126


@pytest.mark.parametrize(
    ("args", "outcome"),
    [
        (("--to", "OTHER"), "presumption_of_denial"),
        (("--to", "other", "--assume", "end_user_hq=us"), "unknown"),
        (("--to", "singapore", "--assume", "end_user_hq=us"), "uncontrolled"),
        (("--to", "vietnam", "--assume", "end_user_hq=us"), "case_by_case"),
        (("--to", "sg", "--assume", "end_user_hq=russia"), "presumption_of_denial"),
        (("--to", "US"), "uncontrolled"),
        (("--assume", "shipped_from_us=false"), "presumption_of_denial"),
        (("--assume", "us_commercially_available=false"), "presumption_of_denial"),
        (("--assume", "buyer_listed=true", "--assume", "use_case=training"), "prohibited"),
        (("--channel", "cloud"), "uncontrolled"),
        (("--channel", "cloud", "--assume", "use_case=training"), "compliance_risk"),
        (("--channel", "cloud", "--on", "2027-01-01", "--scenario", "tightening"), "prohibited"),
        (("--on", "2021-06-01"), "uncontrolled"),
    ],
)
def test_facts_of_the_transaction_change_the_answer(capsys, args, outcome):
    day = () if "--on" in args else ("--on", "2026-07-01")
    assert asked(capsys, "nvidia_h200_sxm", *args, *day)["results"][0]["outcome"] == outcome


def test_people_see_groups_by_outcome_and_the_rules_below(capsys):
    assert run(["controls", "nvidia_b200", "nvidia_l2", "nvidia_a10", "--on", "2026-11-21"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "uncontrolled (2): it needs no licence"
    assert any(line.startswith("presumption_of_denial (1): ") for line in lines)
    assert any(line.startswith("us_default_uncontrolled: Hong Kong counts as China under the EAR") for line in lines)


def test_one_device_is_told_in_full(capsys):
    assert run(["controls", "nvidia_a10", "--on", "2026-11-21"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("NVIDIA A10 (nvidia_a10): purchase to HK on 2026-11-21\n")
    assert "Nearest other rule: us_3a090b2_nac (notify), performance density 3.18269 is below 3.2 (by 0.54 %)." in text
    assert "Citation: EAR: 3A991" in text


def test_csv_is_one_table(capsys):
    assert run(["controls", "nvidia_b200", "nvidia_l2", "--on", "2026-11-21", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["accelerator"], row["outcome"]) for row in rows] == [
        ("nvidia_b200", "presumption_of_denial"),
        ("nvidia_l2", "uncontrolled"),
    ]


def test_unknown_devices_are_told_all_at_once_with_near_names(capsys):
    told = refused(capsys, "nvidia_h20", "xyzzy", code=3)
    assert "the catalogue has no accelerator 'nvidia_h20'. Did you mean nvidia_h20_96gb, nvidia_h20_141gb or" in told
    assert "the catalogue has no accelerator 'xyzzy'. `planner catalog accelerators` lists them." in told
    assert "2 problems." in told


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (("--on", "tomorrow"), "'tomorrow' is no date; write --on 2027-01-05."),
        (("--on", "2019-01-01"), "the rules of us_hardware begin on 2020-12-23; there is no answer for 2019-01-01"),
        (("--scenario", "tightning"), "no scenario is called 'tightning'"),
        (("--assume", "end_user=SG"), "no rule asks for 'end_user'. Did you mean end_user_hq"),
        (("--assume", "end_user_hq"), "lacks a value; write KEY=VALUE"),
        (("--assume", "buyer_listed=maybe"), "--assume buyer_listed=maybe: input should be a valid boolean"),
        (("--assume", "destination=CN"), "destination has an option of its own: --to CN."),
        (("--assume", "use_case=training", "--assume", "use_case=inference"), "use_case is assumed twice."),
        (("--to", "Mars"), "--to 'Mars' is no country"),
        (("--to", "HKG"), "'HKG' is no country; you may mean HK (Hong Kong)"),
        (("--to", "singapor"), "you may mean SG (Singapore)"),
        (("--assume", "end_user_hq=HKG"), "'HKG' is no country; you may mean HK (Hong Kong)"),
    ],
)
def test_calls_that_make_no_sense_are_refused(capsys, args, complaint):
    assert complaint in refused(capsys, "nvidia_l2", *args, code=2)


def test_history_is_a_table_of_spans(capsys):
    assert run(["controls", "nvidia_h20_96gb", "--history", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["schema"] == "planner.controls_history/1"
    assert [span["from"] for span in answer["results"]] == ["2020-12-23", "2025-04-09", "2025-07-15", "2025-08-11"]
    assert answer["results"][-1]["to"] is None
    assert run(["controls", "nvidia_h20_96gb", "--history"]) == 0
    assert "Outcome over time: purchase to HK" in capsys.readouterr().out
    assert "--history is about all days" in refused(capsys, "nvidia_l2", "--history", "--on", "2026-01-01", code=2)


def test_an_answer_has_what_counsel_asks_for(capsys):
    (one,) = asked(capsys, "nvidia_l40", "--on", "2026-11-21")["results"]
    assert (one["eccn"], one["licence_exception"]) == ("3A090.b.1", "NAC, 15 CFR 740.8")
    assert one["review_policy"].startswith("notice 25 days ahead")
    assert (one["in_force_from"], one["rules_known_to"]) == ("2023-11-17", "2026-11-20")
    assert one["approval_share"]["mid"] == 0.02
    assert {"fact", "assumed", "if_instead", "outcome", "rule"} == set(one["assumed"][0])
    (stated,) = asked(capsys, "nvidia_l40", "--on", "2026-11-21", "--assume", "buyer_listed=false")["results"]
    assert "buyer_listed" in {fact["fact"] for fact in one["assumed"]} - {fact["fact"] for fact in stated["assumed"]}


def test_an_unknown_outcome_names_what_it_may_be(capsys):
    (one,) = asked(capsys, "metax_c500_pcie", "--on", "2026-11-21")["results"]
    assert one["outcome"] == "unknown"
    assert one["possible"] == [
        {"outcome": "compliance_risk", "rule": "us_gp10_presumed"},
        {"outcome": "uncontrolled", "rule": "us_default_uncontrolled"},
    ]
    assert one["unknown"] == ["performance density"]


def test_a_memo_for_counsel(tmp_path, capsys):
    path = tmp_path / "memo.md"
    assert run(["controls", "nvidia_h200_sxm", "nvidia_l2", "--on", "2026-11-21", "-o", str(path)]) == 0
    text = path.read_text()
    for heading in (
        "# Memo on export control",
        "### Question",
        "### Facts",
        "### Answer",
        "### What would change it",
        "### Doubts",
    ):
        assert heading in text
    assert "May NVIDIA H200 141GB SXM5 (`nvidia_h200_sxm`) be bought for HK on 2026-11-21?" in text
    assert "- citation: 91 FR 1684" in text
    assert "shipped from the US is assumed; not shipped from the US: presumption_of_denial by us_3a090a1_dc" in text
    assert "Rules known to 2026-11-20." in text


def test_a_flag_says_what_it_means(capsys):
    assert run(["controls", "hygon_dcu_z100", "--on", "2026-11-21"]) == 0
    text = capsys.readouterr().out
    assert (
        "us_maker_hygon: compliance_risk (us_parties); the Entity List bars supplies to the maker, not purchases from it"
        in text
    )
