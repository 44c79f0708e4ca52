"""A saved plan as a comparison reads it: its orders, and what it is when it is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny import case

from planner.errors import InvalidInput
from planner.intake.saved_plan import read_saved
from planner.plan.plan import Plan, make_plan
from planner.plan.store import save


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(case())


def test_a_folder_and_its_json_hold_the_same_orders(plan: Plan, tmp_path: Path) -> None:
    folder = save(plan, tmp_path / "first")
    whole, alone = read_saved(tmp_path, "first"), read_saved(tmp_path, "first/plan.json")
    assert whole.orders == alone.orders == plan.rows.orders
    assert whole.offers == plan.case.offers
    assert whole.licences == plan.case.licences
    assert alone.offers is alone.licences is None
    assert whole.hashes.startswith(alone.hashes)
    (folder / "case.json").unlink()
    with pytest.raises(InvalidInput, match=r"case\.json: there is no such file"):
        read_saved(tmp_path, "first")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"schema": ', r"p\.json:1:12: this is not JSON"),
        ("[" * 100_000, "this is not JSON"),
        ("3", "this holds no plan"),
        (json.dumps({"schema": "planner.plan/2"}), "this holds planner.plan/2, no plan"),
        (json.dumps({"schema": "planner.plan/1", "results": 3}), "the orders of this plan cannot be read"),
    ],
)
def test_what_is_no_plan(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "p.json").write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match=words):
        read_saved(tmp_path, "p.json")
