"""Bases: where the simplex method stands in HiGHS, told as numbers and taken from them."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np

from planner.solve.arrays import OUTSIDE, Arrays, Numbers
from planner.solve.outcome import Floats, Standing

_NAMES = highspy.HighsBasisStatus.__members__
AT_LOW, BASIC, AT_HIGH = (int(_NAMES[name]) for name in ("kLower", "kBasic", "kUpper"))
_STATUSES = np.array(sorted(_NAMES.values(), key=int), dtype=object)


def standing(engine: Any, program: Arrays, values: Floats, numbers: Numbers | None = None) -> Standing:
    """Where the simplex method stands on a program, whose columns have these values there; a row has one limit to stand at.
    `numbers`: by column in HiGHS its number in the program, or OUTSIDE, where they are others; rows beyond the program's are left out.
    """
    at_high = (values == program.high) & (program.low < program.high), np.isinf(program.row_low)
    at = Standing(*(np.where(high, AT_HIGH, AT_LOW).astype(np.int8) for high in at_high))
    # What is basic comes over as one array; the statuses of all would one by one, which takes forty times as long.
    # HiGHS factors nothing where no row has a term, nor where there is no column, and must not be asked what is basic there: rows alone.
    basic = engine.getBasicVariables()[1] if engine.getNumNz() else -1 - np.arange(len(at.rows))
    columns, rows = basic[basic >= 0], -1 - basic[basic < 0]
    if numbers is not None:
        columns = numbers[columns]
    at.columns[columns[columns != OUTSIDE]] = BASIC
    at.rows[rows[rows < len(at.rows)]] = BASIC
    return at


def basis(at: Standing) -> Any:
    """As HiGHS takes it, which makes whole what is not of the right size."""
    taken = highspy.HighsBasis()
    taken.col_status, taken.row_status = (_STATUSES[by].tolist() for by in (at.columns, at.rows))
    taken.valid = True
    # An alien basis is factored when it is taken, and once more, in other units, when it is solved from.
    taken.alien = bool((at.columns == BASIC).sum() + (at.rows == BASIC).sum() != len(at.rows))
    return taken


def stand(engine: Any, at: Any) -> None:
    """Begin the next solve at this basis, whatever was solved before."""
    # Else what comes of it would hang, in its last digits or between equal plans, on what HiGHS remembers.
    engine.clearSolver()
    engine.setBasis(at)
