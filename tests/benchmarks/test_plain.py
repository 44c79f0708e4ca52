"""The plain program: an independent writing of the formulation whose optimum is the planner's, and the peers built from it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import highspy
import pytest
from random_cases import drawn, more
from tiny import case, deep_merge

from benchmarks.cases import SIZES, Size, write
from benchmarks.peers import PEERS, STAGES, matrix
from benchmarks.plain import READ, plain_program, tables
from benchmarks.plain.sets import Sets
from benchmarks.process import measured
from planner.domain.case import Case
from planner.intake import read_case
from planner.plan.plan import make_plan

ROOT = Path(__file__).parents[2]
SMALL = Size(6, 2, 6, 6)
WITHOUT_A_PLAN = {"16_conflict"}
EXAMPLES = sorted({path.parent.name for path in (ROOT / "examples").glob("[0-9]*/case.yaml")} - WITHOUT_A_PLAN)
NOT_PLAIN = ("silos", "whole", "risk", "objective")


def least_hkd(of: Case) -> float:
    """Optimum of the plain program, as HiGHS finds it when it is given the matrix."""
    engine = highspy.Highs()
    engine.setOptionValue("output_flag", False)
    engine.passModel(matrix(*plain_program(of).tables()))
    engine.run()
    assert engine.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(engine.getObjectiveValue()) * 1e6


def agree(of: Case) -> None:
    assert least_hkd(of) == pytest.approx(make_plan(of).objective_hkd, rel=1e-6, abs=1.0)


def random_case(seed: int) -> Case:
    """A case with futures, funds of four kinds, targets, or none of these."""
    pieces = {part: changes for part, changes in more(seed).items() if part not in NOT_PLAIN}
    return case(**drawn(seed, **pieces))


@pytest.mark.parametrize("seed", range(4))
def test_the_optimum_of_random_cases_is_that_of_the_plain_program(seed: int) -> None:
    agree(random_case(seed))


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, 200, 20))
def test_the_optimum_of_two_hundred_random_cases_is_that_of_the_plain_program(first: int) -> None:
    for seed in range(first, first + 20):
        agree(random_case(seed))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_optimum_of_every_example_is_that_of_the_plain_program(name: str) -> None:
    example = read_case(ROOT / "examples" / name / "case.yaml")
    try:
        plain_program(example)
    except ValueError as refused:
        pytest.skip(str(refused))
    agree(example)


def test_every_field_that_is_written_out_is_one_of_the_case() -> None:
    assert set(READ) <= set(Case.model_fields)


@pytest.mark.slow
def test_the_optimum_of_a_drawn_benchmark_is_that_of_the_plain_program(tmp_path: Path) -> None:
    agree(read_case(write("S", SIZES["S"], tmp_path)))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 5))
def test_the_optimum_of_a_drawn_tree_is_that_of_the_plain_program(seed: int, tmp_path: Path) -> None:
    agree(read_case(write("S", SIZES["S"], tmp_path, seed)))
    agree(read_case(write("XL", Size(8, 4, 8, 12, scenarios=4), tmp_path, seed)))


@pytest.mark.long
def test_the_optimum_of_hong_kong_is_that_of_the_plain_program() -> None:
    agree(read_case(ROOT / "examples/hong_kong/case.yaml").comparable)


def test_what_the_plain_program_does_not_know_is_refused() -> None:
    for changes in (
        {"silos": {"west": {"tenants": ["city"]}}},
        {"whole": {"lots": True}},
        {"objective": "max_compute"},
    ):
        with pytest.raises(ValueError, match="the plain program knows no"):
            plain_program(case(**deep_merge({}, changes)))


def test_no_option_is_left_out(tmp_path: Path) -> None:
    # Every workload on every device that may stand somewhere is placed, or refused by a rule that is told.
    read = read_case(write("small", SMALL, tmp_path))
    sets = Sets(read)
    pairs = {*sets.owned, *((accelerator, site) for accelerator, site, _ in sets.rentals_at)}
    placed = {(x.workload.id, x.accelerator, x.site.id) for x in sets.placements}
    refused = {(x.workload, x.accelerator, x.site) for x in sets.refused if x.workload}
    assert placed
    assert placed | refused == {(w, a, s) for w in read.workloads for a, s in pairs}


def test_terms_of_one_variable_in_a_limit_are_added_up() -> None:
    from benchmarks.plain.program import Program

    program = Program()
    first, second = program.variable("x", ("a",)), program.variable("y", ("b",), high=2.0)
    program.limit("sum", ("only",), [(first, 1.0), (second, 3.0), (first, 0.5), (second, -3.0)], "<=", 4.0)
    variables, limits = program.tables()
    assert variables["y"].high.tolist() == [2.0]
    assert {kind: [list(part) for part in terms] for kind, terms in limits["sum"].terms.items()} == {
        "x": [[0], [0], [1.5]]
    }
    with pytest.raises(ValueError, match="exists already"):
        program.variable("x", ("a",))


@pytest.mark.parametrize(
    "peer",
    [
        pytest.param("matrix", marks=pytest.mark.slow),
        *(
            pytest.param(
                peer,
                marks=[
                    pytest.mark.long,
                    pytest.mark.skipif(not importlib.util.find_spec(peer), reason=f"extra [bench] brings {peer}"),
                ],
            )
            for peer in PEERS
            if peer != "matrix"
        ),
    ],
)
def test_a_peer_finds_the_same_optimum(peer: str, tmp_path: Path) -> None:
    read = write("small", SMALL, tmp_path)
    size = tables.write(read, tmp_path)
    assert size["columns"] > size["rows"] > 0
    result = measured("peers", peer, str(tmp_path), limit_s=120)
    assert list(result["stages"]) == list(STAGES)
    assert result["objective_hkd"] == pytest.approx(make_plan(read_case(read)).objective_hkd, rel=1e-6)
