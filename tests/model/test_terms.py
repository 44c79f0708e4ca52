"""Terms of a row as two arrays of numbers: what goes in comes out, in order and to the last bit."""

from __future__ import annotations

import math
import pickle
import random

import numpy as np

from planner.model.rows import Terms

PAIRS = [(7, 1.0), (3, -0.1), (7, math.pi), (2_000_000_000, 1e-300), (0, -0.0)]


def test_terms_are_their_pairs_in_order() -> None:
    terms = Terms.of(PAIRS)
    assert list(terms) == PAIRS
    assert len(terms) == len(PAIRS)
    assert math.copysign(1, list(terms)[-1][1]) == -1
    assert all(type(column) is int and type(value) is float for column, value in terms)
    assert Terms([column for column, _ in PAIRS], (value for _, value in PAIRS)) == terms


def test_no_terms_are_false() -> None:
    assert not Terms()
    assert not Terms.of([])
    assert not Terms.of(pair for pair in PAIRS if pair[0] < 0)
    assert Terms.of(PAIRS)
    assert Terms() == Terms.of([])


def test_terms_are_joined_in_order_and_leave_their_parts_as_they_were() -> None:
    front, back = Terms.of(PAIRS[:2]), Terms.of(PAIRS[2:])
    assert front + back == Terms.of(PAIRS)
    assert (front + Terms(), Terms() + back) == (front, back)
    assert (front, back) == (Terms.of(PAIRS[:2]), Terms.of(PAIRS[2:]))


def test_several_are_joined_and_each_may_be_multiplied() -> None:
    some = [Terms.of(PAIRS[:1]), Terms(), Terms.of(PAIRS[1:])]
    assert Terms.joined(some) == Terms.of(PAIRS)
    assert not Terms.joined([])
    assert list(Terms.of(PAIRS).times(0.3)) == [(column, value * 0.3) for column, value in PAIRS]
    assert list(Terms.each([4, 2], -1.0)) == [(4, -1.0), (2, -1.0)]
    assert not Terms.each((), 1.0)


def test_terms_differ_in_order_in_a_coefficient_and_from_pairs() -> None:
    terms = Terms.of(PAIRS)
    assert terms != Terms.of(PAIRS[::-1])
    assert terms != Terms.of([(7, 1.0 + 1e-15), *PAIRS[1:]])
    assert terms != PAIRS
    assert repr(Terms.of([(1, 0.5)])) == "Terms.of([(1, 0.5)])"


def test_arrays_are_taken_as_they_are() -> None:
    terms = Terms.of(PAIRS)
    again = Terms(terms.columns, terms.values)
    assert again.columns is terms.columns
    assert again.values is terms.values
    assert np.frombuffer(terms.values).tobytes() == np.array([value for _, value in PAIRS]).tobytes()
    assert pickle.loads(pickle.dumps(terms)) == terms


def test_coefficients_of_one_column_are_added_up_in_order() -> None:
    rng = random.Random(5)
    for _ in range(50):
        pairs = [(rng.randrange(6), rng.uniform(-1, 1)) for _ in range(rng.randrange(12))]
        sums: dict[int, float] = {}
        for column, value in pairs:
            sums[column] = sums.get(column, 0.0) + value
        assert list(Terms.of(pairs).summed().items()) == list(sums.items())
