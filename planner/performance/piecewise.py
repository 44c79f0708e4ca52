"""Choices between finite numbers that hold for numpy arrays too, to the same bit: one multiplies by one or by nothing.

The search counts all its layouts at once with the very lines that count one, so nothing in them may branch on a layout.
"""

from __future__ import annotations


def where(condition: bool, yes: float, no: float) -> float:
    """`yes` where the condition holds, else `no`."""
    return yes * condition + no * (1 - condition)


def larger(x: float, y: float) -> float:
    """The larger of two."""
    return where(x >= y, x, y)


def smaller(x: float, y: float) -> float:
    """The smaller of two."""
    return where(x <= y, x, y)
