"""How long a plan takes, where the time goes, and how that compares: python -m benchmarks [CASE ...]

CASE is S, M, L, XL or hong_kong (`benchmarks/cases.py` says what they are); without any S, hong_kong and M are measured.
The plan is `planner plan`, whole; its peers are the same program written plainly in other libraries (`benchmarks/peers.py`),
which are given every coefficient ready and need neither law nor audit. Every measurement is a process of its own, one at a time;
seconds are CPU seconds, since other programs do not slow these. Ratios in one run are what may be quoted, since machines
differ. `--keep benchmarks/results.json` keeps what is measured, by case, and `python -m benchmarks.page` makes docs/benchmarks.md of it.
Peers need the extra: pip install -e '.[bench]'
"""

from __future__ import annotations

import argparse
import importlib.util
import tempfile
from pathlib import Path

from benchmarks import results
from benchmarks.cases import CASES, case_path
from benchmarks.peers import PEERS
from benchmarks.process import measured
from benchmarks.results import Result, outside, same, whole

USUAL = ("S", "hong_kong", "M")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("cases", nargs="*", choices=[*CASES, []], metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--peers", nargs="*", choices=[*PEERS, []], default=list(PEERS), metavar="PEER", help=", ".join(PEERS))  # fmt: skip
    parser.add_argument("--seed", type=int, default=1, help="draw other cases of the same sizes")
    parser.add_argument("--limit", type=float, default=600, metavar="SECONDS", help="stop a measurement after so much CPU time")  # fmt: skip
    parser.add_argument("--keep", type=Path, metavar="FILE", help=results.KEEP)
    asked = parser.parse_args()
    peers = [peer for peer in asked.peers if peer == "matrix" or importlib.util.find_spec(peer)]
    for missing in set(asked.peers) - set(peers):
        print(f"{missing} is not installed and left out: pip install -e '.[bench]'")
    for name in asked.cases or USUAL:
        result = measure(name, asked.seed, peers, asked.limit, asked.keep)
        print("\n".join(lines(name, result)), flush=True)


def measure(name: str, seed: int, peers: list[str], limit_s: float, file: Path | None) -> Result:
    """The plan of a case and its peers, each kept as soon as it is there."""
    result: Result = {}

    def keep(part: str, measurement: Result) -> None:
        result[part] = measurement
        results.keep(name, part, measurement, file)

    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        case = str(case_path(name, folder, seed))
        keep("planner", measured("stages", case, limit_s=limit_s))
        if peers:
            keep("plain", measured("plain.tables", case, text, limit_s=limit_s))
        if "stopped" not in result.get("plain", {}):
            for peer in peers:
                keep(peer, measured("peers", peer, text, limit_s=limit_s))
    return result


def lines(name: str, result: Result) -> list[str]:
    """The result as it is printed: stages of the plan, then peers."""
    plan = result["planner"]
    if "stopped" in plan:
        return [f"{name}: the plan was {plan['stopped']}"]
    all_in_all = whole(plan)
    printed = [
        f"{name}: {plan['columns']:,} columns, {plan['rows']:,} rows, {plan['nonzeros']:,} non-zeros",
        f"  {'stage':<14}{'CPU s':>9}{'share':>8}{'wall s':>9}{'peak MB':>9}",
    ]
    for stage, spent in [*plan["stages"].items(), ("whole", all_in_all)]:
        peak = f"{spent['peak_mb']:9.0f}" if spent["peak_mb"] else ""
        share = spent["cpu_s"] / all_in_all["cpu_s"]
        printed.append(f"  {stage:<14}{spent['cpu_s']:9.2f}{share:8.0%}{spent['wall_s']:9.2f}{peak}")
    printed.append(f"  everything but the solver: {outside(plan):.0%} of the whole")
    plain = result.get("plain")
    if plain is None or "stopped" in plain:
        return printed if plain is None else [*printed, f"  the plain program was {plain['stopped']}"]
    printed += [
        f"  the plain program: {plain['columns']:,} columns, {plain['rows']:,} rows, {plain['nonzeros']:,} non-zeros",
        f"  {'peer':<14}{'CPU s':>9}{'solve s':>9}{'peak MB':>9}{'plan/peer':>11}{'memory':>8}",
    ]
    for peer in PEERS:
        if peer not in result:
            continue
        if "stopped" in result[peer]:
            printed.append(f"  {peer:<14}{result[peer]['stopped']}")
            continue
        spent = whole(result[peer])
        printed.append(
            f"  {peer:<14}{spent['cpu_s']:9.2f}{result[peer]['stages']['solve']['cpu_s']:9.2f}{spent['peak_mb']:9.0f}"
            f"{all_in_all['cpu_s'] / spent['cpu_s']:11.2f}{all_in_all['peak_mb'] / spent['peak_mb']:8.2f}"
            + ("" if same(plan, result[peer]) else f"   ANOTHER OPTIMUM: HKD {result[peer]['objective_hkd']:,.0f}")
        )
    return printed


if __name__ == "__main__":
    main()
