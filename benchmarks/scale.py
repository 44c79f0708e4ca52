"""Makes docs/scale.md, what a city, a country and a hyperscaler need, from results.json: python -m benchmarks.scale"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks import results
from benchmarks.goals import Results, ended
from benchmarks.page import DOCS, table
from benchmarks.results import whole
from benchmarks.trees import TREES, WAYS

SIZES = {
    "hong_kong": "a city: Hong Kong, 22 sites, 105 offers, 20 workloads, 25 quarters",
    "M": "a country: M, drawn, 60 accelerators, 8 sites, 100 workloads, 20 quarters",
    "XL": "a country in four futures: XL, M on a tree",
    "L": "a hyperscaler: L, drawn, 80 accelerators, 10 sites, 500 workloads, 40 quarters",
}
TREE_NAMES = {
    "XL": "four futures of M",
    "M_in_8": "eight futures of M, four of them of the market",
    "M_in_16": "sixteen, twelve of the market",
    "M_over_40": "four futures of M over 40 quarters",
}
RUNS, SECONDS_PER_HOUR = 1000, 3600
HEAD = """# How far it carries

Made by `python -m benchmarks.scale` from `benchmarks/results.json`; do not edit by hand. Seconds are CPU seconds of one core, some of them on a machine that other programs shared; [benchmarks.md](benchmarks.md) tells
how they are measured, which goals they meet, and what was tried and rejected.

## What each size needs
"""
STUDIES = """## What the studies of a city need

Whole commands on Hong Kong; *times the plan* is what carries over to other sizes.
"""
TREES_HEAD = """## Trees of scenarios

CPU seconds in the solver, and the most memory of the process: from scratch as one program; each future alone, then all put together as one program; each future alone, then by branch until the plan is proved to be within 0.0001 % of
the least cost. Below 200,000 columns `plan` takes the first, below 1,000,000 the second, above the third; `decomposition` of a case sets otherwise.
"""
STOPS = """## Where each method stops

| method | in | carries | stops |
|---|---|---|---|
| dual simplex, all columns | `plan` | to some 100,000 columns, in seconds | a million columns take longer than anyone waits; so does the interior point (benchmarks.md) |
| dual simplex, begun with some of the tenants | `plan` above 100,000 columns | 1.4 million columns of 454 tenants, in minutes | where few tenants ask for most of the work: then it begins at nothing |
| from a known optimum, by the columns that may matter | `whatif`, `explain`, repairs, `alternatives`, `stress` | cases of the size of the plan they start from; seconds where the change is small | where the variant has little in common with the plan: another tree, every price halved. It then solves the whole program |
| the tree from its futures put together | `plan` above 200,000 columns, `stress` | four futures of M over 40 quarters; sixteen futures of M in a minute | time grows faster than the number of futures; each future must be solved alone, as a plan is |
| the tree by branch | `plan` and the hedged plan of `stress` above 1,000,000 columns | sixteen futures of M; time grows as the number of futures, and branches are shared out (`stress --workers`) | memory: the program of the tree is held whole, 2.6 to 3.6 GB per million columns. Late reveals take more rounds: 33 to 37 where they come after six or seven quarters, 11 after three; one program is faster then (benchmarks.md). Whole numbers, other objectives than least cost, and the other plans that `stress` makes on the tree take it as one program |
| search for whole lots | `plan` with `whole` | some hundred orders | above, an optimum in fractions is rounded and the gap told ([lots.md](lots.md)) |
| search for halls free of US-origin devices | `plan`, `stress` | trees below 100,000 columns | on larger trees every hall keeps the supercomputer ceiling, and the page says so |
| sweeps | `sweep` | any number of runs, each a plan from scratch; kept, resumed, streamed to Parquet | one run must fit one worker |

A run needs the memory of a plan, and so does every worker. What is shared out are whole runs (`sweep`), futures and plans to carry out (`stress`), leasts and mosts
(`alternatives`): a single plan uses one core, however many there are.

