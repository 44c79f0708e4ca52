"""Bases: where the simplex method stands in HiGHS, told as numbers and taken from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import highspy
import numpy as np

from planner.solve.outcome import Standing, Statuses

_NAMES = highspy.HighsBasisStatus.__members__
_STATUSES = {int(status): status for status in _NAMES.values()}
AT_LOW, BASIC, AT_HIGH = (int(_NAMES[name]) for name in ("kLower", "kBasic", "kUpper"))


def standing(engine: Any) -> Standing:
    """Where the simplex method stands."""
    basis = engine.getBasis()
    return Standing(_numbers(basis.col_status), _numbers(basis.row_status))


def _numbers(statuses: Sequence[Any]) -> Statuses:
    return np.fromiter(map(int, statuses), dtype=np.int8, count=len(statuses))


def begin(engine: Any, at: Standing) -> None:
    """Begin the next solve here. The basis need not be of the right size: HiGHS makes it whole."""
    basis = highspy.HighsBasis()
    basis.col_status, basis.row_status = ([_STATUSES[s] for s in by.tolist()] for by in (at.columns, at.rows))
    basis.valid, basis.alien = True, True
    engine.setBasis(basis)


def stand(engine: Any, at: Standing) -> None:
    """Begin the next solve here, whatever was solved before."""
    # Else what comes of it would hang, in its last digits or between equal plans, on what HiGHS remembers.
    engine.clearSolver()
    begin(engine, at)
