"""Options of a training run or a service with their bands: time, and money a month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from planner.cells import number
from planner.figures.figure import Figure
from planner.figures.shapes import Band, apart, band_rows
from planner.figures.style import PALETTE, REST, cut
from planner.performance.estimate import Spread
from planner.report.language import IN_ENGLISH, Language
from planner.report.options import said_place
from planner.report.tables import Table
from planner.serving.choice import obstacle
from planner.serving.option import Service
from planner.serving.question import ServeQuestion
from planner.training.record import TrainTime

MOST, FAR = 15, 20.0
Record = TypeVar("Record")
CHOSEN, ALLOWED, OTHERS = PALETTE[2], PALETTE[0], REST


def train_figures(records: Sequence[TrainTime], say: Language = IN_ENGLISH) -> list[Figure]:
    """Days that the run takes on each option, the fastest that is allowed first."""
    fitting = [(r, r.days) for r in records if r.fits and r.days is not None]
    if not fitting:
        return []
    shown = sorted(fitting, key=lambda pair: (not pair[0].chosen, not _open(pair[0]), pair[1].p50))[:MOST]
    shown = _near(shown)
    labels = apart([cut(f"{r.count:,} × {r.accelerator_name}, {said_place(r.where, say)}", 48) for r, _ in shown])
    bands = [Band(label, d.p10, d.p50, d.p90, _colour(r.chosen, _open(r)), say("{days} days", days=number(d.p50))) for label, (r, d) in zip(labels, shown, strict=True)]  # fmt: skip
    axis = say("days of training; bands from the tenth to the ninetieth percentile")
    traces, layout, height = band_rows(bands, axis)
    first, days = shown[0]
    title = say(
        "{count} × {accelerator} takes {days} days ({low} to {high}){chosen}.",
        count=f"{first.count:,}",
        accelerator=first.accelerator_name,
        days=number(days.p50),
        low=number(days.p10),
        high=number(days.p90),
        chosen=say(", the option chosen") if first.chosen else "",
    )
    alt = say("Bands of training time in days for {count} options, with a dot at the median of each.", count=len(shown))
    table = Table.of([{"option": r.option, "accelerator": r.accelerator, "where": r.where, "allowed": _open(r), **_spread("days", d)} for r, d in fitting])  # fmt: skip
    return [
        Figure(
            "training_time", title, alt, traces, layout, table, note=_note(len(fitting), len(shown), say), height=height
        )
    ]


def serve_figures(records: Sequence[Service], asked: ServeQuestion, say: Language = IN_ENGLISH) -> list[Figure]:
    """HKD a month of each option, the cheapest that is allowed first."""
    priced = [(r, r.hkd_per_month) for r in records if r.fits and r.hkd_per_month is not None and r.devices]
    if not priced:
        return []
    shown = sorted(priced, key=lambda pair: (not pair[0].chosen, obstacle(pair[0], asked) is not None, pair[1].p50))[
        :MOST
    ]
    shown = _near(shown)
    labels = apart([cut(f"{r.devices:,} × {r.accelerator_name}, {said_place(r.where, say)}", 48) for r, _ in shown])
    bands = [Band(label, m.p10 / 1e6, m.p50 / 1e6, m.p90 / 1e6, _colour(r.chosen, obstacle(r, asked) is None), say.short_money(m.p50)) for label, (r, m) in zip(labels, shown, strict=True)]  # fmt: skip
    axis = say("million HKD a month; bands from the tenth to the ninetieth percentile")
    traces, layout, height = band_rows(bands, axis)
    first, hkd = shown[0]
    title = say(
        "{count} × {accelerator} serve the load for {hkd} a month ({low} to {high}){chosen}.",
        count=f"{first.devices:,}",
        accelerator=first.accelerator_name,
        hkd=say.money(hkd.p50),
        low=say.short_money(hkd.p10),
        high=say.short_money(hkd.p90),
        chosen=say(", the option chosen") if first.chosen else "",
    )
    alt = say("Bands of the cost a month for {count} options, with a dot at the median of each.", count=len(shown))
    table = Table.of([{"option": r.option, "accelerator": r.accelerator, "where": r.where, "devices": r.devices, "open": obstacle(r, asked) is None, **_spread("hkd_per_month", m)} for r, m in priced])  # fmt: skip
    return [
        Figure(
            "serving_cost", title, alt, traces, layout, table, note=_note(len(priced), len(shown), say), height=height
        )
    ]


def _near(shown: list[tuple[Record, Spread]]) -> list[tuple[Record, Spread]]:
    """Without those so far beyond the first that nothing else could be read."""
    limit = FAR * shown[0][1].p50
    return [pair for pair in shown if pair[1].p50 <= limit]


def _open(record: TrainTime) -> bool:
    return record.allowed and record.obtainable


def _colour(chosen: bool, allowed: bool) -> str:
    return CHOSEN if chosen else ALLOWED if allowed else OTHERS


def _spread(name: str, spread: Spread) -> dict[str, float]:
    return {f"p10_{name}": spread.p10, f"p50_{name}": spread.p50, f"p90_{name}": spread.p90}


def _note(options: int, shown: int, say: Language) -> str:
    colours = say("Green: chosen; blue: nothing stands in its way; grey: law, data rules, supply or money do.")
    more = say(" {count} more options stand in the numbers.", count=options - shown) if options > shown else ""
    return colours + more
