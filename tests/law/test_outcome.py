"""The order of law: layer, place, day, scenario, priority, default; and what an unknown figure does."""

from datetime import date

import pytest

from planner.domain.transaction import Transaction
from planner.errors import UsageError
from planner.intake.catalogue import accelerators, regimes
from planner.law.outcome import decide, flags_of, outcome_of

DAY = date(2026, 6, 1)
FAST = {"metric": "tpp", "op": ">=", "value": 4800}


def decided(device, book, on=DAY, scenario=None, **transaction):
    return outcome_of(device, Transaction(**transaction), on, book, scenario).rule.id


def test_the_highest_priority_decides_and_the_others_are_told(device, a_book, a_regime, a_rule):
    book = a_book(
        a_regime("low", a_rule("denied", 5, "prohibited", FAST)), a_regime("high", a_rule("kind", 6, "notify"))
    )
    verdict = decide(device(), Transaction(), DAY, book)
    assert verdict.ground.rule.id == "kind"
    assert [other.rule.id for other in verdict.others] == ["denied", "default"]
    assert verdict.nearest.ground.rule.id == "denied"
    assert verdict.nearest.why_not == "it matches as well, but its priority 5 lies below 6"


def test_the_default_makes_the_answer_total(device, a_book, a_regime, a_rule):
    verdict = decide(
        device(bf16_tflops=100), Transaction(), DAY, a_book(a_regime("r", a_rule("denied", 5, "prohibited", FAST)))
    )
    assert (verdict.outcome, verdict.ground.rule.id) == ("uncontrolled", "default")
    assert verdict.because == "No rule in force reaches it: it needs no licence."
    assert verdict.nearest.why_not == "TPP 1,600 is below 4,800 (by 67 %)"


@pytest.mark.parametrize(
    ("on", "rule"),
    [("2026-05-31", "default"), ("2026-06-01", "denied"), ("2026-06-30", "denied"), ("2026-07-01", "default")],
)
def test_first_and_last_day_are_included(device, on, rule, a_book, a_regime, a_rule):
    days = {"effective_from": "2026-06-01", "effective_to": "2026-06-30"}
    book = a_book(a_regime("june", a_rule("denied", 5, "prohibited"), **days))
    assert decided(device(), book, date.fromisoformat(on)) == rule


def test_place_and_channel_choose_the_regimes(device, a_book, a_regime, a_rule):
    book = a_book(
        a_regime("there", a_rule("abroad", 5, "prohibited"), destination_scope=["OTHER"]),
        a_regime("remote", a_rule("rented", 20, "prohibited"), layer="us_cloud", channel="cloud"),
    )
    assert decided(device(), book) == "default"
    assert decided(device(), book, destination="OTHER") == "abroad"
    assert decided(device(), book, channel="cloud") == "rented"


def test_a_scenario_drops_and_adds_rules_from_its_first_day(device, a_book, a_regime, a_rule):
    added = a_rule("added", 2001, "notify", layer="us_hardware", channel="purchase", destination_scope=["HK"])
    scenario = {
        "name": "turn",
        "start_date": "2027-01-01",
        "disable_regimes": ["old"],
        "override_rules": [added],
    }
    book = a_book(a_regime("old", a_rule("denied", 999, "prohibited")), scenarios={"turn": scenario})
    assert decided(device(), book, date(2026, 12, 31), "turn") == "denied"
    assert decided(device(), book, date(2027, 1, 1), "turn") == "added"
    assert decided(device(), book, date(2027, 1, 1)) == "denied"
    assert decided(device(), book, date(2027, 1, 1), "turn", destination="CN") == "default"
    verdict = decide(device(), Transaction(), date(2027, 1, 1), book, "turn")
    assert verdict.citation == "law added; hypothetical, scenario turn"
    abroad = decide(device(), Transaction(destination="CN"), date(2027, 1, 1), book, "turn")
    assert abroad.nearest.why_not == "the scenario suspends it"


