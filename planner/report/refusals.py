"""What law keeps out of the plan, and what it lets in on conditions, grouped by the rule that decides."""

from __future__ import annotations

from dataclasses import dataclass

from planner.plan.plan import Plan
from planner.plan.rows import Record

LAW = ("embargo",)


@dataclass(frozen=True)
class Refused:
    """All refusals of one rule: which devices, through how many offers, with what outcome and citation."""

    family: str
    rule: str
    outcome: str
    citation: str
    because: str
    accelerators: tuple[str, ...]
    offers: tuple[str, ...]
    workloads: tuple[str, ...]
    sites: tuple[str, ...]
    refusals: int


def refusals(plan: Plan, families: tuple[str, ...] = LAW) -> list[Refused]:
    """One entry per family and rule, the one with the most offers first."""
    groups: dict[tuple[str, str], list[Record]] = {}
    for row in plan.rows.refused:
        if row["family"] in families:
            groups.setdefault((row["family"], row["rule"]), []).append(row)
    entries = [_entry(*key, rows) for key, rows in groups.items()]
    return sorted(entries, key=lambda e: (-len(e.offers), -e.refusals, e.rule))


def _entry(family: str, rule: str, rows: list[Record]) -> Refused:
    def named(column: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row[column] for row in rows if row[column]))

    first = rows[0]
    return Refused(
        family, rule, first["outcome"] or "", first["citation"] or "", first["because"],
        named("accelerator"), named("offer"), named("workload"), named("site"), len(rows),
    )  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """A rule under which the plan takes devices although they are not simply uncontrolled."""

    rule: str
    outcome: str
    accelerators: tuple[str, ...]


def conditions(plan: Plan) -> list[Condition]:
    """One entry per rule, in the order of the tables."""
    groups: dict[tuple[str, str], dict[str, None]] = {}
    for row in (*plan.rows.orders, *plan.rows.rentals):
        if row["outcome"] != "uncontrolled":
            groups.setdefault((row["rule"], row["outcome"]), {})[row["accelerator"]] = None
    return [Condition(rule, outcome, tuple(devices)) for (rule, outcome), devices in groups.items()]


def fully_refused(plan: Plan) -> frozenset[str]:
    """Offers that law refuses in every period in which they could be taken."""
    options = plan.model.options
    lawful = {key[0] for key in (*options.orders, *options.rentals)}
    return frozenset(offer for entry in refusals(plan) for offer in entry.offers) - lawful
