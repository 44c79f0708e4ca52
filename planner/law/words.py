"""Law in words: how outcomes, facts and comparisons read."""

from __future__ import annotations

from planner.domain.match import METRICS, Fact, Facts, Leaf
from planner.domain.policy import Outcome

MEANING_WORDS: dict[Outcome, str] = {
    "uncontrolled": "it may be had without a licence",
    "notify": "it may be shipped 25 days after notice to the US authority, which may refuse",
    "case_by_case": "a licence is needed and reviewed case by case",
    "presumption_of_denial": "a licence is needed and denial is presumed",
    "prohibited": "it is barred",
    "compliance_risk": "no rule bars the buyer, but the US presumes a breach upstream: for buyers without US exposure",
}
NUMBERS: dict[str, tuple[str, str]] = {
    "tpp": ("TPP", ""),
    "performance_density": ("performance density", ""),
    "memory_bandwidth_gbps": ("memory bandwidth", " GB/s"),
    "io_bandwidth_gbps": ("I/O", " GB/s"),
    "memory_plus_io_gbps": ("memory plus I/O", " GB/s"),
    "memory_bandwidth_density": ("bandwidth density", " GB/s per mm2"),
    "training_flop": ("training", " operations"),
}
TRUTHS: dict[str, tuple[str, str]] = {
    "datacenter_marketed": ("made for data centres", "not made for data centres"),
    "us_commercially_available": ("on sale in the US in January 2026", "not on sale in the US in January 2026"),
    "shipped_from_us": ("shipped from the US", "not shipped from the US"),
    "buyer_listed": ("buyer listed", "buyer not listed"),
    "buyer_owned_50pct_by_listed": ("buyer half owned by listed parties", "buyer not owned by listed parties"),
    "military_end_use": ("military end use", "no military end use"),
    "supercomputer_end_use": ("for a supercomputer", "not for a supercomputer"),
}
TEXTS: dict[str, str] = {
    "accelerator_id": "device {}",
    "vendor": "by {}",
    "vendor_country": "designed in {}",
    "item_type": "sold as {}",
    "end_user_hq": "end user based in {}",
    "use_case": "for {}",
}
SIGNS = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠", ">": ">", "<": "<"}


def sentence(text: str) -> str:
    """With a capital and a full stop, unless it begins with an id."""
    return f"{text[:1].upper()}{text[1:]}."


def number(value: float) -> str:
    """Six figures at most, so that 3.196 never reads as the 3.2 it misses."""
    return f"{value:,.6g}" if value < 1e15 else f"{value:.3g}"


def fact_words(metric: str, fact: Fact) -> str:
    """`TPP 15,832`, `made for data centres`, `TPP unknown`."""
    if metric in TRUTHS:
        return TRUTHS[metric][0 if fact else 1]
    if metric in TEXTS:
        return TEXTS[metric].format(fact)
    name, unit = NUMBERS[metric]
    return f"{name} unknown" if fact is None else f"{name} {number(float(fact))}{unit}"


def metric_words(metric: str) -> str:
    """The metric without its value."""
    return NUMBERS[metric][0] if metric in NUMBERS else metric.replace("_", " ")


def holds_words(leaf: Leaf, facts: Facts) -> str:
    """A leaf that holds: `TPP 15,832 ≥ 4,800`, `device nvidia_h20_96gb`."""
    words = fact_words(leaf.metric, facts[leaf.metric])
    if METRICS[leaf.metric] != "number" or facts[leaf.metric] is None:
        return words
    assert isinstance(leaf.value, int | float)
    return f"{words} {SIGNS[leaf.op]} {number(leaf.value)}"


def fails_words(leaf: Leaf, facts: Facts) -> str:
    """A leaf that fails: `performance density 3.183 is below 3.2 (by 0.52 %)`, `TPP unknown`."""
    fact = facts[leaf.metric]
    words = fact_words(leaf.metric, fact)
    if METRICS[leaf.metric] != "number" or fact is None:
        return words
    assert isinstance(leaf.value, int | float)
    gap_pct = abs(float(fact) - leaf.value) / leaf.value * 100
    side = "below" if leaf.op in (">=", ">") else "above"
    at_the_edge = f"{words} does not pass {SIGNS[leaf.op]} {number(leaf.value)}"
    return f"{words} is {side} {number(leaf.value)} (by {gap_pct:.2g} %)" if gap_pct else at_the_edge
