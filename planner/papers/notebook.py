"""A plan as a notebook shows it: what a reader takes away, and its orders and rentals; no script."""

from __future__ import annotations

from html import escape

from planner.cells import visible
from planner.figures.names import device_names, site_names
from planner.papers.html import drawn_table
from planner.papers.plan.parts import context_of
from planner.papers.plan.summary import facts
from planner.plan.record import PlanRecord
from planner.report.tables import Table
from planner.report.words import left_out

MOST = 12


def plan_html(plan: PlanRecord) -> str:
    """For `_repr_html_`."""
    device, site = device_names(plan.case), site_names(plan.case)
    context = context_of(plan)
    orders = [
        {"order_by": r["order_date"], "devices": r["devices"], "accelerator": device(r["accelerator"]), "site": site(r["site"]), "stands_on": r["stands_on"], "hkd": r["hkd"]}
        for r in context.orders
    ]  # fmt: skip
    takeaways = [f"<strong>{escape(label)}</strong> {escape(value)}" for label, value in facts(context)]
    parts = [f"<h3>{escape(visible(plan.case.title))}</h3>", f"<p>{' · '.join(takeaways)}</p>"]
    if orders:
        parts.append(drawn_table(Table.of(orders[:MOST])))
    if len(orders) > MOST:
        parts.append(f"<p>{left_out(len(orders), MOST, 'plan.orders has all')}</p>")
    return "\n".join(parts)
