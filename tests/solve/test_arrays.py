"""Programs as arrays: taken over where only bounds differ, the same as made anew."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from golden.every_family import every_family

from planner.model.build import build
from planner.solve.arrays import Arrays, arrays, rebounded


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
