"""What runs, as arrays of numbers: each run says what its column says, and groups hold the same runs as a loop would find."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from golden.every_family import every_family
from random_cases import drawn
from tiny import case

from planner.domain.case import Case
from planner.model.build import Model, build
from planner.model.runs import Groups, Run, Runs
from planner.model.variables import RUNS

CASES = [every_family(), *(case(**drawn(seed)) for seed in (1, 2, 3))]


@pytest.fixture(scope="module", params=range(len(CASES)))
def model(request: pytest.FixtureRequest) -> Model:
    found: Case = CASES[request.param]
    return build(found)


def test_a_run_says_what_its_column_says(model: Model) -> None:
    columns, speeds, days = model.columns.all, model.options.speeds, model.options.days
    of_work = [number for number, column in enumerate(columns) if column.kind in RUNS]
    assert [run.column for run in model.columns.runs] == of_work
    assert any(run.part for run in model.columns.runs)
    for run in model.columns.runs:
        assert columns[run.column].key == (*run.placement.key, run.node.id)
        assert columns[run.column].kind == ("run_part" if run.part else "run")
        assert run.useful == speeds.useful_pflops(run.placement.workload, run.placement.accelerator, run.node)
        assert run.work == run.useful * days[run.node.id]


def test_groups_hold_the_runs_that_a_loop_finds_in_their_order(model: Model) -> None:
    runs, at_place, of_workload = model.columns.runs, defaultdict(list), defaultdict(list)
    for number, run in enumerate(runs):
        at_place[run.placement.key[1:], run.node.id].append(number)
        of_workload[run.placement.workload.id, run.node.id].append(number)
    for groups, expected in ((runs.at_place, at_place), (runs.of_workload, of_workload)):
        for index in product({key for key, _ in expected}, (node.id for node in model.case.tree)):
            some = list(runs.some(groups.order[groups[index]]))
            assert groups.order[groups[index]].tolist() == expected.get(index, [])
            assert groups.columns[groups[index]].tolist() == [run.column for run in some]
            assert groups.work[groups[index]].tolist() == [run.work for run in some]
            assert groups.part[groups[index]].tolist() == [run.part for run in some]
    for workload in model.case.workloads:
        number = [n for node in model.case.tree for n in of_workload[workload, node.id]]
        assert runs.of_workload.order[runs.of_workload.all_of(workload)].tolist() == number


def test_what_never_runs_is_an_empty_group(model: Model) -> None:
    runs, node = model.columns.runs, model.case.tree.root.id
    assert list(runs.some_at(("no device", "nowhere"), node)) == list[Run]()
    assert not runs.of_workload.columns[runs.of_workload["no work", node]]
    assert not len(runs.of_workload.order[runs.of_workload.all_of("no work")])


def test_nothing_may_run_at_all() -> None:
    runs = Runs()
    assert not runs
    assert list(runs) == list[Run]()
    assert len(Groups(runs, lambda placement: placement.stack).order) == 0
