"""When trainings run, and by when they should have ended."""

from __future__ import annotations

from collections.abc import Sequence

from planner.domain.horizon import Period
from planner.figures.figure import Figure, Trace
from planner.figures.names import workload_names
from planner.figures.style import ALARM, GRID, INK, PALETTE, cut, layout
from planner.plan.record import PlanRecord
from planner.plan.rows import Record
from planner.report.language import Language
from planner.report.tables import Table
from planner.report.words import percent

DONE = 1 - 1e-6
FRAME, ROW, MOST_HEIGHT = 90, 34, 850
Line = tuple[Sequence[str | None], Sequence[str | None]]
COLUMNS = ("workload", "node", "start", "finish", "days", "asked_pflops_days", "done_pflops_days", "cost_hkd")


def jobs(plan: PlanRecord, say: Language) -> Figure | None:
    """A bar for each training from the first to the last period in which it runs."""
    rows = plan.rows.jobs
    if not rows:
        return None
    case, call = plan.case, workload_names(plan.case)
    chance = {leaf.id: leaf.probability for leaf in case.tree.leaves}
    ordered = sorted(rows, key=lambda row: (row["start"] or "9", row["workload"], row["node"]))
    several = len({row["node"] for row in rows}) > len({row["workload"] for row in rows}) and len(case.tree.leaves) > 1
    labels = [
        cut(call(r["workload"]), 38) + (f" ({r['node'].partition('_')[2] or say('trunk')})" if several else "")
        for r in ordered
    ]
    lines = _stretches(plan, ordered, labels)
    due = [Period.parse(case.workloads[row["workload"]].end).end.isoformat() for row in ordered]
    whole = [row for row in ordered if row["done_pflops_days"] >= DONE * row["asked_pflops_days"]]
    shares = [
        row["done_pflops_days"] / row["asked_pflops_days"] if row["asked_pflops_days"] else 1.0 for row in ordered
    ]
    texts = {
        "done": len(whole),
        "count": len(ordered),
        "lost": say.listed([call(r["workload"]) for r in ordered if r not in whole]),
    }
    title = (
        say("Every training is done by its date ({count}).", **texts)
        if len(whole) == len(ordered)
        else say("{done} of {count} trainings are done by their date; not wholly done: {lost}.", **texts)
    )
    end = max(due[0], *due, case.horizon.end_date.isoformat())
    marks = [
        {
            "x": due[place], "y": labels[place], "xanchor": "left", "xshift": 6, "showarrow": False, "font": {"size": 11, "color": ALARM},
            "text": percent(share),
        }
        for place, share in enumerate(shares) if share < DONE
    ]  # fmt: skip
    return Figure(
        "jobs",
        title,
        say("Timeline of {count} trainings: a bar from the first to the last period in which each runs, and a mark at the date on which it is due.", **texts),
        _traces(lines, (due, labels), [INK if share >= DONE else ALARM for share in shares], say),
        layout(
            xaxis={"type": "date", "gridcolor": GRID, "fixedrange": True, "range": [case.horizon.periods[0].start.isoformat(), end], "dtick": "M12", "tickformat": "%Y"},
            yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True, "categoryorder": "array", "categoryarray": labels},
            annotations=marks,
        ),
        Table.of([{**row, "chance": chance.get(row["node"], 1.0)} for row in ordered], (*COLUMNS, "chance")),
        note=say("Bars are whole periods; the mark is the end of the period in which the training is due."),
        height=FRAME + min(ROW, MOST_HEIGHT // len(ordered)) * len(ordered),
    )  # fmt: skip


def _stretches(plan: PlanRecord, rows: Sequence[Record], labels: Sequence[str]) -> Line:
    """From the first day to the last of each training that runs."""
    days: list[str | None] = []
    places: list[str | None] = []
    for row, label in zip(rows, labels, strict=True):
        if row["start"] and row["finish"]:
            begins = plan.case.horizon.order_date(Period.parse(row["start"])).isoformat()
            days += [begins, Period.parse(row["finish"]).end.isoformat(), None]
            places += [label, label, None]
    return days, places


def _traces(runs: Line, due: Line, colours: Sequence[str], say: Language) -> list[Trace]:
    return [
        {
            "type": "scatter", "mode": "lines", "name": say("runs"), "x": runs[0], "y": runs[1], "hoverinfo": "skip",
            "line": {"color": PALETTE[0], "width": 14},
        },
        {
            "type": "scatter", "mode": "markers", "name": say("due"), "x": due[0], "y": due[1], "hovertemplate": "%{y}: %{x}<extra></extra>",
            "marker": {"symbol": "line-ns", "size": 20, "line": {"width": 3, "color": list(colours)}},
        },
    ]  # fmt: skip
