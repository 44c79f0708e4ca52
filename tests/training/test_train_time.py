"""Options of a training job: costs by hand, dates, law, the choice, the reverse questions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from planner.errors import InvalidInput
from planner.intake.catalogue import economics
from planner.performance.estimate import Spread
from planner.training.cost import energy_kwh, hkd_per_accelerator_hour, kw_per_device, porting, running_hkd
from planner.training.market import options
from planner.training.option import DAYS_PER_MONTH
from planner.training.train_time import question, train_time

START = date(2026, 11, 21)
ASKED = {"params_b": 7, "tokens_b": 200, "count": 64, "start": START}
HOUR = Spread(1.0, 1.0, 1.0)


def option(id: str):
    return next(each for each in options([]) if each.id == id)


def by_id(records):
    return {entry.option: entry for entry in records}


@pytest.fixture(scope="module")
def records():
    return train_time(["nvidia_h800_sxm", "huawei_ascend_910b2", "nvidia_h100_sxm", "nvidia_b200"], **ASKED)


def test_a_rented_hour_is_its_rent_and_the_subsidy_pays_its_share() -> None:
    rent = option("aisc_h800_rental")
    assert hkd_per_accelerator_hour(rent, economics()) == pytest.approx(2.56 * 7.80)
    assert hkd_per_accelerator_hour(option("aisc_h800_rental_aiss"), economics()) == pytest.approx(0.3 * 2.56 * 7.80)
    assert energy_kwh(rent, HOUR).p50 == pytest.approx(1.275 * 1.6)


def test_an_owned_hour_adds_capital_upkeep_hall_and_energy() -> None:
    own, prices = option("ascend_910b2_domestic"), economics()
    price = own.offer.price_usd_per_device.mid
    kw = kw_per_device(own)
    removal = prices.decommission_hkd_per_device
    capital = (price * 1.03 + 4000 + 3000 + 1000) * 7.80 + own.site.fit_out_hkd_per_kw.mid * kw + removal
    yearly = capital / own.offer.lifetime_years + price * 7.80 * 0.06 + 3000
    peak = own.site.demand_charge_hkd_per_kw_month * own.site.pue
    hall = kw * (own.site.hosting_hkd_per_kw_month.mid + peak) / (8766 / 12)
    energy = kw * own.site.pue * own.site.tariff_hkd_per_kwh.mid
    assert hkd_per_accelerator_hour(own, prices) == pytest.approx(yearly / 8766 + hall + energy)
    assert running_hkd(own, HOUR, 1).p50 == pytest.approx(yearly / 8766 + hall + energy)
    assert porting(own, "pretrain") == (4.0, pytest.approx(9 * 91_667))


def test_days_hours_and_tokens_agree(records) -> None:
    entry = by_id(records)["aisc_h800_rental"]
    rate = entry.tokens_per_s_per_device.p50 * entry.practice * entry.goodput
    assert entry.accelerator_hours.p50 == pytest.approx(200e9 / rate / 3600)
    assert entry.days.p50 == pytest.approx(entry.accelerator_hours.p50 / 64 / 24)
    assert entry.days.p10 < entry.days.p50 < entry.days.p90
    assert entry.flop == pytest.approx(200e9 * entry.flop_per_token)


def test_the_finish_adds_the_longest_wait_to_the_days(records) -> None:
    bought = by_id(records)["ascend_910b2_domestic"]
    # Porting takes four months, the lead time as many, the hall seven.
    assert (bought.porting_months, bought.wait_months, bought.hall_months) == (4, 4, 7)
    assert bought.ready - START == timedelta(days=round(7 * DAYS_PER_MONTH))
    rented = by_id(records)["shenzhen_910b_rental"]
    assert (rented.hall_months, rented.ready - START) == (0, timedelta(days=round(4 * DAYS_PER_MONTH)))
    took = bought.finish - bought.ready
    assert took.days == pytest.approx(bought.days.p50, abs=1)


def test_the_chosen_stands_first_and_all_others_say_why_not(records) -> None:
    assert [entry.chosen for entry in records] == [True] + [False] * (len(records) - 1)
    assert records[0].option == "shenzhen_h800_rental"
    assert all(entry.why_not for entry in records[1:])
    ratio = by_id(records)["aisc_h800_rental"].cost_hkd.p50 / records[0].cost_hkd.p50
    assert by_id(records)["aisc_h800_rental"].why_not == f"costs {ratio:.2f} times the chosen option"


def test_a_licence_is_not_counted_on_and_a_denial_is_named(records) -> None:
    direct = by_id(records)["b200_direct"]
    assert not direct.may_use
    assert direct.why_not == f"law: {direct.legal['outcome']} under {direct.legal['rule']}"
    assert not any(entry.chosen for entry in records if entry.needs_licence)


def test_us_exposure_takes_away_what_carries_a_risk() -> None:
    exposed = train_time("huawei_ascend_910b2", **ASKED, us_exposed=True)
    assert not any(entry.may_use for entry in exposed if entry.legal["outcome"] == "compliance_risk")


def test_data_rules_bar_what_may_not_leave() -> None:
    ruled = by_id(train_time(["nvidia_h800_sxm"], **ASKED, data_class="important_data"))
    assert {entry.data_rule.permit for entry in ruled.values()} <= {"allow", "condition", "deny"}
    assert not any(entry.chosen for entry in ruled.values() if entry.data_rule.permit == "deny")


def test_porting_and_data_formalities_are_in_the_cost_once() -> None:
    plain = by_id(train_time("nvidia_h800_sxm", **ASKED))["shenzhen_h800_rental"]
    ruled = by_id(train_time("nvidia_h800_sxm", **ASKED, data_class="personal_hk"))["shenzhen_h800_rental"]
    assert ruled.data_rule.cost_hkd > 0
    assert ruled.cost_hkd.p50 == pytest.approx(plain.cost_hkd.p50 + ruled.data_rule.cost_hkd)
    less = by_id(train_time("nvidia_h800_sxm", **ASKED, data_class="personal_hk", budget_hkd=1e6))
    hours = (1e6 - ruled.data_rule.cost_hkd) / (plain.cost_hkd.p50 / plain.accelerator_hours.p50)
    tokens_b = 200 * hours / plain.accelerator_hours.p50
    assert less["shenzhen_h800_rental"].affordable.tokens_b_affordable == pytest.approx(tokens_b)


def test_the_tax_is_against_the_best_uncut_cuda_device_that_fits(records) -> None:
    ascend = by_id(records)["ascend_910b2_domestic"].performance_tax
    assert 0 < ascend.total < 0.4
    assert ascend.reference.startswith("nvidia_")
    assert by_id(records)["ascend_910b2_domestic"].times_best_unrestricted > 4


@pytest.mark.slow
def test_by_a_date_the_fewest_devices_are_found() -> None:
    ready = by_id(train_time("nvidia_h800_sxm", **ASKED))["shenzhen_h800_rental"].ready
    by = ready + timedelta(days=30)
    needed = {}
    for sure in ("p50", "p90"):
        entry = by_id(train_time("nvidia_h800_sxm", **ASKED, by=by, sure=sure))["shenzhen_h800_rental"]
        needed[sure] = entry.by_date.devices_needed
        again = by_id(train_time("nvidia_h800_sxm", **{**ASKED, "count": needed[sure]}))["shenzhen_h800_rental"]
        assert (again.finish if sure == "p50" else again.finish_p90) <= by
    assert needed["p50"] < needed["p90"] < 64


def test_a_budget_says_what_it_trains() -> None:
    entry = by_id(train_time("nvidia_h800_sxm", **ASKED, budget_hkd=1e6))["shenzhen_h800_rental"]
    cost = entry.cost_hkd.p50
    assert entry.affordable.tokens_b_affordable == pytest.approx(200 * 1e6 / cost)
    assert 1 < entry.affordable.params_b_affordable < 200
    size = entry.affordable.params_b_affordable
    bought = train_time("nvidia_h800_sxm", **{**ASKED, "params_b": size, "tokens_b": 20 * size})
    assert by_id(bought)["shenzhen_h800_rental"].cost_hkd.p50 == pytest.approx(1e6, rel=0.07)


def test_a_budget_and_a_date_are_kept_together() -> None:
    by = START + timedelta(days=2)
    entry = by_id(train_time("nvidia_h800_sxm", **ASKED, budget_hkd=1e6, by=by))["shenzhen_h800_rental"]
    # Two days on 64 devices, whatever the purse.
    assert entry.affordable.tokens_b_affordable == pytest.approx(200 * 2 / entry.days.p50)
    dear = by_id(train_time("nvidia_h800_sxm", **ASKED, budget_hkd=1e4, by=START + timedelta(days=90)))
    assert dear["shenzhen_h800_rental"].by_date.devices_needed is None
    assert "dearer than the budget" in dear["shenzhen_h800_rental"].why_not


def test_a_tenant_applies_waits_and_pays_the_shortest_term() -> None:
    job = {**ASKED, "tokens_b": 1}
    entry = by_id(train_time("nvidia_h800_sxm", **job))["aisc_h800_rental"]
    assert (entry.application_months, entry.queue_months, entry.term_months) == (1, 3, 1)
    assert entry.ready == START + timedelta(days=round(4 * DAYS_PER_MONTH))
    assert entry.cost_hkd.p50 == entry.cost_hkd.p90 == pytest.approx(64 * DAYS_PER_MONTH * 24 * 2.56 * 7.80)
    helped = by_id(train_time("nvidia_h800_sxm", **job))["aisc_h800_rental_aiss"]
    assert (helped.application_months, helped.cost_hkd.p50) == (4.5, pytest.approx(0.3 * entry.cost_hkd.p50))
    assert not helped.chosen


def test_what_is_not_let_or_not_paid_is_not_chosen() -> None:
    many = by_id(train_time("nvidia_h800_sxm", **{**ASKED, "count": 1024}))["aisc_h800_rental"]
    assert (many.obtainable, many.why_not) == (False, "only 606 devices are on offer at a time")
    late = by_id(train_time("nvidia_h800_sxm", **{**ASKED, "start": date(2027, 8, 1)}))["aisc_h800_rental_aiss"]
    assert late.why_not == "not done before the scheme ends on 2027-09-30"


def test_a_purchase_is_told_whole_and_a_budget_must_hold_it() -> None:
    entry = by_id(train_time("huawei_ascend_910b2", **ASKED))["ascend_910b2_domestic"]
    own = option("ascend_910b2_domestic")
    price = own.offer.price_usd_per_device.mid
    each = (price * 1.03 + 4000 + 3000 + 1000) * 7.80 + own.site.fit_out_hkd_per_kw.mid * kw_per_device(own)
    assert entry.purchase.hkd == pytest.approx(64 * each)
    hours = entry.accelerator_hours.p50
    assert entry.purchase.share_of_life == pytest.approx(hours / (64 * own.offer.lifetime_years * 8766))
    assert entry.cost_hkd.p50 < entry.purchase.hkd / 4
    poor = by_id(train_time("huawei_ascend_910b2", **ASKED, budget_hkd=2 * entry.cost_hkd.p50))["ascend_910b2_domestic"]
    assert poor.why_not.startswith("bought, the devices alone take more than the budget")
    assert poor.affordable.tokens_b_affordable == 0


def test_one_site_alone() -> None:
    assert {entry.site for entry in train_time(**ASKED, site="AISC")} == {"hk_aisc"}
    with pytest.raises(InvalidInput, match=r"'cyberport' is several sites\. It may be hk_aisc or hk_cyberport5\."):
        train_time(**ASKED, site="cyberport")


def test_measured_throughput_and_its_refusal() -> None:
    entry = train_time("nvidia_h800_sxm", **ASKED, tokens_per_second=9000)[0]
    assert entry.tokens_per_s_per_device.p50 == 9000
    assert entry.practice == 1
    with pytest.raises(InvalidInput, match="per device, not of the whole cluster"):
        train_time("nvidia_h800_sxm", **ASKED, tokens_per_second=500_000)


def test_calibration_moves_a_stack_to_the_measured_speed(tmp_path) -> None:
    file = tmp_path / "mine.csv"
    plain = by_id(train_time("huawei_ascend_910b2", **ASKED))["ascend_910b2_domestic"].tokens_per_s_per_device.p50
    head = "accelerator_id,count,params_b,precision,year,tokens_per_s_per_device\n"
    file.write_text(head + "huawei_ascend_910b2,64,7,bf16,2026,2000\n")
    moved = by_id(train_time("huawei_ascend_910b2", **ASKED, calibrate=file))["ascend_910b2_domestic"]
    assert moved.tokens_per_s_per_device.p50 == pytest.approx(2000, rel=0.05)
    assert plain != pytest.approx(2000, rel=0.05)
    assert any("calibrated to the user's measurements" in said for said in moved.assumptions)
    file.write_text(head + "huawei_ascend_910b2,64,7,bf16,2026,128000\n")
    with pytest.raises(InvalidInput, match="Check unit"):
        train_time("huawei_ascend_910b2", **ASKED, calibrate=file)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tokens_b": 0}, "training on 0 billion tokens takes no time. Give --tokens-b in billions, such as 100."),
        (
            {"count": 10**9},
            "1,000,000,000 devices is more than any cluster that exists. Give --count of at most 1,000,000.",
        ),
        (
            {"precision": "bf17"},
            "precision bf17 is unknown. Use one of bf16, fp16, fp8, mxfp8, int8, fp4, nvfp4, mxfp4.",
        ),
        (
            {"tp": 3, "pp": 7},
            "a layout of tp 3 × pp 7 does not divide 64 devices. Give --count as a multiple of 21, or leave the layout free.",
        ),
        ({"params_b": None}, "no model is given. Give --params-b, or --model with a name of the catalogue."),
        ({"model": "lama3-8b"}, "the catalogue has no model 'lama3-8b'. Did you mean llama3-8b"),
        ({"params_b": 2000, "count": 8}, "2000 B dense does not fit 8 × nvidia_h800_sxm"),
    ],
)
def test_impossible_questions_are_refused_with_what_to_do(change, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        train_time("nvidia_h800_sxm", **{**ASKED, **change})
    assert str(refused.value).startswith(said)


def test_a_model_that_nothing_on_offer_can_hold_is_refused_in_one_sentence() -> None:
    with pytest.raises(InvalidInput, match=r"2000 B dense runs on none of the [0-9]+ options with 8 devices"):
        train_time(**{**ASKED, "params_b": 2000, "count": 8})


def test_the_smallest_cluster_stands_in_the_record() -> None:
    entry = train_time("nvidia_h800_sxm", **{**ASKED, "params_b": 70})[0]
    assert entry.smallest_cluster_devices == 32
    few = {**ASKED, "params_b": 70, "count": 16}
    assert not train_time(["nvidia_h800_sxm", "huawei_ascend_910c"], **few)[-1].fits


def test_given_dimensions_replace_guessed_ones_and_keep_the_size() -> None:
    posed = question(params_b=7, tokens_b=1, dimensions={"layers": 24, "hidden": 4608, "heads": 36})
    assert (posed.shape.layers, posed.shape.hidden, posed.shape.head_dim) == (24, 4608, 128)
    assert posed.shape.total_parameters == pytest.approx(7e9)


def test_what_is_off_the_market_cannot_be_had() -> None:
    # By its cycle the L20 takes its last orders in November 2028.
    asked = {**ASKED, "count": 8, "tokens_b": 1, "params_b": 1}
    sold, gone = (
        by_id(train_time(["nvidia_l20"], **{**asked, "start": date(2028, month, 20)}))["l20_distributor"]
        for month in (11, 12)
    )
    assert sold.obtainable
    assert not gone.obtainable
    assert gone.why_not == "no longer on offer from 2028-12-01 on"
