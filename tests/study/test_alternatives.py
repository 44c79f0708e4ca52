"""Near-optimal plans: within the slack, as wide as they can be, and different from one another."""

import pytest
from tiny import DEVICE, case, offer, rental, site

from planner.errors import UsageError
from planner.report.alternatives import page, results
from planner.report.tables import text
from planner.study.alternatives import alternatives
from planner.study.workers import Workers


def two_cards():
    """A card, and one of another vendor that costs 1 % more."""
    twin = offer(accelerator="huawei_ascend_910c", price_usd_per_device=30_300)
    return case(offers={"card": offer(), "twin": twin}, workloads={"service": {"stacks_ready": ["cuda", "cann"]}})


def spans_of(found):
    return {(span.subject, span.name): span for span in found.spans}


def test_without_slack_only_the_optimum_is_left():
    found = alternatives(case(), 0.0, count=2)
    span = spans_of(found)["buy", DEVICE]
    assert (span.optimum, span.least, span.most) == pytest.approx((10, 10, 10), rel=1e-4)
    assert span.verdict == "always"
    assert found.plans == ()


def test_with_slack_an_equal_of_another_vendor_takes_all():
    found = alternatives(two_cards(), 0.10, count=4)
    spans = spans_of(found)
    assert spans["buy", "huawei_ascend_910c"].verdict == "sometimes"
    assert spans["buy", DEVICE].verdict == "sometimes"
    # 0.3 PFLOP/s each: 10/3 of them do the work; the slack buys a little more.
    assert spans["buy", "huawei_ascend_910c"].most == pytest.approx(10 / 3, rel=0.15)
    assert spans["vendor", "NVIDIA"].least == pytest.approx(0, abs=1)
    assert spans["stack", "cann"].most > spans["stack", "cann"].optimum


def test_a_purchase_too_dear_for_the_slack_is_never_made():
    dear = case(
        sites={"cloud": site(access="rent", phases=None)}, offers={"rented": rental(rent_usd_per_device_hour=100)}
    )
    found = alternatives(dear, 0.02, count=0)
    assert spans_of(found)["rent", "nvidia_h100_sxm"].verdict == "never"
    assert results(found)["never"] == {"buy": [], "rent": ["nvidia_h100_sxm"]}


def test_every_plan_stays_within_the_slack_and_none_comes_twice():
    found = alternatives(two_cards(), 0.05, count=4, seed=2)
    ceiling = found.plan.objective_hkd * 1.05
    assert len(found.plans) >= 2
    assert all(plan.cost_hkd <= ceiling * (1 + 1e-6) for plan in found.plans)
    amounts = [
        tuple(round(plan.amounts["buy", device], 3) for device in (DEVICE, "huawei_ascend_910c"))
        for plan in found.plans
    ]
    best = tuple(round(spans_of(found)["buy", device].optimum, 3) for device in (DEVICE, "huawei_ascend_910c"))
    assert len({best, *amounts}) == len(amounts) + 1


@pytest.mark.slow
def test_the_same_seed_gives_the_same_plans():
    one, other = (alternatives(two_cards(), 0.05, count=4, seed=5, workers=Workers(number)) for number in (1, 2))
    assert one.plans == other.plans
    assert one.spans == other.spans


def test_the_answer_comes_first_in_words():
    lines = text(page(alternatives(case(), 0.02, count=1))).splitlines()
    assert lines[0] == "The best plan costs HKD 879 k. Among all plans that cost at most HKD 897 k (2 % more):"
    assert lines[1] == f"- all buy {DEVICE}."


def test_a_slack_below_zero_makes_no_sense():
    with pytest.raises(UsageError, match="the slack is a share at or above zero"):
        alternatives(case(), -0.1)
