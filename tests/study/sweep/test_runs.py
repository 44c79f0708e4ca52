"""Sweeps: equal to direct solves, the same in parallel, resumable, monotone where theory says so."""

import json

import pytest
from tiny import DEVICE, case, offer, rental, site

from planner.errors import UsageError
from planner.intake.overrides.override import override
from planner.plan.plan import make_plan
from planner.report.sweep import page, records_of, results
from planner.report.tables import text
from planner.study.sweep.answer import Question, ask, cache_file
from planner.study.sweep.designs import Parameter, grid
from planner.study.sweep.runs import fingerprint, leading, read_kept, run_one, sweep
from planner.study.workers import Workers

PRICE = "offers.card.price_usd_per_device"
BUDGET = Parameter("budget_hkd", 1e5, 1e6, steps=4)
FACTOR = Parameter(PRICE, 0.5, 2.0, steps=3, sign="*")


def runs_of(points, **options):
    return [run for _, run in sorted(sweep(case(), points, **options), key=lambda done: done[0])]


@pytest.mark.slow
def test_a_grid_equals_direct_solves():
    points = grid((BUDGET, FACTOR))
    for run in runs_of(points)[::5]:
        plan = make_plan(override(case(), run.point))
        assert run.measures["objective_hkd"] == plan.objective_hkd
        assert run.measures["devices"] == {DEVICE: pytest.approx(plan.orders["devices"].sum())}


def test_more_budget_never_costs_more():
    costs = [run.measures["objective_hkd"] for run in runs_of(grid((BUDGET,)))]
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > 2 * costs[-1]


@pytest.mark.slow
def test_two_processes_give_the_same_numbers_as_one():
    points = grid((BUDGET,))
    assert [run.measures for run in runs_of(points, workers=Workers(2))] == [run.measures for run in runs_of(points)]


@pytest.mark.slow
def test_another_backend_of_joblib_takes_the_same_path():
    import joblib

    points = grid((BUDGET,))
    with joblib.parallel_config(backend="threading"):
        elsewhere = runs_of(points, workers=Workers(2))
    assert [run.measures for run in elsewhere] == [run.measures for run in runs_of(points)]


def test_what_is_kept_is_not_solved_again(tmp_path, monkeypatch):
    kept, points = tmp_path / "runs.jsonl", grid((BUDGET,))
    first = runs_of(points, kept=kept)
    monkeypatch.setattr("planner.study.sweep.runs.run_one", lambda *_: pytest.fail("solved again"))
    assert [run.measures for run in runs_of(points, kept=kept)] == [run.measures for run in first]


def test_a_file_that_was_cut_off_is_taken_up(tmp_path):
    kept, points = tmp_path / "runs.jsonl", grid((BUDGET,))
    whole = runs_of(points, kept=kept)
    kept.write_text(kept.read_text()[:-40])
    assert len(read_kept(kept)) == 3
    assert [run.measures for run in runs_of(points, kept=kept)] == [run.measures for run in whole]
    assert len(read_kept(kept)) == 4
    assert all(json.loads(line) for line in kept.read_text().splitlines() if line.endswith("}"))


def test_an_interrupt_keeps_what_is_done(tmp_path, monkeypatch):
    kept, calls = tmp_path / "runs.jsonl", []

    def interrupted(base, point):
        calls.append(point)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return run_one(base, point)

    monkeypatch.setattr("planner.study.sweep.runs.run_one", interrupted)
    with pytest.raises(KeyboardInterrupt):
        runs_of(grid((BUDGET,)), kept=kept)
    assert len(read_kept(kept)) == 2


