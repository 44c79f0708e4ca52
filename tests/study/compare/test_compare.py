"""A comparison by hand, its properties, and the same answer from Python and the command line."""

from __future__ import annotations

import json
from datetime import date
from math import fsum

import pytest
from bids import bid, comparison, need, rental, written

import planner
from planner.cli.run import run
from planner.domain.horizon import add_months
from planner.errors import InvalidInput
from planner.study.compare.findings import Late
from planner.study.compare.stored import load_comparison

PER_OPTION = {
    "rank", "npv_cost_hkd", "effective_pflops", "hkd_per_effective_pflops_day", "months_to_service", "deliverable_in_time",
    "legal", "power_mw", "carbon_t", "regret_hkd", "score", "checks",
}  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return written(tmp_path_factory.mktemp("bids"), comparison())


@pytest.fixture(scope="module")
def answer(path):
    return planner.compare(path)


def discount(day: date, first=date(2027, 1, 1), rate=0.04) -> float:
    """Mid-period factor of the quarter in which a day lies."""
    quarter = (day.month - 1) // 3
    start = date(day.year, 3 * quarter + 1, 1)
    end = add_months(start, 3)
    middle = start.toordinal() + (end - start).days // 2
    return (1 + rate) ** -((middle - first.toordinal()) / 365.25)


@pytest.mark.slow
def test_npv_of_a_bid_is_what_a_spreadsheet_makes_of_it(answer, path):
    quarters = [add_months(date(2027, 7, 1), 3 * n) for n in range(6)]
    days = [(add_months(day, 3) - day).days for day in quarters]
    df = [discount(day) for day in quarters]
    price, devices = 3_000_000, 40
    case = planner.read_case(path.parent / "need.yaml")
    kw = case.kw_per_device("nvidia_rtx_4090d")
    payments = 0.2 * price * discount(date(2027, 1, 1)) + 0.8 * price * discount(date(2027, 7, 1))
    years = fsum(day / 365.25 * each for day, each in zip(days, df, strict=True))
    shares = case.economics.maintenance_share_per_year.mid + case.economics.insurance_share_per_year.mid
    upkeep = shares * price * years
    staff = case.economics.staff_hkd_per_device_year.mid * devices * years
    # 4 PFLOP/s of the six that are wanted: every device in working order is busy, the others idle.
    idle = case.economics.idle_power_share
    load = 0.95 + 0.05 * idle
    energy = devices * kw * 1.5 * load * fsum(24 * day * each for day, each in zip(days, df, strict=True))
    end, life = date(2029, 1, 1), add_months(date(2027, 7, 1), 60)
    stood = (end - date(2027, 7, 1)).days
    left = min(
        (1 + case.economics.used_price_growth_per_year.mid) ** (stood / 365.25),
        (life - end).days / (life - date(2027, 7, 1)).days,
    )
    residual = left * price * 1.04 ** -((end - date(2027, 1, 1)).days / 365.25)
    costs = answer.option("cheap").costs
    assert costs["payments"] == pytest.approx(payments, rel=1e-9)
    assert costs["maintenance"] + costs["insurance"] == pytest.approx(upkeep, rel=1e-6)
    assert costs["staff"] == pytest.approx(staff, rel=1e-6)
    assert costs["energy"] == pytest.approx(energy, rel=1e-6)
    assert costs["residual"] == pytest.approx(-residual, rel=1e-6)
    assert set(costs) == {"payments", "maintenance", "insurance", "staff", "energy", "residual"}
    assert answer.option("cheap").npv_cost_hkd == pytest.approx(payments + upkeep + staff + energy - residual, rel=1e-6)


def test_effective_compute_and_work_by_hand(answer):
    cheap = answer.option("cheap")
    assert cheap.effective_pflops == pytest.approx(40 * 0.95 * 0.1)
    days = fsum(
        (add_months(d, 3) - d).days * discount(d) for d in (add_months(date(2027, 7, 1), 3 * n) for n in range(6))
    )
    assert cheap.work_pflops_days == pytest.approx(3.8 * days, rel=1e-6)
    assert cheap.utilisation == pytest.approx(1.0)
    assert cheap.hkd_per_effective_pflops_day == pytest.approx(cheap.npv_cost_hkd / (3.8 * days), rel=1e-6)


