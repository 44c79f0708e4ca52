"""The plain program of a case in another library, solved by HiGHS as that library calls it: python -m benchmarks.peers PEER FOLDER

    linopy    a variable array per kind, a constraint per family as a sum by groups; handed over in memory
    pyomo     indexed variables and constraints by rule, named as in the formulation; HiGHS in memory
    matrix    no library: one sparse matrix to HiGHS, which is left to choose how to solve it

FOLDER holds what `benchmarks.plain.tables` wrote. Stages as in `benchmarks.stages`; the tables are read in `start`, so
a peer is not charged for law, speeds or coefficients, nor for an audit.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.clock import Clock
from benchmarks.plain.program import LimitTable, VariableTable
from benchmarks.plain.tables import read, read_keys

Variables, Limits = dict[str, VariableTable], dict[str, LimitTable]
STAGES = ("start", "build", "hand_over", "solve", "read_back")
MILLION = 1e6


@contextmanager
def solving(clock: Clock) -> Iterator[None]:
    """The stages from the hand-over to the values; inside, HiGHS' own time is apart."""
    import highspy

    clock.border(highspy.Highs, "run", "solve", then={"hand_over": "read_back"})
    with clock.stage("hand_over"):
        yield


def in_linopy(folder: Path, clock: Clock) -> float:
    """The program as a linopy model."""
    import linopy
    import pandas as pd

    variables, limits = read(folder)
    with clock.stage("build"):
        linopy.options["semantics"] = "v1"
        model = linopy.Model()
        for kind, table in variables.items():
            model.add_variables(table.low, table.high, coords=[pd.RangeIndex(len(table.cost), name=kind)], name=kind)
        for name, limit in limits.items():
            sums = []
            every = pd.RangeIndex(len(limit.limit), name=name)
            for kind, (row, place, value) in limit.terms.items():
                terms = (value * model[kind].isel({kind: place})).drop_vars(kind)
                by_row = pd.Series(row, name=name, index=pd.RangeIndex(len(row), name=kind))
                sums.append(terms.groupby(by_row).sum().reindex({name: every}).fillna(0))
            model.add_constraints(sum(sums[1:], sums[0]), limit.sense.replace("==", "="), limit.limit, name=name)
        model.add_objective(sum((table.cost * model[kind]).sum() for kind, table in variables.items()))
    with solving(clock):
        model.solve("highs", io_api="direct", output_flag=False)
        assert model.status == "ok", model.termination_condition
        for kind in variables:
            model.solution[kind].values  # noqa: B018
        return float(model.objective.value)


def in_pyomo(folder: Path, clock: Clock) -> float:
    """The program as a Pyomo model."""
    import pyomo.environ as pyo

    (variables, limits), keys = read(folder), read_keys(folder)
    with clock.stage("build"):
        model = pyo.ConcreteModel()
        columns: dict[str, list[Any]] = {}
        for kind, table in variables.items():
            bounds = dict(zip(keys[kind], zip(table.low.tolist(), table.high.tolist(), strict=True), strict=True))
            variable = pyo.Var(keys[kind], bounds=lambda _, *key, bounds=bounds: bounds[key])
            model.add_component(f"x_{kind}", variable)
            columns[kind] = list(variable.values())
        for name, limit in limits.items():
            sums = _sums(limit, columns)
            rows = dict(zip(keys[name], zip(sums, limit.limit.tolist(), strict=True), strict=True))

            def rule(_: Any, *key: str, rows: Any = rows, sense: str = limit.sense) -> Any:
                left, right = rows[key]
                return left <= right if sense == "<=" else left >= right if sense == ">=" else left == right

            model.add_component(f"{name}_limit", pyo.Constraint(keys[name], rule=rule))
        cost = (
            c * v for kind, table in variables.items() for c, v in zip(table.cost.tolist(), columns[kind], strict=True)
        )
        model.objective = pyo.Objective(expr=pyo.quicksum(cost))
    with solving(clock):
        result = pyo.SolverFactory("highs").solve(model)
        pyo.assert_optimal_termination(result)
        values = [variable.value for some in columns.values() for variable in some]
        assert len(values) == sum(len(table.cost) for table in variables.values())
        return float(pyo.value(model.objective))


def _sums(limit: LimitTable, columns: dict[str, list[Any]]) -> list[Any]:
    """The left side of every limit of a family, as Pyomo's expression."""
    import pyomo.environ as pyo

    terms: list[list[Any]] = [[] for _ in limit.keys or limit.limit]
    for kind, (row, place, value) in limit.terms.items():
        for r, c, v in zip(row.tolist(), place.tolist(), value.tolist(), strict=True):
            terms[r].append(v * columns[kind][c])
    return [pyo.quicksum(some) for some in terms]


def as_matrix(folder: Path, clock: Clock) -> float:
    """The program as HiGHS takes it."""
    import highspy

    variables, limits = read(folder)
    with clock.stage("build"):
        lp = matrix(variables, limits)
    with solving(clock):
        engine = highspy.Highs()
        engine.setOptionValue("output_flag", False)
        engine.passModel(lp)
        engine.run()
        assert engine.getModelStatus() == highspy.HighsModelStatus.kOptimal, engine.getModelStatus()
        np.array(engine.getSolution().col_value)
        return float(engine.getObjectiveValue())


def matrix(variables: Variables, limits: Limits) -> Any:
    """One program over all kinds and families, row by row."""
    import highspy

    first, columns = {}, 0
    for kind, table in variables.items():
        first[kind], columns = columns, columns + len(table.cost)
    row, column, value, low, high, rows = [], [], [], [], [], 0
    for limit in limits.values():
        for kind, (r, c, v) in limit.terms.items():
            row.append(r + rows)
            column.append(c + first[kind])
            value.append(v)
        open_end = np.full(len(limit.limit), np.inf)
        low.append(-open_end if limit.sense == "<=" else limit.limit)
        high.append(open_end if limit.sense == ">=" else limit.limit)
        rows += len(limit.limit)
    order = np.argsort(np.concatenate(row), kind="stable")
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = (
        np.concatenate([getattr(table, part) for table in variables.values()]) for part in ("cost", "low", "high")
    )
    lp.row_lower_, lp.row_upper_ = np.concatenate(low), np.concatenate(high)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(np.concatenate(row), minlength=rows))]).astype(
        np.int32
    )
    lp.a_matrix_.index_ = np.concatenate(column)[order].astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate(value)[order]
    return lp


PEERS: dict[str, Callable[[Path, Clock], float]] = {"linopy": in_linopy, "pyomo": in_pyomo, "matrix": as_matrix}


def measure(peer: str, folder: Path) -> dict[str, Any]:
    """Build and solve; the stages and the optimum, HKD."""
    clock = Clock("start")
    with redirect_stdout(sys.stderr):
        million = PEERS[peer](folder, clock)
    stages = clock.record()
    return {"objective_hkd": million * MILLION, "stages": {name: stages[name] for name in STAGES}}


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
