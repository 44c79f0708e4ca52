"""What law lets be bought and rented, by accelerator and period of the order: looked up in the rule book of the case, as the
plan itself asks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from planner.figures.figure import Figure, Trace
from planner.figures.names import device_names
from planner.figures.style import GRID, INK, cut, layout, periods, time_axis
from planner.model.permission import Law
from planner.model.procurement import Order, Rental, procure
from planner.plan.record import PlanRecord
from planner.report.language import Language
from planner.report.tables import Table

Kind = Literal["purchase", "rental"]
ROW_HEIGHT, MOST_ROWS, LABEL_CHARACTERS = 19, 45, 30
FREE, CONDITIONS, LICENCE, DENIED = 1, 2, 3, 4
COLOURS = {FREE: "#9ad0ea", CONDITIONS: "#f6dd8e", LICENCE: "#e3b3cf", DENIED: "#D55E00"}
LETTERS = {FREE: "", CONDITIONS: "c", LICENCE: "L", DENIED: "×"}
CATEGORY = {"uncontrolled": FREE, "case_by_case": LICENCE}


@dataclass(frozen=True)
class Standing:
    """What law says of one offer in one node; `allowed`: an order may be placed, under a licence hoped for where one is needed."""

    kind: Kind
    accelerator: str
    offer: str
    site: str
    node: str
    outcome: str
    rule: str
    citation: str
    allowed: bool

    @property
    def category(self) -> int:
        return CATEGORY.get(self.outcome, CONDITIONS) if self.allowed else DENIED


def standings(plan: PlanRecord) -> Iterator[Standing]:
    """One for every offer, site and node in which it is on offer, but where no device could stand in time or fit."""
    case = plan.case
    lawful = procure(case, Law(case))
    options: tuple[Order | Rental, ...] = (*lawful.orders, *lawful.rentals)
    for option in options:
        answer = option.arrivals[0].answer if isinstance(option, Order) else option.answer
        kind: Kind = "rental" if isinstance(option, Rental) else "purchase"
        yield Standing(
            kind, option.accelerator, option.offer.id, option.site.id, option.node.id, answer.outcome, answer.rule,
            answer.citation, True,
        )  # fmt: skip
    for refused in lawful.refused:
        if refused.family == "embargo" and refused.node is not None and refused.offer is not None:
            yield Standing(
                case.offers[refused.offer].kind, refused.accelerator, refused.offer, refused.site, refused.node,
                refused.outcome or "", refused.rule, refused.citation or "", False,
            )  # fmt: skip


def best(law: Iterable[Standing]) -> dict[tuple[str, str], Standing]:
    """By accelerator and node: the standing of the offer that law lets most."""
    ranked: dict[tuple[str, str], Standing] = {}
    for each in sorted(law, key=lambda standing: (standing.category, standing.offer, standing.site)):
        ranked.setdefault((each.accelerator, each.node), each)
    return ranked


def availability(plan: PlanRecord, say: Language) -> Figure | None:
    """What may be bought."""
    return _figure(plan, say, "purchase")


def rental_availability(plan: PlanRecord, say: Language) -> Figure | None:
    """What may be rented."""
    return _figure(plan, say, "rental")


def _figure(plan: PlanRecord, say: Language, kind: Kind) -> Figure | None:
    names, trunk = periods(plan.case), {node.id: str(node.period) for node in plan.case.tree.trunk}
    by_place = {
        (accelerator, trunk[node]): standing
        for (accelerator, node), standing in best(s for s in standings(plan) if s.kind == kind).items()
        if node in trunk
    }
    if not by_place:
        return None
    rows = _rows(plan, kind, by_place, names)
    shown = [row for row in rows if row[1]][:MOST_ROWS]
    free = [accelerator for accelerator, is_shown in rows if not is_shown]
    call = device_names(plan.case)
    labels = [cut(call(accelerator), LABEL_CHARACTERS) for accelerator, _ in shown]
    heat = [[by_place[a, n].category if (a, n) in by_place else None for n in names] for a, _ in shown]
    hover = [[_words(by_place.get((a, n)), say) for n in names] for a, _ in shown]
    denied = {a for a, _ in rows} - {a for (a, _), standing in by_place.items() if standing.allowed}
    texts = {"all": len(rows), "denied": len(denied), "first": names[0], "last": names[-1]}
    title = (
        say("Law bars none of the accelerators on offer ({all}) at every date of the plan.", **texts)
        if not denied
        else say("Law bars the purchase of {denied} of {all} accelerators on offer at every date of the plan.", **texts)
        if kind == "purchase"
        else say("Law bars the rental of {denied} of {all} accelerators on offer at every date of the plan.", **texts)
    )
    note = say("White: not on offer then, or it could not stand before the plan ends.")
    if len([row for row in rows if row[1]]) > MOST_ROWS:
        note += " " + say("Further accelerators stand in the numbers.")
    if free:
        note += " " + say("Not shown, since no licence, notice or risk is tied to them and the plan takes none: {names}.", names=say.listed(list(map(call, free)), 20))  # fmt: skip
    traces, drawn, height = coloured(names, labels, heat, hover, say)
    return Figure(
        "availability" if kind == "purchase" else "rental_availability",
        title,
        say("Table of colours: a row for each accelerator, a column for each period of the order from {first} to {last}, coloured by what law says of it.", **texts),
        traces,
        drawn,
        _table(by_place, names),
        note=note,
        height=height,
    )  # fmt: skip


def coloured(
    names: Sequence[str],
    labels: Sequence[str],
    heat: Sequence[Sequence[int | None]],
    hover: Sequence[Sequence[str]],
    say: Language,
) -> tuple[list[Trace], dict[str, Any], int]:
    """Traces, layout and height of a table of colours: a row for each label, a column for each period, what law lets in the cells."""
    scale = [[place, COLOURS[c]] for c in COLOURS for place in ((c - 1) / 4, c / 4)]
    trace = {
        "type": "heatmap", "x": names, "y": labels, "z": heat, "zmin": 0.5, "zmax": 4.5, "colorscale": scale, "showscale": False,
        "text": [[LETTERS[c] if c else "" for c in row] for row in heat], "texttemplate": "%{text}", "textfont": {"size": 10},
        "customdata": hover, "hovertemplate": "%{y}, %{x}<br>%{customdata}<extra></extra>", "xgap": 1, "ygap": 1,
        "hoverongaps": False,
    }  # fmt: skip
    drawn = layout(
        xaxis=time_axis(names, side="top"),
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True, "tickfont": {"size": 11}},
        plot_bgcolor="white",
        margin={"l": 40, "r": 8, "t": 28, "b": 44},
        annotations=_key(say, len(labels)),
        shapes=[{"type": "rect", "xref": "paper", "yref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 1, "line": {"color": GRID}}],
    )  # fmt: skip
    return [trace], drawn, 96 + ROW_HEIGHT * len(labels)


def _rows(
    plan: PlanRecord, kind: Kind, by_place: dict[tuple[str, str], Standing], names: Sequence[str]
) -> list[tuple[str, bool]]:
    """Accelerators with whether they are shown: those taken first, then by how much law lets; free ones that the plan does not
    take say nothing.
    """
    taken = {row["accelerator"] for row in (plan.rows.orders if kind == "purchase" else plan.rows.rentals)}
    accelerators = dict.fromkeys(accelerator for accelerator, _ in by_place)
    mean = {}
    for accelerator in accelerators:
        categories = [by_place[accelerator, name].category for name in names if (accelerator, name) in by_place]
        mean[accelerator] = sum(categories) / len(categories)
    ordered = sorted(accelerators, key=lambda a: (a not in taken, mean[a], a))
    return [(a, a in taken or mean[a] > FREE) for a in ordered]


def _words(standing: Standing | None, say: Language) -> str:
    return f"{say(standing.outcome.replace('_', ' '))}, {standing.rule}" if standing else ""


def _key(say: Language, rows: int) -> list[dict[str, object]]:
    meaning = {
        FREE: say("free"),
        CONDITIONS: say("on conditions"),
        LICENCE: say("licence hoped for"),
        DENIED: say("barred"),
    }
    text = "   ".join(
        f'<span style="color:{COLOURS[c]}">■</span> {words}{f" ({LETTERS[c]})" if LETTERS[c] else ""}'
        for c, words in meaning.items()
    )
    return [
        {
            "name": "key", "xref": "paper", "yref": "paper", "x": 0, "y": 0, "yshift": -8, "xanchor": "left", "yanchor": "top", "showarrow": False,
            "text": text, "font": {"size": 12, "color": INK},
        }
    ]  # fmt: skip


def _table(by_place: dict[tuple[str, str], Standing], names: Sequence[str]) -> Table:
    """Stretches of periods in which law says the same of an accelerator."""
    records: list[dict[str, object]] = []
    for accelerator in dict.fromkeys(a for a, _ in by_place):
        before = None
        for name in names:
            standing = by_place.get((accelerator, name))
            now = standing and (standing.outcome, standing.rule, standing.allowed)
            if standing and now != before:
                records.append({
                    "accelerator": accelerator, "first_period": name, "last_period": name, "outcome": standing.outcome,
                    "allowed": standing.allowed, "rule": standing.rule, "citation": standing.citation,
                })  # fmt: skip
            elif standing:
                records[-1]["last_period"] = name
            before = now
    return Table.of(records)
