"""The answers of `planner train-time` as tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planner.performance.estimate import Spread
from planner.report.tables import Table
from planner.training.families import FamilyTime
from planner.training.record import CaseTime, TrainTime

SHARES = ("p10", "p50", "p90")
BIG = 100


def _number(value: float | None) -> float | int | None:
    return None if value is None else round(value) if abs(value) >= BIG else float(f"{value:.3g}")


def _mid(value: Spread | None) -> float | int | None:
    return _number(value.p50) if value else None


def _shares(name: str, value: Spread | None) -> dict[str, float | int | None]:
    return {f"{name}_{share}": _number(getattr(value, share, None)) for share in SHARES}


def _row(entry: TrainTime) -> dict[str, Any]:
    tax, data = entry.performance_tax, entry.data_rule
    reverse = [part for part in (entry.by_date, entry.affordable) if part]
    return {
        "option": entry.option,
        "count": entry.count,
        **_shares("days", entry.days),
        "finish": entry.finish.isoformat() if entry.finish else None,
        "accelerator_hours": _mid(entry.accelerator_hours),
        "energy_kwh": _mid(entry.energy_kwh),
        "carbon_kg": _mid(entry.carbon_kg),
        "cost_hkd": _mid(entry.cost_hkd),
        "mfu": _number(entry.mfu),
        "performance_tax": _number(tax.total) if tax else None,
        "tax_kernels": _number(tax.kernels) if tax else None,
        "tax_scaling": _number(tax.scaling) if tax else None,
        "porting_months": _number(entry.porting_months),
        "times_best": _number(entry.times_best_unrestricted),
        "legal": entry.legal["outcome"],
        "data_rule": data.permit if data else None,
        "choice": "CHOSEN" if entry.chosen else entry.why_not,
        **{name: _number(value) for part in reverse for name, value in vars(part).items()},
    }


def options_tables(records: Sequence[TrainTime]) -> list[Table]:
    """The options, and what was assumed for the first of them."""
    rows = [_row(entry) for entry in records]
    shown = Table.of(rows, list(rows[0]), title="Options")
    assumptions = [[said] for said in records[0].assumptions]
    title = f"Behind the numbers of {records[0].option}"
    return [shown, Table(title, ("assumed",), assumptions)] if assumptions else [shown]


def families_table(models: Sequence[FamilyTime]) -> Table:
    """One line per family."""
    rows = [
        {
            **{name: value for name, value in vars(each).items() if not isinstance(value, Spread)},
            **_shares("days", each.days),
            "accelerator_hours": _mid(each.accelerator_hours),
            "cost_hkd": _mid(each.cost_hkd),
        }
        for each in models
    ]
    return Table.of(rows, title="Largest of each family")


def cases_table(records: Sequence[CaseTime]) -> Table:
    """One line per row of the file."""
    rows = [
        {
            "case": entry.case,
            "accelerator": entry.accelerator,
            **_shares("tokens_per_s", entry.tokens_per_s_per_device),
            "accelerator_hours": _mid(entry.accelerator_hours),
            "mfu": _number(entry.mfu),
            "note": entry.reason or "; ".join(entry.assumptions) or None,
        }
        for entry in records
    ]
    return Table.of(rows, title="Cases")
