"""Tail cost: how far each branch's cost lies above the value at risk, when the case is averse to dear futures.

    cvar_excess[leaf]  >=  Σ_{lines on the way to leaf} discount · hkd · column  -  value_at_risk        for each leaf

    leaf  end of a branch   hkd  of the line per unit of its column        money in million HKD

With the `risk` cost this makes the objective (1 - β) · expected cost + β · CVaR (Rockafellar and Uryasev 2000). A row's
shadow price is the weight that the branch carries in the tail.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.costs.line import Lines, like
from planner.model.family import Family
from planner.model.options import Options
from planner.model.rows import Row, Terms
from planner.model.variables import HKD_PER_MODEL_UNIT, Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per branch, when the weight of risk is above zero."""
    for (leaf_id,), excess in x.cvar_excess.items():
        leaf = options.node(leaf_id)
        path = {node.id for node in leaf.path}
        terms = [(excess, 1.0), (x.value_at_risk[()], 1.0)]
        for line in Lines(piece for piece in x.lines if like(piece).node.id in path and like(piece).cost != "risk"):
            # A line's weight is probability times discount; within its own branch the line is certain.
            terms.append((line.column, -line.hkd * line.weight / line.node.probability / HKD_PER_MODEL_UNIT))
        because = f"risk: weight {options.case.risk.weight:g} on the dearest {options.case.risk.tail:.0%}"
        yield Row("tail_cost", (), leaf_id, Terms.of(terms), ">=", 0.0, because)


FAMILY = Family(
    "tail_cost",
    rows,
    unit="million HKD",
    price_says="the weight that the branch carries in the tail",
    kind="weight",
    one_more=lambda at: f"One more million HKD in the tail {at.when}",
)
