"""How a rule comes out: what is counted, what fails, and which failure is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tiny import case

from planner.audit.facts import Facts, once
from planner.audit.rule import Check, Comparison, Rule, hold, run

LINES = 5


def came_out(*comparisons: Comparison) -> Check:
    def compare(facts: None) -> Iterator[Comparison]:
        yield from comparisons

    return run(Rule("rule", (), "units", 1e-3, compare), None)


def test_comparisons_that_hold_outright_count_each() -> None:
    check = came_out(hold(LINES), Comparison(("here",), 1.0, "<=", 2.0), hold(0))
    assert check.passed
    assert check.compared == LINES + 1


def test_the_worst_that_fails_is_told_beside_many_that_hold() -> None:
    check = came_out(hold(LINES), Comparison(("a",), 2.0, "<=", 1.0), Comparison(("b",), 1.0, "==", 4.0))
    assert not check.passed
    assert check.compared == LINES + 2
    assert check.worst_violation == pytest.approx(3.0)
    assert check.where.startswith("b:")


def test_facts_answer_a_question_once() -> None:
    askers = []

    @once
    def title(facts: Facts) -> str:
        askers.append(facts)
        return facts.case.title

    one, other = Facts(case(), {}, 0.0), Facts(case(title="other"), {}, 0.0)
    assert (title(one), title(one), title(other)) == ("tiny", "tiny", "other")
    assert askers == [one, other]
