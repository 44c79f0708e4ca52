"""`planner train-time`: one record per option, tables, cases, a page, and what it refuses."""

import json

import pytest

from planner.cli.run import run

JOB = ["--params-b", "7", "--tokens-b", "200", "--count", "64", "--start", "2026-11-21"]
PROMISED = {
    "tokens_per_s_per_device", "flop", "mfu", "days", "accelerator_hours", "goodput", "layout", "memory_gb_per_device",
    "energy_kwh", "carbon_kg", "cost_hkd", "performance_tax", "legal",
}  # fmt: skip
BANDS = ("tokens_per_s_per_device", "days", "accelerator_hours", "energy_kwh", "carbon_kg", "cost_hkd")


def asked(capsys, *args):
    assert run(["train-time", *args, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_records_carry_what_the_interface_promises(capsys):
    answer = asked(capsys, *JOB, "--accelerator", "nvidia_h800_sxm", "--accelerator", "huawei_ascend_910b2")
    assert (answer["schema"], answer["status"]) == ("planner.train-time/1", "ok")
    for entry in answer["results"]:
        assert PROMISED <= set(entry)
        assert {"tp", "pp", "dp"} <= set(entry["layout"])
        for band in BANDS:
            assert entry[band]["p10"] <= entry[band]["p50"] <= entry[band]["p90"]
        assert {"outcome", "rule", "regime"} <= set(entry["legal"])


@pytest.mark.slow
def test_the_whole_table(capsys):
    assert run(["train-time", *JOB]) == 0
    out = capsys.readouterr().out
    assert "CHOSEN" in out
    assert "architecture guessed from 7 B parameters" in out


def test_pins_show_in_the_layout(capsys):
    pinned = ["--tp", "4", "--pp", "2", "--micro-batch", "1", "--recompute", "full"]
    layout = asked(capsys, *JOB, *pinned, "--accelerator", "nvidia_h800_sxm")["results"][0]["layout"]
    assert (layout["tp"], layout["pp"], layout["dp"], layout["micro_batch"], layout["recompute"]) == (
        4,
        2,
        8,
        1,
        "full",
    )


def test_what_is_bought_stands_where_it_is_asked_to(capsys):
    job = [*JOB, "--accelerator", "huawei_ascend_910c", "--site", "own"]
    places = [asked(capsys, *job, *to)["results"][0]["where"] for to in ([], ["--to", "Singapore"])]
    assert places == ["own, in a hall of one's own", "own, in a hall of one's own in Singapore"]
    assert run(["train-time", *JOB, "--to", "Peru"]) == 3
    assert "--to Peru: the catalogue knows no hall or tariff there" in capsys.readouterr().err


def test_cases_are_answered_row_by_row_even_when_odd(capsys, tmp_path):
    file = tmp_path / "cases.csv"
    file.write_text(
        "model,params_b,accelerator_id,count,tokens_b,precision\n"
        "seven,7,nvidia_h100_sxm,64,1000,bf16\n"
        "nobody,,nvidia_h100_sxm,8,,bf16\n"
        "seven,7,no_such_chip,8,,bf16\n"
        "old,7,nvidia_a100_80gb_sxm,,300,fp8\n"
    )
    first, second, third, fourth = asked(capsys, "--cases", str(file))["results"]
    assert first["accelerator_hours"]["p10"] < first["accelerator_hours"]["p50"]
    assert (second["tokens_per_s_per_device"], second["reason"]) == (
        None,
        "the row names no model whose size could be known",
    )
    assert third["reason"] == "the catalogue has no accelerator 'no_such_chip'"
    assert "fp8 taken as bf16" in fourth["assumptions"]
    assert "64 devices assumed" in fourth["assumptions"]


@pytest.mark.parametrize("suffix", ["md", "html"])
def test_a_page_justifies_the_request(capsys, tmp_path, suffix):
    page = tmp_path / f"request.{suffix}"
    assert run(["train-time", *JOB, "--accelerator", "nvidia_h800_sxm", "--justify", str(page)]) == 0
    text = page.read_text()
    for word in (
        "Complexity",
        "200 B tokens",
        "in bf16",
        "Schedule",
        "Utilisation",
        "sequences a step",
        "Assumptions",
    ):
        assert word in text


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["--params-b", "7", "--tokens-b", "0"], 3, "Give --tokens-b in billions, such as 100."),
        ([*JOB, "--precision", "fp8", "--accelerator", "nvidia_a100_80gb_sxm"], 3, "has no fp8 arithmetic. Use bf16"),
        ([*JOB, "--accelerator", "h100"], 3, "Did you mean nvidia_h100_sxm"),
        (["--params-b", "7", "--tokens-b", "1e12"], 3, "more text than there is. Give --tokens-b in billions"),
        ([*JOB, "--by", "2026-11-20"], 3, "does not follow the start, 2026-11-21. Give a later --by."),
        ([*JOB, "--count", "1000000000"], 3, "Give --count of at most 1,000,000."),
        ([*JOB, "--data-class", "personal_hkk"], 3, "no class of data. Did you mean 'personal_hk'? Known: public, "),
        ([*JOB, "--data-class", "NONSENSE"], 3, "'NONSENSE' is no class of data. Known: public, personal_hk, "),
        ([*JOB, "--tokens-per-second", "3000"], 3, "is that of one accelerator. Name it with one --accelerator"),
        (["--params-b", "7"], 2, "how many tokens?"),
        ([*JOB, "--by", "soon"], 2, "'soon' is no date"),
        ([*JOB, "--batch-tokens", "8192", "--method", "lora"], 3, "Give fewer devices or a larger --batch-tokens."),
        (["--budget-hkd", "2e6", "--site", "aisc", "--count", "0"], 3, "Give --count of at least 1."),
        (["--budget-hkd", "2e6", "--site", "aisc", "--justify", "x.md"], 2, "--justify belongs to one job"),
        (["--budget-hkd", "2000000"], 2, "where? Add --site aisc or --accelerator ID"),
        ([*JOB, "--method", "qlora", "--precision", "fp8"], 3, "QLoRA in fp8 was never measured"),
        ([*JOB, "--method", "lora", "--precision", "fp8", "--no-tuned"], 3, "LoRA on an ordinary stack runs in bf16"),
        ([*JOB, "--method", "lora", "--sample-tokens", "300", "--seq-len", "4096"], 3, "Give one of the two."),
        (["--model", "whisper-large", "--tokens-b", "1"], 3, "whisper-large is a speech model"),
        (["--cases", "/nowhere.csv"], 3, "there is no such file"),
    ],
)
def test_what_makes_no_sense_is_refused(capsys, args, code, said):
    assert run(["train-time", *args]) == code
    assert said in capsys.readouterr().err
