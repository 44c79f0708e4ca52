"""What is asked for, by whom, and how much of it the plan does."""

from __future__ import annotations

from planner.papers.paper import PaperPart
from planner.papers.plan.parts import Context
from planner.report.tables import Table


def need(c: Context) -> list[PaperPart]:
    say, plan, case = c.say, c.plan, c.plan.case
    parts: list[PaperPart] = [case.description] if case.description else []
    asked = plan.expected(plan.rows.unserved, "workload", "asked_pflops_days")
    missing = plan.expected(plan.rows.unserved, "workload", "unserved_pflops_days")
    if asked:
        parts.append(say("Useful work asked for: {work} PFLOP/s-days (workloads: {count}, tenants: {tenants}).", count=len(case.workloads), tenants=len({w.tenant for w in case.workloads.values()}), work=say.short(c.asked_pflops_days)))  # fmt: skip
        records = [
            {
                "workload": w.name or w.id, "tenant": w.tenant, "kind": say(w.kind), "data_class": w.data_class, "from": w.start, "to": w.end,
                "asked_pflops_days": asked.get(w.id, 0.0), "done_pct": round(100 * (1 - missing.get(w.id, 0.0) / asked[w.id]), 2) if asked.get(w.id) else None,
            }
            for w in sorted(case.workloads.values(), key=lambda w: -asked.get(w.id, 0.0))
        ]  # fmt: skip
        parts.append(Table.of(records, title=say("Workloads")))
    if case.capacity_targets:
        short = plan.expected(plan.rows.shortfall, "target", "missing_pflops")
        targets = [
            {
                "target": target, "by": t.by, "basis": t.basis, "target_pflops": t.pflops, "missing_pflops": short.get(target, 0.0),
                "source": c.sources.mark(t.source),
            }
            for target, t in case.capacity_targets.items()
        ]  # fmt: skip
        parts.append(Table.of(targets, title=say("Targets of capacity")))
    return [*parts, *c.drawn("jobs")]
