"""`planner serve`: a plan's speeds, costs worked by hand, the choice, budgets, calibration, and what it refuses."""

from __future__ import annotations

import json
from datetime import date
from math import ceil

import pytest
from tiny import case, rental, service, site

from planner.cli.run import run
from planner.intake.catalogue import models, performance_parameters
from planner.model.options import find_options
from planner.performance.service import load_of, request_flop
from planner.serving.choice import serve_options
from planner.serving.option import HOURS_PER_MONTH
from planner.serving.question import question
from planner.training.market import economics, offers

ASKED = {"model": "Llama-3.1-70B", "output_tokens_per_s": 20_000, "tokens_in": 2000, "tokens_out": 500, "tpot_ms": 50}
LINE = ["serve", "--tokens-in", "2000", "--tokens-out", "500", "--on", "2026-11-20"]
LOAD = ["--model", "Llama-3.1-70B", "--output-tokens-per-s", "20000", "--tpot-ms", "50"]


def of_option(name: str, **changes):
    return next(each for each in serve_options(question(**{**ASKED, **changes})) if each.option == name)


def test_a_device_serves_what_it_serves_in_a_plan() -> None:
    device = "nvidia_h100_sxm"
    text = {name: value for name, value in ASKED.items() if name != "model"}
    asked = {**service(), **text, "method": "inference", "model": ASKED["model"], "measured_pflops_per_device": {}}
    for gone in ("params_b", "demand_pflops"):
        asked.pop(gone)
    planned = case(
        workloads={"service": None, "asked": asked},
        sites={"cloud": site(access="rent", phases=[], destination="OTHER", legal_zone="sg", operator_parent="SG")},
        offers={"rent": rental()},
    ).model_copy(update={"performance": performance_parameters(), "models": models()})
    options = find_options(planned)
    workload = planned.workloads["asked"]
    useful = options.speeds.reference(workload, device).useful_pflops
    flop = request_flop(models()["Llama-3.1-70B"], load_of(workload))
    served = of_option("sg_h100_rental").tokens_per_s_per_device
    assert served is not None
    assert useful * 1e15 / flop * 500 == pytest.approx(served.p50)


def test_devices_and_a_month_of_rent_by_hand() -> None:
    row = of_option("sg_h100_rental")
    each = row.tokens_per_s_per_device.p50 * row.copy_devices
    copies = ceil(20_000 / each)
    assert row.devices == ceil(copies * row.copy_devices / economics().availability)
    rent = offers()["sg_h100_rental"].rent_usd_per_device_hour.mid * economics().hkd_per_usd
    assert row.hkd_per_month.p50 == pytest.approx(row.devices * rent * HOURS_PER_MONTH)
    # 20,000 tokens/s for 30.4375 days are 52,596 million
    assert row.hkd_per_million_tokens == pytest.approx(row.hkd_per_month.p50 / 52_596)


def test_nothing_is_ready_before_the_first_day_of_its_offer() -> None:
    # 950DT is sold from 2027-01-01 on and takes six months, 182.6 days; law is asked for the day of its shipment.
    row = of_option("ascend_950dt_domestic", on=date(2026, 11, 27))
    assert row.ready == date(2027, 7, 3)
    assert row.legal["on"] > "2027-01-01"


def test_a_mean_below_the_peak_saves_energy_of_what_is_owned_and_makes_tokens_dearer() -> None:
    owned = ("ascend_910c_domestic", "sg_h100_rental")
    flat, peaked = ([of_option(name, peak_over_mean=peak) for name in owned] for peak in (1, 3))
    assert peaked[0].hkd_per_month.p50 < flat[0].hkd_per_month.p50
    assert peaked[1].hkd_per_month == flat[1].hkd_per_month
    assert peaked[1].hkd_per_million_tokens == pytest.approx(3 * flat[1].hkd_per_million_tokens)


def test_one_is_chosen_and_it_is_the_cheapest_that_may_be() -> None:
    rows = serve_options(question(**ASKED, data_class="western_client"))
    assert [row.chosen for row in rows] == [True] + [False] * (len(rows) - 1)
    free = [row for row in rows if row.why_not is None or row.why_not.startswith("costs")]
    assert rows[0].hkd_per_month.p50 == min(row.hkd_per_month.p50 for row in free)
    assert any(str(row.why_not).startswith("data rule") for row in rows)
    assert any(str(row.why_not).startswith("law") for row in rows)


