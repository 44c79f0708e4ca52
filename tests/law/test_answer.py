"""What an answer carries beside the outcome: classification, facts assumed, history, far dates, what a case rests on."""

from datetime import date

import pytest
from tiny import case, offer, service, site

from planner.domain.transaction import Transaction
from planner.intake.catalogue import accelerators, regimes
from planner.law.assumed import resting_below_high
from planner.law.classification import eccn_of
from planner.law.otherwise import history, otherwise
from planner.law.outcome import decide, outcome_of

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("device", "on", "eccn"),
    [
        ("nvidia_h100_sxm", "2026-11-21", "3A090.a.1"),
        ("nvidia_a100_80gb_sxm", "2023-01-01", "3A090"),
        ("nvidia_l4", "2024-01-01", "3A090.a.2"),
        ("nvidia_rtx_4090", "2024-01-01", "3A090.a, not for data centres"),
        ("nvidia_l40", "2024-01-01", "3A090.b.1"),
        ("nvidia_h20_96gb", "2026-11-21", "3A991.p, 4A994.l or 5A992.c"),  # the letter controls it, no ECCN does
        ("nvidia_t4", "2026-11-21", "3A991.p, 4A994.l or 5A992.c"),
    ],
)
def test_a_device_is_classified_wherever_it_goes(device, on, eccn):
    assert eccn_of(accelerators()[device], date.fromisoformat(on), regimes()) == eccn


def test_a_server_is_a_computer_and_an_unknown_density_leaves_its_paragraph_open(device):
    assert eccn_of(device(item_type="server"), DAY, regimes()) == "4A090.a.1"
    open_one = device(bf16_tflops=250, die_area_mm2=None, die_area_at_most_mm2=2350)
    assert eccn_of(open_one, DAY, regimes()) == "3A090.a.2 or 3A090.b.1"


@pytest.mark.parametrize("device", ["nvidia_h100_sxm", "nvidia_h200_sxm", "nvidia_l40s"])
def test_the_shipment_from_the_us_decides_and_the_answer_says_so(device):
    found = {one.fact: one for one in otherwise(accelerators()[device], Transaction(), DAY, regimes())}
    told = found["shipped_from_us"]
    assert (told.assumed, told.if_instead) == ("shipped from the US", "not shipped from the US")
    assert (told.outcome, told.rule) == ("presumption_of_denial", "us_3a090a1_dc")
    stated = otherwise(accelerators()[device], Transaction(), DAY, regimes(), stated=["shipped_from_us"])
    assert "shipped_from_us" not in {one.fact for one in stated}


def test_each_fact_that_is_told_changes_the_outcome():
    base = outcome_of(accelerators()["nvidia_l2"], Transaction(), DAY, regimes())
    for one in otherwise(accelerators()["nvidia_l2"], Transaction(), DAY, regimes()):
        assert one.outcome != base.outcome


def test_history_is_what_each_day_says():
    device = accelerators()["nvidia_h20_96gb"]
    spans = history(device, Transaction(), regimes())
    assert [(span.first.isoformat(), span.outcome) for span in spans] == [
        ("2020-12-23", "uncontrolled"), ("2025-04-09", "presumption_of_denial"), ("2025-07-15", "case_by_case"),
        ("2025-08-11", "case_by_case"),
    ]  # fmt: skip
    for span, after in zip(spans, [*spans[1:], None], strict=True):
        assert span.last is None if after is None else (after.first - span.last).days == 1
        for day in (span.first, span.last or DAY):
            assert outcome_of(device, Transaction(), day, regimes()).rule.id == span.ground.rule.id


def test_certainty_fades_after_the_day_to_which_rules_are_known():
    device = accelerators()["nvidia_t4"]
    told = [
        decide(device, Transaction(), date.fromisoformat(on), regimes())
        for on in ("2026-12-31", "2027-06-01", "2030-01-01")
    ]
    assert [verdict.confidence for verdict in told] == ["high", "medium", "low"]
    assert told[2].because.endswith("Rules are known to 2026-11-20; by 2030-01-01 they may have changed.")


def test_before_the_first_rule_on_chips_the_answer_says_what_lies_outside():
    early = decide(accelerators()["nvidia_a100_80gb_sxm"], Transaction(), date(2022, 6, 1), regimes())
    assert (early.outcome, early.confidence) == ("uncontrolled", "medium")
    assert "Before 2022-08-26 no rule spoke of advanced accelerators" in early.because
    assert "lies outside this book" in early.because


def test_what_a_case_rests_on_below_high_is_listed():
    made = case(
        offers={"card": None, "a30": offer(accelerator="nvidia_a30"), "l2": offer(accelerator="nvidia_l2")},
        sites={"hall": site()},
        workloads={"service": service(data_class="personal_hk")},
    )
    found = {one.law: one for one in resting_below_high(made)}
    assert found["us_3a090b1_nac"].rests_on_it == ("nvidia_a30",)
    assert (found["us_3a090b1_nac"].confidence, found["us_3a090b1_nac"].outcome) == ("medium", "notify")
    assert found["personal_hk"].rests_on_it == ("service",)
    assert "us_default_uncontrolled" not in found
