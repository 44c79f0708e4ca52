"""What limits are worth: those that weigh most in the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.figures.figure import Figure
from planner.figures.style import PALETTE, axis, cut, layout
from planner.model.constraints import KNOWN
from planner.model.family import Where
from planner.plan.record import PlanRecord
from planner.report.language import ENGLISH, Language
from planner.report.limits import LIMITS, saving
from planner.report.tables import Table
from planner.report.words import money, span
from planner.units import HKD_PER_MILLION

MOST, LEAST_HKD = 10, 1.0
NO_LIMITS = frozenset(("arriving", "leaving", "given", "us_origin"))
"""Parts of families whose rows only keep in step what other rows limit (`Row.is_limit`): a saved plan tells them by name."""


@dataclass(frozen=True)
class PricedLimit:
    """A limit over all periods in which it has a price, at the solver's prices. `weighs_hkd`: Σ price · limit."""

    family: str
    subject: tuple[str, ...]
    first_period: str
    last_period: str
    saves_hkd_per_unit: float
    weighs_hkd: float
    unit: str
    because: str

    @property
    def words(self) -> str:
        return f"{self.family.replace('_', ' ')}: {', '.join(self.subject)}"

    def sentence(self, say: Language) -> str:
        """What room at it is worth; in English as its family says it."""
        if say.tag != ENGLISH:
            texts = {"limit": self.words, "first": self.first_period, "last": self.last_period, "unit": self.unit}
            hkd = say.money(self.saves_hkd_per_unit)
            return say("{limit}, {first} to {last}: at the margin, room saves {hkd} per {unit}.", hkd=hkd, **texts)
        at = Where(self.subject, span(self.first_period, self.last_period), each=self.first_period != self.last_period)
        saves = self.saves_hkd_per_unit
        return f"{KNOWN[self.family].one_more(at).strip()}: {'saves' if saves > 0 else 'costs'} {money(abs(saves))} per {self.unit} at the margin."


def priced_limits(plan: PlanRecord) -> list[PricedLimit]:
    """Every limit with a price, the heaviest first."""
    at: Mapping[str, str] = {node.id: str(node.period) for node in plan.case.tree}
    groups: dict[tuple[str, tuple[str, ...]], list[tuple[str, float, float, str]]] = {}
    for row in plan.rows.shadow_prices:
        if row["family"] not in LIMITS or not row["limit"]:
            continue
        key = row["key"].split(",")
        node = next((part for part in key if part in at), None)
        if node is None or NO_LIMITS & set(key):
            continue
        saves = saving(row["family"], row["sense"], row["price_hkd_per_unit"])
        subject = tuple(part for part in key if part != node)
        groups.setdefault((row["family"], subject), []).append(
            (at[node], saves, saves * abs(row["limit"]), row["because"])
        )
    limits = [
        PricedLimit(
            family, subject, min(p for p, *_ in rows), max(p for p, *_ in rows), sum(s for _, s, *_ in rows), sum(w for *_, w, _ in rows),
            KNOWN[family].unit, rows[0][3],
        )
        for (family, subject), rows in groups.items()
    ]  # fmt: skip
    heavy = [limit for limit in limits if abs(limit.weighs_hkd) >= LEAST_HKD]
    return sorted(heavy, key=lambda limit: (-abs(limit.weighs_hkd), limit.family, limit.subject))


def prices(plan: PlanRecord, say: Language) -> Figure | None:
    """Bars of what each limit takes out of the plan."""
    limits = priced_limits(plan)
    if not limits:
        return None
    shown = limits[:MOST]
    heaviest = shown[0]
    labels = [cut(limit.words, 44) for limit in shown]
    values = [limit.weighs_hkd / HKD_PER_MILLION for limit in shown]
    text = [f"{say.short_money(limit.saves_hkd_per_unit)} / {limit.unit}" for limit in shown]
    texts = {
        "limit": heaviest.words,
        "hkd": say.short_money(heaviest.saves_hkd_per_unit),
        "unit": heaviest.unit,
        "count": len(limits),
    }
    return Figure(
        "prices",
        say("The limit that weighs most is {limit}: at the margin, room saves HKD {hkd} per {unit}.", **texts),
        say("Bars of the {shown} heaviest of {count} limits that bind, by price times limit; each is labelled with its price.", shown=len(shown), **texts),
        [
            {
                "type": "bar", "orientation": "h", "y": labels, "x": values, "marker": {"color": PALETTE[0]}, "text": text,
                "textposition": "outside", "cliponaxis": False, "customdata": [limit.sentence(say) for limit in shown],
                "hovertemplate": "%{customdata}<extra></extra>",
            }
        ],
        layout(
            xaxis=axis(say("price × limit, million HKD"), range=[min(0.0, 1.3 * min(values)), 1.32 * max(0.0, *values)]),
            yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True, "tickfont": {"size": 11}},
        ),
        Table.of([
            {
                "limit": limit.words, "first_period": limit.first_period, "last_period": limit.last_period, "unit": limit.unit,
                "saves_hkd_per_unit": limit.saves_hkd_per_unit, "weighs_hkd": limit.weighs_hkd, "because": limit.because,
            }
            for limit in limits
        ]),
        note=say("Prices are the solver's, HKD in present value for one unit more of room in each period in which the limit binds; `planner explain PLAN limits` proves them by solving again."),
        height=90 + 30 * len(shown),
    )  # fmt: skip
