"""The program of a tree whose branches have cases of their own: built along each branch it is what it is built on the whole tree."""

from __future__ import annotations

import random
from typing import Any

import pytest
from random_cases import drawn
from tiny import DEVICE, case

from planner.domain.case import Case
from planner.model.branch import Branch
from planner.model.build import Model, build
from planner.model.splice import spliced
from planner.solve.futures import Futures
from planner.solve.tree_program import LAW_IN_FORCE
from planner.study.stress.uncertain import branches, uncertain

LAWS = ("status_quo", "tightening", "snap_embargo", "relaxation")
REVEALED = ("2027-04-01", "2027-07-01", "2027-10-01")


def on_a_tree(seed: int) -> Case:
    """A random case in futures of law and of the market; the trunk ends early where none goes on as it is."""
    rng = random.Random(seed)
    scenarios: list[dict[str, Any]] = [{"id": id} for id in rng.sample(LAWS, rng.randint(1, 3))]
    scenarios += [{"id": f"market_{n}", "revealed": rng.choice(REVEALED)} for n in range(rng.randint(1, 3))]
    for scenario in scenarios:
        scenario["probability"] = 1 / len(scenarios)
        if scenario["id"] not in LAWS or rng.random() < 0.4:
            scenario["set"] = sets = {"workloads.*.demand_pflops": rng.choice(["*0.7", "*1.3"])}
            sets |= {"offers.card.lead_time_months": rng.choice([1, 4])} if rng.random() < 0.5 else {}
            sets |= {f"controls.{DEVICE}": {"outcome": "prohibited"}} if rng.random() < 0.3 else {}
    return uncertain(case(**drawn(seed, scenarios=scenarios)))


def written(model: Model) -> tuple[object, ...]:
    """Columns in their order, lines of spending, and rows by name."""
    names = [(column.kind, column.key) for column in model.columns.all]
    lines = sorted((line.cost, names[line.column], line.node.id, line.hkd, line.weight) for line in model.lines)
    rows = {
        row.name: (row.sense, row.limit, sorted((names[column], value) for column, value in row.terms))
        for row in model.rows
    }
    return [(column.kind, column.key, column.low, column.high) for column in model.columns.all], lines, rows


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25))
def test_the_way_of_a_branch_is_enough(seed: int) -> None:
    taken, own = branches(on_a_tree(seed))
    whole = spliced(
        build(taken, Branch(LAW_IN_FORCE, taken)),
        {name: build(inside, Branch(name, taken)) for name, inside in own.items()},
    )
    assert written(Futures(taken, own, halls="held").model) == written(whole)
