"""Makes docs/benchmarks.md and its picture of growth from results.json and rejected.csv: python -m benchmarks.page"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks import results
from benchmarks.cases import CASES, SIZES
from benchmarks.goals import OUTSIDE, Results, ended, goals
from benchmarks.growth import Line, Point, svg
from benchmarks.peers import PEERS
from benchmarks.results import outside, same, whole
from benchmarks.stages import STAGES
from benchmarks.verbs import VERBS

DOCS = Path(__file__).resolve().parents[1] / "docs"
REJECTED = Path(__file__).resolve().with_name("rejected.csv")
GROWTH = ("S", "M", "L")
MET = {True: "met", False: "not met", None: "not measured"}
HEAD = """# How long plans take

Made by `python -m benchmarks.page` from `benchmarks/results.json` and `benchmarks/rejected.csv`; do not edit by hand. `python -m benchmarks S M hong_kong`
measures plans and peers anew, `python -m benchmarks.what_ifs` what-ifs, `python -m benchmarks.verbs` the verbs that solve many times, `python -m benchmarks.latency` the page with sliders, each with
`--keep benchmarks/results.json`. Seconds are CPU seconds of whole processes; ratios of one run are what may be quoted, since
machines differ, and one that other programs share takes up to twice as many.
"""
CASES_TEXT = """`python -m benchmarks.cases M FOLDER` writes a case for `planner plan`: devices, offers, prices, sites, law and speeds are the catalogue's, and a seed draws
which of them and what they serve (`benchmarks/cases.py` states the rules). Hong Kong is `examples/hong_kong`.
"""
PEERS_TEXT = """The same program, every option a column and every rule a row, written apart from the planner's own in `benchmarks/plain` and built in linopy, in Pyomo, and as a bare matrix,
each solved by HiGHS as the library calls it. Peers are given all coefficients ready: law, speeds, audit and page are the planner's alone, and it is timed with them.
*plan / peer* below 1: the whole plan takes less than the peer. The optimum is compared to one part in a million; so are 200 random cases and every teaching
example that the plain program knows, in `tests/benchmarks/test_plain.py`.
"""


def page(measured: Results, rejected: Iterable[dict[str, str]]) -> str:
    """The document."""
    parts = [
        HEAD,
        table(("goal", "at most", "measured", ""), _goals(measured)),
        *_out_of_reach(measured),
        f"## Cases\n\n{CASES_TEXT}",
        table(
            ("case", "accelerators", "sites", "periods", "workloads", "futures", "columns", "rows", "non-zeros"),
            _cases(measured),
        ),
        "Columns, rows and non-zeros are those of the plain program.\n\n## Where the time of a plan goes\n",
        table(("CPU seconds", *(_name(case) for case in CASES)), _stages(measured)),
        f"## Peers\n\n{PEERS_TEXT}",
        table(
            ("case", "", "CPU s", "of it solve", "peak MB", "plan / peer", "memory / peer", "same optimum"),
            _peers(measured),
        ),
        "![CPU seconds over size](benchmarks.svg)\n\n## What-ifs and verbs on Hong Kong\n",
        *_what_ifs(measured),
        *_page_with_sliders(measured),
        table(("verb", "CPU s", "times the plan"), _verbs(measured)),
        "## What measurement rejected\n",
        table(("tried", "in place of", "on", "figures"), ([row[field] for field in row] for row in rejected)),
    ]
    return "\n".join(parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown, figures to the right."""
    body = [list(row) for row in rows]
    right = [
        bool(body) and all(row[place][:1].isdigit() or row[place] in ("", "–") for row in body)
        for place in range(len(head))
    ]
    ruler = ["--:" if figures else "---" for figures in right]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ruler, *body)) + "\n"


def _name(case: str) -> str:
    return "Hong Kong" if case == "hong_kong" else case


def _goals(measured: Results) -> Iterator[Sequence[str]]:
    for goal in goals(measured):
        yield goal.asked.replace("hong_kong", "Hong Kong"), f"{goal.most:,g}", goal.figure, MET[goal.met]


def _out_of_reach(measured: Results) -> Iterator[str]:
    """Why a share of M cannot be had while the solver takes so little."""
    plan, share = ended(measured, "M", "planner"), OUTSIDE["M"]
    if plan is None or outside(plan) <= share:
        return
    stages = {name: spent["cpu_s"] for name, spent in plan["stages"].items()}
    left = stages["solve"] * share / (1 - share)
    yield (
        f"Beside a solver that takes {stages['solve']:.1f} s of M, {share:.0%} of the whole are {left:.2f} s: less than the "
        f"{stages['start']:.2f} s\nin which Python starts and loads what a plan needs, numpy, pydantic, Typer and HiGHS among it.\n"
    )


def _cases(measured: Results) -> Iterator[Sequence[str]]:
    for case in CASES:
        plain = measured.get(case, {}).get("plain", {})
        sizes = [str(number) for number in SIZES[case]] if case in SIZES else [""] * 5
        yield (
            _name(case),
            *sizes,
            *(f"{plain[part]:,}" if part in plain else "–" for part in ("columns", "rows", "nonzeros")),
        )


