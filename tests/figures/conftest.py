"""A small plan that figures are drawn of: something is bought, rented, refused, limited and left undone."""

from __future__ import annotations

import pytest

from planner.plan.plan import make_plan
from planner.plan.record import PlanRecord
from tests.report.small import small


@pytest.fixture(scope="session")
def plan() -> PlanRecord:
    return make_plan(small()).record
