"""What was measured last of each case, in results.json where the measurement was asked to be kept, and sums over it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().with_name("results.json")
Result = dict[str, Any]
SAME = 1e-6
KEEP = "write results into this file, by case; benchmarks/results.json is what docs/benchmarks.md is made of"


def read(file: Path = FILE) -> dict[str, Result]:
    """By case; empty before anything was measured."""
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def keep(name: str, part: str, measurement: Result, file: Path | None) -> None:
    """Set one part of a case's result, with the day; all others stay. Nothing is kept where no file is named."""
    if file is None:
        return
    all_cases = read(file)
    all_cases.setdefault(name, {})[part] = {"date": str(date.today()), **measurement}
    file.write_text(json.dumps(all_cases, indent=1) + "\n", encoding="utf-8")


def whole(measurement: Result) -> dict[str, float]:
    """CPU and wall seconds of all stages together, and the most memory of any."""
    stages = measurement["stages"].values()
    return {
        "cpu_s": sum(stage["cpu_s"] for stage in stages),
        "wall_s": sum(stage["wall_s"] for stage in stages),
        "peak_mb": max(stage["peak_mb"] for stage in stages),
    }


def outside(plan: Result) -> float:
    """Share of a plan's CPU time that is not spent in the solver."""
    return 1 - plan["stages"]["solve"]["cpu_s"] / whole(plan)["cpu_s"]


def same(one: Result, other: Result) -> bool:
    """Whether two measurements found the same optimum, to one part in a million."""
    first, second = one["objective_hkd"], other["objective_hkd"]
    return abs(first - second) <= SAME * max(1.0, abs(first))
