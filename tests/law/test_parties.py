"""Makers, sellers and buyers on US lists: what is barred to whom. A listed maker is a flag that bars US exposure alone."""

from datetime import date

import pytest

from planner.domain.transaction import Transaction
from planner.intake.catalogue import accelerators, regimes
from planner.law.meaning import permission
from planner.law.outcome import flags_of, outcome_of

DAY = date(2026, 11, 21)
FREE = "hygon_dcu_z100"  # TPP 691: no rule of 3A090 reaches it, but its maker is listed since 2019-06-24


def permit(device, on=DAY, *, us_exposed=True, **transaction):
    asked = (accelerators()[device], Transaction(**transaction), on, regimes())
    return permission(outcome_of(*asked), flags_of(*asked), regimes(), us_exposed=us_exposed)


@pytest.mark.parametrize(
    ("device", "day_before", "first_day", "rule"),
    [
        ("cambricon_mlu370_x8", "2022-12-15", "2022-12-16", "us_maker_cambricon"),
        ("biren_br104", "2023-10-16", "2023-10-17", "us_maker_biren_moore"),
        ("moore_threads_mtt_s4000", "2023-10-16", "2023-10-17", "us_maker_biren_moore"),
    ],
)
def test_a_maker_is_listed_from_its_day(device, day_before, first_day, rule):
    asked = [
        flags_of(accelerators()[device], Transaction(), date.fromisoformat(day), regimes())
        for day in (day_before, first_day)
    ]
    assert [rule in {flag.rule.id for flag in flags} for flags in asked] == [False, True]


def test_what_a_listed_maker_sells_is_for_buyers_without_us_exposure():
    assert permit(FREE).barred_by.rule.id == "us_maker_hygon"
    assert permit(FREE, us_exposed=False).granted
    assert permit(FREE, channel="cloud").barred_by.rule.id == "us_maker_hygon"


def test_makers_that_are_not_listed_carry_no_flag():
    flags = flags_of(accelerators()["metax_c500_pcie"], Transaction(), DAY, regimes())
    assert [flag.rule.id for flag in flags] == []


@pytest.mark.parametrize(
    ("facts", "exposed_by", "unexposed_by"),
    [
        ({"seller_listed": True}, "us_seller_listed", None),
        ({"seller_sdn": True}, "us_seller_sdn", "us_seller_sdn"),
        ({"seller_denied": True}, "us_denied_person", "us_denied_person"),
        ({"buyer_sdn": True}, "us_sdn_buyer", "us_sdn_buyer"),
        ({"buyer_denied": True}, "us_denied_person", "us_denied_person"),
        ({"buyer_unverified": True}, None, None),
    ],
)
def test_lists_bar_by_what_they_are(facts, exposed_by, unexposed_by):
    for exposed, rule in ((True, exposed_by), (False, unexposed_by)):
        granted = permit("nvidia_l2", us_exposed=exposed, **facts)
        assert (granted.barred_by.rule.id if granted.barred_by else None) == rule


def test_an_unverified_buyer_gets_no_licence_exception():
    assert outcome_of(accelerators()["nvidia_a30"], Transaction(), DAY, regimes()).outcome == "notify"
    verified = outcome_of(accelerators()["nvidia_a30"], Transaction(buyer_unverified=True), DAY, regimes())
    assert verified.outcome == "case_by_case"


@pytest.mark.parametrize(
    ("on", "rules"),
    [
        ("2025-05-20", set()),
        ("2025-05-21", {"prc_afsl"}),
        ("2026-04-07", {"prc_afsl", "prc_834_refusal"}),
        ("2026-04-13", {"prc_afsl", "prc_834_refusal", "prc_835_refusal"}),
    ],
)
def test_refusing_ascend_is_a_risk_too_for_whoever_has_mainland_business(on, rules):
    asked = accelerators()["huawei_ascend_910c"], date.fromisoformat(on), regimes()
    device, day, book = asked
    for transaction in (Transaction(mainland_business=True), Transaction(destination="CN")):
        flags = flags_of(device, transaction, day, book)
        assert {flag.rule.id for flag in flags if flag.layer == "prc_countermeasure"} == rules
    assert not any(flag.layer == "prc_countermeasure" for flag in flags_of(device, Transaction(), day, book))
    assert permit("huawei_ascend_910c", us_exposed=False, mainland_business=True).granted
