"""A fact of a transaction that law does not ask for, that follows from elsewhere or that cannot be is told at its place, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.domain.transaction import Transaction
from planner.errors import InvalidInput
from planner.intake import read_case
from planner.intake.check_facts import FACTS, FOLLOWS

CASE = """\
title: One hall
horizon: {{start: 2027q1, end: 2028q4}}
buyer: {{us_exposure: false, assume: {{{buyer}}}}}
sites: {{hk_hsitp_loop: {{}}}}
offers: {{ascend_910c_domestic: {{sites: [hk_hsitp_loop], assume: {{{offer}}}}}}}
workloads:
  assistant:
    {{name: A, kind: service, workload_class: inference_llm, tenant: t, data_class: public, start: 2027q1, end: 2028q4,
    demand_pflops: 30, params_b: 14, method: inference, unserved_hkd_per_pflops_day: 6000}}
"""


def problems(folder: Path, buyer: str = "", offer: str = "") -> list[str]:
    file = folder / "case.yaml"
    file.write_text(CASE.format(buyer=buyer, offer=offer))
    try:
        read_case(file)
    except InvalidInput as error:
        return [str(problem).replace(f"{folder}/", "") for problem in error.problems]
    return []


def test_every_fact_that_law_asks_for_may_be_assumed(tmp_path: Path) -> None:
    assert {*FACTS, *FOLLOWS} == set(Transaction.model_fields)
    facts = "end_user_hq: CN, buyer_listed: false, training_flop: 1.0e+25"
    assert problems(tmp_path, buyer=facts, offer=facts) == []


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    facts = "shipped_from_us: maybe, training_flop: -3"
    wrong = problems(tmp_path, buyer="buyer_listd: true, channel: cloud", offer=facts)
    expected = (
        "case.yaml:3:38: law asks for no fact 'buyer_listd'. Did you mean 'buyer_listed'?",
        "case.yaml:3:57: 'channel' follows from the kind of the offer. Remove it.",
        "case.yaml:5:83: shipped_from_us cannot be 'maybe': ",
        "case.yaml:5:105: training_flop cannot be -3: input should be greater than or equal to 0.",
    )
    assert [problem[: len(words)] for problem, words in zip(wrong, expected, strict=True)] == list(expected)


@pytest.mark.parametrize("value", ["Atlantis", "3"])
def test_a_country_that_is_none_is_told_with_what_it_should_be(tmp_path: Path, value: str) -> None:
    (problem,) = problems(tmp_path, buyer=f"end_user_hq: {value}")
    assert "end_user_hq cannot be" in problem
    assert "ISO code" in problem
