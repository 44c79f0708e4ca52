"""Law in words: how outcomes, facts and comparisons read."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from planner import cells
from planner.domain.match import METRICS, Belongs, Between, Fact, Facts, Leaf
from planner.domain.policy import Told

MEANING_WORDS: dict[Told, str] = {
    "uncontrolled": "it needs no licence",
    "notify": "it may be shipped 25 days after notice to the US authority, which may refuse and lets few through",
    "case_by_case": "a licence is needed and reviewed case by case",
    "presumption_of_denial": "a licence is needed and denial is presumed",
    "prohibited": "it is barred",
    "unknown": "nobody can tell whether it needs a licence",
    "compliance_risk": "no rule bars the buyer, but the US presumes a breach upstream: for buyers without US exposure",
}
NUMBERS: dict[str, tuple[str, str]] = {
    "tpp": ("TPP", ""),
    "fp64_tflops": ("FP64", " TFLOP/s"),
    "performance_density": ("performance density", ""),
    "memory_bandwidth_gbps": ("memory bandwidth", " GB/s"),
    "io_bandwidth_gbps": ("I/O", " GB/s"),
    "memory_plus_io_gbps": ("memory plus I/O", " GB/s"),
    "memory_bandwidth_density": ("bandwidth density", " GB/s per mm2"),
    "process_node_nm": ("process", " nm"),
    "transistors_bn": ("transistors", " billion"),
    "training_flop": ("training", " operations"),
}
TRUTHS: dict[str, tuple[str, str]] = {
    "datacenter_marketed": ("made for data centres", "not made for data centres"),
    "us_commercially_available": ("on sale in the US in January 2026", "not on sale in the US in January 2026"),
    "us_technology": ("made with US technology", "made without US technology"),
    "holds_hbm": ("packaged with high-bandwidth memory", "packaged without high-bandwidth memory"),
    "designer_approved": ("designer approved or authorised", "designer neither approved nor authorised"),
    "allied_packaging": ("to a packaging site run by an allied firm", "not to a packaging site run by an allied firm"),
    "shipped_from_us": ("shipped from the US", "not shipped from the US"),
    "buyer_listed": ("buyer listed", "buyer not listed"),
    "buyer_owned_50pct_by_listed": ("buyer half owned by listed parties", "buyer not owned by listed parties"),
    "buyer_sdn": ("buyer blocked by the US Treasury", "buyer not blocked by the US Treasury"),
    "buyer_denied": ("buyer a denied person", "buyer no denied person"),
    "buyer_unverified": ("buyer unverified", "buyer not on the Unverified List"),
    "seller_listed": ("seller listed", "seller not listed"),
    "seller_sdn": ("seller blocked by the US Treasury", "seller not blocked by the US Treasury"),
    "seller_denied": ("seller a denied person", "seller no denied person"),
    "mainland_business": ("buyer with business on the mainland", "buyer without business on the mainland"),
    "built_for_d5_party": ("built for a party of group D:5 or Macau", "not built for a party of group D:5 or Macau"),
    "transfer_in_country": ("a transfer within the country", "no transfer within the country"),
    "repair": ("a repair", "no repair"),
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
GROUPED = {"destination_groups": "destination", "end_user_groups": "end user based"}
CODE_LENGTH = 2
MIRRORED = {">=": "≤", ">": "<"}
SIGNS = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠", ">": ">", "<": "<"}


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."


def number(value: float) -> str:
    """Six figures, so that 3.196 never reads as the 3.2 it misses."""
    return cells.number(value, 6) if value < 1e15 else f"{value:.3g}"


def _place(names: Collection[str]) -> str:
    """`VN (country groups D:1, D:4)`: a country's own code comes first."""
    codes = sorted(name for name in names if name.isalpha() and len(name) == CODE_LENGTH)
    groups = sorted(set(names) - set(codes))
    if not codes:
        return ", ".join(groups) or "a country that is not named"
    return ", ".join(codes) + (f" (country groups {', '.join(groups)})" if groups else "")


def fact_words(metric: str, fact: Fact) -> str:
    """`TPP 15,832`, `made for data centres`, `TPP unknown`."""
    if isinstance(fact, Belongs):
        return f"{GROUPED[metric]} in {_place(fact.to)}"
    if metric in TRUTHS and fact is None:
        return f"unknown whether {TRUTHS[metric][0]}"
    if metric in TRUTHS:
        return TRUTHS[metric][0 if fact else 1]
    if metric in TEXTS:
        return TEXTS[metric].format(fact)
    name, unit = NUMBERS[metric]
    if isinstance(fact, Between) and fact.high < math.inf:
        return f"{name} between {number(fact.low)} and {number(fact.high)}{unit}"
    if fact is None or isinstance(fact, Between):
        return f"{name} unknown" + (f" (at least {number(fact.low)}{unit})" if fact and fact.low else "")
    return f"{name} {number(float(fact))}{unit}"


def metric_words(metric: str) -> str:
    """The metric without its value."""
    if metric in TRUTHS:
        return TRUTHS[metric][0]
    return NUMBERS[metric][0] if metric in NUMBERS else metric.replace("_", " ")


def held_words(leaves: Sequence[Leaf], facts: Facts) -> str:
    """Comparisons that hold, by metric: `made for data centres, 14,000 < TPP 15,832 < 17,500`."""
    by_metric: dict[str, list[Leaf]] = {}
    for leaf in leaves:
        by_metric.setdefault(leaf.metric, []).append(leaf)
    return ", ".join(_bounded(metric, tests, facts) for metric, tests in by_metric.items())


def _words(metric: str, facts: Facts) -> str:
    """As `fact_words`; a memory stack is told by where it is made, a chip by where it is designed."""
    words = fact_words(metric, facts[metric])
    made = metric == "vendor_country" and facts["item_type"] == "hbm"
    return words.replace("designed in", "made in") if made else words


def _bounded(metric: str, leaves: Sequence[Leaf], facts: Facts) -> str:
    words = _words(metric, facts)
    if METRICS[metric] != "number" or not isinstance(facts[metric], int | float):
        return words
    floors = [f"{number(limit(leaf))} {MIRRORED[leaf.op]} " for leaf in leaves if leaf.op in MIRRORED]
    ceilings = [f" {SIGNS[leaf.op]} {number(limit(leaf))}" for leaf in leaves if leaf.op not in MIRRORED]
    if floors and not ceilings:
        floor = leaves[0]
        return f"{words} {SIGNS[floor.op]} {number(limit(floor))}"
    return f"{''.join(floors[:1])}{words}{''.join(ceilings[:1])}"


def failed_words(leaf: Leaf, facts: Facts) -> str:
    """A comparison that fails: `performance density 3.183 is below 3.2 (by 0.52 %)`, `TPP unknown`."""
    fact = facts[leaf.metric]
    words = _words(leaf.metric, facts)
    if METRICS[leaf.metric] != "number" or not isinstance(fact, int | float):
        return words
    gap_pct = abs(float(fact) - limit(leaf)) / limit(leaf) * 100
    if gap_pct == 0:
        return f"{words} does not pass {SIGNS[leaf.op]} {number(limit(leaf))}"
    side = "below" if leaf.op in (">=", ">") else "above"
    return f"{words} is {side} {number(limit(leaf))} (by {number(float(f'{gap_pct:.2g}'))} %)"


def limit(leaf: Leaf) -> float:
    """The threshold of a comparison of numbers."""
    if isinstance(leaf.value, str | tuple):
        raise TypeError(f"{leaf.metric} is compared with words")
    return float(leaf.value)
