"""A model as the arrays of its program."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter, is_not
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.model.build import Model
from planner.model.constraints import FAMILIES
from planner.model.rows import Row, Terms
from planner.model.variables import Column, Columns
from planner.solve.arrays import DEVICE_PERIODS, ONE_TENANT, OUTSIDE, Arrays, Numbers, distinct, ranges, starts
from planner.solve.outcome import Floats

_KEPT = "_arrays"
_WHAT = {"one tenant": ONE_TENANT, "device-periods": DEVICE_PERIODS, "anything": 0}
_BINDS = {family.name: _WHAT[family.binds] for family in FAMILIES}


def arrays(model: Model, objective: list[float] | None = None, near: Model | None = None) -> Arrays:
    """The model's program, its columns and rows in the model's order; terms of one column in a row are added up.
    `objective` per column replaces the cost. It is made once for a model, and kept with it as its own properties are;
    sooner from a model `near`, of which it has taken over columns and rows.
    """
    kept: Arrays | None = vars(model).get(_KEPT)
    if kept is None:
        made = _made(model) if near is None or not same_columns(model, near) else _moved(model, near)
        kept = vars(model)[_KEPT] = made
    return kept if objective is None else replace(kept, cost=np.array(objective))


def rebounded(model: Model, changed: Mapping[int, Column]) -> Model:
    """The model with these columns, by number, in place of its own, which differ in their bounds and in whether they are whole
    alone: where its arrays are made, their terms are taken over.
    """
    columns = list(model.columns.all)
    for number, column in changed.items():
        columns[number] = column
    other = replace(model, columns=replace(model.columns, all=columns))
    if kept := vars(model).get(_KEPT):
        low, high = kept.low.copy(), kept.high.copy()
        numbers = np.array(list(changed), dtype=np.int64)
        low[numbers], high[numbers] = _bounds(list(changed.values()))
        vars(other)[_KEPT] = replace(kept, low=low, high=high, whole=_whole(columns))
    return other


def _made(model: Model) -> Arrays:
    columns, rows = model.columns.all, model.rows
    lengths, column, value = _terms([row.terms for row in rows])
    return Arrays(
        model.cost_coefficients(),
        *_bounds(columns),
        *_limits(rows),
        starts(lengths),
        column,
        value,
        _whole(columns),
        _kin(model.columns),
        _binds(rows),
    )


def _terms(rows: Sequence[Terms]) -> tuple[Numbers, Numbers, Floats]:
    """How many terms each row has, and the columns and coefficients of all, row after row; terms of one column in a row are added up."""
    columns, values = [terms.columns for terms in rows], [terms.values for terms in rows]
    lengths = np.fromiter(map(len, columns), dtype=np.int64, count=len(rows))
    column = np.frombuffer(b"".join(columns), dtype=np.intc).astype(np.int64)
    value = np.frombuffer(bytearray().join(values), dtype=float)
    kept, ends = np.ones(len(column), dtype=bool), np.cumsum(lengths)
    place = np.empty(int(column.max(initial=0)) + 1, dtype=np.int64)
    for number in _naming_twice(lengths, column):
        at = slice(ends[number] - lengths[number], ends[number])
        # Written from the end, so that the first term of each column stays, and takes the sum of all.
        place[column[at][::-1]] = np.arange(lengths[number])[::-1]
        first = place[column[at]]
        kept[at] = first == np.arange(lengths[number])
        value[at] = np.bincount(first, value[at], minlength=lengths[number])
        lengths[number] = np.count_nonzero(kept[at])
    if not kept.all():
        column = column[kept]
        value = value[kept]
    return lengths, column, value


def _kin(x: Columns) -> Numbers:
    """By column: the number of those that differ from it in their node alone."""
    runs, kin = x.runs, np.full(len(x.all), OUTSIDE)
    known: dict[tuple[object, ...], int] = {}
    placed = np.array([known.setdefault(placement.key, len(known)) for placement in runs.placements], dtype=np.int64)
    kin[runs.column] = placed[runs.placement] * 2 + runs.part
    first, known = 2 * len(known), {}
    for number in np.flatnonzero(kin == OUTSIDE).tolist():
        kind, key = x.all[number][:2]
        kin[number] = first + known.setdefault((kind, key[:-1]), len(known))
    return kin


def _naming_twice(lengths: Numbers, column: Numbers) -> Numbers:
    """The rows in which a column stands more than once."""
    columns = int(column.max(initial=0)) + 1
    cells = np.repeat(np.arange(len(lengths)) * columns, lengths)
    cells += column
    cells.sort()
    return distinct(cells[1:][cells[1:] == cells[:-1]] // columns)


def _bounds(columns: Sequence[Column]) -> tuple[Floats, Floats]:
    low = np.fromiter(map(attrgetter("low"), columns), dtype=float, count=len(columns))
    high = [math.inf if column.high is None else column.high for column in columns]
    return low, np.array(high, dtype=float)


def _limits(rows: Sequence[Row]) -> tuple[Floats, Floats]:
    limits, senses = np.array([row.limit for row in rows], dtype=float), np.array([row.sense for row in rows])
    return np.where(senses == "<=", -np.inf, limits), np.where(senses == ">=", np.inf, limits)


def _binds(rows: Sequence[Row]) -> NDArray[np.int8]:
    return np.array([_BINDS.get(row.family, 0) for row in rows], dtype=np.int8)


def _whole(columns: Sequence[Column]) -> Numbers:
    return np.flatnonzero(np.fromiter(map(attrgetter("integer"), columns), dtype=bool, count=len(columns)))


def same_columns(model: Model, near: Model) -> bool:
    """Whether the columns of two models are the same by number."""
    ours, theirs = model.columns.all, near.columns.all
    if len(ours) != len(theirs):
        return False
    # What is taken over is the very same: of seventy thousand columns few are left to be looked at.
    return ours == theirs or all(
        ours[n][:2] == theirs[n][:2] for n in np.flatnonzero(places(ours, theirs) == OUTSIDE).tolist()
    )


def places(ours: Sequence[object], theirs: Sequence[object]) -> Numbers:
    """By thing of ours: its number among theirs, where the very same thing stands there, else OUTSIDE."""
    count = min(len(ours), len(theirs))
    others = np.fromiter(map(is_not, ours, theirs), dtype=bool, count=count)
    if len(ours) == len(theirs):
        return np.where(others, OUTSIDE, np.arange(count))
    front = int(others.argmax()) if others.any() else count
    others = np.fromiter(map(is_not, reversed(ours), reversed(theirs)), dtype=bool, count=count - front)
    back = int(others.argmax()) if others.any() else count - front
    number_of = {id(theirs[number]): number for number in range(front, len(theirs) - back)}
    between = [number_of.get(id(ours[number]), OUTSIDE) for number in range(front, len(ours) - back)]
    return np.concatenate(
        [np.arange(front), np.array(between, dtype=np.int64), np.arange(len(theirs) - back, len(theirs))]
    )


def _others(ours: Sequence[Column], theirs: Sequence[Column]) -> Numbers:
    """The numbers of columns of ours that differ from those at the same place among theirs."""
    return np.flatnonzero(places(ours, theirs) == OUTSIDE) if ours != theirs else np.empty(0, dtype=np.int64)


def _moved(model: Model, near: Model) -> Arrays:
    """The arrays of a model with the columns of another, from those of the other: terms of rows that both have are taken
    over, in their order, and so are bounds.
    """
    there, columns = arrays(near), model.columns.all
    terms = [row.terms for row in model.rows]
    there_of = places(terms, [row.terms for row in near.rows])
    moved = np.flatnonzero(there_of == OUTSIDE)
    lengths, column, value = _terms([terms[number] for number in moved.tolist()])
    of_all = np.diff(there.start)[there_of]
    of_all[moved] = lengths
    start, known = starts(of_all), there_of[there_of != OUTSIDE]
    taken = ranges(there.start[known], np.diff(there.start)[known])
    rows_of = places(model.rows, near.rows)
    row_low, row_high, limited = there.row_low[rows_of], there.row_high[rows_of], np.flatnonzero(rows_of == OUTSIDE)
    changed, binds = [model.rows[number] for number in limited.tolist()], there.binds[rows_of]
    row_low[limited], row_high[limited] = _limits(changed)
    binds[limited] = _binds(changed)
    fresh = np.zeros(start[-1], dtype=bool)
    fresh[ranges(start[moved], lengths)] = True
    others = _others(columns, near.columns.all)
    low, high = there.low.copy(), there.high.copy()
    low[others], high[others] = _bounds([columns[number] for number in others.tolist()])
    return Arrays(
        there.cost if model.lines is near.lines else model.cost_coefficients(),
        low,
        high,
        row_low,
        row_high,
        start,
        _woven(fresh, column, there.column[taken]),
        _woven(fresh, value, there.value[taken]),
        _whole(columns) if len(others) else there.whole,
        there.kin,
        binds,
    )


def _woven(where: NDArray[np.bool_], some: NDArray[Any], others: NDArray[Any]) -> NDArray[Any]:
    """Some things in these places and others in the rest, each in their order."""
    woven = np.empty(len(where), dtype=others.dtype)
    woven[where], woven[~where] = some, others
    return woven
