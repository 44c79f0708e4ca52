"""Claims that are right and claims that are not, and what becomes of an award that law overtakes."""

from __future__ import annotations

from datetime import date

import pytest
from bids import bid, comparison, need, rental, written

import planner
from planner.intake.clusters import clusters, months_of_peers
from planner.study.compare.findings import Peak


def checks(tmp_path, one, case=None, **changes):
    answer = planner.compare(written(tmp_path, {**comparison(**changes), "options": {"only": one}}, case))
    return checked(answer, "only")


def checked(answer, name):
    """The option, and what was recomputed of it by subject."""
    return answer.option(name), {check.subject: check for check in answer.option(name).checks}


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    """Bids of which each has one thing to be looked at, in one comparison."""
    options = {
        # 40 cards of 147.1 dense BF16 and 588.4 dense FP8 TFLOP/s.
        "no_precision": bid(claim={"pflops": 23.5}),
        "right": bid(claim={"pflops": 5.9, "precision": "bf16"}),
        "with_zeros": bid(claim={"pflops": 11.8, "precision": "bf16"}),
        "of_nothing": bid(claim={"pflops": 9.0, "precision": "bf16"}),
        "sparse": bid(claim={"pflops": 11.8, "precision": "bf16", "sparse": True}),
        "little_power": bid(claim={"pflops": 5.9, "power_mw": 0.02}),
        "cheap_rent": rental(parts={"nodes": {"rent_hkd_per_device_hour": 0.5}}),
    }
    return planner.compare(written(tmp_path_factory.mktemp("bids"), {**comparison(), "options": options}))


def test_a_claim_of_another_precision_is_named_as_that(answer):
    option, told = checked(answer, "no_precision")
    check = told["computing power"]
    assert check.recomputed == pytest.approx(40 * 0.1471)
    assert check.agrees is False
    assert check.difference == pytest.approx(23.5 / (40 * 0.1471) - 1)
    assert check.finding == Peak("bf16", stated=False, sparse=False, fits="fp8", fits_sparse=False)
    assert option.peak_pflops == pytest.approx(40 * 0.1471)


@pytest.mark.parametrize(("name", "fits"), [("with_zeros", ("bf16", True)), ("right", (None, False)), ("of_nothing", (None, False))])  # fmt: skip
def test_zeros_that_are_skipped_are_named_and_what_fits_nothing_is_not(answer, name, fits):
    _, told = checked(answer, name)
    finding = told["computing power"].finding
    assert told["computing power"].agrees is (name == "right")
    assert (finding.fits, finding.fits_sparse) == fits


def test_a_bid_that_says_so_may_count_zeros_that_are_skipped(answer):
    _, told = checked(answer, "sparse")
    assert told["computing power"].agrees is True
    assert told["computing power"].recomputed == pytest.approx(5.884)
    assert told["computing power"].finding == Peak("bf16", stated=True, sparse=True)


def test_too_little_power_is_flagged_and_enough_is_not(answer, tmp_path):
    option, told = checked(answer, "little_power")
    written(tmp_path, comparison())
    kw = planner.read_case(tmp_path / "need.yaml").kw_per_device("nvidia_rtx_4090d")
    assert told["power"].recomputed == pytest.approx(40 * kw * 1.5 / 1000) == option.power_mw
    assert told["power"].agrees is told["density"].agrees is False
    assert told["room"].agrees is True
    assert option.pflops_per_kw == pytest.approx(0.1471 / kw)


@pytest.mark.slow
def test_faster_than_any_public_cluster_and_below_cost(tmp_path):
    _, told = checks(tmp_path, bid(100_000, service_date="2027-02-01"))
    assert told["service against peers"].agrees is False
    assert told["price"].agrees is False
    _, told = checks(tmp_path, bid())
    assert told["service against peers"].agrees is told["price"].agrees is True


