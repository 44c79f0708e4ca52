"""Options of a service side by side, one of them chosen, with the reasons against the others.

Chosen is, among what fits, is lawful without a licence, to be had in that number (let at a time, or sold within a year) and
within the budget, the cheapest a month; where a budget asks for the largest load, what serves most. A subsidy that ends within
a year of the first day carries no service.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import inf
from typing import Any, NamedTuple

from planner.errors import InvalidInput, Problem
from planner.performance.copies import TOO_SLOW
from planner.serving.option import Service, answer, quickest
from planner.serving.question import ServeQuestion, question
from planner.training.market import Option, options

REASONS = 3


def serve(accelerator: Sequence[str] | str = (), **asked: Any) -> list[Service]:
    """A service on each option for the accelerators named (none: all on offer). Arguments as `question`.

    Returns records, the chosen option first; their fields are the keys of `planner serve --json`. InvalidInput with what to do
    when the question makes no sense or no accelerator can serve it.
    """
    return serve_options(question(**asked), (accelerator,) if isinstance(accelerator, str) else accelerator)


def serve_options(asked: ServeQuestion, ids: Sequence[str] = ()) -> list[Service]:
    """Records of all options for the accelerators named (none: all on offer), the chosen first, then by how near they are.

    InvalidInput when none of them can serve: what stands in the way.
    """
    ways = options(ids, asked.site, asked.to, own=True)
    answers = [answer(asked, option) for option in ways]
    if not any(each.fits for each in answers):
        raise InvalidInput(*_unfit(asked, ways, answers))
    able = [each for each in answers if obstacle(each, asked) is None]
    best = min(able, key=lambda each: _order(each, asked), default=None)
    judged = [replace(each, chosen=each is best, why_not=_why_not(each, best, asked)) for each in answers]
    return sorted(judged, key=lambda each: (not each.chosen, _distance(each, asked), *_order(each, asked)))


def _unfit(asked: ServeQuestion, ways: Sequence[Option], answers: Sequence[Service]) -> Iterator[Problem]:
    """Why no option can serve, each reason once with those that it meets; of latency the best that there is."""
    devices: dict[str, dict[str, None]] = {}
    for each in answers:
        devices.setdefault(str(each.reason).rpartition(": ")[2], {})[each.accelerator] = None
    on_offer = [way for way, each in zip(ways, answers, strict=True) if each.opens is None and each.closed is None]
    quick = quickest(asked, on_offer) if TOO_SLOW in devices else None
    if quick:
        what = (
            f"no device on offer keeps the limits of latency: {asked.shape.name} takes {quick.tpot_ms:.3g} ms a token and "
            f"{quick.ttft_s:.2g} s to the first on {quick.accelerator}, one answer at a time"
        )
        yield Problem(what, "Loosen --tpot-ms or --ttft-s, or take a smaller model or smaller --weights.")
        return
    for reason, names in list(devices.items())[:REASONS]:
        on = next(iter(names)) if len(names) == 1 else f"any of {len(names)} accelerators"
        fix = "Take a smaller model or smaller --weights, or another accelerator."
        yield Problem(f"{asked.shape.name} is not served on {on}: {reason}", fix)


class Obstacle(NamedTuple):
    """A reason against an option: in a word or two, and whole. `distance`: how far it keeps it from being chosen."""

    short: str
    said: str
    distance: int


def _distance(each: Service, asked: ServeQuestion) -> int:
    against = obstacle(each, asked)
    return against.distance if against else 0


def _order(each: Service, asked: ServeQuestion) -> tuple[float, float, str]:
    """The cheapest month first; where a budget asks for the largest load, what serves most within it."""
    cost = each.hkd_per_month.p50 if each.hkd_per_month else inf
    within = asked.requests_per_s is None and cost <= (asked.budget_hkd_per_month or 0.0)
    return -(each.output_tokens_per_s or 0.0) if within else 0.0, cost, each.option


def obstacle(each: Service, asked: ServeQuestion) -> Obstacle | None:
    """The first reason that keeps an option from being chosen, in the order in which a buyer would ask."""
    cost, budget = each.hkd_per_month, asked.budget_hkd_per_month
    rule = f"{each.legal['outcome']} under {each.legal['rule']}"
    most = each.on_offer
    scarce = most is not None and (each.devices or 0) > most
    had = "come in a year" if each.purchase_hkd is not None else "are on offer at a time"
    least = "one copy is dearer than the budget" if asked.requests_per_s is None else "dearer than the budget"
    reasons = (
        (not each.fits, "unfit", str(each.reason)),
        (not each.may_use, "law", f"law: {rule}"),
        (not each.data_granted, "data", f"data rule: {each.data_rule}".rstrip(".")),
        (each.needs_licence, "licence", f"needs an export licence ({each.legal['rule']})"),
        (each.opens is not None, "not yet", f"not on offer before {each.opens}"),
        (each.closed is not None, "ended", f"no longer on offer from {each.closed} on"),
        (not each.lasts, "ends", f"the scheme ends on {each.paid_until}, within a year of the day on which it is ready"),
        (scarce, "too few", f"only {most or 0:,.0f} devices {had}"),
        (cost is None, "no price", "has no price in the catalogue"),
        (cost is not None and budget is not None and cost.p50 > budget, "too dear", least),
    )  # fmt: skip
    met = ((place, *reason) for place, reason in enumerate(reasons))
    return next((Obstacle(short, said, len(reasons) - place) for place, holds, short, said in met if holds), None)


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
