"""The rows of a plan are what their types say, and the frames are made of them."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

import pandas as pd
import pytest
from golden.every_family import every_family

from planner.plan.plan import Plan, make_plan
from planner.plan.rows import Rows, columns, sums


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(every_family())


def wanted(hint: Any) -> tuple[type, ...]:
    return get_args(hint) if isinstance(hint, UnionType) else (hint,)


@pytest.mark.parametrize("table", columns())
def test_every_cell_is_of_its_type_and_in_its_place(plan: Plan, table: str) -> None:
    row_type = get_args(get_type_hints(Rows)[table])[0]
    kinds = {name: wanted(hint) for name, hint in get_type_hints(row_type).items()}
    for row in plan.rows.by_name[table]:
        assert tuple(row) == columns()[table]
        assert {name for name, cell in row.items() if type(cell) not in kinds[name]} == set()


def test_a_frame_is_made_once_and_an_empty_one_has_its_columns(plan: Plan) -> None:
    assert list(plan.tables) == list(columns())
    assert plan.orders is plan.tables["orders"]
    assert tuple(plan.orders.columns) == columns()["orders"]
    assert len(plan.orders) == len(plan.rows.orders)
    assert isinstance(plan.orders, pd.DataFrame)
    assert NoneType not in map(type, plan.orders["devices"])
    for table, rows in plan.rows.by_name.items():
        if not rows:
            assert tuple(plan.tables[table].columns) == columns()[table]


def test_costs_add_up_to_the_objective(plan: Plan) -> None:
    assert sum(plan.cost_hkd.values()) == pytest.approx(plan.objective_hkd, abs=1e-3)
    assert dict(zip(plan.costs["cost"], plan.costs["hkd"], strict=True)) == plan.cost_hkd
    assert sums(plan.rows.spend, "cost", "objective_hkd") == pytest.approx(plan.cost_hkd)