def test_a_rent_below_the_market_is_flagged(answer):
    _, told = checked(answer, "cheap_rent")
    assert told["rent"].agrees is False


@pytest.mark.slow
def test_a_licence_takes_its_time_beside_what_the_bid_counts_for_it(tmp_path):
    licences = {"l": {"accelerators": ["nvidia_h200_sxm"], "quota_devices": 100, "approval_share": 1, "wait_months": 4}}
    card = {"accelerator": "nvidia_h200_sxm", "channel": "licensed", "devices": 8}
    case = need(licences=licences, workloads={"assistant": {"measured_pflops_per_device": {"nvidia_h200_sxm": 0.4}}})
    option, told = checks(tmp_path, bid(parts={"cards": card}), case)
    assert option.service_date == date(2027, 11, 1)
    assert told["service"].agrees is False
    assert option.costs["levies"] == pytest.approx(0.25 * option.costs["payments"])
    option, told = checks(tmp_path, bid(parts={"cards": card | {"licence_months": 4}}), case)
    assert option.service_date == date(2027, 7, 1)
    assert told["service"].agrees is True


@pytest.mark.slow
def test_a_licence_for_fewer_devices_is_paid_for_those_that_come(tmp_path):
    licences = {"l": {"accelerators": ["nvidia_h200_sxm"], "quota_devices": 4, "approval_share": 1, "wait_months": 0}}
    card = {"accelerator": "nvidia_h200_sxm", "channel": "licensed", "devices": 8}
    option, _ = checks(tmp_path, bid(parts={"cards": card}), need(licences=licences))
    assert option.devices_standing == pytest.approx(4, rel=1e-5)
    assert option.power_fits
    (short,) = option.excluded_by
    assert (short.kind, short.in_halls, short.share) == ("short", False, pytest.approx(0.5))
    assert [limit.family for limit in short.limits] == ["licence_quota"]
    whole = 0.2 * 3_000_000 * 1.04**-0.125 + 0.8 * 3_000_000 * 1.04**-0.625
    assert option.costs["payments"] == pytest.approx(whole / 2, rel=1e-3)


@pytest.mark.slow
def test_an_award_that_law_overtakes_loses_what_was_due(tmp_path):
    card = {"accelerator": "huawei_ascend_910c"}
    case = need(scenarios=[{"id": "status_quo", "probability": 0.5}, {"id": "tightening", "probability": 0.5}])
    case["horizon"] = {"start": "2026q4", "end": "2028q4", "decision_date": "2026-11-21"}
    signed = {**comparison(), "award_date": "2026-12-01"}
    early = bid(parts={"cards": card}, payments=[{"month": 0, "share": 0.3}, {"month": 6, "share": 0.7}])
    answer = planner.compare(written(tmp_path, {**signed, "options": {"only": early}}, case))
    option = answer.option("only")
    assert option.legal.arrives_by_scenario == {"status_quo": 1.0, "tightening": 0.0}
    assert option.lawful_share == 0.5
    lost = option.scenarios[1].cost_hkd - answer.option("business_as_usual").scenarios[1].cost_hkd
    # 30 % on 1 December, in the middle of what is left of the quarter.
    assert lost == pytest.approx(0.3 * 3_000_000 * 1.04 ** -(20 / 365.25), rel=1e-3)
    late = planner.compare(written(tmp_path, {**comparison(), "options": {"only": bid(parts={"cards": card})}}, need(scenarios=case["scenarios"])))  # fmt: skip
    usual = late.option("business_as_usual").scenarios[1].cost_hkd
    assert late.option("only").scenarios[1].cost_hkd == pytest.approx(usual)


def test_public_clusters_are_read_with_their_sources():
    assert len(clusters()) == 20
    assert all(each.source.startswith("http") for each in clusters())
    months = months_of_peers()
    assert months == tuple(sorted(months))
    assert len(months) == 12
    assert 12 < (months[5] + months[6]) / 2 < 14
