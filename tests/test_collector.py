"""Work that is done without a search for dead objects: what it makes is not searched afterwards, and what dies is still found."""

from __future__ import annotations

import gc
import weakref

import pytest

from planner.collector import uncollected


class Ring:
    """An object that holds itself."""

    def __init__(self) -> None:
        self.me = self


def test_what_was_made_is_old_and_a_dead_ring_among_it_is_still_found() -> None:
    made = uncollected(lambda: [Ring() for _ in range(1_000)])()
    assert gc.isenabled()
    assert gc.get_count()[0] < 1_000, "the next search would go through all that was made"
    assert gc.get_freeze_count() == 0
    dead = weakref.ref(made[0])
    del made
    assert dead() is not None
    gc.collect()
    assert dead() is None


def test_it_is_searched_again_after_an_error_and_stays_paused_within_another() -> None:
    def fails() -> None:
        assert not gc.isenabled()
        raise KeyError

    with pytest.raises(KeyError):
        uncollected(fails)()
    assert gc.isenabled()
    assert not uncollected(lambda: (uncollected(list)(), gc.isenabled()))()[1]
