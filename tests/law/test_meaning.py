"""Outcome, exposure and flags together: may a plan get the device?"""

from datetime import date

import pytest

from planner.domain.transaction import Transaction
from planner.intake.catalogue import accelerators, regimes
from planner.law.meaning import permission
from planner.law.outcome import flags_of, outcome_of

DAY = date(2026, 11, 21)


def permit(device, *, us_exposed=True, prc_exposed=False, on=DAY, **transaction):
    asked = (accelerators()[device], Transaction(**transaction), on, regimes())
    return permission(outcome_of(*asked), flags_of(*asked), regimes(), us_exposed=us_exposed, prc_exposed=prc_exposed)


def test_uncontrolled_may_be_bought_at_once():
    granted = permit("nvidia_l2")
    assert (granted.granted, granted.needs_licence, granted.wait_days) == (True, False, 0)


def test_notices_wait_25_days_and_few_are_let_through():
    """No approval for China or Hong Kong is known, so what the case hopes for under `licences` is all there is."""
    granted = permit("nvidia_a30")
    assert (granted.granted, granted.needs_licence, granted.wait_days) == (True, True, 25)
    for device in ("nvidia_l40", "nvidia_a40", "amd_mi100", "nvidia_rtx_4090"):
        rule = outcome_of(accelerators()[device], Transaction(), DAY, regimes()).rule
        assert (rule.approval_share.low, rule.approval_share.mid, rule.confidence) == (0, 0.02, "medium")


def test_a_notice_that_always_passes_needs_no_hope():
    ground = outcome_of(accelerators()["nvidia_h800_sxm"], Transaction(), date(2027, 6, 1), regimes(), "relaxation")
    granted = permission(ground, (), regimes(), us_exposed=True)
    assert (ground.outcome, granted.needs_licence, granted.wait_days) == ("notify", False, 25)


def test_case_by_case_needs_a_licence():
    granted = permit("nvidia_h200_sxm")
    assert (granted.granted, granted.needs_licence, granted.wait_days) == (True, True, 0)


@pytest.mark.parametrize("facts", [{}, {"buyer_listed": True}])
def test_denied_and_prohibited_never(facts):
    barred = permit("nvidia_b200", us_exposed=False, **facts)
    assert not barred.granted
    assert barred.barred_by.rule.id == ("us_listed_party" if facts else "us_3a090a1_dc")


def test_compliance_risk_is_for_buyers_without_us_exposure():
    assert permit("huawei_ascend_910c").barred_by.rule.id == "us_gp10_named"
    assert permit("huawei_ascend_910c", us_exposed=False).granted


def test_a_flag_that_prohibits_bars():
    assert permit("nvidia_rtx_5090d_v2").granted
    assert permit("nvidia_rtx_5090d_v2", destination="CN").barred_by.rule.id == "prc_5090dv2"


def test_mainland_procurement_bars_only_those_it_binds():
    assert permit("nvidia_l2", destination="CN").granted
    assert permit("nvidia_l2", destination="CN", prc_exposed=True).barred_by.rule.id == "prc_state_dc"


def test_the_countermeasure_and_investment_law_bar_no_purchase():
    assert permit("huawei_ascend_910c", destination="CN", us_exposed=False, prc_exposed=True).granted
    assert permit("nvidia_l2", training_flop=2e25).granted


def test_renting_asks_the_cloud_layer():
    assert permit("nvidia_b200", channel="cloud", destination="OTHER").granted
    assert permit("nvidia_rtx_5090d_v2", channel="cloud", destination="CN").granted
