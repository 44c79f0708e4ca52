"""Trees of scenarios solved whole, from their futures and by branch: python -m benchmarks.trees [TREE ...]

    whole        one program from scratch, as `plan` solves a small tree
    together     each future alone, and the tree from all of theirs put together
    by_branch    each future alone, and the tree by branch until the gap is 1e-6

Every way is a process of its own; CPU seconds of what comes before (build), of the futures alone, and of the tree.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.cases import SIZES, Size, write
from benchmarks.process import measured

TREES = {
    "XL": SIZES["XL"],
    "M_in_8": Size(60, 8, 20, 100, scenarios=8),
    "M_in_16": Size(60, 8, 20, 100, scenarios=16),
    "M_over_40": Size(60, 8, 40, 100, scenarios=4),
}
WAYS = ("whole", "together", "by_branch")


def solved(case: str, way: str) -> dict[str, Any]:
    """What one way of solving the tree of a case takes."""
    from planner.domain.decomposition import Decomposition
    from planner.intake import read_inputs
    from planner.model.variables import HKD_PER_MODEL_UNIT
    from planner.solve.futures import Futures
    from planner.solve.objective import solve_model
    from planner.solve.outcome import relative_gap
    from planner.study.stress.uncertain import branches, uncertain

    taken, own = branches(uncertain(read_inputs(Path(case)).case))
    limits = Decomposition(above_columns=0 if way == "by_branch" else 1_000_000_000)
    marks = [time.process_time()]
    tree = Futures(taken.model_copy(update={"decomposition": limits}), own, halls="held")
    marks.append(time.process_time())
    if way == "whole":
        objective = solve_model(tree.model).objective
    else:
        _ = tree.alone
        marks.append(time.process_time())
        objective = tree.hedged.objective
    marks.append(time.process_time())
    parts = ("build_s", "tree_s") if way == "whole" else ("build_s", "alone_s", "tree_s")
    answer: dict[str, Any] = {
        "columns": len(tree.program.cost),
        "rows": len(tree.program.row_low),
        "futures": len(tree.leaves),
        "objective_hkd": objective * HKD_PER_MODEL_UNIT,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        **{part: round(after - before, 2) for part, (before, after) in zip(parts, pairwise(marks), strict=True)},
    }
    if tree.decomposed is not None:
        below = tree.decomposed.rounds[-1].below
        answer |= {"rounds": len(tree.decomposed.rounds), "gap": relative_gap(objective, below)}
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trees", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("trees", nargs="*", choices=[*TREES, []], metavar="TREE", help=", ".join(TREES))
    parser.add_argument("--ways", nargs="*", choices=[*WAYS, []], default=list(WAYS), metavar="WAY", help=", ".join(WAYS))  # fmt: skip
    parser.add_argument("--limit", type=float, default=600, metavar="SECONDS", help="stop a way after so much CPU time")
    parser.add_argument("--keep", type=Path, metavar="FILE", help=results.KEEP)
    asked = parser.parse_args()
    for name in asked.trees or TREES:
        with tempfile.TemporaryDirectory() as folder:
            case = str(write(name, TREES[name], Path(folder)))
            for way in asked.ways:
                answer = measured("trees", "--one", case, way, limit_s=asked.limit)
                results.keep(name, f"tree_{way}", answer, asked.keep)
                print(f"{name:<12}{way:<12}{answer}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(solved(*sys.argv[2:])))
    else:
        main()
