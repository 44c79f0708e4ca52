"""What the plan would cost with a decision forced upon it: one row more, solved again from where the solver stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.errors import SolverFailed
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.solve.outcome import Floats
from planner.solve.plan import Plan

OPTIMAL = "Optimal"


@dataclass(frozen=True)
class Forced:
    """The plan with `sum of columns == amount`. `hkd_per_unit`: what one unit more of that amount adds to the cost.

    `values` are per column and `prices` per row of the model, the forced row left out.
    """

    hkd_per_unit: float
    values: Floats
    prices: Floats


def force(plan: Plan, columns: Sequence[int], amount: float) -> Forced | None:
    """Solve the plan's linear program again with the columns adding up to the amount; None when that cannot be.

    Raises SolverFailed when the plan was not solved by HiGHS in process, or HiGHS stops for another reason.
    """
    engine = plan.solution.engine
    if engine is None:
        raise SolverFailed(f"{plan.solution.solver} keeps no program to force a decision on; plan with HiGHS")
    last = engine.getNumRow()
    engine.setOptionValue("solver", "simplex")
    engine.addRow(amount, amount, len(columns), np.array(columns, dtype=np.int32), np.ones(len(columns)))
    try:
        engine.run()
        status = engine.modelStatusToString(engine.getModelStatus())
        solution = engine.getSolution()
        values, prices = np.array(solution.col_value), np.array(solution.row_dual)
    finally:
        engine.deleteRows(1, np.array([last], dtype=np.int32))
    if status == "Infeasible":
        return None
    if status != OPTIMAL:
        raise SolverFailed(f"HiGHS stopped with a decision forced on the plan: {status}")
    return Forced(float(prices[last]) * HKD_PER_MODEL_UNIT, values, prices[:last])
