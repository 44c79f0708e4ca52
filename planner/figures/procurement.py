"""Orders from their day to the day on which they stand, over what law says of their device."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from planner.domain.horizon import Period
from planner.figures.figure import Figure, Trace
from planner.figures.lawful import COLOURS, Standing, standings
from planner.figures.names import device_names, site_names
from planner.figures.shapes import apart
from planner.figures.style import GRID, INK, PALETTE, cut, layout, whole
from planner.plan.record import PlanRecord
from planner.plan.rows import Record
from planner.report.language import Language
from planner.report.tables import Table

ROW_HEIGHT, MOST_ROWS, DEVICE, SITE = 26, 30, 24, 22
COLUMNS = (
    "offer",
    "accelerator",
    "site",
    "devices",
    "order_date",
    "shipped",
    "arrives_on",
    "stands_on",
    "outcome",
    "rule",
    "hkd",
)


def procurement(plan: PlanRecord, say: Language) -> Figure | None:
    """A bar for each order."""
    orders: dict[tuple[str, str, str], Record] = {}
    for row in plan.rows.orders:
        orders.setdefault((row["offer"], row["site"], row["node"]), row)
    if not orders:
        return None
    dear = sorted(orders.values(), key=lambda row: -row["hkd"])[:MOST_ROWS]
    shown = sorted(dear, key=lambda row: (row["order_date"], row["accelerator"], row["site"]))
    device, site = device_names(plan.case), site_names(plan.case)
    labels = [
        f"{whole(row['devices'])} × {cut(device(row['accelerator']), DEVICE)}, {cut(site(row['site']), SITE)}"
        for row in shown
    ]
    labels = apart(labels)
    first, total = shown[0], sum(row["hkd"] for row in orders.values())
    texts = {
        "count": len(orders), "first": first["order_date"], "last": max(row["order_date"] for row in orders.values()),
        "hkd": say.money(total), "device": device(first["accelerator"]), "ships": first["shipped"], "stands": first["stands_on"],
    }  # fmt: skip
    note = say(
        "Law looks at the day of shipment. Shades: what law says of orders of that quarter; blue free, yellow on conditions, pink under a licence, red barred."
    )
    if len(orders) > len(shown):
        note += " " + say("Shown are the {most} dearest of {count} orders.", most=len(shown), count=len(orders))
    return Figure(
        "procurement",
        say("The first order is due on {first} ({device}), ships on {ships} and stands on {stands}; all orders ({count}) cost {hkd}.", **texts),
        say("Timeline: {count} orders between {first} and {last}, each from order to shipment to service, over shades of what law says of its device then.", **texts),
        [*_bars(shown, labels, say)],
        layout(
            xaxis={"type": "date", "gridcolor": GRID, "fixedrange": True, "side": "top", "range": [_start(plan), plan.case.horizon.end_date.isoformat()], "dtick": "M12", "tickformat": "%Y"},
            yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True, "tickfont": {"size": 11}, "categoryorder": "array", "categoryarray": labels},
            margin={"l": 40, "r": 12, "t": 28, "b": 44},
            shapes=_shades(plan, shown, [s for s in standings(plan) if s.kind == "purchase"]),
            annotations=[_key(say)],
        ),
        Table.of(shown, COLUMNS),
        note=note,
        height=96 + ROW_HEIGHT * len(shown),
    )  # fmt: skip


def _start(plan: PlanRecord) -> str:
    return plan.case.horizon.periods[0].start.isoformat()


def _bars(shown: Sequence[Record], labels: Sequence[str], say: Language) -> list[Trace]:
    parts = {
        "order to shipment": ("order_date", "shipped", PALETTE[0]),
        "shipment to service": ("shipped", "stands_on", PALETTE[1]),
    }
    traces: list[Trace] = []
    for name, (begins, ends, colour) in parts.items():
        x = [value for row in shown for value in (row[begins], row[ends], None)]
        y = [value for label in labels for value in (label, label, None)]
        line = {"color": colour, "width": 9}
        traces.append(
            {"type": "scatter", "mode": "lines", "name": say(name), "x": x, "y": y, "line": line, "hoverinfo": "skip"}
        )
    hover = [
        f"{row['order_date']} → {row['shipped']} → {row['stands_on']}<br>{row['outcome']}, {row['rule']}"
        for row in shown
    ]
    traces.append({
        "type": "scatter", "mode": "markers", "name": say("in service"), "x": [row["stands_on"] for row in shown], "y": list(labels),
        "marker": {"size": 10, "color": INK, "symbol": "diamond"}, "customdata": hover,
        "hovertemplate": "%{y}<br>%{customdata}<extra></extra>",
    })  # fmt: skip
    return traces


def _shades(plan: PlanRecord, shown: Sequence[Record], law: Sequence[Standing]) -> list[dict[str, object]]:
    """Behind each row what law says of its offer at its site by period of the order, on the trunk of the tree."""
    end = plan.case.horizon.end_date
    said = {(s.offer, s.site, s.node): s.category for s in law}
    trunk = [(node.id, node.period) for node in plan.case.tree.trunk]
    shapes: list[dict[str, object]] = []
    for place, row in enumerate(shown):
        stretch: tuple[int, date, date] | None = None
        for node, period in [*trunk, ("", Period(end, trunk[0][1].step))]:
            category = said.get((row["offer"], row["site"], node))
            if stretch and category == stretch[0]:
                stretch = (stretch[0], stretch[1], period.end)
                continue
            if stretch:
                shapes.append(_shade(place, *stretch))
            stretch = (category, period.start, period.end) if category else None
    return shapes


def _shade(place: int, category: int, begins: date, ends: date) -> dict[str, object]:
    return {
        "type": "rect", "layer": "below", "xref": "x", "yref": "y", "x0": begins.isoformat(), "x1": ends.isoformat(),
        "y0": place - 0.45, "y1": place + 0.45, "fillcolor": COLOURS[category], "opacity": 0.35, "line": {"width": 0},
    }  # fmt: skip


def _key(say: Language) -> dict[str, object]:
    parts = ((PALETTE[0], "■", "order to shipment"), (PALETTE[1], "■", "shipment to service"), (INK, "◆", "in service"))
    text = "   ".join(f'<span style="color:{colour}">{mark}</span> {say(words)}' for colour, mark, words in parts)
    return {
        "name": "key", "xref": "paper", "yref": "paper", "x": 0, "y": 0, "yshift": -8, "xanchor": "left", "yanchor": "top", "showarrow": False,
        "text": text, "font": {"size": 12},
    }  # fmt: skip
