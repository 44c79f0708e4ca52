"""What verbs that solve many times take, as multiples of `planner plan` on the same case: python -m benchmarks.verbs [VERB ...]

Whole processes on Hong Kong, start of the interpreter included; CPU seconds, threads and child processes added up.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import results
from benchmarks.process import spent

CASE = "examples/hong_kong/case.yaml"


class Verb(NamedTuple):
    """A command on the case, the exit codes with which it ends well, and how many times a plan it may take."""

    arguments: tuple[str, ...]
    goal: float | None
    ends: tuple[int, ...] = (0,)


PLAN = Verb(("plan",), None)
VERBS = {
    "whatif": Verb(("whatif", "--set", "sites.hk_colo_tko.power_mw=20"), None),
    "stress": Verb(("stress",), 3.0),
    "explain": Verb(("explain",), 2.0),
    "repair": Verb(("whatif", "--set", "sites.*.power_mw=0.01"), 3.0, (4,)),
    "alternatives": Verb(("alternatives",), 15.0),
}


def timed(verb: Verb, limit_s: float) -> dict[str, Any]:
    """CPU and wall seconds and peak memory of the command, or why there are none."""
    name, *more = verb.arguments
    command = [str(Path(sys.executable).with_name("planner")), name, CASE, *more, "--json"]
    run = spent(command, limit_s, verb.ends)
    return {"stopped": run.stopped} if run.stopped else run.record()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verbs", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("verbs", nargs="*", choices=[*VERBS, []], metavar="VERB", help=", ".join(VERBS))
    parser.add_argument(
        "--limit", type=float, default=1800, metavar="SECONDS", help="stop a verb after so much CPU time"
    )
    parser.add_argument("--keep", type=Path, metavar="FILE", help=results.KEEP)
    asked = parser.parse_args()
    plan = timed(PLAN, asked.limit)
    measured = {"plan": plan}
    print(f"{'plan':<14}{plan['cpu_s']:9.1f} s", flush=True)
    for name in asked.verbs or VERBS:
        verb, spent = VERBS[name], timed(VERBS[name], asked.limit)
        measured[name] = spent
        if "stopped" in spent:
            print(f"{name:<14} {spent['stopped']}", flush=True)
            continue
        goal = f", goal {verb.goal:g}" if verb.goal else ""
        print(
            f"{name:<14}{spent['cpu_s']:9.1f} s   {spent['cpu_s'] / plan['cpu_s']:.1f} times the plan{goal}", flush=True
        )
    results.keep("hong_kong", "verbs", measured, asked.keep)


if __name__ == "__main__":
    main()
