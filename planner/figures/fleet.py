"""Devices owned and rented, by accelerator and by site."""

from __future__ import annotations

from planner.figures.figure import Figure
from planner.figures.names import device_names, site_names
from planner.figures.style import axis, largest, periods, stack, stacked, time_axis, whole
from planner.plan.record import PlanRecord
from planner.report.language import Language
from planner.report.tables import Table

Counts = dict[tuple[str, str, str, str], float]


def fleet(plan: PlanRecord, say: Language) -> Figure | None:
    """Devices by accelerator."""
    return _figure(plan, say, "accelerator")


def places(plan: PlanRecord, say: Language) -> Figure | None:
    """Devices by site."""
    return _figure(plan, say, "site")


def _figure(plan: PlanRecord, say: Language, by: str) -> Figure | None:
    names, counts = periods(plan.case), devices(plan)
    if not counts:
        return None
    place = 0 if by == "accelerator" else 1
    call = device_names(plan.case) if by == "accelerator" else site_names(plan.case)
    series: dict[str, list[float]] = {}
    for key, number in counts.items():
        series.setdefault(call(key[place]), [0.0] * len(names))[names.index(key[2])] += number
    shown, colours = largest(series, say("{count} others"))
    totals = [sum(values) for values in zip(*series.values(), strict=True)]
    top = 1.05 * max(totals)
    main = max(series, key=lambda name: series[name][-1])
    owned = sum(number for (_, _, period, kind), number in counts.items() if kind == "owned" and period == names[-1])
    values = {
        "first": names[0], "last": names[-1], "before": whole(totals[0]), "after": whole(totals[-1]), "main": main,
        "part": whole(series[main][-1]), "owned": whole(owned),
    }  # fmt: skip
    title = (
        say("From {before} devices in {first} to {after} in {last}, {part} of them {main}.", **values)
        if by == "accelerator"
        else say("In {last} {main} holds {part} of {after} devices; all are owned.", **values)
        if owned >= totals[-1] - 0.5
        else say("In {last} {main} holds {part} of {after} devices; {owned} are owned, the others rented.", **values)
    )
    alt = (
        say("Stacked bars of devices per period by accelerator: {before} in {first}, {after} in {last}.", **values)
        if by == "accelerator"
        else say("Stacked bars of devices per period by site: {before} in {first}, {after} in {last}.", **values)
    )
    records = [
        {"period": period, "accelerator": accelerator, "site": site, "kind": say(kind), "devices": number}
        for (accelerator, site, period, kind), number in sorted(counts.items(), key=lambda pair: (names.index(pair[0][2]), *pair[0]))
    ]  # fmt: skip
    return Figure(
        "fleet" if by == "accelerator" else "places",
        title,
        alt,
        stack(names, shown, colours, say("devices")),
        stacked(
            shown,
            colours,
            top,
            xaxis=time_axis(names),
            yaxis=axis(say("devices, average of the period"), range=[0, top]),
        ),
        Table.of(records, ("period", "accelerator", "site", "kind", "devices")),
    )


def devices(plan: PlanRecord) -> Counts:
    """By accelerator, site, period and `owned` or `rented`: devices that stand, expected, a part of a period as its share."""
    counts: Counts = {}

    def add(row: dict[str, object], kind: str, share: float = 1.0) -> None:
        key = str(row["accelerator"]), str(row["site"]), str(row["period"]), kind
        number = float(row["devices"]) * share * plan.probability[str(row["node"])]  # type: ignore[arg-type]
        counts[key] = counts.get(key, 0.0) + number

    for row in plan.rows.fleet:
        add(dict(row), "owned")
    for part in plan.rows.part_periods:
        add(dict(part), "owned", part["share"])
    for rental in plan.rows.rentals:
        add(dict(rental), "rented")
    return counts
