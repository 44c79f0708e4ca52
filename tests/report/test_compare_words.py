"""Facts of a comparison in words: each finding, hindrance, verdict and switch in English as it reads, and in Chinese without English."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import pytest

from planner.report.compare_claims import claimed, finding_of, hindrance_of, share_of
from planner.report.compare_words import best_set, flags, recommendation, turns
from planner.report.language import IN_ENGLISH, language
from planner.study.compare.carry_out import Limit
from planner.study.compare.claims import Check
from planner.study.compare.findings import (
    Dear,
    Drawn,
    Idle,
    Late,
    LowPrice,
    LowRent,
    Peak,
    Peers,
    PerKw,
    Refused,
    Room,
    Serves,
    Short,
    Unclaimed,
    Unpublished,
)  # fmt: skip
from planner.study.compare.portfolio import Portfolio, Taken
from planner.study.compare.ranking import Stability, Switch
from planner.study.compare.recommendation import Recommendation

CHINESE = language("zh-Hant-HK")
TERMS = {"PFLOP/s", "MW", "IT", "BF16", "FP8", "device"}
DAY = date(2028, 8, 30)


def english_in(text: str) -> set[str]:
    """English words that are no unit or term."""
    return set(re.findall(r"[A-Za-z][A-Za-z0-9/]+", text)) - TERMS


def check(subject: str, unit: str, claim: float | None, own: float | None, finding: object) -> Check:
    return Check(subject, unit, claim, own, False, finding)  # type: ignore[arg-type]


FINDINGS = [
    (check("power", "MW", None, 2.0, Unclaimed()), "the bid claims none"),
    (check("density", "PFLOP/s per kW", None, 0.2, Unclaimed()), "the bid claims no computing power or no power"),
    (check("computing power", "PFLOP/s", 9.0, None, Unpublished("fp8")), "no FP8 rate of its devices is published"),
    (check("computing power", "PFLOP/s", 9.0, 9.1, Peak("bf16", True, False)), "dense BF16: 9.1 PFLOP/s"),
    (check("computing power", "PFLOP/s", 36.0, 9.0, Peak("bf16", False, False, "fp8", False)), "dense BF16, since the bid states no precision: 9 PFLOP/s; the claim is that of dense FP8"),
    (check("computing power", "PFLOP/s", 18.0, 9.0, Peak("bf16", True, False, "bf16", True)), "dense BF16: 9 PFLOP/s; the claim is that of sparse BF16"),
    (check("computing power", "PFLOP/s", 18.0, 9.0, Peak("bf16", True, True)), "dense BF16: 9 PFLOP/s; the bid says that it counts zeros that are skipped"),
    (check("power", "MW", 1.5, 3.525, Drawn()), "its devices draw 3.52 MW at the meter"),
    (check("room", "MW", 3.5, 2.0, Room("device")), "device has 2.00 MW left, they need 3.50 MW"),
    (check("density", "PFLOP/s per kW", 1.8, 0.19, PerKw()), "0.19 PFLOP/s of dense BF16 per kW of IT"),
    (check("service", "months", 3.0, None, Serves(None, True)), "nothing of it can serve"),
    (check("service", "months", 3.0, 20.0, Serves(DAY, True)), "2028-08-30 after licence, lead and hall"),
    (check("service", "months", 3.0, 3.0, Serves(DAY, False)), "2028-08-30"),
    (check("service against peers", "months", 2.0, 13.05, Peers(12, 1, 3.0)), "1 of 12 public clusters were as fast; their middle is 13.1 months, the fastest 3"),
    (check("rent", "HKD/h", 1.0, 9.906, LowRent("device")), "HKD 9.91 an hour is the low end of rents of device"),
    (check("price", "HKD", 1e6, 1.75e8, LowPrice(("freight", "fit_out"))), "HKD 175 M is the low end for the devices alone, and the price is with freight, fit_out"),
    (check("price", "HKD", 1e6, 1.75e9, LowPrice(())), "HKD 1,750 M is the low end for the devices alone, and the price is for the devices alone"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "words"), FINDINGS, ids=[words[:40] for _, words in FINDINGS])
def test_a_finding_reads_in_both_languages(claim: Check, words: str) -> None:
    assert finding_of(claim, IN_ENGLISH) == words
    assert english_in(finding_of(claim, CHINESE)) == set()
    assert english_in(claimed(claim, CHINESE)) <= {"kW"}


def test_claims_have_their_units() -> None:
    amounts = {each.unit: claimed(each, IN_ENGLISH) for each, _ in FINDINGS if each.claim}
    assert amounts == {
        "PFLOP/s": "18 PFLOP/s",
        "MW": "3.5 MW",
        "PFLOP/s per kW": "1.8 PFLOP/s per kW",
        "months": "2 months",
        "HKD/h": "1 HKD/h",
        "HKD": "HKD 1 M",
    }
    assert claimed(check("price", "HKD", 1.5e8, 1.0, LowPrice(())), CHINESE) == "1.5 億港元"


HINDRANCES = [
    (Refused("device", "embargo", "shipping on 2027-10-31: prohibited by IT", "prohibited", "IT"), "device cannot be had: shipping on 2027-10-31: prohibited by IT"),
    (Refused("device", "lead_time", "ordered in 2031q4"), "device cannot be had: ordered in 2031q4"),
    (Refused("device", "cooling", "a server draws 10 kW"), "device cannot be had: a server draws 10 kW"),
    (Refused("device"), "device cannot be had: there is no such way in this case"),
    (Short(0.567, True, (Limit("power", ("device",), 2.0, "power granted at device: 2 MW"),)), "57 % of its devices fit: power granted at device: 2 MW"),
    (Short(0.5, False, (Limit("licence_quota", (), 4.0, "licence l"), Limit("supply", ("device",), 9.0, "total supply"))), "50 % of its devices can come: licence l; total supply"),
    (Late(20.04, 18), "it serves 20.0 months after the award, and 18 are allowed"),
    (Idle(), "it does none of the work of the need"),
    (Dear(1.2e9, 6e8), "it asks for HKD 1,200 M, and the grant is HKD 600 M"),
]  # fmt: skip


@pytest.mark.parametrize(("hindrance", "words"), HINDRANCES, ids=[words[:30] for _, words in HINDRANCES])
def test_a_hindrance_reads_in_both_languages(hindrance, words: str) -> None:
    assert hindrance_of(hindrance, IN_ENGLISH) == words
    assert english_in(hindrance_of(hindrance, CHINESE)) == set()


def test_what_law_refuses_is_told_with_its_rule() -> None:
    refused = Refused("甲", "embargo", "shipping on 2027-10-31: …", "presumption_of_denial", "us_3a090a1_dc")
    assert hindrance_of(refused, CHINESE) == "甲 無法取得：推定拒絕（us_3a090a1_dc）"


def option(name: str, score: float, net: float, day: float) -> SimpleNamespace:
    return SimpleNamespace(name=name, score=score, net_value_hkd=net, hkd_per_effective_pflops_day=day)


A, B, MARKET = option("甲", 81.2, 1e9, 1184.4), option("乙", 77.1, 2.5e9, 1473.0), option("", 0, 0, 1000.0)
VERDICTS = {
    "none_stands": "None of the options can be funded as it stands: each is off the short list.",
    "not_worth_it": "甲 comes first with 81 points, before 乙 with 77; it stays first in 64 % of draws of weights and prices. Yet it costs more than the work that it does is worth: fund none of them.",
    "market_is_cheaper": "甲 comes first with 81 points, before 乙 with 77; it stays first in 64 % of draws of weights and prices. Yet work rented on the market, without a grant, costs HKD 1,000 per PFLOP/s-day against 1,184.",
    "other_saves_more": "甲 comes first with 81 points, before 乙 with 77; it stays first in 64 % of draws of weights and prices. 乙 would save the need more, HKD 1,500 M of unserved work less cost.",
    "fund": "甲 comes first with 81 points, before 乙 with 77; it stays first in 64 % of draws of weights and prices.",
}  # fmt: skip


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_reads_in_both_languages(verdict) -> None:
    facts = Recommendation(verdict) if verdict == "none_stands" else Recommendation(verdict, A, B, 0.637, MARKET, B)
    answer = SimpleNamespace(recommendation=facts)
    assert recommendation(answer) == VERDICTS[verdict]
    assert english_in(recommendation(answer, CHINESE)) == set()


def test_one_option_comes_first_before_nobody() -> None:
    answer = SimpleNamespace(recommendation=Recommendation("fund", A, None, 1.0, MARKET, A))
    assert recommendation(answer) == "甲 comes first with 81 points."
    assert recommendation(answer, CHINESE) == "「甲」以 81 分居首。"


def test_what_would_turn_it_reads_in_both_languages() -> None:
    switches = (
        Switch("price", "a", 1.0, None, None),
        Switch("price", "b", 1.0, 0.788, "b"),
        Switch("weight", "local_benefit", 5.0, 14.2, "b"),
    )
    steady = (Stability("a", 0.7, 0.7, 0.64, 1.3, 2, {}),)
    answer = SimpleNamespace(rank_stability=steady, switches=switches)
    assert [part for part in turns(answer) if isinstance(part, str)][1:] == [
        "  - Over draws of weights and prices, first comes a 64 %.",
        "  - price of a: nothing up to ten times the bid, or down to nothing, changes who is first.",
        "  - price of b: at 0.788 × the bid b comes first.",
        "  - weight of local_benefit: 5 % now; at 14 % b comes first.",
    ]
    assert english_in(" ".join(part for part in turns(answer, CHINESE) if isinstance(part, str))) == set()


def test_the_best_set_reads_in_both_languages() -> None:
    best = Portfolio(6e8, (Taken("a", 1.0, 5e8), Taken("b", 0.4, 4e7)), (), 5.4e8, 7e8, 1.8e9, 1.0, 2.5)
    *_, sentence, price = best_set(SimpleNamespace(portfolio=best))
    assert sentence == "  - a and 40 % of b, for HKD 540 M: NPV cost HKD 700 M, net value HKD 1.8 bn. Left out: none."
    assert price == "  - One more HKD of grant would save HKD 2.5."
    for portfolio in (best, Portfolio(6e8, (), ("a",), 0.0, 0.0, 0.0, 0.0, None)):
        said = best_set(SimpleNamespace(portfolio=portfolio), CHINESE)
        assert english_in(" ".join(part for part in said if isinstance(part, str))) == set()
    assert share_of("b", 0.4, CHINESE) == "b 的 40 %"


def test_room_is_no_claim_of_the_bid() -> None:
    wrong = SimpleNamespace(option="a", checks=(FINDINGS[8][0], FINDINGS[7][0]))
    *_, room, power = flags(SimpleNamespace(options=(wrong,)))
    assert room == "  - a, room: device has 2.00 MW left, they need 3.50 MW."
    assert power == "  - a, power: 1.5 MW claimed; its devices draw 3.52 MW at the meter."
