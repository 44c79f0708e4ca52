"""How numbers and limits read."""

from __future__ import annotations

import pytest

from planner.cells import number
from planner.model.constraints import KNOWN
from planner.model.family import Where
from planner.report.words import Edge, limit_sentence, listed, money, percent, short, span


@pytest.mark.parametrize(
    ("hkd", "reads"),
    [
        (1_234_567_890, "HKD 1.23 bn"),
        (999_960_000, "HKD 1 bn"),
        (45_600_000, "HKD 45.6 M"),
        (312_000, "HKD 312 k"),
        (789, "HKD 789"),
        (0.004, "HKD 0.004"),
        (0, "HKD 0"),
        (1.19e-07, "HKD 0"),
        (-1_250_000, "-HKD 1.25 M"),
        (-0.001, "HKD 0.001"),
    ],
)
def test_money(hkd, reads):
    assert money(hkd) == reads


@pytest.mark.parametrize(
    ("share", "reads"),
    [
        (1, "100 %"),
        (0.99999, "99.9 %"),
        (0.996, "99.6 %"),
        (0.62, "62 %"),
        (0.025, "2.5 %"),
        (0.0004, "0.04 %"),
        (0, "0 %"),
    ],
)
def test_a_share_never_claims_to_be_whole(share, reads):
    assert percent(share) == reads


def test_numbers_lists_and_spans():
    assert number(-0.0) == "0"
    assert [number(x) for x in (1234.5, 12.34, 0.0456, 7, 99.96)] == ["1,234", "12.3", "0.0456", "7", "100"]
    assert [short(x) for x in (1_650_000, 4_200, 12)] == ["1.65 M", "4.2 k", "12"]
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(list("abcdefgh"), 4) == "a, b, c and 5 more"
    assert span("2027q1", "2027q1") == "in 2027q1"
    assert span("2027q1", "2028q2") == "from 2027q1 to 2028q2"


WHEN = "from 2028q1 to 2032q4"


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        (("power", Where(("hk_aisc",), WHEN, True)), f"One more MW at hk_aisc {WHEN} would save HKD 3.1 M."),
        (
            ("supply", Where(("card",), WHEN, True)),
            f"One more device of card in each period {WHEN} would save HKD 3.1 M.",
        ),
        (
            ("supply", Where(("card", "total"), WHEN, False)),
            "One more device of card in all would save HKD 3.1 M.",
        ),
        (
            ("supply", Where(("NVIDIA", "vendor"), "in 2028q1", False)),
            "One more device from NVIDIA in 2028q1 would save HKD 3.1 M.",
        ),
        (
            ("budget", Where(("ceiling", "aiss", "y2028"), WHEN, False)),
            "One more million HKD in fund aiss in 2028 would save HKD 3.1 M.",
        ),
        (
            ("budget", Where(("total",), WHEN, False)),
            "One more million HKD of budget would save HKD 3.1 M.",
        ),
        (
            ("carbon_cap", Where(("y2030",), "in 2030q4", False)),
            "One more tonne of CO2e in 2030 would save HKD 3.1 M.",
        ),
        (
            ("licence_quota", Where(("h200",), WHEN, False)),
            "One more licensed device under h200 would save HKD 3.1 M.",
        ),
        (
            ("capacity_target", Where(("midscale",), WHEN, True)),
            "One PFLOP/s less in target midscale would save HKD 3.1 M.",
        ),
        (
            ("demand", Where(("chat",), "in 2028q1", False)),
            "One PFLOP/s-day less of chat in 2028q1 would save HKD 3.1 M.",
        ),
        (("silo", Where(("a", "b"), WHEN, True)), f"One more device of a at b {WHEN} would save HKD 3.1 M."),
    ],
)
def test_limits_in_words(limit, sentence):
    family, where = KNOWN[limit[0]], limit[1]
    assert limit_sentence(family.one_more(where), family.unit, Edge(3_100_000)) == sentence
