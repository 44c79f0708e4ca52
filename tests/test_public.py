"""The public surface: small, lazy, typed, and the same answer as the command line's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import planner

EXAMPLE = Path(__file__).parents[1] / "examples/1_power_limit/case.yaml"
PROMISED = {
    "Case",
    "Infeasible",
    "InvalidInput",
    "Plan",
    "PlannerError",
    "Problem",
    "SolverFailed",
    "UsageError",
    "make_plan",
    "read_case",
    "serve",
    "train_time",
}


def test_what_is_promised_is_there() -> None:
    assert set(planner.__all__) >= PROMISED
    assert planner.__all__ == sorted(planner.__all__)
    assert dir(planner) == sorted(planner.__all__)


@pytest.mark.parametrize("name", planner.__all__)
def test_every_name_is_found_and_says_what_it_is(name: str) -> None:
    found = getattr(planner, name)
    assert found.__doc__
    assert getattr(planner, name) is found


def test_a_name_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(AttributeError, match=r"module 'planner' has no attribute 'make_plans'; it offers .*make_plan"):
        planner.make_plans  # noqa: B018


def test_a_service_in_python_is_that_of_the_command_line() -> None:
    records = planner.serve("nvidia_h800_sxm", model="qwen3-32b", requests_per_s=10, tokens_in=1000, tokens_out=400)
    assert records[0].chosen
    assert {record.accelerator for record in records} == {"nvidia_h800_sxm"}
    assert records[0].devices * records[0].tokens_per_s_per_device.p50 >= 4000


def test_from_file_to_plan() -> None:
    plan = planner.make_plan(planner.read_case(EXAMPLE))
    assert isinstance(plan, planner.Plan)
    assert isinstance(plan.case, planner.Case)
    assert plan.costs["hkd"].sum() == pytest.approx(plan.objective_hkd)
    assert "power" in set(plan.shadow_prices["family"])
    for table in (
        "orders",
        "rentals",
        "fleet",
        "service",
        "unserved",
        "spend",
        "energy",
        "carbon",
        "jobs",
        "shadow_prices",
        "refused",
    ):
        assert getattr(plan, table) is plan.tables[table]
    with pytest.raises(AttributeError, match="a plan has no order; its tables are orders, "):
        plan.order  # noqa: B018


def test_the_errors_form_one_tree_with_their_exit_codes() -> None:
    codes = {"PlannerError": 1, "UsageError": 2, "InvalidInput": 3, "Infeasible": 4, "SolverFailed": 5}
    for name, code in codes.items():
        error = getattr(planner, name)
        assert issubclass(error, planner.PlannerError)
        assert error.exit_code == code


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes_in_another_process() -> None:
    # The seed of string hashes differs from process to process; no set may decide an order.
    code = (
        "import sys; sys.path[:0] = ['tests']\n"
        "from golden.every_family import every_family; from proof import text; from planner.plan.plan import make_plan\n"
        "print(text(every_family())); [print(t.to_csv()) for t in make_plan(every_family()).tables.values()]"
    )
    texts = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            cwd=EXAMPLE.parents[2],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            check=True,
        )
        texts.add(done.stdout)
    assert len(texts) == 1
