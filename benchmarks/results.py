"""What was measured last of each case, in results.json, and sums over it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().with_name("results.json")
Result = dict[str, Any]


def read(file: Path = FILE) -> dict[str, Result]:
    """By case; empty before anything was measured."""
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def keep(name: str, result: Result, file: Path = FILE) -> None:
    """Set the case's result; those of other cases stay."""
    file.write_text(json.dumps(read(file) | {name: result}, indent=1) + "\n", encoding="utf-8")


def whole(measurement: Result) -> dict[str, float]:
    """CPU and wall seconds of all stages together, and the most memory of any."""
    stages = measurement["stages"].values()
    return {
        "cpu_s": sum(stage["cpu_s"] for stage in stages),
        "wall_s": sum(stage["wall_s"] for stage in stages),
        "peak_mb": max(stage["peak_mb"] for stage in stages),
    }
