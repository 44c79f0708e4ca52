"""The arrays of a model: taken over where only bounds differ, the same as made anew; a column that a row names more than once stands
once, with the sum, where it stood first.
"""

from __future__ import annotations

import random
from dataclasses import fields, replace

import numpy as np
import pytest
from golden.every_family import every_family
from proof import model_of

from planner.model.build import Model, build
from planner.model.rows import Row, Terms
from planner.model.runs import Runs
from planner.solve.arrays import Arrays
from planner.solve.of_model import arrays, rebounded

MODEL = model_of()


def same(one: Arrays, other: Arrays) -> bool:
    return all(np.array_equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(Arrays))


def test_other_bounds_are_as_of_a_model_made_anew() -> None:
    model = build(every_family())
    first = arrays(model)
    columns = model.columns.all
    changed = {
        0: columns[0]._replace(low=1.0, high=2.0, integer=True),
        3: columns[3]._replace(low=0.5, high=None, integer=False),
    }
    other = rebounded(model, changed)
    assert arrays(other).column is first.column
    assert same(arrays(other), arrays(replace(other)))
    assert arrays(other).high.tolist()[:4:3] == [2.0, np.inf]
    assert not same(arrays(other), first)
    assert same(arrays(build(every_family())), first)


def with_rows(terms: list[Terms]) -> Model:
    rows = [Row("power", (f"hall{number}",), None, some, "<=", 1.0, "") for number, some in enumerate(terms)]
    return replace(MODEL, rows=tuple(rows))


def drawn(rng: random.Random, columns: int, length: int) -> Terms:
    return Terms.of((rng.randrange(columns), rng.uniform(-1, 1)) for _ in range(length))


@pytest.mark.parametrize("seed", range(20))
def test_a_column_named_twice_is_added_up_in_order_to_the_last_bit(seed: int) -> None:
    rng = random.Random(seed)
    terms = [drawn(rng, rng.choice((2, len(MODEL.columns.all))), rng.randrange(12)) for _ in range(rng.randrange(1, 9))]
    program = arrays(with_rows(terms))
    for number, some in enumerate(terms):
        at = slice(program.start[number], program.start[number + 1])
        assert list(zip(program.column[at].tolist(), program.value[at].tolist(), strict=True)) == list(
            some.summed().items()
        )
    assert program.start[-1] == len(program.column) == len(program.value)


def test_rows_of_no_terms_and_no_rows_at_all_are_arrays_too() -> None:
    assert arrays(with_rows([])).start.tolist() == [0]
    program = arrays(with_rows([Terms(), Terms((1, 1), (0.5, 0.25)), Terms()]))
    assert program.start.tolist() == [0, 0, 1, 1]
    assert program.value.tolist() == [0.75]


def test_terms_of_a_model_that_is_near_are_taken_over_and_others_added_up() -> None:
    near = with_rows([Terms((0, 1), (1.0, 2.0)), Terms((2, 2), (1.0, 1.0)), Terms((3,), (1.0,))])
    fresh = near.rows[1]._replace(terms=Terms((2, 0, 2), (1.0, 4.0, 3.0)))
    moved = replace(near, rows=(near.rows[2], fresh, near.rows[0]))
    known, anew = arrays(moved, near=near), arrays(replace(moved))
    assert all(np.array_equal(getattr(known, name), getattr(anew, name)) for name in ("start", "column", "value"))
    assert known.column.tolist() == [3, 2, 0, 0, 1]
    assert known.value.tolist() == [1.0, 4.0, 4.0, 1.0, 2.0]


def test_columns_that_differ_in_their_node_alone_are_kin() -> None:
    model = build(every_family())
    kin = arrays(model).kin.tolist()
    names = [(column.kind, column.key[:-1]) for column in model.columns.all]
    assert len({*zip(kin, names, strict=True)}) == len({*kin}) == len({*names})
    # Where runs are told column by column, as in a program put together of others, it is the same.
    told = arrays(replace(model, columns=model.columns.but(runs=Runs()))).kin.tolist()
    assert len({*zip(kin, told, strict=True)}) == len({*told}) == len({*kin})
