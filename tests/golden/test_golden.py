"""The program of a case that uses every family, compared as text: the diff is the review.

`pytest tests/golden --update-golden` writes it anew; the commit that does says why.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from proof import text

from golden.every_family import every_family, spending_text
from planner.model.build import build
from planner.model.constraints import FAMILIES
from planner.model.costs import COSTS, FUNDING
from planner.plan.plan import make_plan

GOLDEN = Path(__file__).with_name("every_family.txt")


def test_program_is_the_golden_one(update_golden: bool) -> None:
    model = build(every_family())
    now = text(model) + spending_text(model)
    if update_golden:
        GOLDEN.write_text(now, encoding="utf-8")
    assert now.splitlines() == GOLDEN.read_text(encoding="utf-8").splitlines()


def test_it_uses_every_family_and_every_cost() -> None:
    model = build(every_family())
    assert {row.family for row in model.rows} == {family.name for family in FAMILIES}
    assert {line.cost for line in model.lines} == {*COSTS, *FUNDING, "repayment", "risk"}


@pytest.mark.slow
def test_its_plan_costs_what_it_did() -> None:
    plan = make_plan(every_family())
    assert plan.objective_hkd == pytest.approx(OBJECTIVE_HKD, rel=1e-6)


OBJECTIVE_HKD = 2_402_214.64
