"""Why this, why not that: the sentences and the numbers behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.errors import UsageError
from planner.intake import read_case
from planner.plan.plan import make_plan
from planner.report.explain import TOPICS, explain, page, results
from planner.report.tables import text
from planner.study.worth.lifted import without_embargo
from tests import tiny
from tests.report.small import small

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def plan():
    return make_plan(small())


def ask(plan, topic):
    return explain(plan, topic, lambda doing: None)


def records(answer, table):
    return results(answer)["tables"][table]


def test_limits_are_priced_over_all_their_periods(plan):
    answer = ask(plan, "limits")
    assert (
        answer.words[1]
        == "One more MW at hall from 2027q2 to 2027q4 would save HKD 5.04 M (HKD 560 M per MW at first)."
    )
    (power,) = records(answer, "limits")
    prices = plan.shadow_prices.set_index("row")["price_hkd_per_unit"]
    rows = ["power(hall,2027q2)", "power(hall,2027q3)", "power(hall,2027q4)"]
    assert power["rows"] == tuple(rows)
    assert power["saves_hkd_per_unit"] == pytest.approx(-prices[rows].sum())
    assert power["weighs_hkd"] == pytest.approx(-prices[rows].sum())


def test_less_work_saves_also_where_demand_is_met_exactly():
    # Shares of vendors make demand an equality; one more PFLOP/s-day of it costs what the last card does.
    shared = make_plan(tiny.case(vendor_share={"max_share": 1}))
    for topic in ("limits", "service", "demand(service,2027q2)"):
        (sentence,) = [words for words in ask(shared, topic).words if "would save" in words or "dearest" in words][:1]
        assert "-HKD" not in sentence
        assert "would cost" not in sentence.split(", one more")[0]


def test_why_not_tells_law_from_price(plan):
    by_offer = {record["offer"]: record for record in records(ask(plan, "why-not"), "why_not")}
    assert by_offer.keys() == {"b200", "dear"}
    assert by_offer["b200"]["reason"] == "unlawful"
    assert by_offer["b200"]["rule"] == "us_3a090a1_dc"
    assert by_offer["b200"]["citation"]
    assert by_offer["dear"]["reason"] == "dominated"
    assert by_offer["dear"]["break_in_usd"] == pytest.approx(10_000)
    assert by_offer["dear"]["because"] == (
        "its price must fall by 17 %, from USD 12,000 to 10,000 per device; one device now would add HKD 15.6 k to the cost"
    )


@pytest.mark.parametrize(
    ("offer", "site", "reason", "because"),
    [
        ({"lead_time_months": 24}, {}, "late", "ordered in 2027q1, it would not stand before the horizon ends on 2028-01-01"),
        ({}, {"rack_kw": 4}, "does not fit", "a server of 8 draws 8.0 kW, a rack of hall takes 4 kW"),
        ({"available_from": "2029q1"}, {}, "not on sale", "it is on sale in no period of the plan, or for no site of the case that takes it"),
        ({"supply_devices_total": 0}, {}, "not on sale", "its supply or its licence quota is nil"),
    ],
)  # fmt: skip
def test_every_reason_why_not(offer, site, reason, because):
    plan = make_plan(tiny.case(offers={"card": None, "other": tiny.offer(**offer)}, sites={"hall": site}))
    (found,) = records(ask(plan, "why-not"), "why_not")
    assert (found["reason"], found["because"]) == (reason, because)


def test_what_is_off_the_market_before_the_plan_begins_is_told_as_such():
    plain = tiny.case(offers={"card": None, "other": tiny.offer()})
    device = plain.accelerators[tiny.DEVICE].model_copy(update={"last_order": "2026-06", "life_basis": "press"})
    plan = make_plan(plain.model_copy(update={"accelerators": {**plain.accelerators, tiny.DEVICE: device}}))
    (found,) = records(ask(plan, "why-not"), "why_not")
    assert found["because"] == (
        "it is no longer on offer when the plan begins: last order in 2026-06, as the press says"
    )


def test_what_is_not_worth_its_power_is_refused_as_a_gift():
    plan = make_plan(tiny.case(workloads={"service": {"unserved_hkd_per_pflops_day": 10}}))
    (found,) = records(ask(plan, "why-not"), "why_not")
    assert found["because"] == "not even as a gift: what it takes to run outweighs what it does"
    assert found["break_in_usd"] is None


def test_a_device_on_which_nothing_runs_is_of_no_use():
    plan = make_plan(tiny.case(workloads={"service": {"stacks_ready": ["cann"]}}))
    (found,) = records(ask(plan, "why-not"), "why_not")
    assert found["reason"] == "of no use"
    assert found["because"] == (
        "no workload may run on it there: service for one: no way is known to port inference_llm to cuda"
    )


def test_the_embargo_is_the_difference_of_two_plans(plan):
    answer = ask(plan, "embargo")
    free = make_plan(without_embargo(small()))
    costs = plan.objective_hkd - free.objective_hkd
    whole, *_ = records(answer, "variants")
    assert whole["saves_hkd"] == pytest.approx(costs)
    assert answer.words[0] == (
        "US export control costs this plan HKD 5.51 M, 93 % of what it costs. "
        "Without it, it would take 1 more nvidia_b200 and do 54.6 PFLOP/s-days more of its work."
    )
    (rule,) = records(answer, "rules")
    assert rule == {
        "rule": "us_3a090a1_dc",
        "outcome": "presumption_of_denial",
        "offers": ["b200"],
        "saves_hkd": 0.0,
        "then": ["us_3a090a2_dc"],
    }
    assert answer.words[-1] == (
        "Lifted alone these change nothing, for another rule stands behind: us_3a090a1_dc (us_3a090a2_dc decides next)."
    )


def test_without_another_stack_there_is_no_tax(plan):
    assert ask(plan, "tax").words == ("The case has no device of another stack than CUDA, so there is no tax.",)


def test_a_row_shows_its_algebra_with_numbers(plan):
    answer = ask(plan, "power(hall,2027q2)")
    assert answer.words[:3] == (
        "power(hall,2027q2): power granted at hall: 0.006 MW.",
        "Its terms add up to 0.006 <= 0.006 MW, so it binds.",
        "One MW of room would save HKD 552 M: the value of one more megawatt.",
    )
    (term,) = records(answer, "terms")
    assert term["column"] == "fleet(nvidia_rtx_5090d_v2,hall,2027q2)"
    assert (term["coefficient"], term["value"]) == (pytest.approx(0.0015), pytest.approx(4))


def test_a_row_on_an_edge_is_worth_what_more_room_is():
    # The same devices stand in every quarter of the year: more power in one of them alone brings no device in.
    case = read_case(EXAMPLES / "1_power_limit" / "case.yaml")
    words = ask(make_plan(case), "power(hk_hsitp_loop,2028q3)").words
    assert words[2] == "More room would save nothing; one MW less of it would cost."
    assert words[3].startswith("The plan stands on an edge: one unit less costs at a rate of ")
    assert words[3].endswith(", one unit more changes the cost at 0 (HKD per unit).")


def test_a_row_that_does_not_bind_has_room():
    plan = make_plan(small(sites={"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 1}]}}))
    words = ask(plan, "power(hall,2027q2)").words
    assert words[1] == "Its terms add up to 0.015 <= 1 MW, with 0.985 to spare."
    assert words[2] == "It has no price: a little more room would change nothing."


def test_a_workload_an_offer_and_a_site(plan):
    assert ask(plan, "service").words[:3] == (
        "Service of city asks for 275 PFLOP/s-days from 2027q2 to 2027q4; 80 % of it is done.",
        "It runs on nvidia_h100_sxm at cloud (50 %) and nvidia_rtx_5090d_v2 at hall (50 %).",
        "Unserved work is worth HKD 5.46 M, undiscounted.",
    )
    assert ask(plan, "card").words[0] == "card is taken: 4 devices of nvidia_rtx_5090d_v2 bought for HKD 312 k."
    assert ask(plan, "b200").words[0].startswith("b200 is not taken. Unlawful: presumption_of_denial by us_3a090a1_dc.")
    assert "Most power is drawn in 2027q2: 0.006 of 0.006 MW." in ask(plan, "hall").words


def test_a_device_is_known_by_its_own_name(plan):
    assert ask(plan, "nvidia_rtx_5090d_v2").words[0] == ask(plan, "card").words[0]
    assert ask(plan, "nvidia_b200").words[0] == ask(plan, "b200").words[0]
    assert ask(plan, "nvidia_a100_80gb_sxm").words == ("The case has no offer of it.",)


def test_where_the_aim_is_compute_the_embargo_costs_work():
    plan = make_plan(small(objective="max_compute", budget_hkd=500_000))
    words = ask(plan, "embargo").words[0]
    assert "PFLOP/s-days more of its work." in words


def test_the_overview_says_what_else_to_ask(plan):
    words = ask(plan, "overview").words
    assert "1 offer that law allows is not taken: dear." in words
    assert words[-1].startswith(
        "Ask for limits, prices, worth, why-not, embargo, tax, the id of a workload, offer, device or site"
    )
    assert words[-1].endswith("which estimates matter, `planner sweep CASE --ranges '*' --design tornado` tells.")


def test_an_unknown_topic_gets_the_nearest(plan):
    with pytest.raises(UsageError, match=r"nothing here is called 'limit'\. Did you mean limits\?"):
        ask(plan, "limit")
    with pytest.raises(UsageError, match=r"Topics are overview, limits, why-not, embargo, tax, .*and ids of the case"):
        ask(plan, "xyzzy")


@pytest.mark.parametrize("topic", [*TOPICS, "service", "card", "dear", "hall", "nvidia_b200", "power(hall,2027q2)"])
def test_every_answer_fits_the_page_and_begins_in_words(plan, topic):
    answer = ask(plan, topic)
    lines = text(page(answer), width=100).splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[1].startswith("  - ")


def test_prices_have_units_and_names_that_can_be_copied(plan):
    answer = ask(plan, "prices")
    assert {record["row"]: record["unit"] for record in records(answer, "prices")}["power(hall,2027q2)"] == "MW"
    assert "row                 unit  limit" in text(page(answer))