def test_break_even_is_the_owned_cost_over_the_rent_of_the_same_work(answer):
    # 3 USD an hour for 0.3 PFLOP/s that works 95 % of the time; rents fall by 12 % a year.
    cheap = answer.option("cheap")
    quarters = [add_months(date(2027, 7, 1), 3 * n) for n in range(6)]
    weights = [(add_months(d, 3) - d).days * discount(d) for d in quarters]
    fall = [0.88 ** ((d - date(2027, 1, 1)).days / 365.25) for d in quarters]
    rent = 3 * 7.8 * 24 / (0.3 * 0.95) * fsum(w * f for w, f in zip(weights, fall, strict=True)) / fsum(weights)
    assert cheap.break_even_utilisation == pytest.approx(cheap.hkd_per_capacity_pflops_day / rent, rel=1e-6)


def test_a_year_is_the_annuity_that_pays_back_the_whole(answer):
    cheap = answer.option("cheap")
    years, rate = ((date(2029, 1, 1) - date(2027, 7, 1)).days / 365.25, 0.04)
    assert cheap.annual_cost_hkd * (1 - (1 + rate) ** -years) / rate == pytest.approx(cheap.npv_cost_hkd)


def test_dearer_is_worse_and_the_same_in_all_else(answer):
    cheap, dear = answer.option("cheap"), answer.option("dear")
    assert dear.npv_cost_hkd > cheap.npv_cost_hkd
    assert dear.work_pflops_days == pytest.approx(cheap.work_pflops_days)
    assert cheap.rank < dear.rank


@pytest.mark.slow
def test_what_moves_with_the_price_is_all_that_moves(answer, tmp_path):
    dearer = planner.compare(written(tmp_path, comparison(options={"cheap": bid(3_000_000 * 1.3)})))
    moved = dearer.option("cheap").npv_cost_hkd - answer.option("cheap").npv_cost_hkd
    part = fsum(answer.option("cheap").costs[name] for name in ("payments", "maintenance", "insurance", "residual"))
    assert moved == pytest.approx(0.3 * part, rel=1e-6)


@pytest.mark.slow
def test_order_of_options_never_matters(answer, tmp_path):
    options = comparison()["options"]
    turned = {**comparison(), "options": dict(reversed(options.items()))}
    assert planner.compare(written(tmp_path, turned)).results == answer.results


@pytest.mark.slow
def test_an_option_that_is_worse_in_all_changes_no_other(answer, tmp_path):
    worse = planner.compare(written(tmp_path, comparison(options={"worst": bid(9_000_000, service_date="2028-05-01")})))
    for key in ("cheap", "dear", "cloud", "do_minimum", "business_as_usual"):
        assert worse.option(key) == answer.option(key)
    assert worse.recommendation.first == answer.recommendation.first
    assert worse.recommendation.second == answer.recommendation.second


def test_business_as_usual_costs_nothing_and_the_best_regrets_least(answer):
    usual = answer.option("business_as_usual")
    assert (usual.npv_cost_hkd, usual.net_value_hkd, usual.rank) == (0, 0, None)
    for place in range(2):
        assert min(option.scenarios[place].regret_hkd for option in answer.options) == 0


def test_regret_is_cost_above_the_least_in_each_future(answer):
    for place in range(2):
        costs = [option.scenarios[place].cost_hkd for option in answer.options]
        for option in answer.options:
            assert option.scenarios[place].regret_hkd == pytest.approx(
                option.scenarios[place].cost_hkd - min(costs), abs=1e-6
            )


@pytest.mark.slow
def test_the_command_line_gives_the_numbers_of_python(answer, path, capsys):
    assert run(["compare", str(path), "--json"]) == 0
    envelope = json.loads(capsys.readouterr().out)
    assert envelope["schema"] == "planner.compare/1"
    results = envelope["results"]
    assert {"options", "rank_stability", "recommendation"} <= results.keys()
    for record, option in zip(results["options"], answer.options, strict=True):
        assert record.keys() >= PER_OPTION
        assert record["option"] == option.option
        assert record["npv_cost_hkd"] == pytest.approx(option.npv_cost_hkd, rel=1e-12)
        assert record["score"] == (None if option.score is None else pytest.approx(option.score))
        assert all(check.keys() >= {"claim", "recomputed", "difference"} for check in record["checks"])


@pytest.mark.slow
def test_the_page_tells_rank_claims_and_what_would_turn_it(path, capsys):
    assert run(["compare", str(path)]) == 0
    text = capsys.readouterr().out
    for words in (
        "comes first with",
        "Claims",
        "What it costs",
        "Regret",
        "What would change the answer",
        "Weights set by",
    ):
        assert words in text


