"""Lots too many to be searched: an optimum in fractions, rounded period by period; the gap to it is proved.

    1. the optimum in fractions is the bound, and its prices are those that are told
    2. fixed costs are spread over what the optimum takes of each order, else over the least that may be taken (slope
       scaling, Kim and Pardalos 1999), so that small orders give way to large ones, and the program is solved again
    3. from the first period to the last: lots that are taken are rounded up, those that supply or money then forbid down,
       and held; the program is solved again from where it stands, so that later periods make up for it
    4. with all lots held the rest is at its least cost

Each step solves a linear program from a basis that is nearly right. What comes of it hangs on nothing but the program.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from dataclasses import replace

import numpy as np

from planner.errors import Infeasible
from planner.model.build import Model
from planner.model.constraints.lots import in_term, least_devices
from planner.solve.highs import FROM_SCRATCH
from planner.solve.of_model import arrays, rebounded
from planner.solve.outcome import Floats, Solution
from planner.solve.resolve import Live, Optimum

Key = tuple[str, ...]
Choice = dict[Key, tuple[int, int]]
"""By order or rental: its lots, and how many of them are new."""
WHOLE = ("lots", "placed", "kind")
LITTLE, NOTHING, DOWN = 0.05, 1e-6, 1.0 - 1e-6
"""Part of a lot that is not worth one: of what is taken, of nothing, and of what must be rounded down."""


def in_fractions(model: Model) -> Model:
    """The model with lots that may be fractions."""
    return _with(model, integer=False)


def in_lots(model: Model) -> Model:
    """The model with whole lots."""
    return _with(model, integer=True)


def _with(model: Model, *, integer: bool) -> Model:
    columns = enumerate(model.columns.all)
    return rebounded(model, {n: column._replace(integer=integer) for n, column in columns if column.kind in WHOLE})


def rounded(model: Model, relaxed: Solution, guide: Floats | None = None) -> Solution | None:
    """A plan in whole lots near the optimum in fractions, with the proved gap between them; None where none is found.

    `guide`: values of a plan in fractions whose orders it keeps to, where that is another than the optimum.
    """
    began = time.perf_counter()
    best = _Rounding(model, relaxed).solve(relaxed.values if guide is None else guide)
    if best is None:
        return None
    bound = relaxed.objective * (1.0 - relaxed.gap)
    return replace(
        relaxed,
        objective=best.objective,
        values=best.values,
        seconds=relaxed.seconds + time.perf_counter() - began,
        gap=(best.objective - bound) / max(abs(best.objective), NOTHING),
        relaxed_objective=relaxed.objective,
        optimum=relaxed.priced,
    )


def tidied(model: Model, solution: Solution) -> Solution:
    """The solution of a search without orders placed for nothing, and kinds that come before their first order: a search
    that stops at a gap may leave some.
    """
    whole = arrays(model).whole
    least = np.round(solution.values)
    for kind, needed in (("placed", _needed(model, solution.values)), ("kind", _new(model, solution.values))):
        for key, column in model.columns.table(kind).items():
            least[column] = float(key in needed)
    if (least[whole] == np.round(solution.values[whole])).all():
        return solution
    live = Live(arrays(model))
    live.fix(whole, least[whole])
    best, program = live.solve(), arrays(model)
    return replace(
        solution, objective=best.objective, values=best.values, prices=best.prices, reduced_costs=program.losses(best.prices), at=best.at
    )  # fmt: skip


def _needed(model: Model, values: Floats) -> set[Key]:
    """Orders, and rentals of which more is taken than before."""
    x, needed = model.columns, set()
    for key in x.placed:
        node = model.options.node(key[-1])
        before = x.rent.get((*key[:2], node.parent.id)) if node.parent else None
        devices = values[x.table("order" if key in x.order else "rent")[key]]
        if devices - (0.0 if before is None else values[before]) > NOTHING:
            needed.add(key)
    return needed


def _new(model: Model, values: Floats) -> set[Key]:
    """Kinds in the node in which the first of them is ordered, on each branch."""
    case, x = model.case, model.columns
    ordered = {
        (case.offers[key[0]].accelerator, *key[1:]) for key, column in x.order.items() if values[column] > NOTHING
    }
    return {
        key for key in ordered if not any((*key[:2], at.id) in ordered for at in model.options.node(key[2]).path[:-1])
    }


class _Rounding:
    """The program in HiGHS, with the lots that are held so far."""

    def __init__(self, model: Model, relaxed: Solution) -> None:
        self._model, self._case = model, model.case
        self._x, self._program = model.columns, arrays(model)
        self._live = Live(self._program, FROM_SCRATCH)
        if at := relaxed.at:
            self._live.stand(at)
        self._held: Choice = {}

    def solve(self, guide: Floats) -> Optimum | None:
        """All lots held, the rest at its least cost; None where limits leave no way."""
        self._live.price(self._sloped(guide))
        values: Floats | None = self._live.values()
        by_period: dict[int, list[Key]] = defaultdict(list)
        for key in self._x.lots:
            by_period[self._model.options.node(key[-1]).position].append(key)
        for position in sorted(by_period):
            assert values is not None
            values = self._round(by_period[position], values)
            if values is None:
                return None
        self._live.price(self._program.cost)
        self._hold_kinds()
        return self._live.solve()

    def _sloped(self, values: Floats) -> Floats:
        """Costs with each fixed one spread over what is taken: per unit, all of it falls on that amount."""
        cost = self._program.cost.copy()
        for row in self._model.rows:
            if row.family == "lots" and row.part == ("placed",):
                (devices, _), (placed, most) = row.terms
                offer = self._case.offers[row.what[0]]
                taken = max(float(values[devices]), float(least_devices(self._model.options, offer)))
                cost[placed] *= -most / taken
        return cost

    def _round(self, keys: list[Key], values: Floats) -> Floats | None:
        """Hold the lots of a period: all at once, else orders rounded down, else one by one, the largest first. The values then; None
        where limits leave no way.
        """
        for of_orders in (LITTLE, DOWN):
            little = {key: of_orders if key in self._x.order else LITTLE for key in keys}
            choice = {key: self._choice(key, values, little[key]) for key in keys}
            if (held := self._hold(choice)) is not None:
                return held
        self._hold({key: (0, 0) for key in keys if values[self._x.lots[key]] <= NOTHING})
        for key in sorted(keys, key=lambda key: -values[self._x.lots[key]] * self._lot(key)):
            ways = (self._choice(key, values, little) for little in (LITTLE, DOWN, NOTHING))
            held = next((held for way in ways if (held := self._hold({key: way})) is not None), None)
            if held is None:
                return None
            values = held
        return values

    def _lot(self, key: Key) -> int:
        return self._case.lot_devices(self._case.offers[key[0]])

    def _choice(self, key: Key, values: Floats, little: float) -> tuple[int, int]:
        """Lots of an order or rental: up from `little` of one, within supply and term, no contract below its least."""
        column = self._x.lots[key]
        amount, most = float(values[column]), self._program.high[column]
        whole = int(min(math.floor(amount + 1.0 - little + NOTHING), most))
        least = least_devices(self._model.options, self._case.offers[key[0]]) // self._lot(key)
        before, kept = self._before(key)
        whole = max(whole, kept) if amount > NOTHING else kept
        more = whole - before
        if 0 < more < least:
            enough = before + least <= most and amount - before > little * least
            whole = before + least if enough else max(before, kept)
        return whole, max(0, whole - before)

    def _before(self, key: Key) -> tuple[int, int]:
        """Lots rented in the period before, and those that contracts still hold; none of a purchase."""
        node, offer = self._model.options.node(key[-1]), self._case.offers[key[0]]
        if offer.kind == "purchase":
            return 0, 0
        before = self._held.get((*key[:2], node.parent.id), (0, 0))[0] if node.parent else 0
        if key not in self._x.take:
            return before, 0
        earlier = (at for at in in_term(self._model.options, self._x, key, offer, node) if at != key)
        return before, sum(self._held[at][1] for at in earlier)

    def _hold(self, choice: Choice) -> Floats | None:
        """The values of the optimum with these lots held; None, and they are free again, where there is none."""
        amounts: dict[int, float] = {}
        for key, (whole, more) in choice.items():
            amounts[self._x.lots[key]] = float(whole)
            if key in self._x.placed:
                amounts[self._x.placed[key]] = float(more > 0)
        columns = np.array(list(amounts), dtype=np.int64)
        self._live.fix(columns, np.array(list(amounts.values())))
        try:
            values = self._live.values()
        except Infeasible:
            self._live.free(columns)
            return None
        self._held |= choice
        return values

    def _hold_kinds(self) -> None:
        """A kind comes to a hall with its first order there, on each branch."""
        amounts = np.zeros(len(self._program.cost))
        for key, column in self._x.order.items():
            amounts[column] = float(self._held[key][0])
        new = _new(self._model, amounts)
        columns = np.array(list(self._x.kind.values()), dtype=np.int64)
        self._live.fix(columns, np.array([float(key in new) for key in self._x.kind]))
