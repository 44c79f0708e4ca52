"""The answers of `planner train-time` as tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planner.cli.tables import Table

COLUMNS = (
    "option", "count", "days_p10", "days_p50", "days_p90", "finish", "accelerator_hours", "energy_kwh", "carbon_kg",
    "cost_hkd", "mfu", "performance_tax", "tax_kernels", "tax_scaling", "porting_months", "times_best", "legal", "data_rule", "choice",
)  # fmt: skip
REVERSE = ("devices_needed", "tokens_b_affordable", "params_b_affordable")
BIG = 100


def _number(value: float | None) -> float | int | None:
    return None if value is None else round(value) if abs(value) >= BIG else float(f"{value:.3g}")


def _mid(value: dict[str, float] | None) -> float | int | None:
    return _number(value["p50"]) if value else None


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    days, tax, data = entry["days"] or {}, entry["performance_tax"], entry["data_rule"]
    return {
        "option": entry["option"],
        "count": entry["count"],
        **{f"days_{share}": _number(days.get(share)) for share in ("p10", "p50", "p90")},
        "finish": entry["finish"],
        "accelerator_hours": _mid(entry["accelerator_hours"]),
        "energy_kwh": _mid(entry["energy_kwh"]),
        "carbon_kg": _mid(entry["carbon_kg"]),
        "cost_hkd": _mid(entry["cost_hkd"]),
        "mfu": _number(entry["mfu"]),
        "performance_tax": _number(tax["total"]) if tax else None,
        "tax_kernels": _number(tax["kernels"]) if tax else None,
        "tax_scaling": _number(tax["scaling"]) if tax else None,
        "porting_months": _number(entry["porting_months"]),
        "times_best": _number(entry["times_best_unrestricted"]),
        "legal": entry["legal"]["outcome"],
        "data_rule": data["permit"] if data else None,
        "choice": "CHOSEN" if entry["chosen"] else entry["why_not"],
        **{name: _number(entry[name]) for name in REVERSE if name in entry},
    }


def options_tables(records: Sequence[dict[str, Any]]) -> list[Table]:
    """The options, and what was assumed for the first of them."""
    reverse = [name for name in REVERSE if records and name in records[0]]
    shown = Table.of([_row(entry) for entry in records], [*COLUMNS, *reverse], title="Options")
    told = records[0]["assumptions"] if records else []
    assumed = (
        Table(("assumed",), [[said] for said in told], title=f"Behind the numbers of {records[0]['option']}")
        if told
        else None
    )
    return [shown, assumed] if assumed else [shown]


def cases_table(records: Sequence[dict[str, Any]]) -> Table:
    """One line per row of the file."""
    rows = [
        {
            "case": entry["case"],
            "accelerator": entry["accelerator"],
            **{
                f"tokens_per_s_{share}": _number((entry["tokens_per_s_per_device"] or {}).get(share))
                for share in ("p10", "p50", "p90")
            },
            "accelerator_hours": _mid(entry["accelerator_hours"]),
            "mfu": _number(entry["mfu"]),
            "note": entry["reason"] or "; ".join(entry["assumptions"]) or None,
        }
        for entry in records
    ]
    return Table.of(rows, title="Cases")
