"""`planner serve`: a plan's speeds, costs worked by hand, the choice, budgets, calibration, and what it refuses."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from math import ceil

import pytest
from tiny import case, rental, service, site

from planner.cli.run import run
from planner.intake.catalogue import economics, models, offers, performance_parameters, sites
from planner.model.options import find_options
from planner.performance.service import load_of, request_flop
from planner.serving.choice import serve_options
from planner.serving.option import HOURS_PER_MONTH
from planner.serving.question import question
from planner.training.market import PLACES

ASKED = {"model": "Llama-3.1-70B", "output_tokens_per_s": 20_000, "tokens_in": 2000, "tokens_out": 500, "tpot_ms": 50}
LINE = ["serve", "--tokens-in", "2000", "--tokens-out", "500", "--on", "2026-11-20"]
LOAD = ["--model", "Llama-3.1-70B", "--output-tokens-per-s", "20000", "--tpot-ms", "50"]


def of_option(name: str, **changes):
    return next(each for each in answers(tuple(changes.items())) if each.option == name)


@cache
def answers(changes: tuple[tuple[str, object], ...]):
    """Of the whole market, which takes a while: once for each question."""
    return tuple(serve_options(question(**{**ASKED, **dict(changes)})))


@pytest.mark.slow
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
    # 950DT is sold from 2027-01-01 on and takes six months, its hall at Tseung Kwan O seven, 213.1 days, one of one's own
    # six; law is asked for the day of its shipment.
    row, own = (of_option(f"ascend_950dt_domestic{hall}", on=date(2026, 11, 27)) for hall in ("", "_own"))
    assert (row.ready, own.ready) == (date(2027, 8, 2), date(2027, 7, 3))
    assert row.legal["on"] > "2027-01-01"


@pytest.mark.slow
def test_a_mean_below_the_peak_saves_energy_of_what_is_owned_and_makes_tokens_dearer() -> None:
    owned = ("ascend_910c_domestic", "sg_h100_rental")
    flat, peaked = ([of_option(name, peak_over_mean=peak) for name in owned] for peak in (1, 3))
    assert peaked[0].hkd_per_month.p50 < flat[0].hkd_per_month.p50
    assert peaked[1].hkd_per_month == flat[1].hkd_per_month
    assert peaked[1].hkd_per_million_tokens == pytest.approx(3 * flat[1].hkd_per_million_tokens)


def test_a_hall_of_ones_own_saves_the_rent_of_racks() -> None:
    own, hired = of_option("ascend_910c_domestic_own"), of_option("ascend_910c_domestic")
    kw = economics().server_kw_per_device["huawei_ascend_910c"]
    hall, colo = sites()["own_hall"], sites()["hk_colo_tko"]
    racks = colo.hosting_hkd_per_kw_month.mid * kw
    energy = [site.pue * site.tariff_hkd_per_kwh.mid * kw * HOURS_PER_MONTH for site in (hall, colo)]
    assert own.devices == hired.devices
    saved = hired.hkd_per_month.p50 - own.hkd_per_month.p50
    assert saved == pytest.approx(own.devices * (racks + energy[1] - energy[0]))
    assert own.purchase_hkd == hired.purchase_hkd
    assert any("its building is not" in said for said in own.assumptions)


@pytest.mark.slow
def test_law_and_data_rules_are_those_of_the_country_asked_for() -> None:
    at_home, abroad = (of_option("h20_96gb_licensed_own", to=to, data_class="personal_hk") for to in ("HK", "CN"))
    assert at_home.data_rule.split(":")[0] == "allow in hk_onprem"
    assert abroad.data_rule.split(":")[0] == "condition in cn_gba"
    assert of_option("h100_direct_own", to="US").legal["outcome"] != at_home.legal["outcome"]


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


@pytest.mark.slow
def test_where_nothing_is_chosen_the_nearest_is_told_with_what_is_against_it(capsys) -> None:
    assert run([*LINE, *LOAD, "--budget-hkd", "1000"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "in that number within HKD 1 k a month. The nearest, but dearer than the budget: 20,000 tokens/s" in out
    assert "Path: guangzhou_a800_rental" in out
    assert "CHOSEN" not in out


@pytest.mark.slow
def test_a_budget_for_less_than_a_copy_is_told_what_a_copy_costs(capsys) -> None:
    assert run([*LINE, *LOAD[:2], "--tpot-ms", "50", "--budget-hkd", "1000"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "The nearest, but one copy is dearer than the budget:" in out
    first = serve_options(question(**{**ASKED, "output_tokens_per_s": None}, budget_hkd=1000))[0]
    one_copy = ceil(first.copy_devices / economics().availability)
    assert first.devices == one_copy
    assert f"Path: {first.option}, " in out


@pytest.mark.slow
def test_what_is_bought_comes_within_a_year() -> None:
    # 40 a quarter
    few = of_option("c600_domestic", output_tokens_per_s=1_000)
    many = of_option("c600_domestic")
    assert few.devices <= 160 < many.devices
    assert few.why_not.startswith("costs")
    assert many.why_not == "only 160 devices come in a year"


@pytest.mark.slow
def test_without_a_limit_a_pace_that_nobody_reads_at_is_told(capsys) -> None:
    told = "No limit on the time of a token was given"
    assert run([*LINE, *LOAD[:4]]) == 0
    assert told in capsys.readouterr().out
    assert run([*LINE, *LOAD]) == 0
    assert told not in capsys.readouterr().out


def test_dimensions_and_prompts_apart_are_asked_for(capsys) -> None:
    plain = ["--params-b", "70", *LOAD[2:], "--accelerator", "nvidia_h800_sxm", "--json"]
    speeds = []
    for more in ([], ["--kv-heads", "64"], ["--apart"]):
        assert run([*LINE, *plain, *more]) == 0
        speeds.append(json.loads(capsys.readouterr().out)["results"][0]["tokens_per_s_per_device"]["p50"])
    assert speeds[1] < speeds[0] < speeds[2]
    assert run([*LINE, *LOAD, "--layers", "80"]) == 3
    assert "--layers is known of a model by name" in capsys.readouterr().err


@pytest.mark.slow
def test_json_has_every_figure(capsys) -> None:
    assert run([*LINE, *LOAD, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["schema"] == "planner.serve/1"
    first = answer["results"][0]
    assert first["chosen"]
    assert first["tpot_ms"] <= 50
    speed = first["tokens_per_s_per_device"]
    assert speed["p10"] < speed["p50"] < speed["p90"]


@pytest.mark.slow
def test_the_page_says_what_binds_and_what_stands_in_the_way(capsys) -> None:
    assert run([*LINE, *LOAD]) == 0
    out = capsys.readouterr().out
    assert "CHOSEN" in out
    assert "Most of the time goes into computing prompts" in " ".join(out.split())
    assert "What stands in the way" in out


@pytest.mark.slow
def test_the_table_is_by_place_and_each_has_its_first(capsys) -> None:
    assert run([*LINE, *LOAD]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line for line in lines if line in PLACES} == set(PLACES)
    assert lines[lines.index("mainland") + 1].split()[-1] == "CHOSEN"


def test_where_a_hall_of_ones_own_is_chosen_it_tells_what_is_best_without_one(capsys) -> None:
    assert run([*LINE, *LOAD, "--accelerator", "huawei_ascend_910c"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Cheapest lawful path: ascend_910c_domestic_own, own, in a hall of one's own" in out
    assert "to buy and install, spread over 5 years" in out
    assert "Without a hall of one's own: ascend_910c_domestic, own, in colocation, HKD" in out


@pytest.mark.slow
def test_in_a_browser_it_is_the_page_of_the_terminal(tmp_path) -> None:
    file = tmp_path / "page.html"
    assert run([*LINE, *LOAD, "--data-class", "personal_hk", "-o", str(file)]) == 0
    page = file.read_text(encoding="utf-8")
    assert "<h1>Llama-3.1-70B: 20,000 tokens/s in the busy hour, 2,000 tokens in, 500 out</h1>" in page
    assert '<tr><th scope="colgroup" colspan="10">own hall</th></tr>' in page
    assert "<h2>What stands in the way</h2>\n<ul><li>" in page


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


@pytest.mark.slow
@pytest.mark.parametrize("speed", [60, 230])
def test_measurements_under_a_limit_are_met_and_the_limit_is_kept(speed, tmp_path) -> None:
    file = tmp_path / "own.csv"
    head = "model,accelerator_id,tokens_in,tokens_out,tpot_ms,devices,output_tokens_per_s_per_device\n"
    file.write_text(f"{head}llama 3.1 70b,huawei_ascend_910c,2000,500,50,8,{speed}\n")
    row = of_option("ascend_910c_domestic", calibrate=file)
    # It may take a copy that is wider than the one that was measured.
    assert row.tokens_per_s_per_device.p50 == pytest.approx(speed, rel=0.02)
    assert row.tpot_ms <= 50


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
        (
            [*LINE, *LOAD[:4], "--tpot-ms", "0.01"],
            3,
            "takes 5.24 ms a token and 0.024 s to the first on nvidia_r200, one",
        ),
        ([*LINE, "--params-b", "90000", *LOAD[2:]], 3, "is not served on any of"),
        ([*LINE[:-1], "soon", *LOAD], 2, "'soon' is no date"),
        ([*LINE, *LOAD, "--to", "Malaysia"], 3, "the catalogue knows no hall or tariff there. Give one of HK, CN, SG"),
        ([*LINE, "--model", "lama", *LOAD[2:], "--to", "Singapur"], 3, "2 problems."),
    ],
)
def test_what_it_refuses(args, code, words, capsys) -> None:
    assert run(args) == code
    assert words in capsys.readouterr().err


@pytest.mark.slow
def test_the_table_says_in_a_word_what_stands_against_an_option(capsys) -> None:
    assert run([*LINE, *LOAD, "--us-exposure", "--all"]) == 0
    lines = capsys.readouterr().out.splitlines()
    choice = {
        name: next(line for line in lines if line.strip().startswith(f"{name} ")).split()[-1]
        for name in ("b200_direct", "ascend_910c_domestic")
    }
    assert choice == {"b200_direct": "law", "ascend_910c_domestic": "law"}


@pytest.mark.slow
def test_what_is_off_the_market_is_not_chosen() -> None:
    # By its cycle the L20 takes its last orders in November 2028.
    small = {"model": "qwen2-7b", "output_tokens_per_s": 500}
    sold, gone = (of_option("l20_distributor", **small, on=date(2028, month, 20)) for month in (11, 12))
    assert sold.fits
    assert sold.closed is None
    assert (gone.closed, gone.chosen) == (date(2028, 12, 1), False)
    assert gone.why_not == "no longer on offer from 2028-12-01 on"
