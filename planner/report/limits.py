"""What the limits of a plan are worth: its shadow prices, one entry per limit over all periods in which it binds.

A limit of several periods is priced as one unit more in each of them: the sum of its rows' prices. Entries are sorted
by what the limit takes out of the plan in all, Σ price · limit; a limit of zero counts as one unit.
"""

from __future__ import annotations

from dataclasses import dataclass

from planner.domain.horizon import Period
from planner.report.records import Record, records
from planner.report.words import Where, limit_sentence, span
from planner.solve.plan import Plan

LIMITS = (
    "power",
    "cooling",
    "space",
    "supply",
    "licence_quota",
    "supercomputer_ceiling",
    "budget",
    "vendor_share",
    "carbon_cap",
    "capacity_target",
    "parallelism",
)
GAPS = ("porting", "data_governance", "silo")
BOOKKEEPING = frozenset(
    {"cover", "share", "kept", "shared_out", "given", "counted", "arriving", "leaving", "us_origin"}
)


@dataclass(frozen=True)
class Limit:
    """A limit that binds. `saves_hkd_per_unit` is what easing it by one unit, in each of its periods, would save."""

    family: str
    subject: str
    first_period: str
    last_period: str
    periods: int
    unit: str
    saves_hkd_per_unit: float
    weighs_hkd: float
    because: str
    sentence: str
    rows: tuple[str, ...]


def limits(plan: Plan, families: tuple[str, ...] = LIMITS) -> list[Limit]:
    """Every limit of the families that binds, the heaviest first."""
    periods = {node.id: node.period for node in plan.case.tree}
    groups: dict[tuple[str, tuple[str, ...]], list[tuple[Period, Record]]] = {}
    for row in records(plan.shadow_prices):
        parts = row["key"].split(",")
        index = tuple(part for part in parts if part not in periods)
        if row["family"] in families and BOOKKEEPING.isdisjoint(index):
            at = next(periods[part] for part in parts if part in periods)
            groups.setdefault((row["family"], index), []).append((at, row))
    entries = [_limit(family, index, rows) for (family, index), rows in groups.items()]
    return sorted(entries, key=lambda limit: (-abs(limit.weighs_hkd), limit.family, limit.subject))


def _limit(family: str, index: tuple[str, ...], binding: list[tuple[Period, Record]]) -> Limit:
    periods, rows = sorted({period for period, _ in binding}), [row for _, row in binding]
    first, last, saves = str(periods[0]), str(periods[-1]), sum(map(_saved, rows))
    where = Where(family, index, span(first, last), rows[0]["unit"], each=len(periods) > 1)
    return Limit(
        family,
        ", ".join(index),
        first,
        last,
        len(periods),
        rows[0]["unit"],
        saves,
        weighs_hkd=sum(_saved(row) * max(abs(row["limit"]), 1.0) for row in rows),
        because="; ".join(dict.fromkeys(row["because"] for row in rows)),
        sentence=limit_sentence(where, saves),
        rows=tuple(row["row"] for row in rows),
    )


def _saved(row: Record) -> float:
    return saving(row["family"], row["sense"], float(row["price_hkd_per_unit"]))


def saving(family: str, sense: str, price_hkd: float) -> float:
    """HKD that easing a row by one unit saves: a ceiling is eased upwards, a promise downwards.

    Demand is a promise that is met exactly.
    """
    return price_hkd if sense == ">=" or family == "demand" else -price_hkd
