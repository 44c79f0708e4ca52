"""Runs in Parquet: parts in the design's order, whole or not there, the same whoever finished first."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tiny import case

from planner.errors import UsageError
from planner.study.sweep import parquet
from planner.study.sweep.answer import Question, ask
from planner.study.sweep.designs import Parameter
from planner.study.sweep.parquet import Parts
from planner.study.sweep.runs import Run

COUNT = Parameter("budget_hkd", 0, 1e6, steps=10)
CHOICE = Parameter("objective", values=("min_cost", 3), steps=2)
POINTS = [{"budget_hkd": number, "objective": CHOICE.values[number % 2]} for number in range(10)]
MEASURES: dict[str, Any] = {"objective_hkd": 1.5, "main_purchase": None, "devices": {"card": 2.0}, "costs_hkd": {}}


def run(number: int) -> Run:
    if number == 3:
        return Run(POINTS[3], "infeasible", message="too little")
    return Run(POINTS[number], "optimal", MEASURES)


@pytest.fixture
def pyarrow(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(parquet, "RUNS_OF_A_PART", 4)
    return pytest.importorskip("pyarrow.parquet")


def written(folder: Path, order: list[int]) -> dict[str, bytes]:
    parts = Parts(folder, (COUNT, CHOICE), POINTS)
    for number in order:
        parts.add(number, run(number))
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_whoever_finished_first_the_bytes_are_the_same(pyarrow: Any, tmp_path: Path) -> None:
    shuffled = list(range(10))
    Random(1).shuffle(shuffled)
    one, other = written(tmp_path / "one", list(range(10))), written(tmp_path / "other", shuffled)
    assert list(one) == [f"part-0000{number}.parquet" for number in range(3)]
    assert one == other


def test_the_folder_is_one_table(pyarrow: Any, tmp_path: Path) -> None:
    written(tmp_path / "runs", list(range(10)))
    rows = pyarrow.read_table(tmp_path / "runs").to_pylist()
    assert [row["budget_hkd"] for row in rows] == list(map(float, range(10)))
    assert [row["objective"] for row in rows[:2]] == ["min_cost", "3"]
    assert (rows[3]["status"], rows[3]["message"], rows[3]["objective_hkd"]) == ("infeasible", "too little", None)
    assert (rows[4]["objective_hkd"], rows[4]["main_purchase"], rows[4]["devices"]) == (1.5, None, [("card", 2.0)])


def test_a_part_appears_with_the_last_of_its_runs(pyarrow: Any, tmp_path: Path) -> None:
    assert list(written(tmp_path, [0, 1, 3, 4, 5, 6, 7])) == []
    assert list(written(tmp_path, [0, 1, 3, 4, 5, 6, 7, 2])) == ["part-00000.parquet", "part-00001.parquet"]


def test_parts_of_an_earlier_sweep_go_and_nothing_else(pyarrow: Any, tmp_path: Path) -> None:
    (tmp_path / "part-00007.parquet").touch()
    (tmp_path / "mine.parquet").touch()
    assert list(written(tmp_path, [0])) == ["mine.parquet"]


def test_a_sweep_streams_what_it_answers(pyarrow: Any, tmp_path: Path) -> None:
    question = Question("grid", (Parameter("budget_hkd", 1e5, 1e6, steps=5),), 1)
    answer = ask(case(), question, parts=tmp_path)
    rows = pyarrow.read_table(tmp_path).to_pylist()
    assert [row["objective_hkd"] for row in rows] == [one.measures["objective_hkd"] for one in answer.runs]
    assert [dict(row["costs_hkd"]) for row in rows] == [one.measures["costs_hkd"] for one in answer.runs]


def test_without_pyarrow_it_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match="install planner's extra `parquet`"):
        Parts(tmp_path, (COUNT,), POINTS)


def test_a_design_without_a_list_of_runs_has_none_to_stream(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--parquet takes the runs of a design as they come; frontier is no list"):
        ask(case(), Question("frontier", (), 3), parts=tmp_path)
