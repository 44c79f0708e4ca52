"""Rows and columns say by fields what they are about; names follow from the fields."""

from __future__ import annotations

from golden.every_family import every_family

from planner.model.build import build
from planner.model.rows import Row, Terms


def test_a_name_has_what_is_limited_then_when_then_which_limit() -> None:
    assert Row("power", ("hall",), "2027q2", Terms(), "<=", 1.0, "").name == "power(hall,2027q2)"
    yearly = Row("budget", ("ceiling", "own"), "2027q4", Terms(), "<=", 1.0, "", ("y2027",))
    assert (yearly.name, yearly.subject) == ("budget(ceiling,own,2027q4,y2027)", ("ceiling", "own", "y2027"))
    assert Row("slack", ("cost",), None, Terms(), "<=", 1.0, "").name == "slack(cost)"


def test_every_row_and_every_column_knows_its_node() -> None:
    model = build(every_family())
    nodes = {node.id for node in model.case.tree}
    assert {row.node for row in model.rows} <= nodes
    assert {column.node for column in model.columns.all} <= nodes | {None}
    assert {column.kind for column in model.columns.all if column.node is None} <= {"one", "value_at_risk"}