## On more processes and more machines

The answer is the same, to the byte, whoever works; tests run these commands. On one machine:

```console
$ planner sweep examples/7_buy_or_rent/case.yaml --ranges '*' --design lhs --samples 6 --workers 2 --json
$ planner stress examples/15_hedge/case.yaml --workers 2 --json
$ planner alternatives examples/7_buy_or_rent/case.yaml --workers 2 --json
```

On a Dask cluster (extra `cluster`, on every machine): `dask scheduler` on one, `dask worker tcp://head:8786 --nthreads 1` as often as cores are to work, then

```console
$ planner sweep examples/7_buy_or_rent/case.yaml --ranges '*' --design lhs --samples 6 --cluster tcp://head:8786 --json
$ planner stress examples/15_hedge/case.yaml --cluster tcp://head:8786 --json
$ planner alternatives examples/7_buy_or_rent/case.yaml --cluster tcp://head:8786 --json
```
"""


def page(measured: Results) -> str:
    """The document."""
    head = ("who", "columns", "plan, s", "memory, MB", "what-if, s", f"sweep of {RUNS:,} runs, core-hours")
    parts = [
        HEAD,
        table(head, _sizes(measured)),
        STUDIES,
        table(("command", "s", "times the plan"), _verbs(measured)),
        TREES_HEAD,
        table(
            ("tree", "columns", "way", "futures, s", "tree, s", "memory, MB", "rounds", "proved gap"), _trees(measured)
        ),
        STOPS,
    ]
    return "\n".join(parts)


def _sizes(measured: Results) -> Iterator[Sequence[str]]:
    for case, who in SIZES.items():
        plan = ended(measured, case, "planner")
        asked = measured.get(case, {}).get("what_ifs")
        if plan is None:
            why = measured.get(case, {}).get("planner", {}).get("stopped", "not measured")
            yield who, "–", why, "–", "–", "–"
            continue
        spent = whole(plan)
        run_s = asked["cold_cpu_s"] if asked else spent["cpu_s"]
        yield (
            who,
            f"{plan['columns']:,}",
            f"{spent['cpu_s']:.1f}",
            f"{spent['peak_mb']:,.0f}",
            f"{asked['median'] * asked['cold_cpu_s']:.1f}" if asked else "–",
            f"{run_s * RUNS / SECONDS_PER_HOUR:.1f}",
        )


def _trees(measured: Results) -> Iterator[Sequence[str]]:
    for name in TREES:
        for way in WAYS:
            spent = measured.get(name, {}).get(f"tree_{way}")
            if spent is None:
                continue
            words = TREE_NAMES[name], way.replace("_", " ")
            if "stopped" in spent:
                yield words[0], "–", words[1], "–", spent["stopped"], "–", "–", "–"
                continue
            yield (
                words[0],
                f"{spent['columns']:,}",
                words[1],
                f"{spent['alone_s']:.1f}" if "alone_s" in spent else "–",
                f"{spent['tree_s']:.1f}",
                f"{spent['peak_mb']:,.0f}",
                str(spent.get("rounds", "–")),
                f"{spent['gap']:.1e}" if "gap" in spent else "–",
            )


def _verbs(measured: Results) -> Iterator[Sequence[str]]:
    verbs = measured.get("hong_kong", {}).get("verbs", {})
    for name, spent in verbs.items():
        if isinstance(spent, dict) and "cpu_s" in spent:
            yield f"`{name}`", f"{spent['cpu_s']:.0f}", f"{spent['cpu_s'] / verbs['plan']['cpu_s']:.1f}"
        elif isinstance(spent, dict):
            yield f"`{name}`", spent["stopped"], "–"


def main() -> None:
    (DOCS / "scale.md").write_text(page(results.read()), encoding="utf-8")


if __name__ == "__main__":
    main()
