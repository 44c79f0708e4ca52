"""`explain limits`: every limit that binds, and what one unit more of it would save."""

from __future__ import annotations

import textwrap
from dataclasses import asdict

from planner.report.explain.answer import Answer, Evidence
from planner.report.limits import GAPS, LIMITS, Limit, limits
from planner.report.words import count, money, short_money
from planner.solve.plan import Plan
from planner.study.worth import Tell

SPOKEN, BECAUSE = 5, 60


def explain_limits(plan: Plan, tell: Tell) -> Answer:
    """Limits with a number first; then demand, whose price is what the last unit of work costs, and what must be ready
    first.
    """
    binding = limits(plan, LIMITS)
    work, gaps = limits(plan, ("demand",)), limits(plan, GAPS)
    words = [f"{count(len(binding), 'limit')} with a number bind{'s' * (len(binding) == 1)}."] if binding else []
    words += [limit.sentence for limit in binding[:SPOKEN]]
    if not binding:
        words.append("No limit with a number binds: only prices and what law allows shape the plan.")
    if work:
        dearest = max(work, key=lambda limit: limit.saves_hkd_per_unit / limit.periods)
        price = dearest.saves_hkd_per_unit / dearest.periods
        words.append(f"The dearest work is {dearest.subject}: its last PFLOP/s-day costs {money(price)} on average.")
    return Answer(
        "limits",
        f"What limits {plan.case.title}",
        tuple(words),
        (
            _table("limits", "Limits, the heaviest first", binding),
            _table("work", "What one PFLOP/s-day less in every period would save", work),
            _table("readiness", "What must be ready first", gaps),
        ),
    )


def _table(name: str, title: str, found: list[Limit]) -> Evidence:
    return Evidence(
        name,
        title,
        [{key: value for key, value in asdict(limit).items() if key != "sentence"} for limit in found],
        {
            "limit": lambda r: f"{r['family']} {r['subject']}",
            "periods": lambda r: r["first_period"] if r["periods"] == 1 else f"{r['first_period']}–{r['last_period']}",
            "HKD": lambda r: short_money(r["saves_hkd_per_unit"]),
            "per": lambda r: r["unit"],
            "because": lambda r: textwrap.shorten(r["because"], BECAUSE, placeholder=" …"),
        },
    )
