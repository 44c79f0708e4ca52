"""What keeps a target from standing, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from planner.cells import number
from planner.report.words import listed
from planner.study.reach.alone import Reach
from planner.study.reach.moves import ALL

FIGURES = 4


def keeps(alone: Sequence[Reach]) -> str:
    """`Money alone would let 64,600 PFLOP/s stand, power 164,000; supply and carbon would do.`"""
    single = [reach for reach in alone if reach.kind != ALL]
    short = [reach for reach in single if not reach.enough]
    enough = [reach.kind for reach in single if reach.enough]
    together = next(reach for reach in alone if reach.kind == ALL)
    if together.enough:
        return "It could stand, were nothing else wanted: at the price of what is missing, to miss it costs less."
    if not short:
        return f"No limit alone keeps it; all together let {_pflops(together)} stand, were nothing else wanted."
    least, *others = short
    words = [f"{least.kind} alone would let {_pflops(least)} stand", *(f"{r.kind} {_figure(r)}" for r in others)]
    would = f"; {listed(enough, 9)} would do" if enough else ""
    said = f"{listed(words, 9)}{would}; all together let {_figure(together)} stand, were nothing else wanted."
    return said[0].upper() + said[1:]


def _figure(reach: Reach) -> str:
    return number(reach.pflops, FIGURES)


def _pflops(reach: Reach) -> str:
    return f"{_figure(reach)} PFLOP/s"