def test_an_unknown_scenario_is_refused_with_the_known_ones(device):
    with pytest.raises(
        UsageError, match="no scenario is called 'tightning'; there are status_quo, affiliates_rule_back, tightening"
    ):
        outcome_of(device(), Transaction(), DAY, regimes(), "tightning")


def test_an_unknown_figure_leaves_the_outcome_unknown_and_the_answer_says_between_what(
    device, a_book, a_regime, a_rule
):
    unknown = device(bf16_tflops=None)
    verdict = decide(unknown, Transaction(), DAY, a_book(a_regime("r", a_rule("denied", 5, "prohibited", FAST))))
    assert (verdict.outcome, verdict.confidence, verdict.unknown) == ("unknown", "low", ("TPP",))
    assert verdict.because.endswith(
        "It may be prohibited (denied) or uncontrolled (default), by figures that nobody published: TPP unknown."
    )


def test_unknown_is_unequal_to_everything(device, a_book, a_regime, a_rule):
    book = a_book(a_regime("r", a_rule("other", 5, "notify", {"metric": "tpp", "op": "!=", "value": 4800})))
    assert decided(device(bf16_tflops=None), book) == "other"


def test_an_unknown_figure_below_the_decider_changes_no_confidence(device, a_book, a_regime, a_rule):
    book = a_book(a_regime("r", a_rule("low", 5, "prohibited", FAST), a_rule("high", 6, "notify")))
    assert decide(device(bf16_tflops=None), Transaction(), DAY, book).confidence == "high"


def test_a_close_call_lowers_confidence_and_is_told(device, a_book, a_regime, a_rule):
    book = a_book(a_regime("r", a_rule("denied", 5, "prohibited", FAST)))
    verdict = decide(device(bf16_tflops=297), Transaction(), DAY, book)
    assert verdict.confidence == "medium"
    assert verdict.because.endswith("It is a close call with denied: TPP 4,752 is below 4,800 (by 1 %).")
    assert decide(device(bf16_tflops=301), Transaction(), DAY, book).because.endswith(
        "It is a close call: TPP 4,816 ≥ 4,800."
    )


# --- edges of the real book, on the day each band was in force ---------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"bf16_tflops": 300, "die_area_mm2": 3000}, "us_3a090a1_dc"),  # TPP 4,800, density 1.6
        ({"bf16_tflops": 4799 / 16, "die_area_mm2": 3000}, "us_default_uncontrolled"),  # TPP 4,799, density 1.5997
        ({"bf16_tflops": 4799 / 16, "die_area_mm2": 2900}, "us_3a090b1_nac"),  # density 1.65
        ({"bf16_tflops": 148, "die_area_mm2": 400}, "us_3a090a2_dc"),  # TPP 2,368, density 5.92
        ({"bf16_tflops": 148, "die_area_mm2": 400.1}, "us_3a090b2_nac"),  # density 5.9185
        ({"bf16_tflops": 150, "die_area_mm2": 1500}, "us_3a090b1_nac"),  # TPP 2,400, density 1.6
        ({"bf16_tflops": 149.9, "die_area_mm2": 1499}, "us_default_uncontrolled"),  # TPP 2,398.4
        ({"bf16_tflops": 100, "die_area_mm2": 500}, "us_3a090b2_nac"),  # TPP 1,600, density 3.2
        ({"bf16_tflops": 99.9, "die_area_mm2": 100}, "us_default_uncontrolled"),  # TPP 1,598.4, density 16
        ({"bf16_tflops": 300, "datacenter_marketed": False}, "us_3a090a_nondc_nac"),
        ({"bf16_tflops": 299.9, "datacenter_marketed": False, "die_area_mm2": 100}, "us_default_uncontrolled"),
        ({"bf16_tflops": 300, "vendor_country": "CN"}, "us_default_uncontrolled"),
    ],
)
def test_edges_of_the_rule_of_2023(device, facts, rule):
    assert decided(device(**facts), regimes(), date(2024, 1, 1)) == rule


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"bf16_tflops": 1312.49, "memory_bandwidth_gbps": 6499}, "us_jan2026_other"),
        ({"bf16_tflops": 1312.5, "memory_bandwidth_gbps": 6499}, "us_3a090a1_dc"),  # TPP 21,000 is too much
        ({"bf16_tflops": 1000, "memory_bandwidth_gbps": 6500}, "us_3a090a1_dc"),  # 6,500 GB/s is too much
        ({"bf16_tflops": 1000, "memory_bandwidth_gbps": 4501}, "us_jan2026_tariff_bands"),
        ({"bf16_tflops": 1000, "memory_bandwidth_gbps": 4500}, "us_jan2026_other"),  # the band begins above 4,500
        ({"bf16_tflops": 1310, "memory_bandwidth_gbps": 6000}, "us_jan2026_tariff_bands"),
    ],
)
def test_edges_of_the_rule_of_2026(device, facts, rule):
    assert decided(device(us_commercially_available=True, **facts), regimes(), DAY) == rule


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"memory_bandwidth_gbps": 1399, "io_bandwidth_gbps": 300}, "us_default_uncontrolled"),  # sum 1,699
        ({"memory_bandwidth_gbps": 1399, "io_bandwidth_gbps": 301}, "us_letter_2025_a"),  # sum 1,700
        ({"memory_bandwidth_gbps": 1400, "io_bandwidth_gbps": None}, "us_letter_2025_a"),
        ({"memory_bandwidth_gbps": 100, "io_bandwidth_gbps": 1100}, "us_letter_2025_a"),
    ],
)
def test_edges_of_the_letters_of_2025(device, facts, rule):
    assert decided(device(bf16_tflops=50, **facts), regimes(), date(2025, 5, 1)) == rule


