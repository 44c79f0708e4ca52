"""`explain worth`: what each burden costs in all, each by planning without it, adding up with their interaction; and
what a year costs.
"""

from __future__ import annotations

from dataclasses import asdict

from planner.plan.plan import Plan
from planner.report.explain.answer import Answer, Evidence, Shown
from planner.report.words import money, short_money
from planner.study.worth.burdens import INTERACTION, totals
from planner.study.worth.lifted import Tell

SAME_HKD = 1.0
_COLUMNS: Shown = {
    "burden": lambda r: r["burden"],
    "HKD": lambda r: "no plan" if r["hkd"] is None else short_money(r["hkd"] if abs(r["hkd"]) > SAME_HKD else 0.0),
    "what is lifted": lambda r: r["meaning"],
}


def explain_worth(plan: Plan, tell: Tell) -> Answer:
    """The bridge from the plan as it is to one without any burden."""
    found = totals(plan, tell)
    alone = [part for part in found.parts if part.burden != INTERACTION and part.hkd]
    words = [
        f"The plan costs {money(found.base_hkd)}; without all that weighs on it, {money(found.lifted_hkd)}.",
        *(
            f"{part.burden} costs {money(part.hkd or 0.0)}."
            for part in sorted(alone, key=lambda p: -(p.hkd or 0.0))[:3]
        ),
    ]
    late = found.delay
    if late.hkd is None:
        words.append(f"With {late.meaning} there is no plan.")
    else:
        words.append(f"The shadow tax of delay is {money(late.hkd)}: {late.meaning}.")
    parts = Evidence("bridge", "From this plan to one without burdens", [asdict(p) for p in found.parts], _COLUMNS)
    delay = Evidence(
        "delay",
        "",
        [asdict(late)],
        {"burden": _COLUMNS["burden"], "HKD": _COLUMNS["HKD"], "what": lambda r: r["meaning"]},
    )
    return Answer("worth", f"What weighs on {plan.case.title}", tuple(words), (parts, delay))
