"""An option that names a saved plan: its orders as a bid, and what does not fit at its line and column."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from planner.errors import InvalidInput
from planner.intake.options_file import read_options

NEED = """
schema_version: 1
title: Need
horizon: {start: 2027q1, end: 2028q4}
sites:
  hk_colo_tko: {}
  gba_shenzhen: {}
licences:
  h200: {accelerators: [nvidia_h200_sxm], quota_devices: 100, approval_share: 1, wait_months: 5}
workloads:
  w: {name: W, tenant: t, kind: service, workload_class: pretrain, data_class: public, start: 2027q1, end: 2028q4, demand_pflops: 1, params_b: 7,
      reference_devices: 8, unserved_hkd_per_pflops_day: 3000, stacks_ready: [cuda, cann]}
"""
OPTIONS = """
schema_version: 1
title: Options
case: need.yaml
award_date: 2027-01-01
options:
  city:
    name: The city's own plan
    plan: {file: first.json}
"""


def order(**changes: Any) -> dict[str, Any]:
    return {
        "offer": "ascend_910c_domestic", "accelerator": "huawei_ascend_910c", "site": "hk_colo_tko", "node": "2027q1", "period": "2027q1",
        "devices": 64.0, "order_date": "2027-01-01", "stands_on": "2027-07-01", "hkd": 11e6, **changes,
    }  # fmt: skip


LATER = order(node="2027q3", period="2027q3", order_date="2027-07-01", stands_on="2028-01-01", devices=32.0, hkd=5e6)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "need.yaml").write_text(NEED, encoding="utf-8")
    saved(tmp_path, order(), LATER)
    return tmp_path


def saved(folder: Path, *orders: dict[str, Any], name: str = "first.json", **envelope: Any) -> None:
    content = {"schema": "planner.plan/1", "results": {"tables": {"orders": list(orders)}}, **envelope}
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


def read(folder: Path, old: str = "", new: str = "") -> Any:
    assert old in OPTIONS
    (folder / "options.yaml").write_text(OPTIONS.replace(old, new, 1), encoding="utf-8")
    return read_options(folder / "options.yaml").comparison.options["city"]


def problems(folder: Path, old: str = "", new: str = "") -> list[str]:
    with pytest.raises(InvalidInput) as error:
        read(folder, old, new)
    return [str(problem).replace(f"{folder}/", "") for problem in error.value.problems]


def test_orders_of_an_offer_at_a_site_are_one_part(folder: Path) -> None:
    city = read(folder)
    assert (city.award_date, city.service_date) == (date(2027, 1, 1), date(2028, 1, 1))
    (part,) = city.parts.values()
    assert (part.devices, part.price_hkd, part.channel, part.licence_months) == (96, 16e6, "domestic", 0)
    assert city.price_covers == ()
    assert city.source == "orders of the saved plan first.json"


def test_orders_count_up_to_the_day_that_is_stated(folder: Path) -> None:
    city = read(folder, "first.json", "first.json, orders_to: 2027-06-30")
    assert city.service_date == date(2027, 7, 1)
    assert city.parts["ascend_910c_domestic_at_hk_colo_tko"].devices == 64


def test_an_order_of_several_branches_counts_once_on_its_latest_day(folder: Path) -> None:
    saved(folder, order(stands_on="2027-10-01"), order())
    city = read(folder)
    assert (city.service_date, city.parts["ascend_910c_domestic_at_hk_colo_tko"].devices) == (date(2027, 10, 1), 64)


def test_a_folder_tells_how_its_offers_are_supplied(folder: Path) -> None:
    saved(folder, order(offer="mine", accelerator="nvidia_h200_sxm"), name="plans/plan.json")
    mine = {"kind": "purchase", "accelerator": "nvidia_h200_sxm", "channel": "licensed", "sites": ["*"], "price_usd_per_device": 30_000, "lead_time_months": 3, "transit_months": 2, "lifetime_years": 4, "assume": {"end_user_hq": "HK"}}  # fmt: skip
    wait = {"accelerators": ["nvidia_h200_sxm"], "quota_devices": 10, "approval_share": 1, "wait_months": 7}
    (folder / "plans" / "case.json").write_text(json.dumps({"offers": {"mine": mine}, "licences": {"l": wait}}))
    (part,) = read(folder, "first.json", "plans").parts.values()
    assert (part.channel, part.transit_months, part.lifetime_years, part.licence_months) == ("licensed", 2, 4, 7)
    assert part.assume == {"end_user_hq": "HK"}
    (folder / "plans" / "case.json").write_text('{"offers": {"mine": {}}}')
    assert (
        "options.yaml:9:18: plans/case.json: the case of this plan cannot be read"
        in problems(folder, "first.json", "plans")[0]
    )


def test_another_plan_is_another_comparison(folder: Path) -> None:
    read(folder)
    before = read_options(folder / "options.yaml").sha256
    saved(folder, order())
    assert read_options(folder / "options.yaml").sha256 != before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"site": "hk_aisc"}, "this plan buys for 'hk_aisc', which is no site of the comparison's case. Add it to the sites there."),
        ({"site": "gba_shenzhen"}, "this plan buys for 'gba_shenzhen', which takes rentals alone in the comparison's case"),
        ({"accelerator": "own_chip"}, "this plan buys 'own_chip', which is no device of the comparison's case"),
        ({"offer": "mine"}, "how 'mine' is supplied stands neither beside this plan, nor in the comparison's case or the catalogue"),
        ({"node": "2027q1.tightening"}, "this plan orders in some futures alone (2027q1.tightening), and a bid is one fleet"),
        ({"stands_on": "2031-01-01"}, "service on 2031-01-01 lies past the horizon of the case, 2029-01-01. Let orders_to of its plan end earlier."),
    ],
)  # fmt: skip
def test_an_order_that_does_not_fit(folder: Path, changes: dict[str, Any], words: str) -> None:
    saved(folder, order(**changes))
    (problem,) = problems(folder)
    assert words in problem
    assert problem.startswith(("options.yaml:9:18: ", "options.yaml:7:3: "))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("first.json", "furst.json", "options.yaml:9:18: furst.json: there is no such file. Did you mean "),
        ("first.json", "../first.json", "a case reads only what lies in its own folder"),
        ("first.json", "empty", "options.yaml:9:18: empty: this folder holds no saved plan. Save one with `planner plan CASE -o FOLDER`."),
        ("first.json", "torn.json", "torn.json:1:10: this is not JSON"),
        ("first.json", "other.json", "this holds planner.compare/1, no plan; a plan says schema planner.plan/1"),
        ("first.json", "list.json", "this holds no plan"),
        ("first.json", "short.json", "the orders of this plan cannot be read: 'hkd'"),
        ("first.json", "odd.json", "the orders of this plan cannot be read: site is no text"),
        ("first.json", "idle.json", "this plan buys nothing, so there is no fleet in it"),
        ("first.json", "first.json, orders_to: 2026-12-31", "options.yaml:9:41: the first order of this plan is placed on 2027-01-01, after that day"),
        ("first.json", "first.json, orders_to: soon", "'orders_to' is 'soon', not a date"),
        ("plan: {file: first.json}", "plan: {fill: first.json}", "unknown key 'fill'. Did you mean 'file'?"),
        ("plan: {file: first.json}", "plan: {file: first.json}\n    service_date: 2027-12-01", "options.yaml:10:5: service_date is taken from the plan. Leave it out."),
    ],
)  # fmt: skip
def test_each_slip_in_its_words(folder: Path, old: str, new: str, words: str) -> None:
    (folder / "empty").mkdir()
    (folder / "torn.json").write_text('{"schema"', encoding="utf-8")
    (folder / "list.json").write_text("[]", encoding="utf-8")
    saved(folder, name="idle.json")
    saved(folder, order(site=["hk_colo_tko"]), name="odd.json")
    saved(folder, name="other.json", schema="planner.compare/1")
    saved(folder, {key: value for key, value in order().items() if key != "hkd"}, name="short.json")
    assert any(words in problem for problem in problems(folder, old, new))


def test_what_is_wrong_with_the_case_is_told_and_no_plan_is_read(folder: Path) -> None:
    case = yaml.safe_load(NEED)
    case["horizon"]["end"] = "2026q1"
    (folder / "need.yaml").write_text(yaml.safe_dump(case), encoding="utf-8")
    assert [problem.partition(":")[0] for problem in problems(folder, "first.json", "nowhere")] == ["need.yaml"]
