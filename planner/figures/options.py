"""Options of a training run or a service with their bands: time, and money a month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from planner.cells import number
from planner.figures.figure import Figure
from planner.figures.shapes import Band, apart, band_rows
from planner.figures.style import PALETTE, REST, cut
from planner.performance.estimate import Spread
from planner.report.tables import Table
from planner.report.words import short_money
from planner.serving.choice import obstacle
from planner.serving.option import Service
from planner.serving.question import ServeQuestion
from planner.training.record import TrainTime

MOST, FAR = 15, 20.0
Record = TypeVar("Record")
CHOSEN, ALLOWED, OTHERS = PALETTE[2], PALETTE[0], REST
COLOURS = "Green: chosen; blue: nothing stands in its way; grey: law, data rules, supply or money do."


def train_figures(records: Sequence[TrainTime]) -> list[Figure]:
    """Days that the run takes on each option, the fastest that is allowed first."""
    fitting = [(r, r.days) for r in records if r.fits and r.days is not None]
    if not fitting:
        return []
    shown = sorted(fitting, key=lambda pair: (not pair[0].chosen, not _open(pair[0]), pair[1].p50))[:MOST]
    shown = _near(shown)
    labels = apart([cut(f"{r.count:,} × {r.accelerator_name}, {r.where}", 48) for r, _ in shown])
    bands = [Band(label, d.p10, d.p50, d.p90, _colour(r.chosen, _open(r)), f"{number(d.p50)} days") for label, (r, d) in zip(labels, shown, strict=True)]  # fmt: skip
    traces, layout, height = band_rows(bands, "days of training; bands from the tenth to the ninetieth percentile")
    first, days = shown[0]
    title = (
        f"{first.count:,} × {first.accelerator_name} takes {number(days.p50)} days ({number(days.p10)} to {number(days.p90)})"
        + (", the option chosen." if first.chosen else ".")
    )
    alt = f"Bands of training time in days for {len(shown)} options, with a dot at the median of each."
    table = Table.of([{"option": r.option, "accelerator": r.accelerator, "where": r.where, "allowed": _open(r), **_spread("days", d)} for r, d in fitting])  # fmt: skip
    return [
        Figure("training_time", title, alt, traces, layout, table, note=_note(len(fitting), len(shown)), height=height)
    ]


def serve_figures(records: Sequence[Service], asked: ServeQuestion) -> list[Figure]:
    """HKD a month of each option, the cheapest that is allowed first."""
    priced = [(r, r.hkd_per_month) for r in records if r.fits and r.hkd_per_month is not None and r.devices]
    if not priced:
        return []
    shown = sorted(priced, key=lambda pair: (not pair[0].chosen, obstacle(pair[0], asked) is not None, pair[1].p50))[
        :MOST
    ]
    shown = _near(shown)
    labels = apart([cut(f"{r.devices:,} × {r.accelerator_name}, {r.where}", 48) for r, _ in shown])
    bands = [Band(label, m.p10 / 1e6, m.p50 / 1e6, m.p90 / 1e6, _colour(r.chosen, obstacle(r, asked) is None), short_money(m.p50)) for label, (r, m) in zip(labels, shown, strict=True)]  # fmt: skip
    traces, layout, height = band_rows(bands, "million HKD a month; bands from the tenth to the ninetieth percentile")
    first, hkd = shown[0]
    title = f"{first.devices:,} × {first.accelerator_name} serve the load for HKD {short_money(hkd.p50)} a month ({short_money(hkd.p10)} to {short_money(hkd.p90)})" + (
        ", the option chosen." if first.chosen else "."
    )  # fmt: skip
    alt = f"Bands of the cost a month for {len(shown)} options, with a dot at the median of each."
    table = Table.of([{"option": r.option, "accelerator": r.accelerator, "where": r.where, "devices": r.devices, "open": obstacle(r, asked) is None, **_spread("hkd_per_month", m)} for r, m in priced])  # fmt: skip
    return [
        Figure("serving_cost", title, alt, traces, layout, table, note=_note(len(priced), len(shown)), height=height)
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


def _note(options: int, shown: int) -> str:
    more = f" {options - shown} more options stand in the numbers." if options > shown else ""
    return COLOURS + more
