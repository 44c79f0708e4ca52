"""Sheets that a workbook of a plan holds beside the tables of its paper: inputs and the plan's own tables in full."""

from __future__ import annotations

from collections.abc import Iterator

from planner.papers.plan.parts import Context
from planner.plan.rows import columns
from planner.report.tables import Table

OF_THE_PLAN = ("orders", "rentals", "fleet", "service", "unserved", "jobs", "cash_years", "fund_years", "shadow_prices")


def sheets(c: Context) -> list[Table]:
    rows = c.plan.rows.by_name
    own = [Table.of(rows[name], columns()[name], title=f"plan_{name}") for name in OF_THE_PLAN if rows[name]]
    return [*_inputs(c), *own]


def _inputs(c: Context) -> Iterator[Table]:
    case = c.plan.case
    yield Table.of(
        [
            {
                "offer": o.id, "kind": o.kind, "accelerator": o.accelerator, "channel": o.channel, "sites": ", ".join(o.sites),
                "price_usd_per_device": o.price_usd_per_device.mid if o.price_usd_per_device else None,
                "rent_usd_per_device_hour": o.rent_usd_per_device_hour.mid if o.rent_usd_per_device_hour else None,
                "lead_time_months": o.lead_time_months.mid, "confidence": o.confidence, "source": o.source, "as_of": o.as_of,
            }
            for o in case.offers.values()
        ],
        title="inputs_offers",
    )  # fmt: skip
    yield Table.of(
        [
            {"workload": w.id, "name": w.name, "tenant": w.tenant, "kind": w.kind, "data_class": w.data_class, "start": w.start, "end": w.end}
            for w in case.workloads.values()
        ],
        ("workload", "name", "tenant", "kind", "data_class", "start", "end"),
        title="inputs_workloads",
    )  # fmt: skip
    yield Table.of(
        [
            {"fund": f.id, "name": f.name, "kind": f.kind, "amount_hkd": f.amount_hkd, "amount_hkd_per_year": f.amount_hkd_per_year, "start": f.start, "end": f.end, "confidence": f.confidence, "source": f.source}
            for f in case.funds.values()
        ],
        ("fund", "name", "kind", "amount_hkd", "amount_hkd_per_year", "start", "end", "confidence", "source"),
        title="inputs_funds",
    )  # fmt: skip
