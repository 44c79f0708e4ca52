"""`planner catalog`: every topic lists its records, one record shows all its fields, and each says where it comes from."""

import csv
import io
import json

import pytest

from planner.cli.run import run
from planner.intake.catalogue_records import LISTINGS


@pytest.mark.parametrize("topic", LISTINGS)
def test_every_topic_lists_dated_records(capsys, topic):
    assert run(["catalog", topic, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["schema"] == "planner.catalog/1"
    assert len(answer["results"]) >= 8
    assert all(record["as_of"] and record["file"].startswith("data/") for record in answer["results"])


@pytest.mark.parametrize("topic", LISTINGS)
def test_every_topic_reads_as_a_table(capsys, topic):
    assert run(["catalog", topic]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("as of 2026-11-20")
    assert lines[-1] == f"`planner catalog {topic} ID` shows one in full, with its source."
    assert max(map(len, lines)) <= 160


def test_what_would_fill_a_line_is_told_by_its_span(capsys):
    assert run(["catalog", "prices"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("server_kw_per_device")]
    assert line.split()[1:6] == ["40", "figures,", "0.16", "to", "4.17"]


def test_one_device_in_full(capsys):
    assert run(["catalog", "accelerators", "nvidia_h20_96gb"]) == 0
    text = capsys.readouterr().out
    for field, value in (
        ("tpp", "2,368"),
        ("fp4_tflops", "unknown"),
        ("confidence", "sourced"),
        ("sources", "Epoch AI"),
    ):
        assert any(line.startswith(field) and value in line for line in text.splitlines()), field


def test_a_public_cluster_in_full(capsys):
    assert run(["catalog", "clusters", "JUPITER"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for field, value in (("devices", "24,000"), ("months", "23.1"), ("confidence", "mixed"), ("source", "https://")):
        assert any(line.startswith(field) and value in line for line in lines), field
    assert run(["catalog", "clusters", "JUPITR"]) == 3
    assert "Did you mean JUPITER?" in capsys.readouterr().err


def test_a_rule_in_words(capsys):
    assert run(["catalog", "rules", "us_3a090b1_nac"]) == 0
    match = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("match"))
    assert match.endswith(
        "vendor_country != CN and datacenter_marketed == true and tpp >= 2,400 and tpp < 4,800 "
        "and performance_density >= 1.6 and performance_density < 5.92"
    )


@pytest.mark.slow
def test_ids_of_verdicts_can_be_looked_up(capsys):
    for id in ("us_3a090_oct2023", "us_3a090a1_dc", "tightening"):
        assert run(["catalog", "rules", id, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["results"][0]["id"] == id


def test_csv_has_every_field(capsys):
    assert run(["catalog", "accelerators", "-f", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == 126
    assert {"performance_density", "io_bandwidth_gbps", "sources", "note"} <= set(rows[0])


def test_what_does_not_exist_gets_near_names(capsys):
    assert run(["catalog", "rules", "us_hq"]) == 3
    told = capsys.readouterr().err
    assert (
        "the catalogue has nothing called 'us_hq' among rules. Did you mean us_hq_rule, us_hq_a or us_hq_built_for?"
        in told
    )
    assert run(["catalog", "planets"]) == 2
