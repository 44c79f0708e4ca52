"""Near-optimal plans in words: what is certain, what is a matter of taste, and what such plans look like."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from planner.cells import number
from planner.report.tables import Heading, Part, Table
from planner.report.words import listed, money, percent, short_money

if TYPE_CHECKING:
    from planner.study.alternatives import Alternative, Alternatives, Span

DEVICES = ("buy", "rent")
GROUPS = {"vendor": "vendor", "site": "site", "outcome": "legal outcome", "stack": "software stack"}
SENTENCES = {
    "buy": {"always": "all buy", "sometimes": "some buy, some do not:", "never": "none buys"},
    "rent": {"always": "all rent", "sometimes": "some rent, some do not:", "never": "none rents"},
}
MOST_IN_A_SENTENCE, MOST_ROWS, MOST_DEVICES = 8, 14, 4


def page(found: Alternatives) -> list[Part]:
    """The answer first: bought in all, in some, in none; then the spans, then plans that differ."""
    best = found.plan.objective_hkd
    ceiling = best + found.slack * abs(best)
    parts: list[Part] = [
        f"The best plan costs {money(best)}. Among all plans that cost at most {money(ceiling)} ({percent(found.slack)} more):",
        *_sentences(found),
        *_out_of_reach(found),
    ]
    shown = [span for span in found.spans if span.subject in DEVICES and span.verdict != "never"]
    if shown:
        rows = [_row(span, number) for span in sorted(shown, key=lambda span: (span.subject, -span.most))]
        columns = ("", "device", "in the best plan", "least", "most")
        parts += [
            "",
            Table("Devices (rented: the average over the horizon)", columns, rows[:MOST_ROWS], _more(len(rows))),
        ]
    groups = [span for span in found.spans if span.subject in GROUPS and span.verdict != "never"]
    if groups:
        rows = [
            _row(span, short_money)
            for span in sorted(groups, key=lambda span: (list(GROUPS).index(span.subject), -span.most))
        ]
        columns = ("by", "", "in the best plan", "least", "most")
        parts += ["", Table("Spent on devices, HKD", columns, rows[:MOST_ROWS], _more(len(rows)))]
    if found.plans:
        parts += [
            "",
            Heading("Plans that differ as much as they can"),
            *(_plan(found, place, plan) for place, plan in enumerate(found.plans)),
        ]
    return parts


def records_of(found: Alternatives) -> list[dict[str, Any]]:
    """One record per span."""
    return [{**asdict(span), "verdict": span.verdict} for span in found.spans]


def results(found: Alternatives) -> dict[str, Any]:
    """Everything, for other programs."""
    return {
        "objective_hkd": found.plan.objective_hkd,
        "within": found.slack,
        "spans": records_of(found),
        "always": _names(found, "always"),
        "sometimes": _names(found, "sometimes"),
        "never": _names(found, "never"),
        "out_of_reach": out_of_reach(found),
        "plans": [
            {
                "direction": plan.direction,
                "cost_hkd": plan.cost_hkd,
                "amounts": [
                    {"subject": subject, "name": name, "amount": amount}
                    for (subject, name), amount in plan.amounts.items()
                ],
            }
            for plan in found.plans
        ],
    }


def _names(found: Alternatives, verdict: str) -> dict[str, list[str]]:
    return {
        subject: [span.name for span in found.spans if span.subject == subject and span.verdict == verdict]
        for subject in DEVICES
    }


def _sentences(found: Alternatives) -> list[str]:
    said = {
        (subject, verdict): _names(found, verdict)[subject] for subject, words in SENTENCES.items() for verdict in words
    }
    return [
        f"- {SENTENCES[subject][verdict]} {listed(names, MOST_IN_A_SENTENCE)}."
        for (subject, verdict), names in said.items()
        if names
    ]


def out_of_reach(found: Alternatives) -> list[str]:
    """Devices of the case that no plan can have at any cost: law refuses them, or none arrives in time."""
    within = {span.name for span in found.spans if span.subject in DEVICES}
    offered = dict.fromkeys(offer.accelerator for offer in found.plan.case.offers.values())
    return [device for device in offered if device not in within]


def _out_of_reach(found: Alternatives) -> list[str]:
    names = out_of_reach(found)
    said = f"- out of reach at any cost: {listed(names, MOST_IN_A_SENTENCE)}; law refuses them, or none comes in time."
    return [said] if names else []


def _row(span: Span, number: Any) -> tuple[str, str, str, str, str]:
    subject = GROUPS.get(span.subject, span.subject)
    return (subject, span.name, number(span.optimum), number(span.least), number(span.most))


def _more(rows: int) -> str:
    return f"and {rows - MOST_ROWS} more; --json and --format csv show all" if rows > MOST_ROWS else ""


def _plan(found: Alternatives, place: int, plan: Alternative) -> str:
    """`- 1: HKD 1.02 bn: 3,200 huawei_ascend_910c bought, 40 nvidia_b200 rented`, largest changes from the best plan
    first.
    """
    best = {(span.subject, span.name): span.optimum for span in found.spans}
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
