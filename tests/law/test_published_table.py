"""Status of devices under three vintages of the US rules, beside what public classifiers print.

The numbers are facts transcribed from two public classifiers (airensurzyn/export-control-threshold-analysis at 1790e68 and
s-w-kelly/chip-export-controls at 05b5767). They test figures against thresholds alone, for China, and know neither the
letters of 2025 nor who may buy what; where the planner says otherwise, `BECAUSE` tells why.
"""

from datetime import date

import pytest

from planner.domain.transaction import Transaction
from planner.intake.catalogue import accelerators, regimes
from planner.law.outcome import outcome_of

VINTAGES = (date(2022, 12, 1), date(2024, 1, 1), date(2026, 3, 1))
MEANT = {
    "controlled": "presumption_of_denial",
    "free": "uncontrolled",
    "nac": "notify",
    "case-by-case": "case_by_case",
    "denial": "presumption_of_denial",
}
# device, status after the rules of October 2022, October 2023, January 2026; None: the classifiers say nothing
PUBLISHED = [
    ("nvidia_a100_80gb_sxm", "controlled", "controlled", "case-by-case"),
    ("nvidia_a800_80gb_sxm", "free", "controlled", "case-by-case"),
    ("nvidia_h100_sxm", "controlled", "controlled", "case-by-case"),
    ("nvidia_h800_sxm", "free", "controlled", "case-by-case"),
    ("nvidia_h20_96gb", "free", "free", "free"),
    ("nvidia_h200_sxm", "controlled", "controlled", "case-by-case"),
    ("nvidia_b200", "controlled", "controlled", "denial"),
    ("nvidia_b300", None, "controlled", "denial"),
    ("amd_mi300x", "controlled", "controlled", "case-by-case"),
    ("amd_mi325x", "controlled", "controlled", "case-by-case"),
    ("amd_mi250x", None, "controlled", None),
    ("amd_mi210", None, "nac", None),
]
CHINA_ONLY = "made for China and not on sale in the US on 2026-01-15, so the relief of that day does not reach it"
BECAUSE = {
    ("nvidia_a800_80gb_sxm", VINTAGES[2]): ("presumption_of_denial", "us_3a090a1_dc", CHINA_ONLY),
    ("nvidia_h800_sxm", VINTAGES[2]): ("presumption_of_denial", "us_3a090a1_dc", CHINA_ONLY),
    ("nvidia_h20_96gb", VINTAGES[2]): (
        "case_by_case",
        "us_h20_mi308_15pct",
        "below every threshold of 3A090, but named by the letters of April 2025 and licensed since for 15 %",
    ),
}
CASES = [
    (device, on, published)
    for device, *statuses in PUBLISHED
    for on, published in zip(VINTAGES, statuses, strict=True)
    if published
]


@pytest.mark.parametrize(("device", "on", "published"), CASES)
def test_status_migrates_as_published_or_for_a_reason(device, on, published):
    rule = outcome_of(accelerators()[device], Transaction(destination="CN"), on, regimes()).rule
    if (device, on) in BECAUSE:
        outcome, decider, _ = BECAUSE[device, on]
        assert outcome != MEANT[published]
        assert (rule.outcome, rule.id) == (outcome, decider)
    else:
        assert rule.outcome == MEANT[published]


def test_figures_agree_with_the_classifiers():
    """TPP, and performance density where both count the same dies (the classifiers count MI300X without its I/O dies)."""
    published = {
        "nvidia_a100_80gb_sxm": (4992, 6.04),
        "nvidia_h100_sxm": (15832, 19.45),
        "nvidia_h20_96gb": (2368, 2.91),
        "nvidia_b200": (36000, None),
        "nvidia_b300": (56000, None),
        "amd_mi300x": (20919, None),
        "amd_mi250x": (6128, None),
        "amd_mi210": (2896, None),
    }
    for device, (tpp, density) in published.items():
        assert accelerators()[device].tpp == pytest.approx(tpp, abs=0.5)
        if density is not None:
            assert accelerators()[device].performance_density == pytest.approx(density, abs=0.005)
