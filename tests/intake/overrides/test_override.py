"""Overrides: every form of path and value, and whole sentences for what is wrong."""

import pytest
from tiny import case, rental, site

from planner.errors import InvalidInput
from planner.intake.overrides.override import override

H20 = "nvidia_h20_96gb"


def told(sets, **changes):
    with pytest.raises(InvalidInput) as raised:
        override(case(**changes), sets)
    return [str(problem) for problem in raised.value.problems]


def test_nothing_to_set_is_the_case_itself():
    base = case()
    assert override(base, {}) is base


def test_a_plain_number_sets_a_field_and_is_remembered():
    changed = override(case(), {"sites.hall.power_mw": "10"})
    assert changed.sites["hall"].power_mw == 10.0
    assert changed.overrides == {"sites.hall.power_mw": "10"}
    assert override(changed, {"budget_hkd": 1e9}).overrides == {"sites.hall.power_mw": "10", "budget_hkd": 1e9}


def test_what_is_not_set_is_the_very_same():
    base = case()
    changed = override(base, {"offers.card.price_usd_per_device": "*1.1", "budget_hkd": 1e9})
    assert changed.economics is base.economics
    assert changed.sites["hall"] is base.sites["hall"]
    assert changed.offers["card"] is not base.offers["card"]


def test_the_case_itself_stays_as_it_was():
    base = case()
    override(base, {"sites.hall.power_mw": "10"})
    assert base.sites["hall"].power_mw is None


def test_a_plain_number_sets_all_of_a_range():
    price = override(case(), {"offers.card.price_usd_per_device": "1.2e4"}).offers["card"].price_usd_per_device
    assert (price.low, price.mid, price.high) == (12_000, 12_000, 12_000)


def test_a_range_is_scaled_as_a_whole():
    base = case(offers={"card": {"price_usd_per_device": {"low": 8_000, "mid": 10_000, "high": 15_000}}})
    for text in ("*1.1", "x1.1", "+10%"):
        price = override(base, {"offers.card.price_usd_per_device": text}).offers["card"].price_usd_per_device
        assert (price.low, price.mid, price.high) == pytest.approx((8_800, 11_000, 16_500))


@pytest.mark.parametrize(
    ("text", "mid"),
    [("{low: 1000, mid: 2000, high: 3000}", 2_000), ("-25%", 7_500), ("+500", 10_500), ("+-500", 9_500)],
)
def test_ranges_and_changes(text, mid):
    assert override(case(), {"offers.card.price_usd_per_device": text}).offers["card"].price_usd_per_device.mid == mid


def test_one_bound_of_a_range():
    price = override(case(), {"offers.card.price_usd_per_device.high": "20000"}).offers["card"].price_usd_per_device
    assert (price.low, price.mid, price.high) == (10_000, 10_000, 20_000)


def test_a_star_stands_for_any_id():
    base = case(sites={"hall": site(), "hk_a": site(), "hk_b": site()})
    changed = override(base, {"sites.hk_*.pue": "1.2"})
    assert [s.pue for s in changed.sites.values()] == [1.5, 1.2, 1.2]
    assert all(s.power_mw == 0.01 for s in override(base, {"sites.*.power_mw": "0.01"}).sites.values())


def test_a_star_stands_for_devices_of_which_the_case_said_nothing():
    found = override(case(), {"controls.nvidia_rtx_50*": "prohibited@2027q2"}).controls
    assert found
    assert all(name.startswith("nvidia_rtx_50") for name in found)
    assert {control.outcome for control in found.values()} == {"prohibited"}
    stacks = {"cann": {"name": "CANN"}, "musa": {"name": "MUSA"}}
    assert override(case(stacks=stacks), {"tax.*": 0.3}).tax == {"cann": 0.3, "musa": 0.3}
    assert override(case(controls={"nvidia_h20_96gb": {"outcome": "prohibited"}}), {"controls.*": None}).controls == {}
    assert told({"controls.foo*": "prohibited"})[0].startswith("controls.foo*: nothing in controls fits 'foo*'")


def test_a_star_before_no_number_is_told():
    sentence = "*abc is no factor. Write a number after the star, such as *1.1."
    assert told({"workloads.service.demand_pflops": "*abc"}) == [sentence]


