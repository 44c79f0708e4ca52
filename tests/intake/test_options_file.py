"""A file of options that is wrong: every problem of it and of its case at once, each at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.cli.run import run
from planner.errors import InvalidInput
from planner.intake.options_file import read_options

EXAMPLE = Path(__file__).parents[2] / "examples/midscale_grant"
GOOD = (EXAMPLE / "options.yaml").read_text(encoding="utf-8")


@pytest.fixture
def told(tmp_path):
    """The problems of the example with some of its text changed, as sentences with their place."""

    def read(*changes, need=()):
        texts = {"options.yaml": GOOD, "need.yaml": (EXAMPLE / "need.yaml").read_text(encoding="utf-8")}
        for name, pairs in (("options.yaml", changes), ("need.yaml", need)):
            for old, new in pairs:
                assert old in texts[name]
                texts[name] = texts[name].replace(old, new, 1)
            (tmp_path / name).write_text(texts[name], encoding="utf-8")
        with pytest.raises(InvalidInput) as error:
            read_options(tmp_path / "options.yaml")
        return [str(problem).replace(f"{tmp_path}/", "") for problem in error.value.problems]

    return read


def line_of(words):
    return next(number for number, line in enumerate(GOOD.splitlines(), 1) if words in line)


def test_the_example_is_right():
    inputs = read_options(EXAMPLE / "options.yaml")
    assert len(inputs.comparison.options) == 5
    assert inputs.case.title == "What a midscale cluster is for"


def test_every_slip_is_told_at_once_with_the_nearest_name(told):
    problems = told(
        ("accelerator: huawei_ascend_910c, devices: 2304", "accelerator: huawei_ascend_91oc, devices: 2304"),
        ("site: hk_hsitp_loop", "site: hk_hsitp"),
        ("bidder: Bidder D", "biddr: Bidder D"),
        ("{month: 0, share: 0.1}", "{month: 0, share: 0.2}"),
        ("local_benefit: 0.5", "local_benefits: 0.5"),
    )
    assert any(
        f"options.yaml:{line_of('supernodes: {acc')}" in p and "'huawei_ascend_91oc' is no device" in p
        for p in problems
    )
    assert any("Did you mean 'hk_hsitp_loop'?" in p for p in problems)
    assert any("unknown key 'biddr'" in p and "Did you mean 'bidder'?" in p for p in problems)
    assert any("payments add up to 1.1. Make it 1." in p for p in problems)
    assert any("'local_benefits' is no criterion that is judged. Did you mean 'local_benefit'?" in p for p in problems)
    assert len(problems) == 5


def test_what_is_wrong_with_the_case_is_told_too(told):
    problems = told(("months_limit: 18", "months_limit: -1"), need=(("data_class: public", "data_class: publik"),))
    assert [p.partition(":")[0] for p in problems] == ["need.yaml", "options.yaml"]


def test_dates_lie_in_the_horizon_and_follow_one_another(told):
    problems = told(
        ("award_date: 2026-12-31", "award_date: 2025-12-31"), ("service_date: 2027-12-15", "service_date: 2025-06-01")
    )
    assert any("lies outside the horizon of the case, 2026-11-21 to 2032-01-01" in p for p in problems)
    assert any("service on 2025-06-01 does not follow the award on 2025-12-31" in p for p in problems)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("price_hkd: 535000000", "rent_hkd_per_device_hour: 3", "price_hkd belongs to a purchase and only to it"),
        (", term_months: 36}", "}", "term_months belongs to a rental and only to it"),
        ("kind: rental", "kind: purchase", "price_hkd"),
        ("  gba_rental:", "  do_minimum:", "'do_minimum' is always compared"),
        ("site: gba_shenzhen, kind: rental", "site: hk_colo_tko, kind: rental", "nothing is let at 'hk_colo_tko'"),
        ("channel: licensed, price", "channel: licensed, assume: {buyer_lsted: true}, price", "law asks for no fact 'buyer_lsted'"),
        ("case: need.yaml", "case: ../need.yaml", "a case reads only what lies in its own folder"),
        ("case: need.yaml", "case: ned.yaml", "there is no such file"),
        ("  set_by: ", "  sat_by: ", "set_by"),
        ("criteria: {cost: 30", "criteria: {beauty: 3, cost: 30", "'beauty' is a criterion of your own"),
    ],
)  # fmt: skip
def test_each_slip_in_its_words(told, old, new, words):
    assert any(words in problem for problem in told((old, new)))


def test_check_takes_a_file_of_options_with_its_case(capsys):
    assert run(["check", str(EXAMPLE / "options.yaml"), "--json"]) == 0
    assert "options.yaml" in capsys.readouterr().out


def test_a_wrong_file_of_options_ends_with_code_3_and_its_place(tmp_path, capsys):
    wrong = tmp_path / "options.yaml"
    wrong.write_text("title: Bids\noptions: {}\n")
    for verb in ("check", "compare"):
        assert run([verb, str(wrong)]) == 3
        told = capsys.readouterr()
        assert "options.yaml:1:1: 'award_date' is missing" in told.err
        assert told.out == ""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("price_hkd: 535000000", "price_hkd: 5350", "price_hkd is that of all devices, HKD 2.322 for each"),
        ("service_date: 2027-04-01", "service_date: 2031-12-01", "no whole period of the case begins from 2031-12-01 on"),
        ("months_limit: 18", "months_limit: 18\nprice_factor: {low: 1, mid: 1, high: '2027'}", "2027"),
    ],
)  # fmt: skip
def test_what_no_single_field_can_tell(told, old, new, words):
    assert any(words in problem for problem in told((old, new)))
