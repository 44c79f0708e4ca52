"""Serve: how many devices a service takes, where, at what cost, and whether they may be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Dash, html

from planner.app.cases import CaseFiles
from planner.app.pages import asking
from planner.app.pages.train import PRECISIONS, on_what, which_model
from planner.app.site import Site
from planner.app.state import State
from planner.app.work.train import served
from planner.report.language import Language

DEFAULTS = {"model": "Llama-3.1-70B", "tokens_in": "2000", "tokens_out": "500", "tokens_per_s": "20000", "tpot_ms": "50", "to": "HK"}  # fmt: skip


def layout(state: State, files: CaseFiles, say: Language, site: Site) -> tuple[Any, dict[str, str]]:
    """The page, and the defaults of its fields."""
    said = {**DEFAULTS, **state.fields}
    form = [
        html.H2(say("What is served")),
        *which_model(said, say),
        asking.entry("tokens_in", say("Tokens of a prompt"), said, kind="number"),
        asking.entry("tokens_out", say("Tokens of an answer"), said, kind="number"),
        asking.entry("tokens_per_s", say("Tokens of answers per second in the busy hour"), said, kind="number"),
        asking.entry("tpot_ms", say("Longest time of a token, ms"), said, kind="number"),
        asking.entry("ttft_s", say("Longest time to the first token, s"), said, kind="number"),
        asking.entry("cached_share", say("Share of prompts that is kept, 0 to 1"), said, kind="number"),
        asking.entry("peak_over_mean", say("Load of the busy hour over the mean"), said, kind="number"),
        asking.choice("precision", say("Precision"), {name: name for name in PRECISIONS}, said),
        html.H2(say("On what")),
        *on_what(said, say),
        asking.entry("on", say("Day of the order"), said, note=say("such as {day}", day="2027-06-30")),
        html.H2(say("Asked the other way round")),
        asking.entry(
            "spend_hkd", say("Money, HKD a month; without a load: the largest that it serves"), said, kind="number"
        ),
    ]
    return asking.page("serve", say("What does a service take?"), form, say), DEFAULTS


def register(app: Dash, site: Site) -> None:
    """Ask whenever a field changes."""

    def work(files: CaseFiles, fields: Mapping[str, str], frame: Mapping[str, Any]) -> tuple[Any, ...]:
        return served, fields, frame["lang"]

    asking.register(app, site, "serve", work)
