"""Law: what may be bought or rented, for where, from which quarter on; a cell tells its rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Dash, Input, Output, State, html, no_update

from planner.app.cases import CaseFiles
from planner.app.pages import asking
from planner.app.site import FIELD, Site
from planner.app.sliders import SCENARIO, scenarios
from planner.app.state import State as Address
from planner.app.work.law import looked_at
from planner.domain.horizon import Period
from planner.figures.law_map import labels
from planner.intake.catalogue import accelerators
from planner.report.language import Language


def layout(state: Address, files: CaseFiles, say: Language, site: Site) -> tuple[Any, dict[str, str]]:
    """The page, and the defaults of its fields."""
    said, devices = state.fields, sorted(accelerators().values(), key=lambda device: device.name)
    makers = sorted({device.vendor for device in devices})
    futures = {"": say("the law as it stands"), **{name: say(name.replace("_", " ")) for name in scenarios(files.case)}}
    defaults = {
        "to": "HK",
        "channel": "purchase",
        "end_user_hq": "HK",
        "use_case": "inference",
        SCENARIO: "",
        "maker": "",
        "device": "",
    }
    form = [
        html.H2(say("What is asked of law")),
        asking.entry("to", say("Country in which they stand"), said, defaults["to"]),
        asking.choice("channel", say("Channel"), {"purchase": say("bought"), "cloud": say("rented remotely")}, said),
        asking.entry("end_user_hq", say("Home of the end user and its parent"), said, defaults["end_user_hq"]),
        asking.choice("use_case", say("Use"), {"inference": say("inference"), "training": say("training")}, said),
        asking.choice(SCENARIO, say("Future of policy"), futures, said),
        asking.choice("maker", say("Maker"), {"": say("all"), **{maker: maker for maker in makers}}, said),
        html.H2(say("One answer in full")),
        html.P(say("Choose a cell of the picture, or here:"), className="note"),
        asking.choice("device", say("Accelerator"), {"": "–", **{device.id: device.name for device in devices}}, said),
        asking.entry("on", say("Day of shipment"), said, note=say("such as {day}", day="2027-06-30")),
    ]
    return asking.page("law", say("What does law allow?"), form, say), defaults


def register(app: Dash, site: Site) -> None:
    """Look whenever a field changes, and at the cell that is chosen."""

    def work(files: CaseFiles, fields: Mapping[str, str], frame: Mapping[str, Any]) -> tuple[Any, ...]:
        return looked_at, fields, files.case.horizon.first_day, frame["lang"]

    asking.register(app, site, "law", work)

    @app.callback(
        Output({"type": FIELD, "name": "device"}, "value"),
        Output({"type": FIELD, "name": "on"}, "value"),
        Input({"type": "graph", "name": "law"}, "clickData"),
        State("frame", "data"),
        prevent_initial_call=True,
    )
    def choose(clicked: dict[str, Any] | None, frame: dict[str, str]) -> Any:
        files = site.cases.get(frame["case"])
        if not clicked or files is None:
            return no_update, no_update
        cell, devices = clicked["points"][0], list(accelerators().values())
        by_label = {**dict(zip(labels(devices), devices, strict=True)), **{device.name: device for device in devices}}
        on = max(Period.parse(cell["x"]).start, files.case.horizon.first_day)
        return by_label[cell["y"]].id if cell["y"] in by_label else no_update, on.isoformat()
