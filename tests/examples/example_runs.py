"""Runs an example and says what is kept of it in `expected/plan.json`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import board

from planner.intake import read_case
from planner.plan.plan import Plan, make_plan

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = tuple(sorted((path.parent.name for path in EXAMPLES.glob("*/case.yaml")), key=lambda name: (len(name), name)))


@cache
def plan_of(name: str) -> Plan:
    """The plan of an example, solved once."""
    return make_plan(read_case(EXAMPLES / name / "case.yaml"))


def kept(plan: Plan) -> dict[str, Any]:
    """Objective, size, and the families that bind or refuse: what a change of the model must not change unseen."""
    binding = {str(family) for family in plan.shadow_prices["family"]}
    refusing = {str(family) for family in plan.refused["family"]}
    return {
        "objective_hkd": plan.objective_hkd,
        "rows": plan.solver["rows"],
        "columns": plan.solver["columns"],
        "binding": sorted(binding),
        "refusing": sorted(refusing),
    }


def expected(name: str) -> dict[str, Any]:
    """What the example gave when its expectation was last written."""
    content: dict[str, Any] = json.loads((EXAMPLES / name / "expected" / "plan.json").read_text())
    return content


def write(name: str) -> None:
    """Write the expectation anew; the commit that does so says why the result changed."""
    path = EXAMPLES / name / "expected" / "plan.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(kept(plan_of(name)), indent=2) + "\n")
    if name == board.FOLDER.name:
        board.write(plan_of(name))


if __name__ == "__main__":
    import sys

    for name in sys.argv[1:] or NAMES:
        write(name)