def test_intel_parts_without_a_published_rate_are_never_free_by_intels_own_letter():
    """3,700 GB/s is caught by the letter whatever the rate is; below 21,000 TPP the rule of 2026 reviews it."""
    device = accelerators()["intel_gaudi_3_hl328"]
    assert decide(device, Transaction(), date(2025, 5, 1), regimes()).outcome == "unknown"
    for on in (date(2025, 5, 1), DAY):
        assert "uncontrolled" not in decide(device, Transaction(), on, regimes()).ground.outcomes


def test_flags_never_change_the_outcome():
    device = accelerators()["nvidia_rtx_5090d_v2"]
    transaction = Transaction(destination="CN")
    verdict = decide(device, transaction, date(2026, 6, 1), regimes())
    assert verdict.outcome == "uncontrolled"
    assert [flag.rule.id for flag in verdict.flags] == ["prc_5090dv2", "prc_state_dc"]
    assert flags_of(device, Transaction(), date(2026, 6, 1), regimes()) == ()


def test_flags_reach_the_variants_of_a_family():
    """Rules that name a family name each device of it in the catalogue."""
    cn, hk = Transaction(destination="CN"), Transaction()
    for device in ("nvidia_h200_sxm", "nvidia_h200_nvl"):
        assert "prc_h200_case" in {flag.rule.id for flag in flags_of(accelerators()[device], cn, DAY, regimes())}
    for device in ("nvidia_v100_32gb_sxm2", "nvidia_a100_80gb_sxm", "nvidia_h100_pcie"):
        flags = flags_of(accelerators()[device], hk, DAY, regimes())
        assert [flag.rule.id for flag in flags] == ["hk_import_licence_check"]
        assert flags_of(accelerators()[device], Transaction(channel="cloud"), DAY, regimes()) == ()
    # Hong Kong's own list counts FP64, of which H800 and H20 have little.
    for device in ("nvidia_h800_pcie", "nvidia_h20_96gb"):
        assert flags_of(accelerators()[device], hk, DAY, regimes()) == ()


def test_money_of_us_investors_is_flagged_by_training_size():
    device = accelerators()["nvidia_t4"]
    for flop, rules in ((1e23, []), (2e23, ["us_out_notify"]), (2e25, ["us_out_prohibited", "us_out_notify"])):
        flags = flags_of(device, Transaction(training_flop=flop), DAY, regimes())
        assert [flag.rule.id for flag in flags] == rules
