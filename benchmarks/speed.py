"""How long the main job takes, where the time goes, and how that compares: `python benchmarks/speed.py [CASE]`.

Whole processes are timed from outside, several times, and medians are printed; ratios in one run are what may be quoted, since machines differ.
The whole catalogue, at every site, is planned once: it takes the better part of a minute.
Peers of the hand-over: PuLP's own HiGHS adapter and CBC, on the same program.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.catalogue_case import write

RUNS = 3
ROOT = Path(__file__).resolve().parent.parent
CASE = ROOT / "examples/hong_kong/case.yaml"


def process(*command: str, runs: int = RUNS) -> tuple[float, float, str]:
    """Median wall seconds, largest peak memory in MB, and the output of a command."""
    seconds, peaks, output = [], [], ""
    for _ in range(runs):
        began = time.perf_counter()
        with tempfile.TemporaryFile() as out:
            child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            seconds.append(time.perf_counter() - began)
            peaks.append(usage.ru_maxrss / 1024)
            out.seek(0)
            output = out.read().decode()
    return statistics.median(seconds), max(peaks), output


def whole(label: str, case: str, runs: int = RUNS) -> float:
    """Seconds of a plan from outside, told with the share that is not spent in the solver."""
    seconds, peak, output = process(str(Path(sys.executable).with_name("planner")), "plan", case, "--json", runs=runs)
    solver = json.loads(output)["results"]["solver"]
    outside = seconds - float(solver["solve_seconds"])
    size = f"{solver['columns']:,} columns, {solver['rows']:,} rows"
    print(f"  {label} ({size}): {seconds:.2f} s, peak {peak:.0f} MB")
    print(f"    outside the solver: {outside:.2f} s, {outside / seconds:.0%} of the whole")
    return seconds


def timed(label: str, work: object) -> float:
    began = time.perf_counter()
    assert callable(work)
    work()
    seconds = time.perf_counter() - began
    print(f"  {label:<42}{seconds:8.2f} s")
    return seconds


def inside(case_path: str) -> None:
    """Steps of the main job inside one process, beside PuLP's own hand-over and CBC."""
    import warnings

    import pulp

    from planner.intake import read_case
    from planner.model.build import build, to_pulp
    from planner.plan.plan import read_plan
    from planner.solve import highs

    warnings.simplefilter("ignore")
    kept: dict[str, object] = {}

    def step(name: str, work: object) -> float:
        return timed(name, lambda: kept.__setitem__(name, work()))  # type: ignore[operator]

    print("inside one process")
    step("read and check the case", lambda: read_case(case_path))
    step("build columns, lines and rows", lambda: build(kept["read and check the case"]))  # type: ignore[arg-type]
    model = kept["build columns, lines and rows"]
    step("assemble the PuLP problem", lambda: to_pulp(model))  # type: ignore[arg-type]
    program = kept["assemble the PuLP problem"]
    hand = step("hand over to HiGHS as one matrix", lambda: highs.load(program))  # type: ignore[arg-type]
    solve = step("solve (hand-over included)", lambda: highs.solve(program))  # type: ignore[arg-type]
    step("tables, duality, audit", lambda: read_plan(model, kept["solve (hand-over included)"]))  # type: ignore[arg-type]
    print("peers on the same program")
    stock = timed("PuLP's own HiGHS adapter", lambda: program.problem.solve(pulp.HiGHS(msg=False)))  # type: ignore[attr-defined]
    cbc = timed("CBC by file", lambda: program.problem.solve(pulp.PULP_CBC_CMD(msg=False)))  # type: ignore[attr-defined]
    print(
        f"  ratios: stock adapter / ours {stock / solve:.2f}, CBC / ours {cbc / solve:.2f}, hand-over / solve {hand / solve:.2f}"
    )


def main() -> None:
    case = sys.argv[1] if len(sys.argv) > 1 else str(CASE)
    planner = str(Path(sys.executable).with_name("planner"))
    bare, _, _ = process(sys.executable, "-c", "pass")
    help_seconds, _, _ = process(planner, "--help")
    controls, _, _ = process(planner, "controls", "nvidia_b200", "--on", "2026-11-20", "--to", "HK")
    print("whole processes, medians")
    plan = whole("planner plan", case)
    print(
        f"  ratio to a bare interpreter: --help {help_seconds / bare:.1f}, controls {controls / bare:.1f}, plan {plan / bare:.1f}"
    )
    with tempfile.TemporaryDirectory() as folder:
        whole("planner plan, the whole catalogue, once", str(write(Path(folder))), runs=1)
    inside(case)


if __name__ == "__main__":
    main()
