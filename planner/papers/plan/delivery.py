"""What is to be ordered when, and when it stands."""

from __future__ import annotations

from planner.papers.paper import PaperPart
from planner.papers.plan.parts import Context
from planner.report.tables import Table

MOST = 24


def delivery(c: Context) -> list[PaperPart]:
    say, case = c.say, c.plan.case
    if not c.orders and not c.plan.rows.rentals:
        return [say("Nothing is bought or rented.")]
    parts: list[PaperPart] = [*c.drawn("procurement")]
    if c.orders:
        records = [
            {
                "order_by": row["order_date"], "devices": row["devices"], "accelerator": c.device(row["accelerator"]), "site": c.site(row["site"]),
                "shipped": row["shipped"], "stands_on": row["stands_on"], "hkd": row["hkd"], "rule": row["rule"],
                "source": c.source_of(case.offers[row["offer"]]),
            }
            for row in c.orders[:MOST]
        ]  # fmt: skip
        parts.append(Table.of(records, title=say("Orders by date")))
        if len(c.orders) > MOST:
            parts.append(say("{count} more orders stand in the workbook.", count=len(c.orders) - MOST))
    if c.plan.rows.rentals:
        spans: dict[tuple[str, str], list[tuple[str, float, float]]] = {}
        for rental in c.plan.rows.rentals:
            chance = c.plan.probability[rental["node"]]
            spans.setdefault((rental["offer"], rental["site"]), []).append(
                (rental["period"], rental["devices"] * chance, rental["hkd"] * chance)
            )
        rentals = [
            {
                "offer": offer, "accelerator": c.device(case.offers[offer].accelerator), "site": c.site(site), "from": min(p for p, *_ in rows),
                "to": max(p for p, *_ in rows), "devices_at_most": max(d for _, d, _ in rows), "hkd": sum(h for *_, h in rows),
            }
            for (offer, site), rows in spans.items()
        ]  # fmt: skip
        parts.append(Table.of(sorted(rentals, key=lambda r: -float(str(r["hkd"]))), title=say("Rentals")))
    return parts
