"""A case without a plan: which limits clash, what is out of reach, and repairs, every one of which must work."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tiny import DEVICE, case, offer, rental, site

from planner.cells import number
from planner.cli.run import run
from planner.domain.case import Case
from planner.errors import Infeasible
from planner.intake.overrides.override import override
from planner.model.build import build
from planner.plan.plan import make_plan
from planner.study.clash.conflict import irreducible
from planner.study.clash.repair import Clash, clash, reach, rounded_up

# Peak of the device at fp8, PFLOP/s; 1 kW of IT and PUE 1.5 each.
PEAK = case().accelerators[DEVICE].peak_tflops("fp8") / 1000


def promised(devices: float, **changes: Any) -> Case:
    """A hard promise for 2027q2 of what so many devices have at peak."""
    promise = {"peak": {"pflops": devices * PEAK, "by": "2027q2", "basis": "peak", "precision": "fp8"}}
    return case(**{"capacity_targets": promise, "workloads": None, **changes})


def starved() -> Case:
    """A thousand devices need 1.5 MW; the hall has 1."""
    return promised(1000)


def words(found: Clash) -> list[str]:
    return [repair.words for repair in found.repairs]


def test_smallest_story() -> None:
    rows = irreducible(build(starved()))
    assert [row.family for row in rows] == ["power", "capacity_target"]
    assert rows[0].because == "power granted at hall: 1 MW"


def test_a_story_is_irreducible() -> None:
    """Without any one of its rows the case has a plan."""
    tight = promised(
        1000,
        offers={"card": offer(supply_devices_per_quarter=900)},
        sites={"hall": site(phases=[{"from_date": "2020-01-01", "power_mw": 9}])},
    )
    assert {row.family for row in irreducible(build(tight))} >= {"supply", "capacity_target"}
    assert make_plan(override(tight, {"offers.card.supply_devices_per_quarter": 1000})).objective_hkd > 0


def test_repairs_by_hand() -> None:
    found = clash_of("power")
    assert "+0.5 MW at hall from 2027q2" in words(found)
    assert (
        f"peak at {1000 * PEAK - rounded_up(1000 * PEAK / 3, whole=False):,.4g} in place of {1000 * PEAK:,.4g} PFLOP/s"
        in words(found)
    )
    power = next(repair for repair in found.repairs if "MW" in repair.words)
    assert power.sets == {"sites.hall.phases.0.power_mw": "+0.5"}


CLASHES: dict[str, Case] = {
    "power": starved(),
    "supply": promised(500, offers={"card": offer(supply_devices_per_quarter=100)}),
    "total": promised(500, offers={"card": offer(supply_devices_total=100)}),
    "share": promised(500, vendor_supply={"NVIDIA": {"output_per_year": {"2027": 40_000}, "share": 0.01}}),
    "fund": promised(500, funds={"city": {"name": "City", "kind": "budget", "amount_hkd": 1_000_000}}),
    "budget": promised(500, budget_hkd=1_000_000),
    "carbon": promised(500, carbon_cap={"tonnes_per_year": 10}),
    "licence": promised(
        500,
        offers={"card": offer(accelerator="nvidia_h20_96gb", transit_months=1)},
        capacity_targets={"peak": {"pflops": 20, "by": "2027q4", "basis": "peak", "precision": "fp8"}},
        licences={
            "h20": {"accelerators": ["nvidia_h20_96gb"], "quota_devices": 100, "approval_share": 0.5, "wait_months": 3}
        },
    ),
    "late": promised(500, offers={"card": offer(lead_time_months=6)}),
    "two": promised(
        1000,
        offers={"card": offer(supply_devices_per_quarter=100)},
        capacity_targets={"peak": {"pflops": 1000 * PEAK, "by": "2027q4", "basis": "peak", "precision": "fp8"}},
    ),
}


@cache
def clash_of(name: str) -> Clash:
    return clash(CLASHES[name])


@pytest.mark.parametrize("name", CLASHES)
def test_every_repair_gives_the_case_a_plan(name: str) -> None:
    with pytest.raises(Infeasible) as error:
        make_plan(CLASHES[name])
    assert error.value.case is CLASHES[name]
    found = clash_of(name)
    assert 1 <= len(found.repairs) <= 5
    costs = [repair.cost_hkd for repair in found.repairs]
    assert costs == sorted(costs)
    for repair in found.repairs:
        plan = make_plan(override(CLASHES[name], repair.sets))
        assert plan.objective_hkd == pytest.approx(repair.cost_hkd, abs=1)


def test_repairs_speak_the_users_units() -> None:
    said = {name: " | ".join(words(clash_of(name))) for name in ("fund", "licence", "late", "supply", "share")}
    assert "more in fund city" in said["fund"]
    assert "licence quota +" in said["licence"]
    assert "nvidia_h20_96gb" in said["licence"]
    assert "deadline of peak 3 months later, 2027q3 in place of 2027q2" in said["late"]
    assert "supply of card +400 devices a quarter" in said["supply"]
    # 100 of 10,000 a quarter are had where 500 are asked for.
    assert "0.05 of the output of NVIDIA in place of 0.01" in said["share"]


def test_two_limits_give_together_when_neither_alone_is_enough() -> None:
    tight = promised(
        1000,
        offers={"card": offer(supply_devices_per_quarter=900)},
        horizon={"start": "2027q1", "end": "2027q2"},
    )
    repairs = clash(tight).repairs
    together = [repair for repair in repairs if " and " in repair.words]
    alone = [repair for repair in repairs if " and " not in repair.words]
    assert together or all("peak at" in repair.words for repair in alone)


def test_law_is_never_a_repair() -> None:
    """H100 is denied to Hong Kong: the promise can be dropped to nothing or met otherwise, but no control is lifted."""
    denied = promised(
        10,
        offers={"card": offer(accelerator="nvidia_h100_sxm")},
        capacity_targets={"peak": {"pflops": 1, "by": "2027q2", "basis": "peak", "precision": "fp8"}},
    )
    found = clash(denied)
    assert not any("controls" in path for repair in found.repairs for path in repair.sets)
    assert "no device that law lets ship stands there by then" in found.reach[0]


def test_reach_of_power_and_supply() -> None:
    assert reach(starved()) == (
        f"peak asks for {number(1000 * PEAK, 4)} PFLOP/s by 2027q2: the power of its sites feeds at most {number(1000 * PEAK / 1.5, 4)}, "
        "whatever the device.",
    )
    few = reach(CLASHES["supply"])
    assert few == (
        f"peak asks for {number(500 * PEAK, 4)} PFLOP/s by 2027q2: all that lawful offers can deliver by then is {number(100 * PEAK, 4)}.",
    )


def test_reach_names_workloads_that_can_run_nowhere() -> None:
    given = case(
        sites={"hall": site(), "cloud": site(access="rent", phases=[])},
        offers={"card": offer(), "cloud": rental()},
        workloads={"service": {"sites_allowed": []}},
    )
    assert reach(given) == ("service can run nowhere: no device at the sites it may use.",)


def test_whole_lots_that_do_not_fit() -> None:
    """Ten devices keep the promise; of fifteen on the market one whole server of eight can be had."""
    tight = promised(10, offers={"card": offer(supply_devices_total=15)}, whole={"lots": True})
    with pytest.raises(Infeasible):
        make_plan(tight)
    assert words(clash(tight)) == ["peak at 4.748 in place of 5.938 PFLOP/s", "whole lots may be fractions"]


def test_earliest_time_that_never_comes() -> None:
    never = promised(1000, objective="min_time")
    with pytest.raises(Infeasible, match="cannot stand in any period up to 2027q4") as error:
        make_plan(never)
    assert isinstance(error.value.case, Case)
    assert any("MW at hall" in said for said in words(clash(error.value.case)))


def test_what_one_limit_puts_out_of_reach_is_never_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    """A price on what is missing makes no difference: in min_time every promise is hard."""
    monkeypatch.setattr("planner.solve.objective.solve_model", None)
    with pytest.raises(Infeasible, match="cannot stand in any period up to 2027q4"):
        make_plan(promised(1000, objective="min_time"))
    soft = {"pflops": 1000 * PEAK, "by": "2027q2", "basis": "peak", "precision": "fp8", "shortfall_hkd_per_pflops": 1.0}
    with pytest.raises(Infeasible, match="cannot stand in any period up to 2027q4"):
        make_plan(promised(1000, objective="min_time", capacity_targets={"peak": soft}))


def test_a_promise_of_just_what_can_be_delivered_is_within_reach() -> None:
    """100 devices a quarter, ordered in the first quarter, stand in the second."""
    for devices, within in ((100, True), (100.001, False)):
        scarce = promised(devices, offers={"card": offer(supply_devices_per_quarter=100)})
        assert (reach(scarce) == ()) is within


def test_a_case_with_a_plan_has_no_clash() -> None:
    assert clash(case()) == Clash((), (), ())


@pytest.mark.parametrize(
    ("amount", "whole", "said"),
    [(1.2831, False, 1.29), (239.2, True, 240), (0.0, True, 0.0), (123_456.0, False, 124_000)],
)
def test_amounts_are_rounded_up(amount: float, whole: bool, said: float) -> None:
    assert rounded_up(amount, whole=whole) == pytest.approx(said)


CONFLICT = Path("examples/16_conflict/case.yaml")


@pytest.mark.slow
def test_command_line_prints_story_and_repairs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["whatif", str(CONFLICT), "--variant", "kept"]) == 4
    out = capsys.readouterr().out
    assert "These limits cannot all be met; any one less could be" in out
    assert "--set sites.hk_colo_tko.power_mw=" in out


def test_the_story_is_told_before_repairs_are_looked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(found: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("planner.study.clash.repair.repairs", stopped)
    assert run(["whatif", str(CONFLICT), "--variant", "kept"]) == 130
    told = capsys.readouterr()
    assert told.out.startswith("No plan: the variant has no plan: the hard limits of the case clash")
    assert "These limits cannot all be met; any one less could be" in told.out
    assert told.err.endswith("planner: interrupted.\n")


def test_json_of_a_clash(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["whatif", str(CONFLICT), "--variant", "kept", "--json"]) == 4
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] == "infeasible"
    assert answer["results"]["repairs"]
    assert {"words", "sets", "cost_hkd"} == set(answer["results"]["repairs"][0])
