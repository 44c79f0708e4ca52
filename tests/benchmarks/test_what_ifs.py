"""The what-ifs of the benchmark: each is one that a user can ask of Hong Kong, and their optima are compared with care."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks import what_ifs
from benchmarks.cases import HONG_KONG
from planner.intake import read_case
from planner.study.whatif.variant import changed


@pytest.mark.slow
def test_every_drawn_what_if_changes_hong_kong() -> None:
    case = read_case(HONG_KONG / "case.yaml").comparable
    drawn = list(what_ifs.drawn(case, 24, seed=3))
    assert Counter(kind for kind, _ in drawn) == dict.fromkeys(what_ifs.KINDS, 3)
    assert drawn == list(what_ifs.drawn(case, 24, seed=3))
    assert drawn != list(what_ifs.drawn(case, 24, seed=4))
    for _, sets in drawn:
        assert changed(case, sets).overrides == {"whole.lots": False} | sets


@pytest.mark.parametrize(("answer", "same"), [(1.0, True), (1.0 + 1e-5, False), (None, False)])
def test_an_answer_that_is_not_the_optimum_is_told(
    answer: float | None, same: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The plans of Hong Kong take long: here each costs HKD 1.
    monkeypatch.setattr(what_ifs, "optimum", lambda case, sets: 1.0)
    monkeypatch.setattr(what_ifs, "answers", lambda case: lambda sets: answer if sets else 1.0)
    measured = what_ifs.measure(2, 1, None, checked=True)
    assert measured["same"] is same
    assert [one["same"] for one in measured["asked"]] == [same, same]


def test_a_clash_is_the_same_only_where_both_clash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(what_ifs, "optimum", lambda case, sets: None)
    monkeypatch.setattr(what_ifs, "answers", lambda case: lambda sets: None if sets else 1.0)
    assert what_ifs.measure(1, 1, None, checked=True)["same"]
