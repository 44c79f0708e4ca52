"""What an address says, and what it says where it is wrong."""

from __future__ import annotations

import pytest

from planner.app.state import DARK, LIGHT, LONGEST, State, query, read, written


def test_an_address_is_read_and_written_again() -> None:
    state = read("/plan", "?power=120&lang=zh-Hant-HK&theme=dark&pin=power%3D80%26lead%3D2&case=abc")
    assert state == State("plan", "abc", "zh-Hant-HK", DARK, "power=80&lead=2", {"power": "120"})
    assert query(state.pin) == {"power": "80", "lead": "2"}
    assert query("?" + written({"scenario": "a&b=<i>"})) == {"scenario": "a&b=<i>"}


@pytest.mark.parametrize("search", [None, "", "?", "?lang=xx&theme=pink", "?lang", "?%ff=%00"])
def test_what_is_wrong_counts_as_not_said(search: str | None) -> None:
    state = read(None, search)
    assert (state.page, state.case, state.lang, state.theme, state.pin) == ("", "", "en", LIGHT, None)


def test_a_long_address_is_cut() -> None:
    assert sum(map(len, query("a=" + "x" * 10 * LONGEST).values())) < LONGEST
