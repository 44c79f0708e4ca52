"""A plan, and its paper in English."""

from __future__ import annotations

import pytest

from planner.papers.paper import Paper
from planner.papers.plan.plan_paper import plan_paper
from planner.plan.plan import make_plan
from planner.plan.record import PlanRecord
from tests.report.small import small


@pytest.fixture(scope="session")
def plan() -> PlanRecord:
    return make_plan(small()).record


@pytest.fixture(scope="session")
def paper(plan: PlanRecord) -> Paper:
    return plan_paper(plan)