@pytest.mark.slow
def test_a_hall_that_is_too_small_is_told_and_what_fits_is_planned(tmp_path):
    small = need(sites={"hall": {"power_mw": 0.02}})
    option = planner.compare(written(tmp_path, comparison(), small)).option("cheap")
    assert not option.power_fits
    assert option.rank is None
    kw = planner.read_case(tmp_path / "need.yaml").kw_per_device("nvidia_rtx_4090d")
    assert option.devices_standing == pytest.approx(0.02 * 1000 / 1.5 / kw, rel=1e-3)
    assert option.costs["payments"] > 2_900_000
    (short,) = option.excluded_by
    assert (short.kind, short.in_halls) == ("short", True)
    assert [(limit.family, limit.on) for limit in short.limits] == [("power", ("hall",))]


@pytest.mark.slow
def test_what_law_refuses_is_off_the_list_with_its_rule(tmp_path):
    barred = comparison(options={"barred": bid(parts={"cards": {"accelerator": "nvidia_b200", "channel": "direct"}})})
    option = planner.compare(written(tmp_path, barred)).option("barred")
    assert not option.legal.allowed
    assert option.legal.parts[0].outcome in ("prohibited", "presumption_of_denial")
    assert (option.excluded_by[0].kind, option.excluded_by[0].part) == ("refused", "cards")


@pytest.mark.slow
def test_a_late_bid_is_off_the_list(tmp_path):
    late = comparison(months_limit=3, options={"cloud": rental(service_date="2027-03-01")})
    answer = planner.compare(written(tmp_path, late))
    assert [answer.option(key).deliverable_in_time for key in ("cheap", "cloud")] == [False, True]
    assert answer.option("cheap").excluded_by == (Late(pytest.approx(6.0, abs=0.05), 3),)


@pytest.mark.slow
def test_a_saved_comparison_is_read_back_as_it_was(answer, path, tmp_path, capsys):
    saved = tmp_path / "comparison.json"
    assert run(["compare", str(path), "-o", str(saved)]) == 0
    assert load_comparison(saved) == answer
    saved.write_text(saved.read_text().replace("planner.compare/1", "planner.plan/1"))
    with pytest.raises(InvalidInput, match="this is no saved comparison"):
        load_comparison(saved)
    saved.write_text("{")
    with pytest.raises(InvalidInput, match="this is not JSON"):
        load_comparison(saved)


def test_without_scenarios_the_law_in_force_is_the_only_future(answer, tmp_path):
    case = need()
    del case["scenarios"]
    plain = planner.compare(written(tmp_path, comparison(), case))
    for option in plain.options:
        assert [entry.scenario for entry in option.scenarios] == ["law_in_force"]
        assert option.npv_cost_hkd == pytest.approx(answer.option(option.option).npv_cost_hkd)
    costs = {option.option: option.scenarios[0].cost_hkd for option in plain.options}
    regrets = {option.option: option.regret_hkd for option in plain.options}
    assert regrets == {key: pytest.approx(cost - min(costs.values()), abs=1e-6) for key, cost in costs.items()}


@pytest.mark.slow
def test_cash_by_financial_year_adds_up_to_the_cost_without_discount(tmp_path):
    case = need(economics={"discount_rate": 0})
    options = {
        "cards": bid(running_hkd_per_year=1e5, price_covers=["freight", "equipment", "staff"]),
        "cloud": rental(),
    }
    plain = planner.compare(written(tmp_path, {**comparison(), "options": options}, case))
    for option in plain.options:
        paid = fsum(year.purchase_hkd + year.recurrent_hkd for year in option.cash)
        assert paid == pytest.approx(option.npv_cost_hkd + option.residual_value_hkd, abs=2)
    years = {year.financial_year: year.purchase_hkd for year in plain.option("cards").cash}
    assert years == {"2026-27": pytest.approx(600_000), "2027-28": pytest.approx(2_400_000), "2028-29": 0}


@pytest.mark.slow
def test_a_rental_that_law_refuses_in_all_its_periods_is_told_once(tmp_path):
    part = {"accelerator": "nvidia_b200", "assume": {"military_end_use": True}}
    barred = comparison(options={"cloud": rental(parts={"nodes": part})})
    (refused,) = planner.compare(written(tmp_path, barred)).option("cloud").excluded_by
    assert (refused.kind, refused.part, refused.family) == ("refused", "nodes", "embargo")
    assert refused.outcome in ("prohibited", "presumption_of_denial")
