"""One program of a tree whose branches differ in more than law.

Each branch's program is built on the same tree from its own case (`build(case, branch)`); of it those rows, columns and
lines of spending count that stand in the branch's own nodes. So it is built along the way to them alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from planner.collector import uncollected
from planner.model.constraints.budget import is_spent, million_hkd
from planner.model.costs import Lines
from planner.model.costs.line import Line, Piece, Spread, like
from planner.model.rows import Row, Terms
from planner.model.variables import Columns

if TYPE_CHECKING:
    from planner.model.build import Model


@uncollected
def spliced(trunk: Model, branches: Mapping[str, Model]) -> Model:
    """The trunk's program with each branch's own in its nodes, by scenario.

    A column that a branch's row names and no node has is zero: what one could not begin before the reveal was not
    begun. What runs is told by its columns alone: there are no `runs` by which tables could be read.
    """
    if not branches:
        return trunk
    scenarios = {node.id: node.scenario or "" for node in trunk.case.tree.nodes}
    models = (trunk, *branches.values())

    def owner(node: str | None) -> Model:
        return branches.get(scenarios[node or trunk.case.tree.root.id], trunk)

    x = Columns()
    for model in models:
        for column in model.columns.all:
            if owner(column.node) is model:
                x.add(column.kind, column.key, column.high, column.integer, column.low)
    number_of = {column[:2]: number for number, column in enumerate(x.all)}
    rows: list[Row] = []
    for model in models:
        there = {number: number_of.get(column[:2]) for number, column in enumerate(model.columns.all)}
        numbers = {number: place for number, place in there.items() if place is not None}
        pieces = (piece for piece in model.lines.pieces if owner(like(piece).node.id) is model)
        x.lines += [here for piece in pieces if (here := _piece(piece, numbers))]
        rows += [_row(row, numbers) for row in model.rows if owner(row.node) is model]
    rows = [_total(row, x, trunk) for row in rows if row.terms]
    return replace(trunk, columns=x, lines=Lines(x.lines), rows=tuple(rows))


def _piece(piece: Piece, numbers: Mapping[int, int]) -> Piece | None:
    """None where the program has no column of it."""
    if isinstance(piece, Line):
        return piece._replace(column=numbers[piece.column]) if piece.column in numbers else None
    return Spread(piece.like, _terms(piece.hkd, numbers))


def _terms(terms: Terms, numbers: Mapping[int, int]) -> Terms:
    return Terms.of((numbers[column], value) for column, value in terms if column in numbers)


def _row(row: Row, numbers: Mapping[int, int]) -> Row:
    return row._replace(terms=_terms(row.terms, numbers))


def _total(row: Row, x: Columns, trunk: Model) -> Row:
    """The total budget of a branch counts what was paid on all its way, at the prices of the day."""
    if row.family != "budget" or row.what != ("total",) or row.node is None:
        return row
    way = {node.id for node in trunk.options.node(row.node).path}
    terms = million_hkd(Lines(p for p in x.lines if is_spent(like(p)) and like(p).node.id in way))
    return row._replace(terms=terms)
