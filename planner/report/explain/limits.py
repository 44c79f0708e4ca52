"""`explain limits`: every limit that binds, and what one unit more of it would save and one less would cost; and `explain` without
a topic: a sentence or two on each, and how to ask for more.
"""

from __future__ import annotations

import textwrap
from dataclasses import asdict

from planner.law.assumed import assumed
from planner.plan.plan import Plan
from planner.plan.rows import Record
from planner.report.explain.answer import Answer, Evidence
from planner.report.explain.burdens import ALL, WHOLE, embargo_sentence, tax_sentence
from planner.report.explain.why_not import taken_offers
from planner.report.limits import GAPS, LIMITS, WORK, Limit, limits, opened_earlier, proved
from planner.report.refusals import fully_refused, refusals
from planner.report.words import count, listed, money, short_money
from planner.study.worth.lifted import Tell, at_par, stacks_of, without_embargo, worth

SPOKEN, SHOWN, BECAUSE = 5, 10, 50
IN_OVERVIEW = 3
NOT_SHOWN = {"sentence", "subjects", "numbers"}


def explain_limits(plan: Plan, tell: Tell) -> Answer:
    """Limits with a number first; then demand, whose price is what the last unit of work costs, and what must be ready
    first.
    """
    tables = (limits(plan, LIMITS), limits(plan, WORK), limits(plan, GAPS))
    tell("solving again with limits moved")
    binding, work, gaps = ([*proved(plan, entries[:SHOWN], whole=True), *entries[SHOWN:]] for entries in tables)
    binding = [*opened_earlier(plan, binding[:SHOWN], tell), *binding[SHOWN:]]
    words = [f"{count(len(binding), 'limit')} with a number bind{'s' * (len(binding) == 1)}."] if binding else []
    words += [limit.sentence for limit in binding[:SPOKEN]]
    if not binding:
        words.append("No limit with a number binds: only prices and what law allows shape the plan.")
    if work:
        dearest = max(work, key=_mean)
        if not dearest.proved:
            (dearest,) = proved(plan, [dearest])
        words.append(
            f"The dearest work is {dearest.subject}: its last PFLOP/s-day costs {money(_mean(dearest))} on average."
        )
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


def _mean(limit: Limit) -> float:
    return (limit.saves_hkd_per_unit or 0.0) / limit.periods


def _price(record: Record, does: str) -> str:
    """Of one whole unit, as the sentences say; of a little where no plan is left so far off."""
    whole, little = record[f"{does}_hkd_whole_unit"], record[f"{does}_hkd_per_unit"]
    hkd = little if whole is None else whole
    return "" if hkd is None else short_money(hkd)


def _table(name: str, title: str, entries: list[Limit]) -> Evidence:
    return Evidence(
        name,
        title,
        [{key: value for key, value in asdict(limit).items() if key not in NOT_SHOWN} for limit in entries],
        {
            "limit": lambda r: f"{r['family']} {r['subject']}",
            "periods": lambda r: r["first_period"] if r["periods"] == 1 else f"{r['first_period']}–{r['last_period']}",
            "saves HKD": lambda r: _price(r, "saves"),
            "costs HKD": lambda r: _price(r, "costs"),
            "per": lambda r: r["unit"],
            "because": lambda r: textwrap.shorten(r["because"], BECAUSE, placeholder=" …"),
        },
        rows=SHOWN,
    )


def explain_overview(plan: Plan, tell: Tell) -> Answer:
    """The dearest limits, what law refused, what was left, and what embargo and tax cost in all."""
    case, stacks = plan.case, stacks_of(plan.case)
    words = [limit.sentence for limit in proved(plan, limits(plan)[:IN_OVERVIEW])]
    words += [
        f"{entry.rule} ({entry.outcome}) keeps out {listed(entry.accelerators, 4)}."
        for entry in refusals(plan)[:IN_OVERVIEW]
    ]
    never, taken = fully_refused(plan), taken_offers(plan)
    left = [offer for offer in case.offers if offer not in never and offer not in taken]
    if left:
        words.append(
            f"{count(len(left), 'offer')} that law allows {'is' if len(left) == 1 else 'are'} not taken: {listed(left)}."
        )
    variants = {WHOLE: without_embargo(case)} | ({ALL: at_par(case, stacks)} if stacks else {})
    by_name = {entry.what: entry for entry in worth(plan, variants, tell)}
    words.append(embargo_sentence(plan, by_name[WHOLE]))
    if ALL in by_name:
        words.append(tax_sentence(plan, by_name[ALL]))
    words += assumed(case)
    words.append(
        "Ask for limits, prices, worth, why-not, embargo, tax, the id of a workload, offer, device or site, or a row by its name; "
        "which estimates matter, `planner sweep CASE --ranges '*' --design tornado` tells."
    )
    return Answer("overview", f"Why {case.title} is planned so", tuple(words))
