"""A tree's program split by node: what is decided while several futures are still possible, and a branch for each future.

The nodes that more than one future passes are the trunk; those of one future alone are its branch. Rows of the trunk name
columns of the trunk; rows of a branch its own and the trunk's. So branches hang on one another by the trunk alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.solve.arrays import Arrays, Numbers, distinct


@dataclass(frozen=True)
class Block:
    """The branch of the future at `place`. Its `program` has the trunk's columns that its rows name (`shared`), at no cost, then
    its `own`; all by their numbers in the tree's program.
    """

    place: int
    shared: Numbers
    own: Numbers
    rows: Numbers
    program: Arrays

    @property
    def columns(self) -> Numbers:
        return np.concatenate([self.shared, self.own])


@dataclass(frozen=True)
class Split:
    """Trunk and likeliest branch, which stay one program (`columns`, `rows`), and the other `branches`."""

    whole: Arrays
    columns: Numbers
    rows: Numbers
    likeliest: Block
    branches: tuple[Block, ...]

    @property
    def shared(self) -> Numbers:
        """The trunk's columns that a row of a branch names."""
        return distinct(np.concatenate([branch.shared for branch in self.branches]))


def split(
    program: Arrays,
    column_nodes: Numbers,
    row_nodes: Numbers,
    trunk: NDArray[np.bool_],
    ways: Sequence[NDArray[np.bool_]],
    likeliest: int,
) -> Split | None:
    """The program split; None where a row names columns of two branches, or one of the trunk a branch's.

    Args:
        column_nodes, row_nodes: place in the tree of the node of each column and row.
        trunk, ways: by node whether it is the trunk's, and whether each future passes it.
    """
    of_trunk = trunk[column_nodes][program.column]
    for way in ways:
        alone = way & ~trunk
        if (alone[column_nodes][program.column] & ~alone[row_nodes][program.row]).any():
            return None
    blocks = []
    for place, way in enumerate(ways):
        alone = way & ~trunk
        own, rows = np.flatnonzero(alone[column_nodes]), np.flatnonzero(alone[row_nodes])
        shared = distinct(program.column[of_trunk & alone[row_nodes][program.row]])
        cost = np.concatenate([np.zeros(len(shared)), program.cost[own]])
        part = program.part(np.concatenate([shared, own]), rows, cost)
        blocks.append(Block(place, shared, own, rows, part))
    master = trunk | ways[likeliest]
    return Split(
        program,
        np.flatnonzero(master[column_nodes]),
        np.flatnonzero(master[row_nodes]),
        blocks[likeliest],
        tuple(block for block in blocks if block.place != likeliest),
    )
