"""Work done and asked for, by workload and period."""

from __future__ import annotations

from planner.figures.figure import Figure
from planner.figures.names import workload_names
from planner.figures.style import ALARM, axis, largest, periods, stack, stacked, time_axis
from planner.plan.record import PlanRecord
from planner.report.language import Language
from planner.report.tables import Table
from planner.report.words import percent

LEAST_SHARE = 1e-6


def capacity(plan: PlanRecord, say: Language) -> Figure | None:
    """Work by workload in every period, what is not done on top; nothing without workloads."""
    names, case = periods(plan.case), plan.case
    done = plan.expected(plan.rows.service, ("workload", "period"), "work_pflops_days")
    missing = plan.expected(plan.rows.unserved, ("workload", "period"), "unserved_pflops_days")
    asked = sum(plan.expected(plan.rows.unserved, "workload", "asked_pflops_days").values())
    if not asked:
        return None
    unserved = [sum(missing.get((w, name), 0.0) for w in case.workloads) for name in names]
    share = 1.0 - sum(unserved) / asked
    by_workload = {w: [done.get((w, name), 0.0) for name in names] for w in case.workloads}
    call = workload_names(case)
    by_workload = {call(w): values for w, values in by_workload.items() if any(values)}
    shown, colours = largest(by_workload, say("{count} others"))
    if share < 1 - LEAST_SHARE:
        not_done = say("not done")
        shown[not_done], colours[not_done] = unserved, ALARM
    top = 1.05 * max(map(sum, zip(*shown.values(), strict=True)))
    traces = stack(names, shown, colours, "PFLOP/s-days")
    if share < 1 - LEAST_SHARE:
        traces[-1]["marker"]["pattern"] = {"shape": "/"}
    records = [
        {"period": name, "workload": w, "done_pflops_days": done.get((w, name), 0.0), "unserved_pflops_days": missing.get((w, name), 0.0)}
        for name in names
        for w in case.workloads
        if (w, name) in done or missing.get((w, name))
    ]  # fmt: skip
    peak = max(range(len(names)), key=lambda place: sum(values[place] for values in shown.values()))
    title = (
        say("All of the work asked for is done, {work} PFLOP/s-days over the horizon.", work=say.short(asked))
        if share >= 1 - LEAST_SHARE
        else say("{share} of the work asked for is done, {work} PFLOP/s-days are not.", share=percent(share), work=say.short(sum(unserved)))
    )  # fmt: skip
    alt = say(
        "Stacked bars of work per period by workload, from {first} to {last}; most work, {most} PFLOP/s-days, falls in {peak}.",
        first=names[0], last=names[-1], peak=names[peak], most=say.short(sum(values[peak] for values in shown.values())),
    )  # fmt: skip
    return Figure(
        "capacity",
        title,
        alt,
        traces,
        stacked(
            shown,
            colours,
            top,
            xaxis=time_axis(names),
            yaxis=axis(say("work, PFLOP/s-days per period"), range=[0, top]),
        ),
        Table.of(records, ("period", "workload", "done_pflops_days", "unserved_pflops_days")),
        note=say("A job's work that is not done is shown in the period in which the job should have ended."),
        height=310,
    )
