"""How much of a target each limit would let stand were it the only one: small programs, solved in a moment.

    least  Σ_m probability[m] · shortfall[t,m]
    over   what may be ordered, rented, and stand at the target's sites, and the money that pays for it
    within the balance of devices, what law lets in, and the limits of one kind alone

    t  target   m  the first node of each branch in which it is due

Nothing else is wanted: all money, all supply and all power go to the target. So no plan has more, and a limit with less
than is asked for has to be moved, whatever else is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.model.build import Model
from planner.model.constraints.budget import drawn
from planner.model.rows import Row
from planner.solve.arrays import distinct
from planner.solve.highs import PRESOLVED
from planner.solve.of_model import arrays
from planner.solve.reach import sites_of
from planner.solve.resolve import Live
from planner.study.reach.moves import ALL, FAMILIES

ALWAYS = ("fleet_balance", "supercomputer_ceiling")
SITE_AT = {"order": 1, "fleet": 1, "retire": 1, "part": 2, "forfeit": 1, "upkeep": 1, "us_free": 0}
"""By the kind of a column, where its key names the site."""
PLAY = 1.0 - 1e-6


@dataclass(frozen=True)
class Reach:
    """PFLOP/s of a target that limits of one kind alone would let stand, at most; all that is asked for where they are no
    obstacle. `kind` is a word of `moves.FAMILIES`, or ALL.
    """

    kind: str
    pflops: float
    enough: bool


def alone(model: Model, name: str) -> list[Reach]:
    """What each kind of limit alone lets stand of a target that may be missed, the least first, and then all together."""
    small = _Small(model, name)
    reached = [small.reach(kind, (family,)) for kind, family in FAMILIES.items() if small.limited_by(family)]
    reached.sort(key=lambda reach: reach.pflops)
    return [*reached, small.reach(ALL, tuple(FAMILIES.values()))]


def binding(row: Row, model: Model) -> bool:
    """Whether a row holds whatever limits are raised: not where a hall is declared free of US-origin devices, whose ceiling is
    then what supply and power could bring.
    """
    free = set(model.columns.us_free.values())
    return not any(c in free and by < 0 and model.columns.all[c].low for c, by in row.terms)


class _Small:
    """The part of a model in which one target may be met."""

    def __init__(self, model: Model, name: str) -> None:
        self._model, self._name, self._asked = model, name, model.case.capacity_targets[name].pflops
        weights = np.zeros(len(model.columns.all))
        for (target, node), column in model.columns.shortfall.items():
            if target == name:
                weights[column] = model.options.node(node).probability
        program, kept = arrays(model), self._kept()
        columns = np.flatnonzero(kept)
        there = distinct(program.row[kept[program.column]])
        rows = [number for number in there.tolist() if self._may_bind(model.rows[number])]
        self._families = np.array([model.rows[number].family for number in rows])
        self._limits = {model.rows[number].family for number in rows if model.rows[number].is_limit}
        self._expected = float(weights.sum())
        self._program = program.part(columns, np.array(rows, dtype=np.int64), weights[columns])

    def _may_bind(self, row: Row) -> bool:
        if row.family == "capacity_target":
            return row.what == (self._name,)
        if row.family not in {*ALWAYS, *FAMILIES.values()}:
            return False
        return row.family != "supercomputer_ceiling" or binding(row, self._model)

    def limited_by(self, family: str) -> bool:
        """Whether a limit of the family bears on the target."""
        return family in self._limits

    def reach(self, kind: str, families: Collection[str]) -> Reach:
        """What limits of these families let stand."""
        rows = np.flatnonzero(np.isin(self._families, [*ALWAYS, "capacity_target", *families]))
        best = Live(self._program.part(np.arange(len(self._program.cost)), rows), PRESOLVED).solve()
        stands = max(0.0, self._asked - best.objective / self._expected)
        return Reach(kind, stands, stands >= self._asked * PLAY)

    def _kept(self) -> NDArray[np.bool_]:
        """By column: whether it is what may stand at the target's sites, the money drawn for it, or what is missing."""
        model, x = self._model, self._model.columns
        target = model.case.capacity_targets[self._name]
        sites = sites_of(model.options, target)
        places = {**SITE_AT, **({"rent": 1} if target.rented_counts else {})}
        kept = np.zeros(len(x.all), dtype=bool)
        there = [column for kind, at in places.items() for key, column in x.table(kind).items() if key[at] in sites]
        kept[there] = True
        # A loan is drawn for what stands, and repaid by what is drawn for the loan.
        for _ in range(2):
            paid = [at for at, lines in x.buckets.items() if kept[lines.columns].any()]
            kept[[column for at in paid for column in drawn(x, *at).values()]] = True
        kept[[column for (name, _), column in x.shortfall.items() if name == self._name]] = True
        return kept
