"""Why this, why not that, and what each limit is worth: one topic a file, words first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from planner.errors import UsageError, meant_any
from planner.plan.plan import Plan
from planner.report.explain.answer import Answer, page, results, sheets
from planner.report.explain.burdens import explain_embargo, explain_tax, explain_worth
from planner.report.explain.limits import explain_limits, explain_overview
from planner.report.explain.prices import explain_prices, explain_row
from planner.report.explain.subjects import explain_device, explain_offer, explain_site, explain_workload
from planner.report.explain.target import explain_target
from planner.report.explain.why_not import explain_why_not
from planner.report.words import in_fractions
from planner.study.worth.lifted import Tell

TOPICS: dict[str, Callable[[Plan, Tell], Answer]] = {
    "overview": explain_overview,
    "limits": explain_limits,
    "why-not": explain_why_not,
    "embargo": explain_embargo,
    "tax": explain_tax,
    "prices": explain_prices,
    "worth": explain_worth,
}
SUBJECTS: dict[str, Callable[[Plan, str, Tell], Answer]] = {
    "workloads": explain_workload,
    "offers": explain_offer,
    "sites": explain_site,
    "accelerators": explain_device,
    "capacity_targets": explain_target,
}
"""By the field of the case that holds their ids."""


def explain(plan: Plan, topic: str, tell: Tell) -> Answer:
    """The answer to a topic: one of TOPICS, the id of a workload, offer, site, device or target, or the name of a row.

    `tell` hears what is being solved. Raises UsageError for a topic that is none of these.
    """
    answer = _answer(plan, topic, tell)
    return replace(answer, words=(*answer.words, *in_fractions(plan.case)))


def _answer(plan: Plan, topic: str, tell: Tell) -> Answer:
    if topic in TOPICS:
        return TOPICS[topic](plan, tell)
    for field, answer in SUBJECTS.items():
        if topic in getattr(plan.case, field):
            return answer(plan, topic, tell)
    rows = [row.name for row in plan.model.rows]
    if topic in rows:
        return explain_row(plan, topic)
    ids = [name for field in SUBJECTS for name in getattr(plan.case, field)]
    hint = meant_any(topic, [*TOPICS, *ids, *rows], f"Topics are {', '.join(TOPICS)}, and ids of the case.")
    raise UsageError(f"nothing here is called '{topic}'. {hint}")


__all__ = ["SUBJECTS", "TOPICS", "Answer", "explain", "page", "results", "sheets"]