def _stages(measured: Results) -> Iterator[Sequence[str]]:
    plans = [ended(measured, case, "planner") for case in CASES]
    for stage in STAGES:
        yield stage, *(f"{plan['stages'][stage]['cpu_s']:.2f}" if plan else "–" for plan in plans)
    yield "**whole**", *(f"{whole(plan)['cpu_s']:.2f}" if plan else "–" for plan in plans)
    yield "outside the solver", *(f"{outside(plan):.0%}" if plan else "–" for plan in plans)
    yield "peak MB", *(f"{whole(plan)['peak_mb']:.0f}" if plan else "–" for plan in plans)


def _peers(measured: Results) -> Iterator[Sequence[str]]:
    for case in CASES:
        plan = ended(measured, case, "planner")
        for peer in ("planner", *PEERS):
            result = measured.get(case, {}).get(peer)
            if result is None:
                continue
            if "stopped" in result:
                yield _name(case), peer, result["stopped"], "", "", "", "", ""
                continue
            spent, own = whole(result), whole(plan) if plan else None
            times = ["", "", ""]
            if own and plan and peer != "planner":
                times = [f"{own[unit] / spent[unit]:.2f}" for unit in ("cpu_s", "peak_mb")] + [
                    "yes" if same(plan, result) else "**no**"
                ]
            yield (
                _name(case),
                peer,
                f"{spent['cpu_s']:.2f}",
                f"{result['stages']['solve']['cpu_s']:.2f}",
                f"{spent['peak_mb']:.0f}",
                *times,
            )


def _what_ifs(measured: Results) -> Iterator[str]:
    result = measured.get("hong_kong", {}).get("what_ifs")
    if result is None:
        return
    ratios: dict[str, list[float]] = {}
    for one in result["asked"]:
        ratios.setdefault(one["kind"], []).append(one["ratio"])
    rows = [
        (kind, str(len(some)), f"{sorted(some)[len(some) // 2]:.3f}", f"{max(some):.3f}")
        for kind, some in ratios.items()
    ]
    rows.append(("all", str(len(result["asked"])), f"{result['median']:.3f}", f"{result['worst']:.3f}"))
    yield table(("what-if, over a cold plan", "asked", "median", "worst"), rows)


def _page_with_sliders(measured: Results) -> Iterator[str]:
    result = measured.get("hong_kong", {}).get("latency")
    if result is None:
        return
    kinds = sorted({one["kind"] for one in result["asked"]})
    seconds = {kind: sorted(one["seconds"] for one in result["asked"] if one["kind"] == kind) for kind in kinds}
    rows = [(kind, str(len(some)), f"{some[len(some) // 2]:.2f}", f"{some[-1]:.2f}") for kind, some in seconds.items()]
    rows.append(
        (
            "all, 95th percentile in place of the worst",
            str(len(result["asked"])),
            f"{result['median_s']:.2f}",
            f"{result['p95_s']:.2f}",
        )
    )
    rows.append(
        (
            f"{result['users']} users at once",
            str(result["users"]),
            f"{result['users_median_s']:.2f}",
            f"{result['users_worst_s']:.2f}",
        )
    )
    yield table(("page with sliders, from key to figure, wall-clock s", "moves", "median", "worst"), rows)


def _verbs(measured: Results) -> Iterator[Sequence[str]]:
    verbs = measured.get("hong_kong", {}).get("verbs", {})
    for name in ("plan", *VERBS):
        if name in verbs:
            spent = verbs[name]
            if "stopped" in spent:
                yield name, spent["stopped"], ""
            else:
                yield name, f"{spent['cpu_s']:.1f}", f"{spent['cpu_s'] / verbs['plan']['cpu_s']:.1f}"


def picture(measured: Results) -> str | None:
    """Growth from S to L of the plan, of what in it is outside the solver, and of the peers; None before two sizes are measured."""
    sizes = {
        case: measured[case]["plain"]["columns"]
        for case in GROWTH
        if "columns" in measured.get(case, {}).get("plain", {})
    }
    lines: dict[str, list[Point]] = {}
    for case, columns in sizes.items():
        for part in ("planner", *PEERS):
            result = ended(measured, case, part)
            if result:
                lines.setdefault(part, []).append((columns, whole(result)["cpu_s"]))
                if part == "planner":
                    outer = outside(result) * whole(result)["cpu_s"]
                    lines.setdefault("planner, less solver", []).append((columns, outer))
    drawn = [Line(name, points) for name, points in lines.items()]
    return svg(drawn, {columns: case for case, columns in sizes.items()}) if len(sizes) > 1 else None


def main() -> None:
    measured = results.read()
    with open(REJECTED, encoding="utf-8", newline="") as file:
        rejected = list(csv.DictReader(file))
    (DOCS / "benchmarks.md").write_text(page(measured, rejected), encoding="utf-8")
    drawn = picture(measured)
    if drawn is not None:
        (DOCS / "benchmarks.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
