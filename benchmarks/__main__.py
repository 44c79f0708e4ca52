"""How long a plan takes, where the time goes, and how that compares: python -m benchmarks [CASE ...]

CASE is S, M, L, XL or hong_kong (`benchmarks/cases.py` says what they are); without any S, hong_kong and M are measured.
Every measurement is a process of its own, one at a time; seconds are CPU seconds, since other programs do not slow these.
Ratios in one run are what may be quoted, since machines differ. What is measured is kept in results.json, by case.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks import results
from benchmarks.cases import CASES, case_path
from benchmarks.process import measured
from benchmarks.stages import STAGES

USUAL = ("S", "hong_kong", "M")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("cases", nargs="*", choices=[*CASES, []], metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--seed", type=int, default=1, help="draw other cases of the same sizes")
    parser.add_argument(
        "--limit", type=float, default=600, metavar="SECONDS", help="stop a measurement after this time"
    )
    parser.add_argument("--json", type=Path, default=results.FILE, metavar="FILE", help="where results are kept")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in asked.cases or USUAL:
            case = str(case_path(name, Path(folder), asked.seed))
            plan = measured("stages", case, limit_s=asked.limit)
            results.keep(name, "planner", plan, asked.json)
            show(name, plan)


def show(name: str, plan: results.Result) -> None:
    """Print where the time of a plan went."""
    if "stopped" in plan:
        print(f"{name}: {plan['stopped']}")
        return
    stages = plan["stages"]
    whole = results.whole(plan)
    print(f"{name}: {plan['columns']:,} columns, {plan['rows']:,} rows, {plan['nonzeros']:,} non-zeros")
    print(f"  {'stage':<14}{'CPU s':>9}{'share':>8}{'wall s':>9}{'peak MB':>9}")
    for stage in STAGES:
        spent = stages[stage]
        print(
            f"  {stage:<14}{spent['cpu_s']:9.2f}{spent['cpu_s'] / whole['cpu_s']:8.0%}{spent['wall_s']:9.2f}"
            + (f"{spent['peak_mb']:9.0f}" if spent["peak_mb"] else "")
        )
    print(f"  {'whole':<14}{whole['cpu_s']:9.2f}{1:8.0%}{whole['wall_s']:9.2f}{whole['peak_mb']:9.0f}")
    outside = 1 - stages["solve"]["cpu_s"] / whole["cpu_s"]
    print(f"  everything but the solver: {outside:.0%} of the whole")


if __name__ == "__main__":
    main()
