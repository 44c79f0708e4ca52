"""What law says of every device of the catalogue, quarter by quarter, whoever offers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.domain.accelerator import Accelerator
from planner.figures.figure import Figure
from planner.figures.lawful import CONDITIONS, DENIED, FREE, LICENCE, coloured
from planner.figures.style import cut
from planner.law.outcome import Verdict
from planner.report.language import Language
from planner.report.tables import Table

LABEL_CHARACTERS = 30
CATEGORY = {
    "uncontrolled": FREE, "notify": CONDITIONS, "compliance_risk": CONDITIONS, "unknown": CONDITIONS, "case_by_case": LICENCE,
    "presumption_of_denial": DENIED, "prohibited": DENIED,
}  # fmt: skip


def law_map(
    devices: Sequence[Accelerator], names: Sequence[str], verdicts: Mapping[tuple[str, str], Verdict], say: Language
) -> Figure:
    """A row for each device, a column for each period; `verdicts` by id of the device and name of the period."""
    by_row = [[verdicts[device.id, name] for name in names] for device in devices]
    heat = [[CATEGORY[v.outcome] for v in row] for row in by_row]
    hover = [[f"{say(v.outcome.replace('_', ' '))}, {v.ground.rule.id}" for v in row] for row in by_row]
    traces, layout, height = coloured(names, labels(devices), heat, hover, say)
    first = [row[0] for row in heat]
    texts = {
        "all": len(devices),
        "first": names[0],
        "last": names[-1],
        "free": first.count(FREE),
        "barred": first.count(DENIED),
    }
    return Figure(
        "law",
        say("In {first} law leaves {free} of {all} accelerators free and bars {barred}.", **texts),
        say("Table of colours: a row for each accelerator, a column for each quarter from {first} to {last}, coloured by what law says of it.", **texts),
        traces,
        layout,
        Table.of([
            {"accelerator": device.id, "from_period": name, "outcome": v.outcome, "rule": v.ground.rule.id, "citation": v.citation}
            for device, row in zip(devices, by_row, strict=True)
            for place, (name, v) in enumerate(zip(names, row, strict=True))
            if not place or (v.outcome, v.ground.rule.id) != (row[place - 1].outcome, row[place - 1].ground.rule.id)
        ]),
        note=say("What law says on the first day of each quarter, as the day of shipment; a licence is hoped for, and not granted."),
        height=height,
    )  # fmt: skip


def labels(devices: Sequence[Accelerator]) -> list[str]:
    """What each row is called; devices of one name go by their ids."""
    names = [cut(device.name, LABEL_CHARACTERS) for device in devices]
    return [device.id if names.count(name) > 1 else name for name, device in zip(names, devices, strict=True)]
