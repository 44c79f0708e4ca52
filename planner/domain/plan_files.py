"""Names of a saved plan's files, and of the form of its results: who writes them and who reads them share no more than these."""

from __future__ import annotations

PLAN_SCHEMA = "planner.plan/1"
CASE, RESULTS = "case.json", "plan.json"