def test_a_star_passes_over_what_lacks_the_rest():
    base = case(sites={"cloud": site(access="rent", phases=None)}, offers={"rented": rental()})
    changed = override(base, {"sites.*.phases.0.power_mw": "2", "offers.*.price_usd_per_device": "*2"})
    assert changed.sites["hall"].phases[0].power_mw == 2
    assert changed.sites["cloud"].phases == ()
    assert changed.offers["card"].price_usd_per_device.mid == 20_000
    assert changed.offers["rented"].price_usd_per_device is None


@pytest.mark.parametrize(
    ("text", "start"), [("uncontrolled@2027q2", "2027q2"), ("uncontrolled", None), ("{outcome: uncontrolled}", None)]
)
def test_a_control_is_an_outcome_and_a_period(text, start):
    control = override(case(), {f"controls.{H20}": text}).controls[H20]
    assert (control.outcome, control.start) == ("uncontrolled", start)


def test_null_takes_an_entry_out_and_empties_a_field():
    base = case(
        offers={
            "other": {
                "kind": "purchase",
                "accelerator": H20,
                "channel": "direct",
                "sites": ["hall"],
                "price_usd_per_device": 1e4,
            }
        },
        budget_hkd=1e9,
    )
    changed = override(base, {"offers.other": None, "budget_hkd": "null"})
    assert list(changed.offers) == ["card"]
    assert changed.budget_hkd is None


def test_a_mapping_adds_an_entry():
    licence = "{accelerators: [nvidia_h20_96gb], quota_devices: 10, approval_share: 0.5, wait_months: 3}"
    assert override(case(), {"licences.h20": licence}).licences["h20"].quota_devices == 10


def test_a_new_entry_starts_from_the_catalogue():
    offer = override(case(), {"offers.l40_distributor": {"sites": ["hall"]}}).offers["l40_distributor"]
    assert (offer.accelerator, offer.sites) == ("nvidia_l40", ("hall",))


def test_a_policy_that_the_case_lacks_is_made():
    assert override(case(), {"carbon_cap.tonnes_per_year": "100"}).carbon_cap.tonnes_per_year == 100


def test_dates_and_periods_move():
    changed = override(
        case(),
        {"sites.hall.phases.0.from_date": "+12m", "workloads.service.end": "-1q", "workloads.service.start": "+3m"},
    )
    assert str(changed.sites["hall"].phases[0].from_date) == "2021-01-01"
    assert (changed.workloads["service"].start, changed.workloads["service"].end) == ("2027q3", "2027q3")


def test_entries_of_a_list_go_by_their_id():
    base = case(scenarios=[{"id": "status_quo", "probability": 0.7}, {"id": "tightening", "probability": 0.3}])
    shares = {"scenarios.tightening.probability": "0.4", "scenarios.0.probability": "0.6"}
    assert [scenario.probability for scenario in override(base, shares).scenarios] == [0.6, 0.4]
    assert told({"scenarios.tightning.probability": "0.4"}, scenarios=[{"id": "tightening", "probability": 1}]) == [
        "scenarios.tightning.probability: 'tightning' is no entry of the list scenarios. Did you mean 'tightening'?"
    ]
    with pytest.raises(InvalidInput, match=r"the probabilities of the scenarios add up to 1\.1, not 1"):
        override(base, {"scenarios.tightening.probability": "0.4"})


def test_a_delay_moves_what_is_yet_to_come():
    phases = [{"from_date": "2020-01-01", "power_mw": 1}, {"from_date": "2027-07-01", "power_mw": 2}]
    changed = override(case(sites={"hall": site(phases=phases)}), {"sites.hall.delay_months": "12"})
    assert [str(phase.from_date) for phase in changed.sites["hall"].phases] == ["2020-01-01", "2028-07-01"]


def test_the_catalogue_s_books_can_be_set():
    base = case()
    changed = override(base, {"governance.mechanisms.gba_sc.lead_months": "6", f"accelerators.{H20}.tdp_w": "500"})
    assert changed.governance.mechanisms["gba_sc"].lead_months.mid == 6
    assert changed.accelerators[H20].tdp_w == 500
    assert base.governance.mechanisms["gba_sc"].lead_months.mid == 2.5
    assert changed.rulebook is base.rulebook


