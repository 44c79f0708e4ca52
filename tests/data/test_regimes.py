"""The rules as data: whole, dated, cited, and about devices that the catalogue knows."""

from planner.domain.match import AllOf, AnyOf, Leaf, NoneOf
from planner.intake.catalogue import accelerators, items, regimes


def rules():
    return [
        *(rule for regime in regimes().regimes for rule in regime.rules),
        *(rule for scenario in regimes().scenarios.values() for rule in scenario.override_rules),
    ]


def leaves(match):
    match match:
        case Leaf():
            return [match]
        case AllOf(all=parts) | AnyOf(any=parts):
            return [leaf for part in parts for leaf in leaves(part)]
        case NoneOf(negated=part):
            return leaves(part)
    return []


def test_regimes_and_5_scenarios():
    assert len(regimes().regimes) >= 48
    assert list(regimes().scenarios) == [
        "status_quo", "affiliates_rule_back", "tightening", "relaxation", "snap_embargo",
    ]  # fmt: skip
    assert sum(s.suggested_weight for s in regimes().scenarios.values()) == 1
    assert [s.id for s in regimes().scenarios.values() if not s.support_available] == ["snap_embargo"]


def test_every_regime_is_cited_and_told():
    for regime in regimes().regimes:
        assert regime.citations
        assert len(regime.summary) > 40


def test_rules_name_devices_and_vendors_of_the_catalogue():
    makers = {maker for item in items().values() for made in item.made_in.values() for maker in made.makers}
    vendors = {device.vendor for device in accelerators().values()} | {"Intel"} | makers
    for rule in rules():
        for leaf in leaves(rule.match):
            named = set(leaf.value) if isinstance(leaf.value, tuple) else {leaf.value}
            if leaf.metric == "accelerator_id":
                assert named <= set(accelerators()), rule.id
            if leaf.metric == "vendor":
                assert named <= vendors, rule.id


def test_every_outcome_has_a_meaning():
    assert {rule.outcome for rule in rules()} <= set(regimes().outcomes)
    assert regimes().outcomes["notify"].wait_days == 25


def test_thresholds_are_those_of_the_rules():
    limits = {(rule.id, leaf.metric, leaf.op): leaf.value for rule in rules() for leaf in leaves(rule.match)}
    assert limits["us_3a090a1_dc", "tpp", ">="] == 4800
    assert limits["us_3a090a2_dc", "performance_density", ">="] == 5.92
    assert limits["us_3a090_2022_a", "io_bandwidth_gbps", ">="] == 600
    assert limits["us_letter_2025_c", "memory_bandwidth_gbps", ">="] == 1400
    assert limits["us_letter_2025_c", "memory_plus_io_gbps", ">="] == 1700
    assert limits["us_jan2026_other", "tpp", "<"] == 21000
    assert limits["us_jan2026_other", "memory_bandwidth_gbps", "<"] == 6500
    assert limits["us_out_prohibited", "training_flop", ">"] == 1e25
    assert limits["us_3a090c", "memory_bandwidth_density", ">"] == 2
    assert limits["us_3a090c_exception", "memory_bandwidth_density", "<"] == 3.3
    assert limits["us_3a090a_presumed", "transistors_bn", ">="] == 30
