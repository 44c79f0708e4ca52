"""The assumptions that decide a case: as a page, and as a result kept beside the case."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from planner.report.sweep import change_words, value_words
from planner.report.tables import Heading, Part, Table
from planner.report.words import count, money
from planner.study.sweep.deciding import Bar, Deciding

SCHEMA = "planner.assumptions/1"


@dataclass(frozen=True)
class Kept:
    """What is kept beside a case. `fresh`: found for the inputs as they are."""

    deciding: Deciding
    fresh: bool


def beside(case: Path) -> Path:
    """Where the result is kept: `case.assumptions.json` beside `case.yaml`."""
    return case.with_name(f"{case.stem}.assumptions.json")


def kept(case: Path, inputs_sha256: str) -> Kept | None:
    """What is kept beside the case; None where nothing is that can be read."""
    try:
        record = json.loads(beside(case).read_text(encoding="utf-8"))
        results = record["results"]
        bars = tuple(Bar(**bar) for bar in results.pop("bars"))
        deciding = Deciding(**results, bars=bars)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Kept(deciding, record.get("inputs_sha256") == inputs_sha256)


def page(deciding: Deciding) -> list[Part]:
    """The bars, and how they were found."""
    head = f"Of {count(deciding.estimates, 'estimate')}, these move the cost of {money(deciding.objective_hkd)} most"
    if not deciding.bars:
        return [Heading(f"None of {count(deciding.estimates, 'estimate')} moves the cost")]
    rows = [
        (
            bar.path,
            f"{value_words(bar.low)} … {value_words(bar.high)}",
            change_words(bar.at_low_hkd),
            change_words(bar.at_high_hkd),
        )
        for bar in deciding.bars
    ]
    return [Table(head, ("estimate", "low … high", "HKD at low", "HKD at high"), rows)]


def end_of_summary(result: Kept | None, case: Path) -> list[Part]:
    """How the summary of a plan ends: the bars, or the command that finds them."""
    command = f"`planner assumptions {case}`"
    if result is None:
        return [f"{command} finds which estimates decide it."]
    stale = (
        []
        if result.fresh
        else [f"These were found before the case or the catalogue changed; {command} finds them anew."]
    )
    return [*page(result.deciding), *stale]


def results(deciding: Deciding) -> dict[str, Any]:
    """For other programs, and as it is kept."""
    return asdict(deciding)
