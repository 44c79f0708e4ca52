"""Runs the variants of `examples/scenarios` and says what is kept of them in `expected/variants.json`.

After a change of results on purpose: `python tests/study/whatif/scenario_runs.py`, and say why in the commit.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from planner.domain.case import Case
from planner.intake import read_case
from planner.plan.plan import make_plan
from planner.study.whatif.variant import changed, named

FOLDER = Path(__file__).parents[3] / "examples" / "scenarios"
EXPECTED = FOLDER / "expected" / "variants.json"
BETTER = frozenset({"relaxation", "gba_flow_eased", "small_models", "open_weights", "subsidy_90"})
"""Futures in which the plan gets cheaper; in all others it gets dearer."""


@cache
def base() -> Case:
    return read_case(FOLDER / "case.yaml")


@cache
def base_hkd() -> float:
    return make_plan(base()).objective_hkd


def change_hkd(name: str) -> float:
    """What the future adds to the cost of the plan."""
    sets, scenario = named(base(), name)
    return make_plan(changed(base(), sets, scenario)).objective_hkd - base_hkd()


def table() -> str:
    """The table of the README."""
    rows = [f"| {name} | {change_hkd(name) / 1e6:+,.1f} | {v.description} |" for name, v in base().variants.items()]
    return "\n".join(["| variant | million HKD | what happens |", "|---|---|---|", *rows])


if __name__ == "__main__":
    EXPECTED.parent.mkdir(exist_ok=True)
    EXPECTED.write_text(json.dumps({name: change_hkd(name) for name in base().variants}, indent=2) + "\n")
    readme = FOLDER / "README.md"
    before, after = readme.read_text().split("## Change next")
    head = before.split("| variant |")[0].replace("TABLE\n", "").rstrip()
    readme.write_text(f"{head}\n\n{table()}\n\n## Change next{after}")
