"""Unknown figures never fail open: bounds decide where they can, and where they cannot the outcome is unknown."""

from datetime import date

import pytest

from planner.domain.match import Between
from planner.domain.transaction import Transaction
from planner.intake.catalogue import accelerators, regimes
from planner.law.meaning import permission
from planner.law.outcome import decide, outcome_of
from planner.law.unknown import facts_of

DAY = date(2026, 11, 21)
DENSE = {"metric": "performance_density", "op": ">=", "value": 3.2}


def told(device, on=DAY, **transaction):
    return outcome_of(device, Transaction(**transaction), on, regimes())


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        # TPP 4,640 on 2,831 mm2 at most: density 1.639 or more, and 1.6 is enough from TPP 2,400 on.
        ({"bf16_tflops": 290}, "compliance_risk"),
        # TPP 4,480: density 1.582 or more, which leaves both open.
        ({"bf16_tflops": 280}, "unknown"),
        # At most 2,800 mm2: 4,480 / 2,800 = 1.6.
        ({"bf16_tflops": 280, "die_area_at_most_mm2": 2800}, "compliance_risk"),
        ({"bf16_tflops": 280, "die_area_mm2": 2900}, "uncontrolled"),  # 1.545, as published
        ({"bf16_tflops": 99}, "uncontrolled"),  # TPP 1,584 is below every threshold
        ({"bf16_tflops": 300}, "compliance_risk"),  # TPP 4,800 is enough by itself
        # Four stacks of 16 GB take 368 mm2 at the least: 4,480 / 2,463 = 1.819.
        ({"bf16_tflops": 280, "memory_type": "HBM2e", "memory_gb": 64}, "compliance_risk"),
        ({"bf16_tflops": 240, "memory_type": "HBM2e", "memory_gb": 64}, "unknown"),  # 3,840 / 2,463 = 1.559
        ({"bf16_tflops": 280, "memory_type": "GDDR6", "memory_gb": 64}, "unknown"),  # no stacks beside the logic
        # A package of 2025 holds 4,719 mm2: 4,640 / 4,719 = 0.983.
        ({"bf16_tflops": 290, "release_date": "2025-01"}, "unknown"),
        ({"bf16_tflops": 290, "release_date": None}, "unknown"),
    ],
)
def test_what_a_package_can_hold_bounds_the_density(device, facts, outcome):
    chip = device(**{"vendor_country": "CN", "release_date": "2023-06", "die_area_mm2": None, **facts})
    assert told(chip).outcome == outcome


def test_every_rule_of_one_unknown_figure_sees_the_same_figure(device):
    """TPP 4,000 at a density of 1.7 or more: notice below 5.92, denial from there on, and never free."""
    chip = device(bf16_tflops=250, die_area_mm2=None, die_area_at_most_mm2=2350, vendor="Google")
    ground = told(chip, date(2024, 1, 1))
    assert ground.outcomes == ("presumption_of_denial", "notify")
    assert ground.rule.id == "us_3a090a2_dc"
    verdict = decide(chip, Transaction(), date(2024, 1, 1), regimes())
    assert (verdict.unknown, verdict.confidence) == (("performance density",), "low")
    assert "It may be presumption_of_denial (us_3a090a2_dc) or notify (us_3a090b1_nac), by figures" in verdict.because


def test_rules_of_the_same_outcome_leave_nothing_open(device, a_book, a_regime, a_rule):
    book = a_book(a_regime("r", a_rule("dense", 6, "notify", DENSE), a_rule("other", 5, "notify")))
    chip = device(die_area_mm2=None)
    assert outcome_of(chip, Transaction(), DAY, book).outcome == "notify"


def test_no_device_of_the_catalogue_is_free_on_an_unknown_figure():
    """Whoever is called uncontrolled stays so with any density that its package allows."""
    for device in accelerators().values():
        for on in (date(2024, 1, 1), date(2025, 6, 1), DAY):
            for channel in ("purchase", "cloud"):
                if told(device, on, channel=channel).outcome == "uncontrolled" and device.performance_density is None:
                    dense = device.model_copy(update={"performance_density": 50.0})
                    assert told(dense, on, channel=channel).outcome == "uncontrolled", (device.id, on)


def test_devices_of_unknown_die_area_are_not_called_free():
    outcomes = {id: told(accelerators()[id]).outcome for id in ("metax_c500_pcie", "hygon_dcu_k100_ai", "enflame_t20")}
    assert set(outcomes.values()) == {"unknown"}
    for id in ("cambricon_mlu590", "cambricon_mlu290_m5", "metax_c500_oam"):
        assert told(accelerators()[id]).outcome == "compliance_risk"
    assert told(accelerators()["google_tpu_v4"], date(2024, 1, 1)).outcome == "presumption_of_denial"


def test_a_plan_takes_the_unknown_only_if_every_outcome_lets_it(device):
    ground = told(accelerators()["metax_c500_pcie"])
    assert ground.outcomes == ("compliance_risk", "uncontrolled")
    assert permission(ground, (), regimes(), us_exposed=False).granted
    assert permission(ground, (), regimes(), us_exposed=True).barred_by is ground
    denied = told(device(bf16_tflops=250, die_area_mm2=None, vendor="Google"), date(2024, 1, 1))
    assert not permission(denied, (), regimes(), us_exposed=False).granted


def test_the_longest_wait_of_what_may_be_is_waited(device, a_book, a_regime, a_rule):
    book = a_book(a_regime("r", a_rule("dense", 6, "notify", DENSE)))
    ground = outcome_of(device(die_area_mm2=None), Transaction(), DAY, book)
    assert ground.outcomes == ("notify", "uncontrolled")
    assert permission(ground, (), book, us_exposed=True).wait_days == 25


def test_bounds_stand_for_the_density_that_nobody_published():
    facts = facts_of(accelerators()["cambricon_mlu590"], Transaction(), regimes(), DAY)
    # Five stacks of 16 GB hold its 80 GB: 2,831 - 5 * 92 = 2,371 mm2.
    assert facts["performance_density"] == Between(4492.8 / 2371)
    assert facts_of(accelerators()["nvidia_l2"], Transaction(), regimes(), DAY)["performance_density"] > 5


@pytest.mark.parametrize("destination", ["HK", "VN"])
def test_the_outcomes_told_are_those_that_some_density_brings_about(destination):
    """No more and no less: every density that the package allows gives one of them, and each comes about."""
    transaction = Transaction(destination=destination)
    for device in accelerators().values():
        if device.tpp is None or device.performance_density is not None:
            continue
        for on in (date(2024, 1, 1), DAY):
            least = facts_of(device, transaction, regimes(), on)["performance_density"].low
            seen = set()
            for density in (least, 1.6, 2, 3.2, 4, 5.92, 6, 40):
                if density >= least:
                    measured = device.model_copy(update={"performance_density": density})
                    seen |= set(outcome_of(measured, transaction, on, regimes()).outcomes)
            assert seen == set(outcome_of(device, transaction, on, regimes()).outcomes), (device.id, on)


def test_what_bounds_settle_is_told_and_medium_at_most(device):
    chip = device(bf16_tflops=148, die_area_mm2=None, die_area_at_most_mm2=390, vendor="Google")
    verdict = decide(chip, Transaction(), date(2024, 1, 1), regimes())
    assert (verdict.outcome, verdict.confidence) == ("presumption_of_denial", "medium")
    assert (
        "Nobody published it, but bounds settle it: performance density unknown (at least 6.07179)." in verdict.because
    )
