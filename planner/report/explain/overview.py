"""`explain` without a topic: a sentence or two on each, and how to ask for more."""

from __future__ import annotations

from planner.law.assumed import assumed
from planner.plan.plan import Plan
from planner.report.explain.answer import Answer
from planner.report.explain.burdens import WHOLE, embargo_sentence
from planner.report.explain.tax import ALL, tax_sentence
from planner.report.explain.why_not import taken_offers
from planner.report.limits import limits, proved
from planner.report.refusals import fully_refused, refusals
from planner.report.words import count, listed
from planner.study.worth.lifted import Tell, at_par, stacks_of, without_embargo, worth

LIMITS_SPOKEN = 3


def explain_overview(plan: Plan, tell: Tell) -> Answer:
    """The dearest limits, what law refused, what was left, and what embargo and tax cost in all."""
    case, stacks = plan.case, stacks_of(plan.case)
    words = [limit.sentence for limit in proved(plan, limits(plan)[:LIMITS_SPOKEN])]
    words += [
        f"{entry.rule} ({entry.outcome}) keeps out {listed(entry.accelerators, 4)}."
        for entry in refusals(plan)[:LIMITS_SPOKEN]
    ]
    never, taken = fully_refused(plan), taken_offers(plan)
    left = [offer for offer in case.offers if offer not in never and offer not in taken]
    if left:
        words.append(
            f"{count(len(left), 'offer')} that law allows {'is' if len(left) == 1 else 'are'} not taken: {listed(left)}."
        )
    variants = {WHOLE: without_embargo(case)} | ({ALL: at_par(case, stacks)} if stacks else {})
    found = {entry.what: entry for entry in worth(plan, variants, tell)}
    words.append(embargo_sentence(plan, found[WHOLE]))
    if ALL in found:
        words.append(tax_sentence(plan, found[ALL]))
    words += assumed(case)
    words.append(
        "Ask for limits, prices, worth, why-not, embargo, tax, the id of a workload, offer, device or site, or a row by its name; "
        "which estimates matter, `planner sweep CASE --ranges '*' --design tornado` tells."
    )
    return Answer("overview", f"Why {case.title} is planned so", tuple(words))
