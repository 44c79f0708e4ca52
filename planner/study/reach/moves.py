"""Moves: the limits that stand between a plan and a target of capacity, by kind, in the words of `planner reach --move`.

A move raises limits that bear on the target: what makers and offers supply at its sites, licences for these devices, power,
racks and liquid cooling of the sites, the carbon cap, each by one share of its size; and funds of own money, by a share of
all of it. Law, lead times and the dates on which halls open are no moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.domain.policy import CapacityTarget
from planner.errors import UsageError, meant_any
from planner.model.build import Model
from planner.model.rows import Row
from planner.solve.reach import sites_of
from planner.study.clash.movable import Knob, knobs

FAMILIES = {
    "supply": "supply",
    "licences": "licence_quota",
    "power": "power",
    "racks": "space",
    "cooling": "cooling",
    "money": "budget",
    "carbon": "carbon_cap",
}
"""By the word of a move, the family of the limits that it moves."""
ALL = "all"
TIE = 1e-3


@dataclass(frozen=True)
class Lever:
    """Limits raised together. `rows`: by number, how much a share of 1 adds to the row's limit; `weight`: what of a share counts."""

    rows: Mapping[int, float]
    weight: float = 1.0


@dataclass(frozen=True)
class Move:
    """Limits of one kind. Of money each fund is raised by itself, a year's fund for as often as there are years."""

    kind: str
    knobs: tuple[Knob, ...]
    levers: tuple[Lever, ...]


def named(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds, each once, all of them where none is named. Raises UsageError for what is no kind of move."""
    for kind in kinds:
        if kind not in FAMILIES:
            hint = meant_any(kind, FAMILIES, f"Moves are {', '.join(FAMILIES)}.")
            raise UsageError(f"no limit is moved by '{kind}'. {hint}")
    return tuple(dict.fromkeys(kinds)) or tuple(FAMILIES)


def moves(model: Model, target: CapacityTarget) -> dict[str, Move]:
    """By kind, the moves that bear on the target; a kind without a limit in the model is left out."""
    bears = {"supply": _ordered(model, target), "licence_quota": _ordered(model, target)}
    by_kind: dict[str, list[Knob]] = {}
    for knob in knobs(model):
        row = model.rows[knob.slack.rows[0][0]]
        kind = next((kind for kind, family in FAMILIES.items() if family == row.family), None)
        if kind and _bears(model, target, row, bears.get(row.family), knob):
            by_kind.setdefault(kind, []).append(knob)
    levers = {
        kind: _funds(model, target, some) if kind == "money" else (_together(some),) for kind, some in by_kind.items()
    }
    return {kind: Move(kind, tuple(by_kind[kind]), levers[kind]) for kind in FAMILIES if kind in by_kind}


def _together(some: Sequence[Knob]) -> Lever:
    return Lever({row: unit * knob.slack.scale for knob in some for row, unit in knob.slack.rows})


def _funds(model: Model, target: CapacityTarget, some: Sequence[Knob]) -> tuple[Lever, ...]:
    """Each fund by itself: a dollar of one counts as much as of another, but for so little that of equals those come first
    that are bound to the target's sites.
    """
    rows = [model.rows[knob.slack.rows[0][0]] for knob in some]
    bound = [
        row.what[0] == "ceiling" and set(model.case.funds[row.what[1]].strings.sites) & {*target.sites} for row in rows
    ]
    years = [len({model.rows[row].part for row, _ in knob.slack.rows}) for knob in some]
    all_hkd = sum(knob.slack.scale * times for knob, times in zip(some, years, strict=True))
    ranks = sorted(range(len(some)), key=lambda place: (not bound[place], place))
    return tuple(
        Lever({row: unit * all_hkd for row, unit in knob.slack.rows}, years[place] * (1.0 + TIE * ranks.index(place)))
        for place, knob in enumerate(some)
    )


def _ordered(model: Model, target: CapacityTarget) -> frozenset[int]:
    """Columns by which devices come to the target's sites."""
    x, sites = model.columns, sites_of(model.options, target)
    tables = (x.order, x.rent) if target.rented_counts else (x.order,)
    return frozenset(column for table in tables for (_, site, *_), column in table.items() if site in sites)


def _bears(model: Model, target: CapacityTarget, row: Row, orders: frozenset[int] | None, knob: Knob) -> bool:
    if row.family in ("power", "space", "cooling"):
        return row.what[0] in sites_of(model.options, target)
    if row.family == "budget":
        return row.what[0] == "total" or model.case.funds[row.what[1]].kind == "budget"
    if orders is not None:
        return any(column in orders for number, _ in knob.slack.rows for column, _ in model.rows[number].terms)
    return True
