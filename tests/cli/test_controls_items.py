"""`planner controls --item`: how items are asked for, how they read, what is refused."""

import json

import pytest

from planner.cli.run import run


def asked(capsys, *args):
    assert run(["controls", *args, "--on", "2026-11-20", "--json"]) == 0
    return json.loads(capsys.readouterr().out)["results"]


def test_an_item_is_one_record_with_its_kind_and_origin(capsys):
    (one,) = asked(capsys, "--item", "hbm3e", "--to", "HK", "--origin", "south korea")
    assert (one["accelerator"], one["item_type"], one["made_in"]) == ("hbm3e", "hbm", "KR")
    assert (one["outcome"], one["rule"], one["eccn"]) == ("presumption_of_denial", "us_3a090c", "3A090.c")
    assert "made in KR, bandwidth density between 7.93388 and 11.6364 GB/s per mm2" in one["because"]
    assert one["nearest_rule"] == "us_3a090c_grace"


def test_items_and_devices_stand_side_by_side(capsys):
    records = asked(capsys, "nvidia_h20_96gb", "--item", "hgx_h20_server", "--item", "hbm3")
    assert [record["accelerator"] for record in records] == ["nvidia_h20_96gb", "hgx_h20_server", "hbm3"]
    assert [record["item_type"] for record in records] == ["accelerator", "server", "hbm"]
    assert records[0]["rule"] == records[1]["rule"]


def test_facts_of_an_item_change_its_answer(capsys):
    grade = ("--assume", "memory_bandwidth_density=2.78", "--assume", "allied_packaging=true")
    assert asked(capsys, "--item", "hbm2", *grade)[0]["licence_exception"] == "HBM, 15 CFR 740.25"
    assert asked(capsys, "--item", "hbm3", "--origin", "CN")[0]["outcome"] == "unknown"
    stated = asked(capsys, "--item", "hbm3", "--origin", "CN", "--assume", "us_technology=false")[0]
    assert stated["outcome"] == "uncontrolled"
    assert asked(capsys, "--item", "logic_die", "--assume", "transistors_bn=50")[0]["eccn"].startswith("3A090.a")


def test_people_read_makers_and_a_memo_reads_density(capsys):
    assert run(["controls", "--item", "hbm3e", "--on", "2026-11-20"]) == 0
    assert "made by          SK hynix, Samsung (KR)" in capsys.readouterr().out
    assert run(["controls", "--item", "hbm3e", "--on", "2026-11-20", "--format", "markdown"]) == 0
    memo = capsys.readouterr().out
    assert "- made with US technology" in memo
    assert "TPP" not in memo


def test_history_of_an_item(capsys):
    assert run(["controls", "--item", "hbm3e", "--history", "--json"]) == 0
    spans = json.loads(capsys.readouterr().out)["results"]
    assert [(span["from"], span["outcome"]) for span in spans] == [
        ("2020-12-23", "uncontrolled"),
        ("2024-12-02", "uncontrolled"),
        ("2024-12-31", "presumption_of_denial"),
    ]


@pytest.mark.parametrize(
    ("args", "code", "complaint"),
    [
        (("--item", "hbm"), 3, "the catalogue has no item 'hbm'. Did you mean hbm2, hbm2e or hbm3?"),
        (("--item", "hbm5", "--item", "xyzzy"), 3, "2 problems."),
        (("--item", "nvidia_l2"), 2, "nvidia_l2 is a device, no item: planner controls nvidia_l2, without --item."),
        (("--item", "dgx_h100", "--origin", "KR"), 2, "dgx_h100 is a server: law asks about nvidia_h100_sxm"),
        (("--item", "hbm4", "--origin", "CN"), 2, "nobody is known to make hbm4 in CN; it is made in KR (SK hynix"),
        (("--item", "hbm4", "--origin", "Koera"), 2, "--origin 'Koera' is no country"),
        (("nvidia_l2", "--origin", "KR"), 2, "--origin is of memory stacks; name one: --item hbm3e."),
        (("--item", "hbm4", "--channel", "cloud"), 2, "hbm4 is a memory stack, which nobody rents"),
        (("--item", "hbm4", "--assume", "tpp=5"), 2, "tpp says nothing of hbm4, a memory stack."),
        (("--item", "dgx_h100", "--assume", "item_type=hbm"), 2, "item_type says nothing of dgx_h100, a server."),
        (("nvidia_l2", "--assume", "us_technology=true"), 2, "us_technology is a fact of items; name one"),
        (("--item", "logic_die", "--assume", "transistors_bn=-4"), 2, "--assume transistors_bn=-4: input should be"),
    ],
)  # fmt: skip
def test_calls_that_make_no_sense_are_refused(capsys, args, code, complaint):
    assert run(["controls", *args]) == code
    assert complaint in capsys.readouterr().err
