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


def test_notify_waits_25_days():
    granted = permit("nvidia_a30")
    assert (granted.granted, granted.needs_licence, granted.wait_days) == (True, False, 25)


def test_case_by_case_needs_a_licence():
    granted = permit("nvidia_h200_sxm")
    assert (granted.granted, granted.needs_licence, granted.wait_days) == (True, True, 0)


@pytest.mark.parametrize("facts", [{}, {"buyer_listed": True}])
def test_denied_and_prohibited_never(facts):
    barred = permit("nvidia_b200", us_exposed=False, **facts)
    assert not barred.granted
    assert barred.barred_by.rule.id == ("us_listed_party" if facts else "us_letter_2025_c")


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
