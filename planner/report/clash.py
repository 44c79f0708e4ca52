"""A case without a plan, on one screen: why, and what would give it one."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from planner.model.constraints import KNOWN
from planner.model.rows import Row
from planner.report.tables import KEPT, Heading, Part
from planner.report.words import left_out, money
from planner.study.clash.repair import Clash, Repair, Story

MOST_LIMITS = 8


def story_page(message: str, clash: Clash | Story) -> list[Part]:
    """The message, what is out of reach, and the limits that clash."""
    parts: list[Part] = [Heading(f"No plan: {message}.")]
    parts += [f"- {sentence}" for sentence in clash.reach]
    limits = _limits(clash)
    if limits:
        parts += ["", Heading("These limits cannot all be met; any one less could be"), *limits]
    return parts


def repairs_page(repairs: Sequence[Repair]) -> list[Part]:
    """The repairs, with the overrides that make them."""
    if not repairs:
        return ["", "No change of the limits that people set was found that would give it a plan."]
    parts: list[Part] = ["", Heading("Repairs, each proved by a plan; the cheapest plan first")]
    for repair in repairs:
        parts += [f"- {repair.words}: a plan at {money(repair.cost_hkd)}.", f"    {setting(repair.sets)}"]
    return parts


def _limits(clash: Clash | Story) -> list[Part]:
    """What each limit says, and how often it stands in the clash; bookkeeping goes without saying."""
    said: dict[str, list[Row]] = {}
    for row in clash.rows:
        if KNOWN[row.family].kind not in ("balance", "work"):
            said.setdefault(row.because, []).append(row)
    lines = [
        f"- {because} ({', '.join(row.name for row in rows[:3])}{', …' if len(rows) > 3 else ''})"
        for because, rows in said.items()
    ]
    more = left_out(len(lines), MOST_LIMITS, "--json shows all")
    return [*lines[:MOST_LIMITS], *([f"- {more}"] if more else [])]


def setting(sets: Mapping[str, Any]) -> str:
    """The overrides as the command line takes them."""
    return " ".join(f"--set {shlex.quote(f'{path}={value}')}" for path, value in sets.items()).replace(" ", KEPT)


def results(message: str, clash: Clash) -> dict[str, Any]:
    """Everything, for other programs."""
    return {
        "message": message,
        "reach": list(clash.reach),
        "conflict": [
            {"row": row.name, "family": row.family, "sense": row.sense, "limit": row.limit, "because": row.because}
            for row in clash.rows
        ],
        "repairs": [asdict(repair) for repair in clash.repairs],
    }
