"""Near-optimal plans in words: what is certain, what is a matter of taste, and what such plans look like."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from planner.cells import number
from planner.report.tables import Heading, Part, Table
from planner.report.words import in_fractions, left_out, listed, money, percent, short_money

if TYPE_CHECKING:
    from planner.study.alternatives import Alternative, Alternatives, Span

DEVICES = ("buy", "rent")
GROUPS = {"vendor": "vendor", "site": "site", "outcome": "legal outcome", "stack": "software stack"}
SENTENCES = {
    "buy": {"always": "all buy", "sometimes": "some buy, some do not:", "never": "none buys"},
    "rent": {"always": "all rent", "sometimes": "some rent, some do not:", "never": "none rents"},
}
MOST_IN_A_SENTENCE, MOST_ROWS, MOST_DEVICES = 8, 14, 4


def page(alternatives: Alternatives) -> list[Part]:
    """The answer first: bought in all, in some, in none; then the spans, then plans that differ."""
    best = alternatives.plan.objective_hkd
    ceiling = best + alternatives.slack * abs(best)
    parts: list[Part] = [
        f"The best plan costs {money(best)}. Among all plans that cost at most {money(ceiling)} ({percent(alternatives.slack)} more):",
        *_sentences(alternatives),
        *_out_of_reach(alternatives),
        *in_fractions(alternatives.plan.case),
    ]
    shown = [span for span in alternatives.spans if span.subject in DEVICES and span.verdict != "never"]
    if shown:
        rows = [_row(span, number) for span in sorted(shown, key=lambda span: (span.subject, -span.most))]
        columns = ("", "device", "in the best plan", "least", "most")
        parts += [
            "",
            Table(
                "Devices (rented: the average over the horizon)",
                columns,
                rows[:MOST_ROWS],
                left_out(len(rows), MOST_ROWS),
            ),
        ]
    groups = [span for span in alternatives.spans if span.subject in GROUPS and span.verdict != "never"]
    if groups:
        rows = [
            _row(span, short_money)
            for span in sorted(groups, key=lambda span: (list(GROUPS).index(span.subject), -span.most))
        ]
        columns = ("by", "", "in the best plan", "least", "most")
        parts += ["", Table("Spent on devices, HKD", columns, rows[:MOST_ROWS], left_out(len(rows), MOST_ROWS))]
    if alternatives.plans:
        parts += [
            "",
            Heading("Plans that differ as much as they can"),
            *(_plan(alternatives, place, plan) for place, plan in enumerate(alternatives.plans)),
        ]
    return parts


def records_of(alternatives: Alternatives) -> list[dict[str, Any]]:
    """One record per span."""
    return [{**asdict(span), "verdict": span.verdict} for span in alternatives.spans]


def results(alternatives: Alternatives) -> dict[str, Any]:
    """Everything, for other programs."""
    return {
        "objective_hkd": alternatives.plan.objective_hkd,
        "within": alternatives.slack,
        "spans": records_of(alternatives),
        "always": _names(alternatives, "always"),
        "sometimes": _names(alternatives, "sometimes"),
        "never": _names(alternatives, "never"),
        "out_of_reach": out_of_reach(alternatives),
        "plans": [
            {
                "direction": plan.direction,
                "cost_hkd": plan.cost_hkd,
                "amounts": [
                    {"subject": subject, "name": name, "amount": amount}
                    for (subject, name), amount in plan.amounts.items()
                ],
            }
            for plan in alternatives.plans
        ],
    }


def _names(alternatives: Alternatives, verdict: str) -> dict[str, list[str]]:
    return {
        subject: [span.name for span in alternatives.spans if span.subject == subject and span.verdict == verdict]
        for subject in DEVICES
    }


def _sentences(alternatives: Alternatives) -> list[str]:
    said = {
        (subject, verdict): _names(alternatives, verdict)[subject]
        for subject, words in SENTENCES.items()
        for verdict in words
    }
    return [
        f"- {SENTENCES[subject][verdict]} {listed(names, MOST_IN_A_SENTENCE)}."
        for (subject, verdict), names in said.items()
        if names
    ]


def out_of_reach(alternatives: Alternatives) -> list[str]:
    """Devices of the case that no plan can have at any cost: law refuses them, or none arrives in time."""
    within = {span.name for span in alternatives.spans if span.subject in DEVICES}
    offered = dict.fromkeys(offer.accelerator for offer in alternatives.plan.case.offers.values())
    return [device for device in offered if device not in within]


def _out_of_reach(alternatives: Alternatives) -> list[str]:
    names = out_of_reach(alternatives)
    said = f"- out of reach at any cost: {listed(names, MOST_IN_A_SENTENCE)}; law refuses them, or none comes in time."
    return [said] if names else []


def _row(span: Span, number: Any) -> tuple[str, str, str, str, str]:
    subject = GROUPS.get(span.subject, span.subject)
    return (subject, span.name, number(span.optimum), number(span.least), number(span.most))


def _plan(alternatives: Alternatives, place: int, plan: Alternative) -> str:
    """`- 1: HKD 1.02 bn: 3,200 huawei_ascend_910c bought, 40 nvidia_b200 rented`, largest changes from the best plan
    first.
    """
    best = {(span.subject, span.name): span.optimum for span in alternatives.spans}
    moved = sorted(
        (key for key in plan.amounts if key[0] in DEVICES), key=lambda key: -abs(plan.amounts[key] - best[key])
    )
    said = [
        _change(key[0], key[1], plan.amounts[key] - best[key])
        for key in moved[:MOST_DEVICES]
        if abs(plan.amounts[key] - best[key]) >= 0.5
    ]
    return f"- {place + 1} ({plan.direction}), {money(plan.cost_hkd)}: {listed(said) if said else 'the same devices'}"


def _change(subject: str, name: str, change: float) -> str:
    return f"{subject} {number(abs(change))} {'more' if change > 0 else 'fewer'} {name}"
