"""What all nouns share."""

from __future__ import annotations

from planner.domain.horizon import Horizon, Period


def test_a_changed_copy_works_out_anew_what_the_noun_kept():
    year = Horizon(start="2027q1", end="2027q4")
    assert len(year.periods) == 4
    half = year.model_copy(update={"end": "2027q2"})
    assert half.periods == (Period.parse("2027q1"), Period.parse("2027q2"))
    assert len(year.periods) == 4