def test_another_case_has_other_keys(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert fingerprint(case()) == fingerprint(case())
    assert fingerprint(case()) != fingerprint(case(budget_hkd=1))
    assert cache_file(case()).parent == tmp_path / "planner" / "sweeps"


def test_of_purchases_that_are_as_large_the_first_by_name_leads():
    assert leading({"b": 1e9, "a": 1e9 - 100, "c": 9e8}) == "a"
    assert leading({"b": 1e9, "a": 1e9 - 1e4}) == "b"
    assert leading({}) is None


def test_equal_points_are_solved_once(monkeypatch):
    calls = []
    monkeypatch.setattr(
        "planner.study.sweep.runs.run_one", lambda base, point: calls.append(point) or run_one(base, point)
    )
    assert len(runs_of([{"budget_hkd": 1e6}] * 3)) == 3
    assert len(calls) == 1


def test_a_variant_without_a_plan_does_not_stop_the_sweep():
    target = {"promise": {"pflops": 1, "by": "2027q3", "basis": "peak", "precision": "int8"}}
    base = case(capacity_targets=target)
    found = dict(sweep(base, [{"sites.hall.power_mw": 0}, {}]))
    assert (found[0].status, found[1].status) == ("infeasible", "optimal")
    said = text(page(ask(base, Question("grid", (Parameter("sites.hall.power_mw", 0, 1, steps=2),), 1))))
    assert "1 of 2 have no plan; the first: sites.hall.power_mw=0:" in said


def test_morris_finds_signs_and_what_does_not_matter():
    parameters = (FACTOR, Parameter("sites.hall.pue", 1.1, 1.9), Parameter("offers.card.deposit_share", 0, 1))
    effects = {effect["path"]: effect for effect in ask(case(), Question("morris", parameters, 3)).effects}
    # Ten devices at 78,000 HKD times 1.5 in factor; 66,000 kWh of IT times 0.8 in PUE.
    assert effects[PRICE]["mu"] == pytest.approx(1.5 * 780_000)
    assert effects["sites.hall.pue"]["mu"] == pytest.approx(0.8 * 66_000)
    assert effects["offers.card.deposit_share"]["mu_star"] == pytest.approx(0, abs=1e-3)
    assert effects[PRICE]["sigma"] == pytest.approx(0, abs=1)


def test_tornado_bars_have_the_right_ends():
    found = ask(case(), Question("tornado", (FACTOR, Parameter("sites.hall.pue", 1.2, 1.5)), 1))
    assert [bar["path"] for bar in found.bars] == [PRICE, "sites.hall.pue"]
    assert (found.bars[0]["at_low"], found.bars[0]["at_high"]) == pytest.approx((-390_000, 780_000))
    assert (found.bars[1]["at_low"], found.bars[1]["at_high"]) == pytest.approx((-0.3 * 66_000, 0), abs=1)
    assert text(page(found)).startswith(f"The cost hangs most on {PRICE}: it falls by HKD 390 k at *0.5 and")


def rented_or_bought():
    cloud = site(access="rent", phases=None)
    return case(sites={"cloud": cloud}, offers={"cloud_h100": rental()})


def turn(parameter):
    return ask(rented_or_bought(), Question("switching", (parameter,), 1)).turns[0]


@pytest.mark.slow
def test_the_turning_point_lies_where_the_costs_cross():
    parameter = Parameter("offers.cloud_h100.rent_usd_per_device_hour", 0.1, 20)
    found = turn(parameter)
    assert (found["from"], found["to"]) == ("cloud_h100", "card")
    below, above = (run_one(rented_or_bought(), {parameter.path: found["turns_at"] * f}) for f in (0.99, 1.01))
    assert (below.measures["main_purchase"], above.measures["main_purchase"]) == ("cloud_h100", "card")
    stays = turn(Parameter(parameter.path, 10, 20))
    assert (stays["turns_at"], stays["from"]) == (None, "card")


@pytest.mark.slow
def test_switching_in_words():
    parameter = Parameter("offers.cloud_h100.rent_usd_per_device_hour", 0.1, 20)
    said = text(page(ask(rented_or_bought(), Question("switching", (parameter,), 1)))).replace("\n", " ")
    assert said.startswith(
        "The main purchase turns from cloud_h100 to card when offers.cloud_h100.rent_usd_per_device_hour passes"
    )


@pytest.mark.slow
def test_uncertain_estimates_in_words():
    base = case(offers={"card": offer(price_usd_per_device={"low": 8_000, "mid": 10_000, "high": 14_000})})
    found = ask(base, Question("lhs", (Parameter(PRICE, 8_000, 14_000, mid=10_000),), 20, seed=1))
    cost = found.spread[0]
    assert 99_000 + 624_000 < cost["p05"] < cost["p50"] < cost["p95"] < 99_000 + 1_092_000
    assert found.choices == [{"main_purchase": "card", "runs": 20, "share": 1.0}]
    assert "The main purchase is card in all of them." in text(page(found))
    assert len(records_of(found)) == len(results(found)["runs"]) == 20


def test_questions_without_sense():
    with pytest.raises(UsageError, match="nothing varies"):
        Question("grid", (), 1)
    with pytest.raises(UsageError, match="--samples is 0"):
        Question("lhs", (BUDGET,), 0)
    with pytest.raises(UsageError, match="looks between two numbers"):
        Question("switching", (Parameter("a", values=("x", "y")),), 1)


def test_the_frontier_is_one():
    points = ask(rented_or_bought(), Question("frontier", (), 3)).frontier
    assert next(round(point.served_share, 4) for point in points) == pytest.approx(1.0, abs=1e-4)
    for one in points:
        for other in points:
            better = (
                other.spending_hkd < one.spending_hkd * (1 - 1e-4)
                and other.carbon_t <= one.carbon_t * (1 - 1e-4)
                and other.served_share >= one.served_share - 1e-9
            )
            assert not better
    half = min(points, key=lambda point: point.spending_hkd)
    assert half.served_share == pytest.approx(0.5, abs=1e-3)
    # Half of 275 PFLOP/s-days at 0.4 PFLOP/s a device, rented at 2 USD an hour.
    assert half.spending_hkd == pytest.approx(137.5 / 0.4 * 24 * 2 * 7.8, rel=1e-3)
