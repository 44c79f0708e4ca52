"""How long a stress test of four scenarios takes against one plan: whole processes, the best of three.

python -m benchmarks.stress [CASE]      prints seconds and their ratio; the bound is ten
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

CASE = "examples/hong_kong/case.yaml"
ROUNDS = 3
BOUND = 10.0


def seconds(verb: str, case: str) -> float:
    """Wall time of one call of the command line, start of the interpreter included, the best of ROUNDS."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        subprocess.run(
            [Path(sys.executable).with_name("planner"), verb, case, "--json"], check=True, capture_output=True
        )
        times.append(time.perf_counter() - began)
    return min(times)


def main(case: str = CASE) -> int:
    """Print the ratio; 1 when it lies above the bound."""
    plan, stress = seconds("plan", case), seconds("stress", case)
    print(f"plan {plan:.1f} s, stress {stress:.1f} s: {stress / plan:.1f} times, bound {BOUND:g}")
    return int(stress / plan > BOUND)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
