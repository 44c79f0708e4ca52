"""A plan, and its paper in English."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.papers.paper import Paper
from planner.papers.plan.plan_paper import plan_paper
from planner.plan.plan import make_plan
from planner.plan.record import PlanRecord
from tests.report.small import small


@pytest.fixture(scope="session")
def plan() -> PlanRecord:
    made = make_plan(small())
    return replace(made.record, usual=made.usual)


@pytest.fixture(scope="session")
def paper(plan: PlanRecord) -> Paper:
    return plan_paper(plan)