def test_whole_numbers_stay_whole():
    base = case(workloads={"service": {"max_devices": 64}})
    assert override(base, {"workloads.service.max_devices": "*1.5"}).workloads["service"].max_devices == 96


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("sitez.hall.power_mw", "sitez.hall.power_mw: 'sitez' is no field of the case. Did you mean 'sites'?"),
        ("sites.hal.power_mw", "sites.hal.power_mw: 'hal' is no entry of sites. Did you mean 'hall'?"),
        ("sites.hall.power_mv", "sites.hall.power_mv: 'power_mv' is no field of sites.hall. Did you mean 'power_mw'?"),
        ("sites.x*.pue", "sites.x*.pue: nothing in sites fits 'x*'. There are hall."),
        ("sites.*.peu", "sites.*.peu: 'peu' is no field of sites.hall. Did you mean 'pue'?"),
        ("sites.hall.phases.5.power_mw", "sites.hall.phases.5.power_mw: '5' is no entry of the list sites.hall.phases. They count from 0 to 0; * is all of them."),
        ("sites.hall.power_mw.x", "sites.hall.power_mw.x: sites.hall.power_mw is one value, so nothing lies below it. Shorten the path."),
        ("controls.nvidia_h20_96g", "controls.nvidia_h20_96g: 'nvidia_h20_96g' is no entry of controls. Did you mean 'nvidia_h20_96gb'?"),
        ("sites.hall.delay_months", "sites.hall.delay_months: no phase is yet to come on 2027-01-01. Name another site."),
        ("rulebook.as_of", "rulebook.as_of: 'rulebook' is no field of the case. There are title, description, horizon, objective, buyer, scenarios, sites, offers, workloads, funds, budget_hkd, licences, …."),
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_told_at_the_part_at_fault(path, sentence):
    assert told({path: "1"}) == [sentence]


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("budget_hkd", "*2", "budget_hkd=*2 changes what is not there. Give the value itself."),
        ("title", "*2", "title=*2: 'tiny' is no number that could be changed. Give the value itself, or a change that fits it."),
        ("workloads.service.end", "+1m", "workloads.service.end=+1m: 2027q4 is a quarter, which cannot be moved by 1 months. Give the value itself, or a change that fits it."),
        ("vendor_share.max_share", "2", "vendor_share.max_share=2: 'max_share' is 2, but must be at most 1. 2 looks like percent: write 0.02."),
        ("offers.card.price_usd_per_device", "{low: 50, mid: 20, high: 90}", "offers.card.price_usd_per_device={low: 50, mid: 20, high: 90}: low, mid and high must rise: 50.0, 20.0, 90.0. Put them in order."),
        ("offers.card.accelerator", "nvidia_h20_96g", "offers.card.accelerator=nvidia_h20_96g: 'nvidia_h20_96g' is no device. Did you mean 'nvidia_h20_96gb'?"),
        (f"controls.{H20}", "uncontroled", f"controls.{H20}=uncontroled: 'outcome' is 'uncontroled', which is none of uncontrolled, notify, case_by_case, presumption_of_denial, prohibited, compliance_risk. Did you mean 'uncontrolled'?"),
        ("sites.hall.power_mw", "9,500", "sites.hall.power_mw=9,500: 'power_mw' is '9,500', not a number. Write 9500, no separators."),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_told_in_words(path, value, sentence):
    assert told({path: value}) == [sentence]


def test_every_problem_is_told_at_once():
    found = told({"sitez.hall.pue": "1", "sites.hall.pue": "0.5", "offers.card.lead_time_months": "soon"})
    assert found == [
        "sitez.hall.pue: 'sitez' is no field of the case. Did you mean 'sites'?",
        "sites.hall.pue=0.5: 'pue' is 0.5, but must be at least 1. It means: power usage effectiveness: facility power over IT power.",
        "offers.card.lead_time_months=soon: 'lead_time_months' is 'soon', not a number. Write the number only.",
    ]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("*", 1, "every part of the case"),
        ("**", 1, "every part of the case"),
        ("accelerators", None, "all of accelerators"),
        ("governance", 5, "all of governance"),
        ("sites.hall.delay_months", 999_999, "at most 600"),
        ("sites.hall.delay_months", "+12", "a whole number of months"),
        ("accelerators.no_such_chip", {"name": "x"}, ""),
    ],
)
def test_what_would_set_everything_or_leave_the_calendar_is_refused(path: str, value: object, said: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        override(case(), {path: value})
    assert any(said in problem.what for problem in raised.value.problems)
