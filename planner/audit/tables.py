"""Before anything is recomputed: every table is there, every name is one of the case's, every figure is a number and
none is negative.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from math import isfinite

from planner.audit.facts import Facts, Record
from planner.audit.rule import HKD_FLOOR, RELATIVE_TOLERANCE, Comparison, hold

QUANTITIES: dict[str, tuple[str, ...]] = {
    "orders": ("devices", "stored_months", "price_hkd_per_device", "hkd"),
    "rentals": ("devices", "hkd"),
    "fleet": ("devices", "arrived", "retired"),
    "part_periods": ("devices", "share"),
    "service": ("devices", "part_devices", "useful_pflops_per_device", "work_pflops_days"),
    "unserved": ("asked_pflops_days", "unserved_pflops_days", "share", "hkd"),
    "readiness": ("level",),
    "energy": ("energy_mwh",),
    "carbon": ("carbon_t",),
    "draws": ("hkd",),
    "cash_years": ("committed_hkd", "paid_hkd", "committed_nominal_hkd", "paid_nominal_hkd"),
    "fund_years": (
        "opening_hkd", "granted_hkd", "committed_hkd", "paid_hkd", "lapsed_hkd", "closing_hkd", "outstanding_hkd", "uncommitted_hkd",
        "paid_nominal_hkd", "closing_nominal_hkd",
    ),
    "subsidy_years": ("hkd", "nominal_hkd"),
    "shortfall": ("target_pflops", "missing_pflops", "hkd"),
    "target_peaks": ("target_pflops", "devices", "devices_without_rate", "peak_pflops"),
    "silos": ("devices", "given", "part_devices"),
    "jobs": ("days", "asked_pflops_days", "done_pflops_days", "device_days", "cost_hkd", "hkd_per_pflops_day"),
    "spend": ("hkd", "weight", "objective_hkd"),
}  # fmt: skip
_PLACE = ("accelerator", "site", "node", "period")
TEXTS: dict[str, tuple[str, ...]] = {
    "orders": ("offer", *_PLACE, "order_date", "shipped", "arrives_on", "stands_from", "stands_on", "outcome", "rule"),
    "rentals": ("offer", *_PLACE, "outcome", "rule"),
    "fleet": _PLACE,
    "part_periods": ("offer", *_PLACE, "ordered"),
    "service": ("workload", *_PLACE),
    "unserved": ("workload", "node", "period"),
    "readiness": ("kind", "subject", "what", "zone", "node", "period"),
    "energy": _PLACE,
    "carbon": _PLACE,
    "draws": ("fund", "bucket", "node", "period"),
    "cash_years": ("cost", "fund", "node", "financial_year"),
    "fund_years": ("fund", "node", "financial_year"),
    "subsidy_years": ("fund", "tenant", "node", "financial_year"),
    "shortfall": ("target", "node", "period"),
    "target_peaks": ("target", "node", "period", "precision"),
    "silos": ("silo", *_PLACE),
    "jobs": ("workload", "node", "start", "finish"),
    "spend": ("cost", "node", "period", "site", "fund"),
}
SIGNED = ("spend", "cash_years", "fund_years", "cost_hkd", "hkd_per_pflops_day")
NAMED = {"offer": "offers", "accelerator": "accelerators", "site": "sites", "workload": "workloads", "target": "capacity_targets",
         "silo": "silos", "fund": "funds"}  # fmt: skip
OPTIONAL = {
    "spend": ("site", "fund"),
    "part_periods": ("offer",),
    "cash_years": ("fund",),
    "fund_years": ("opening_hkd", "granted_hkd", "lapsed_hkd", "closing_hkd", "uncommitted_hkd", "closing_nominal_hkd"),
}
DATES = ("order_date", "shipped", "arrives_on", "stands_on")


def known(facts: Facts) -> Iterator[Comparison]:
    """One comparison per line: 0 faults. A table that is missing, or a line of which lacks a column, is one fault."""
    for table, quantities in QUANTITIES.items():
        if table not in facts.tables:
            yield Comparison((table,), 1.0, "==", 0.0)
            continue
        lines = facts.records(table)
        lacking = [column for column in (*TEXTS[table], *quantities) if any(column not in line for line in lines)]
        yield Comparison((table, *lacking), float(len(lacking)), "==", 0.0)
        if lacking or not lines:
            continue
        faults: dict[int, list[str]] = defaultdict(list)
        for column, numbers in _wrong(facts, table, lines):
            for number in numbers:
                faults[number].append(column)
        yield hold(len(lines) - len(faults))
        for number, columns in sorted(faults.items()):
            yield Comparison((table, f"line {number + 1}", *columns), float(len(columns)), "==", 0.0)


def _wrong(facts: Facts, table: str, lines: list[Record]) -> Iterator[tuple[str, list[int]]]:
    """By column of a table, all of whose lines have the same: the numbers of lines, from 0 on, in which it names what the case does not
    know, or holds no number or date.
    """
    may_lack, numbered = OPTIONAL.get(table, ()), list(enumerate(lines))
    names: dict[str, Collection[str]] = {column: getattr(facts.case, field) for column, field in NAMED.items()}
    names |= {"node": facts.nodes, "stands_from": facts.nodes, "ordered": facts.nodes}
    for column, ids in names.items():
        if column in lines[0]:
            unknown = [number for number, line in numbered if line[column] not in ids]
            yield column, [number for number in unknown if column not in may_lack or lines[number][column]]
    for column in QUANTITIES[table]:
        cells = [line[column] for line in lines]
        others = [] if _are_numbers(cells) else [number for number, cell in enumerate(cells) if not _is_number(cell)]
        yield column, [number for number in others if column not in may_lack or cells[number] is not None]
    for column in DATES:
        if column in lines[0]:
            yield column, [number for number, line in numbered if not _is_date(line[column])]
    if table == "readiness":
        yield "what", [number for number, line in numbered if not _is_readiness(facts, line)]
    if "period" in lines[0]:
        periods = {id: str(node.period) for id, node in facts.nodes.items()}
        others = [number for number, line in numbered if periods.get(line["node"]) not in (None, str(line["period"]))]
        yield "period", [number for number in others if lines[number]["period"] is not None]


def not_negative(facts: Facts) -> Iterator[Comparison]:
    """Every quantity of every table but money that residual values or subsidies can make negative."""
    for table, columns in QUANTITIES.items():
        for column in columns if table not in SIGNED else ():
            if column in SIGNED:
                continue
            # A quantity at the solver's tolerance below zero is worth some thousandth of a HKD.
            size = HKD_FLOOR / RELATIVE_TOLERANCE if "hkd" in column else 0.0
            lines = facts.records(table)
            below = [number for number, line in enumerate(lines) if line[column] < 0]
            yield hold(len(lines) - len(below))
            for number in below:
                yield Comparison((table, f"line {number + 1}", column), lines[number][column], ">=", 0.0, size)


def _is_readiness(facts: Facts, line: Record) -> bool:
    """Whether the line names a port that is known, or a mechanism."""
    if line["kind"] == "clear":
        return line["what"] in facts.case.governance.mechanisms
    job, stack = facts.case.workloads.get(line["subject"]), facts.case.stacks.get(line["what"])
    return line["kind"] == "port" and job is not None and stack is not None and job.workload_class in stack.porting


def _is_date(value: object) -> bool:
    try:
        return bool(date.fromisoformat(str(value)))
    except ValueError:
        return False


def _are_numbers(cells: list[object]) -> bool:
    """Whether they are plain numbers, as nearly all columns are; one that holds others is looked at cell by cell."""
    return {float, int}.issuperset(map(type, cells)) and all(map(isfinite, cells))  # type: ignore[arg-type]


def _is_number(value: object) -> bool:
    return isinstance(value, (float, int)) and not isinstance(value, bool) and isfinite(value)
