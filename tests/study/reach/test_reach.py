"""What keeps a target, each limit by itself against a figure worked by hand, and moves that a plan proves to be the least."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tiny import DEVICE, case, offer

from planner.cli.run import run
from planner.domain.case import Case
from planner.errors import Infeasible, UsageError
from planner.intake.overrides.override import override
from planner.plan.plan import Plan, make_plan
from planner.report.reach import keeps
from planner.report.screen import screen
from planner.report.summary import summarise
from planner.study.reach.alone import Reach, alone
from planner.study.reach.answer import Story, story
from planner.study.reach.moves import FAMILIES, named

# Peak of the device at fp8, PFLOP/s; 1 kW of IT and PUE 1.5 each.
PEAK = case().accelerators[DEVICE].peak_tflops("fp8") / 1000
ASKED, SUPPLY, MONEY_HKD = 1000.0, 300.0, 30e6


def promised(devices: float = ASKED, **changes: Any) -> Case:
    """A promise of what so many devices have at peak, at a price that is worth any of them: a megawatt feeds 667, the market has
    300 in the quarter that is in time, HKD 30 million are there.
    """
    promise = {
        "pflops": devices * PEAK,
        "by": "2027q2",
        "basis": "peak",
        "precision": "fp8",
        "sites": ["hall"],
        "shortfall_hkd_per_pflops": 1e9,
    }
    return case(
        **{
            "capacity_targets": {"peak": promise},
            "offers": {"card": offer(supply_devices_per_quarter=SUPPLY)},
            "funds": {"city": {"kind": "budget", "amount_hkd": MONEY_HKD}},
            "workloads": None,
            **changes,
        }
    )


@cache
def plan_of_promise() -> Plan:
    return make_plan(promised())


def told(*kinds: str) -> Story:
    return story(plan_of_promise(), "peak", kinds or tuple(FAMILIES), lambda doing: None)


def by_kind() -> dict[str, Reach]:
    return {reach.kind: reach for reach in alone(plan_of_promise().model, "peak")}


def test_each_limit_alone_by_hand() -> None:
    reached = by_kind()
    assert set(reached) == {"supply", "power", "money", "all"}
    assert reached["power"].pflops == pytest.approx(1000 / 1.5 * PEAK)
    # What is ordered in the first period alone stands in time: the market's own row says how many.
    limits = [row.limit for row in plan_of_promise().model.rows if row.family == "supply"]
    assert reached["supply"].pflops == pytest.approx(limits[0] * PEAK)


@pytest.mark.parametrize("kind", ["supply", "power", "money"])
def test_each_limit_alone_is_what_a_plan_with_the_others_lifted_has(kind: str) -> None:
    lifted = {
        "supply": {"offers.card.supply_devices_per_quarter": 1e6},
        "power": {"sites.hall.phases.0.power_mw": 1e3},
        "money": {"funds.city.amount_hkd": 1e12},
    }
    sets = {path: value for other, some in lifted.items() if other != kind for path, value in some.items()}
    plan = make_plan(override(promised(), sets))
    assert by_kind()[kind].pflops == pytest.approx(story(plan, "peak", ("carbon",), print).stands_pflops, rel=1e-6)


def test_no_limit_alone_lets_less_stand_than_all_together() -> None:
    reached = by_kind()
    assert all(reach.pflops >= reached["all"].pflops - 1e-9 for reach in reached.values())
    assert reached["all"].pflops >= told().stands_pflops - 1e-6


def test_the_moves_meet_it_and_any_less_does_not() -> None:
    found = told()
    assert found.way
    assert found.way.proof
    assert {entry.kind for entry in found.way.moved} == {"supply", "power", "money"}
    assert found.way.proof.stands_pflops >= found.target.pflops * (1 - 1e-6)
    for path in ("sites.hall.phases.0.power_mw", "offers.card.supply_devices_per_quarter", "funds.city.amount_hkd"):
        amount = float(found.way.sets[path].removeprefix("+"))
        less = {**found.way.sets, path: f"+{amount * 0.98}"}
        with pytest.raises(Infeasible):
            make_plan(override(promised(), less))


def test_the_cost_of_the_moves_is_that_of_the_plan_with_them() -> None:
    found = told()
    assert found.way
    assert found.way.proof
    again = make_plan(override(promised(), found.way.sets))
    assert found.way.proof.objective_hkd == pytest.approx(again.objective_hkd)
    without = plan_of_promise().objective_hkd - found.missing_hkd
    assert found.way.proof.more_hkd == pytest.approx(again.objective_hkd - without)


def test_moves_that_are_not_enough_say_what_else_has_to_move() -> None:
    found = told("power")
    assert found.way
    assert found.way.proof is None
    assert set(found.way.still) == {"supply", "money"}


def test_what_no_move_meets() -> None:
    """What is ordered from the decision date on stands in 2027q2 at the earliest."""
    early = promised()
    target = early.capacity_targets["peak"].model_copy(update={"by": "2027q1"})
    found = story(
        make_plan(early.model_copy(update={"capacity_targets": {"peak": target}})), "peak", ("supply",), print
    )
    assert (found.met, found.way) == (False, None)


def test_what_is_met_says_so() -> None:
    plan = make_plan(promised(10))
    found = story(plan, "peak", ("supply",), print)
    assert (found.met, found.way, found.alone) == (True, None, ())


def test_a_target_that_costs_more_than_its_price_needs_no_move() -> None:
    cheap = promised(10)
    target = cheap.capacity_targets["peak"].model_copy(update={"shortfall_hkd_per_pflops": 1.0})
    found = story(
        make_plan(cheap.model_copy(update={"capacity_targets": {"peak": target}})), "peak", ("supply",), print
    )
    assert found.way
    assert found.way.proof
    assert (found.met, found.way.moved) == (False, ())
    assert found.way.proof.more_hkd > found.missing_hkd
    assert keeps(found.alone).startswith("It could stand")


def test_the_screen_of_a_plan_says_what_keeps_the_target() -> None:
    page = "\n".join(str(part) for part in screen(summarise(plan_of_promise())))
    assert "alone would let" in page
    assert "`planner explain CASE peak` finds what would meet it." in page


def test_in_several_futures_the_target_is_met_in_each() -> None:
    futures = [{"id": "status_quo", "probability": 0.6}, {"id": "tightening", "probability": 0.4}]
    plan = make_plan(promised(scenarios=futures))
    found = story(plan, "peak", tuple(FAMILIES), lambda doing: None)
    assert found.way
    assert found.way.proof
    assert found.way.proof.stands_pflops >= found.target.pflops * (1 - 1e-6)


def test_the_order_of_offers_and_funds_does_not_matter() -> None:
    two = {
        "card": offer(supply_devices_per_quarter=SUPPLY),
        "dear": offer(price_usd_per_device=20_000, supply_devices_per_quarter=50),
    }
    here, there = (
        story(make_plan(promised(offers=offers)), "peak", tuple(FAMILIES), lambda doing: None)
        for offers in (two, dict(reversed(two.items())))
    )
    assert here.way
    assert there.way
    assert here.way.sets == there.way.sets
    assert {reach.kind: reach.pflops for reach in here.alone} == pytest.approx(
        {reach.kind: reach.pflops for reach in there.alone}
    )


def test_an_offer_that_nobody_can_use_changes_nothing() -> None:
    useless = {
        "card": offer(supply_devices_per_quarter=SUPPLY),
        "late": offer(available_from="2027q4", supply_devices_per_quarter=9),
    }
    found = story(make_plan(promised(offers=useless)), "peak", tuple(FAMILIES), lambda doing: None)
    assert found.way
    whole = told().way
    assert whole
    assert found.way.sets == whole.sets


def test_kinds_of_moves() -> None:
    assert named(()) == tuple(FAMILIES)
    assert named(("money", "power", "money")) == ("money", "power")
    with pytest.raises(UsageError, match=r"no limit is moved by 'suply'\. Did you mean supply"):
        named(("suply",))


CASE = """
schema_version: 1
title: A promise
horizon: {start: 2027q1, end: 2027q4, decision_date: 2027-01-01}
sites: {hk_colo_tko: {power_mw: 1}}
offers: {l20_distributor: {sites: [hk_colo_tko], supply_devices_per_quarter: 50}}
capacity_targets: {half: {pflops: 20, by: 2027q4, basis: peak, shortfall_hkd_per_pflops: 1e7}}
"""


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--target", "halve"], "no capacity target is called 'halve'. Did you mean half?"),
        (["--target", "half", "--move", "powr"], "no limit is moved by 'powr'. Did you mean power?"),
    ],
)
def test_wrong_words_are_told_with_near_ones(
    args: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "case.yaml").write_text(CASE)
    assert run(["reach", str(tmp_path / "case.yaml"), *args]) != 0
    assert words in capsys.readouterr().err


@pytest.mark.slow
def test_the_verb_and_explain_tell_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(CASE)
    assert run(["reach", str(file), "--target", "half", "--json"]) == 0
    reach = json.loads(capsys.readouterr().out)["results"]
    assert run(["explain", str(file), "half", "--json"]) == 0
    explain = json.loads(capsys.readouterr().out)["results"]
    assert reach["tables"] == explain["tables"]
    assert reach["proof"]["stands_pflops"] >= 20 * (1 - 1e-6)
    assert reach["sets"]["capacity_targets.half.shortfall_hkd_per_pflops"] == "null"
