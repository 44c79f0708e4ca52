"""Risk: what the aversion to dear futures adds to the expected cost.

    risk  =  β · ( CVaR - expected cost )      CVaR = value_at_risk + 1/α · Σ_leaf probability · cvar_excess[leaf]

    β  weight of risk   α  probability mass of the tail

It is no payment: the parts still add up to the objective, (1 - β) · expected cost + β · CVaR.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.costs.line import Line, Piece, Spread
from planner.model.options import Options
from planner.model.variables import HKD_PER_MODEL_UNIT, Columns


def lines(options: Options, x: Columns) -> Iterator[Piece]:
    """The tail's share in, the same share of every other line out; nothing at weight zero."""
    risk = options.case.risk
    if not x.value_at_risk:
        return
    root = options.case.tree.root
    yield Line("risk", x.value_at_risk[()], root, HKD_PER_MODEL_UNIT * risk.weight, 1.0, cash=False)
    for (leaf_id,), column in x.cvar_excess.items():
        leaf = options.node(leaf_id)
        yield Line("risk", column, leaf, HKD_PER_MODEL_UNIT * risk.weight / risk.tail, leaf.probability, cash=False)
    for piece in list(x.lines):
        if isinstance(piece, Line):
            yield piece._replace(cost="risk", hkd=-risk.weight * piece.hkd, cash=False)
        else:
            yield Spread(piece.like._replace(cost="risk", cash=False), piece.hkd.times(-risk.weight))
