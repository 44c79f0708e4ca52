"""A comparison in words: the answer first, then the options, what the claims are worth, and what would turn it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.report.compare_claims import finding_of
from planner.report.compare_law import futures
from planner.report.compare_tables import cash, does, money_table, options_table, weights
from planner.report.compare_words import (  # fmt: skip
    best_set,
    excluded,
    flags,
    id_of,
    moved,
    name_of,
    reasons,
    recommendation,
    turns,
    unit_of,
)
from planner.report.language import IN_ENGLISH, Language
from planner.report.tables import Heading, Part

if TYPE_CHECKING:
    from planner.study.compare.compare import Compared
    from planner.study.compare.option import Option


def page(answer: Compared, say: Language = IN_ENGLISH) -> list[Part]:
    """What a committee reads, top to bottom."""
    asked = answer.comparison
    return [
        Heading(asked.title),
        *([asked.decision] if asked.decision else []),
        recommendation(answer, say),
        "",
        options_table(answer, say),
        *excluded(answer, say),
        *flags(answer, say),
        "",
        money_table(answer, say),
        "",
        cash(answer, say),
        "",
        does(answer, say),
        *futures(answer, say),
        *turns(answer, say),
        *best_set(answer, say),
        "",
        weights(answer, say),
    ]


def results_of(answer: Compared) -> dict[str, Any]:
    """As scripts read it: the facts, with the sentences that are made of them in English."""
    results = answer.results
    options = [
        {**_worded(record, option), "excluded_because": reasons(option)}
        for record, option in zip(results["options"], answer.options, strict=True)
    ]
    switches = [
        {"what": moved(switch), "unit": unit_of(switch), **record}
        for record, switch in zip(results["switching_values"], answer.switches, strict=True)
    ]
    return {**results, "options": options, "switching_values": switches, "recommendation": recommendation(answer)}


def _worded(record: dict[str, Any], option: Option) -> dict[str, Any]:
    checks = zip(record["checks"], option.checks, strict=True)
    return {**record, "checks": [{**plain, "says": finding_of(check, IN_ENGLISH)} for plain, check in checks]}


def records_of(answer: Compared, say: Language = IN_ENGLISH) -> list[dict[str, Any]]:
    """One record per option, for files and other programs."""
    return [_flat(option, say) for option in answer.options]


def _flat(option: Option, say: Language) -> dict[str, Any]:
    names = (
        "rank", "rank_by_cost", "score", "npv_cost_hkd", "annual_cost_hkd", "net_value_hkd", "price_hkd", "peak_pflops",
        "effective_pflops", "performance_tax", "hkd_per_effective_pflops_day", "hkd_per_capacity_pflops_day", "utilisation",
        "break_even_utilisation", "months_to_service", "deliverable_in_time", "lawful_share", "power_mw", "power_fits",
        "pflops_per_kw", "carbon_t", "residual_value_hkd", "servable_share", "regret_hkd", "expected_regret_hkd",
    )  # fmt: skip
    return {
        "option": id_of(option, say),
        "name": name_of(option, say),
        **{name: getattr(option, name) for name in names},
        "legal": option.legal.allowed,
        "flags": [say(check.subject) for check in option.checks if check.agrees is False],
        "excluded_because": reasons(option, say),
    }
