"""Options of a service side by side, one of them chosen, with the reasons against the others.

Chosen is, among what fits, is lawful without a licence, on offer and within the budget, the cheapest a month; where a budget
asks for the largest load, what serves most. A subsidy that ends within a year of the first day carries no service.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import NamedTuple

from planner.errors import InvalidInput, Problem
from planner.serving.option import Service, answer
from planner.serving.question import ServeQuestion
from planner.training.market import options


def serve_options(asked: ServeQuestion, ids: Sequence[str] = ()) -> list[Service]:
    """Records of all options for the accelerators named (none: all on offer), the chosen first.

    InvalidInput when none of them can serve: what stands in the way.
    """
    answers = [answer(asked, option) for option in options(ids, asked.site, asked.to, own=True)]
    if not any(each.fits for each in answers):
        reasons = Counter(str(each.reason) for each in answers)
        fix = "Loosen --tpot-ms or --ttft-s, take a smaller model or smaller --weights, or another accelerator."
        raise InvalidInput(*(Problem(reason, fix) for reason, _ in reasons.most_common(3)))
    able = [each for each in answers if obstacle(each, asked) is None]
    best = min(able, key=lambda each: _order(each, asked), default=None)
    judged = [replace(each, chosen=each is best, why_not=_why_not(each, best, asked)) for each in answers]
    return sorted(judged, key=lambda each: (not each.chosen, obstacle(each, asked) is not None, *_order(each, asked)))


class Obstacle(NamedTuple):
    """A reason against an option: in a word or two, and whole."""

    short: str
    said: str


def _order(each: Service, asked: ServeQuestion) -> tuple[float, float, str]:
    """The cheapest month first; where a budget asks for the largest load, what serves most."""
    cost = each.hkd_per_month.p50 if each.hkd_per_month else inf
    load = -(each.output_tokens_per_s or 0.0) if asked.requests_per_s is None else 0.0
    return load, cost, each.option


def obstacle(each: Service, asked: ServeQuestion) -> Obstacle | None:
    """The first reason that keeps an option from being chosen, in the order in which a buyer would ask."""
    cost, budget = each.hkd_per_month, asked.budget_hkd_per_month
    rule = f"{each.legal['outcome']} under {each.legal['rule']}"
    reasons = (
        (not each.fits, "unfit", str(each.reason)),
        (not each.may_use, "law", f"law: {rule}"),
        (not each.data_granted, "data", f"data rule: {each.data_rule}"),
        (each.needs_licence, "licence", f"needs an export licence ({each.legal['rule']})"),
        (each.closed is not None, "ended", f"no longer on offer from {each.closed} on"),
        (not each.lasts, "ends", f"the scheme ends on {each.paid_until}, within a year of the day on which it is ready"),
        (each.on_offer is not None and (each.devices or 0) > each.on_offer, "not let", f"only {each.on_offer or 0:,.0f} devices are on offer at a time"),
        (cost is None, "no price", "has no price in the catalogue"),
        (each.output_tokens_per_s == 0, "too dear", "the budget pays for not even one copy"),
        (cost is not None and budget is not None and cost.p50 > budget, "too dear", "dearer than the budget"),
    )  # fmt: skip
    return next((Obstacle(short, said) for holds, short, said in reasons if holds), None)


def _why_not(each: Service, best: Service | None, asked: ServeQuestion) -> str | None:
    if each is best:
        return None
    against = obstacle(each, asked)
    if against:
        return against.said
    if best is None or each.hkd_per_month is None or best.hkd_per_month is None:
        return None
    if asked.requests_per_s is None:
        return f"serves {(each.output_tokens_per_s or 0) / (best.output_tokens_per_s or 1):.2f} of what the chosen option does"
    return f"costs {each.hkd_per_month.p50 / best.hkd_per_month.p50:.2f} times the chosen option"
