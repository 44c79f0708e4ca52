"""Catalogue: what is known, from where, as of when, and how surely."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Dash, html

from planner.app.cases import CaseFiles
from planner.app.pages import asking
from planner.app.site import Site
from planner.app.state import State
from planner.app.work.catalogue import looked_up
from planner.intake.catalogue_records import LISTINGS
from planner.report.language import Language


def layout(state: State, files: CaseFiles, say: Language, site: Site) -> tuple[Any, dict[str, str]]:
    """The page, and the defaults of its fields."""
    topics = {topic: say(topic.replace("_", " ").replace("-", " ")) for topic in LISTINGS}
    form = [
        html.H2(say("What is looked up")),
        asking.choice("topic", say("Topic"), topics, state.fields),
        asking.entry("search", say("Words that stand in it"), state.fields),
        asking.entry("record", say("One record in full, by its id"), state.fields),
    ]
    lead = say("Estimates are marked by their confidence; every record in full tells its source.")
    return asking.page("catalogue", say("What is known"), form, say, lead=lead), {"topic": next(iter(LISTINGS))}


def register(app: Dash, site: Site) -> None:
    """Look up whenever a field changes."""

    def work(files: CaseFiles, fields: Mapping[str, str], frame: Mapping[str, Any]) -> tuple[Any, ...]:
        return looked_up, fields, frame["lang"]

    asking.register(app, site, "catalogue", work)