def test_a_scheme_that_ends_soon_carries_no_service() -> None:
    row = of_option("aisc_h800_rental_aiss")
    assert not row.chosen
    assert "the scheme ends on" in row.why_not


def test_a_budget_buys_whole_copies_within_it() -> None:
    rows = serve_options(question(**{**ASKED, "output_tokens_per_s": None}, budget_hkd=500_000))
    best = rows[0]
    assert best.chosen
    assert best.hkd_per_month.p50 <= 500_000
    assert best.output_tokens_per_s == max(
        row.output_tokens_per_s for row in rows if row.why_not is None or "serves" in row.why_not
    )


def test_json_has_every_figure(capsys) -> None:
    assert run([*LINE, *LOAD, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["schema"] == "planner.serve/1"
    first = answer["results"][0]
    assert first["chosen"]
    assert first["tpot_ms"] <= 50
    speed = first["tokens_per_s_per_device"]
    assert speed["p10"] < speed["p50"] < speed["p90"]


def test_the_page_says_what_binds_and_what_stands_in_the_way(capsys) -> None:
    assert run([*LINE, *LOAD]) == 0
    out = capsys.readouterr().out
    assert "CHOSEN" in out
    assert "Most of the time is" in out
    assert "What stands in the way" in out


def test_measurements_scale_the_model_and_it_says_by_how_much(tmp_path, capsys) -> None:
    base = of_option("sg_h100_rental", tpot_ms=None).tokens_per_s_per_device.p50
    file = tmp_path / "own.csv"
    head = "model,accelerator_id,tokens_in,tokens_out,output_tokens_per_s_per_device\n"
    file.write_text(f"{head}llama 3.1 70b,nvidia_h100_sxm,2000,500,{base / 2}\n")
    args = [*LINE, *LOAD[:4], "--accelerator", "nvidia_h100_sxm", "--calibrate", str(file), "--json"]
    assert run(args) == 0
    rows = json.loads(capsys.readouterr().out)["results"]
    assert rows[0]["tokens_per_s_per_device"]["p50"] == pytest.approx(base / 2)
    assert any("0.50 of the published speed" in said for said in rows[0]["assumptions"])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            "lama-3.1-70b,nvidia_h100_sxm,2000,500,400",
            "the catalogue has no model 'lama-3.1-70b'. Did you mean Llama-3.1-70B",
        ),
        ("Llama-3.1-70B,nvidia_h100,2000,500,400", "the catalogue has no accelerator 'nvidia_h100'. Did you mean"),
        ("Llama-3.1-70B,nvidia_h100_sxm,2000,500,40000", "times the modelled"),
        ("Llama-3.1-70B,nvidia_h100_sxm,2000,500,fast", "not a number"),
    ],
)
def test_a_wrong_measurement_is_told_with_its_line(row, words, tmp_path, capsys) -> None:
    file = tmp_path / "own.csv"
    file.write_text(f"model,accelerator_id,tokens_in,tokens_out,output_tokens_per_s_per_device\n{row}\n")
    assert run([*LINE, *LOAD, "--calibrate", str(file)]) == 3
    err = capsys.readouterr().err
    assert f"{file}:2" in err
    assert words in err


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        ([*LINE, "--model", "llama-3.1-70"], 3, "the catalogue has no model 'llama-3.1-70'. Did you mean"),
        ([*LINE, "--model", "Llama-3.1-70B"], 3, "no load is given"),
        ([*LINE, *LOAD, "--requests-per-s", "3"], 3, "the load is given twice"),
        ([*LINE, "--model", "whisper-large", "--requests-per-s", "3"], 3, "is a speech model"),
        ([*LINE, *LOAD, "--precision", "fp9", "--cached-share", "30"], 3, "2 problems."),
        ([*LINE, *LOAD[:4], "--tpot-ms", "0.01"], 3, "no batch keeps the limits of latency"),
        ([*LINE[:-1], "soon", *LOAD], 2, "'soon' is no date"),
    ],
)
def test_what_it_refuses(args, code, words, capsys) -> None:
    assert run(args) == code
    assert words in capsys.readouterr().err


def test_the_table_says_in_a_word_what_stands_against_an_option(capsys) -> None:
    assert run([*LINE, *LOAD, "--us-exposure", "--all"]) == 0
    lines = capsys.readouterr().out.splitlines()
    choice = {
        name: next(line for line in lines if line.startswith(name)).split()[-1]
        for name in ("b200_direct", "ascend_910c_domestic")
    }
    assert choice == {"b200_direct": "law", "ascend_910c_domestic": "law"}
