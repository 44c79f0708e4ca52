"""Train: how long a training takes, on what, at what cost, and whether it may be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Dash, html

from planner.app.cases import CaseFiles
from planner.app.pages import asking
from planner.app.site import Site
from planner.app.state import State
from planner.app.work.train import YES, trained
from planner.intake.catalogue import accelerators, models
from planner.report.language import Language
from planner.report.train_time import METHODS
from planner.training.train_time import USUAL_DEVICES

DEFAULTS = {"model": "llama2-7b", "tokens_b": "100", "devices": f"{USUAL_DEVICES}", "to": "HK"}
PRECISIONS = ("bf16", "fp16", "fp8", "int8", "fp4")


def layout(state: State, files: CaseFiles, say: Language, site: Site) -> tuple[Any, dict[str, str]]:
    """The page, and the defaults of its fields."""
    said = {**DEFAULTS, **state.fields}
    form = [
        html.H2(say("What is trained")),
        *which_model(said, say),
        asking.entry("tokens_b", say("Tokens, billions; none: the most that the money trains"), said, kind="number"),
        asking.choice(
            "method", say("Method"), {name: say(words) for name, words in METHODS.items() if name != "tuned_lora"}, said
        ),
        asking.choice("precision", say("Precision"), {name: name for name in PRECISIONS}, said),
        html.H2(say("On what")),
        *on_what(said, say),
        asking.entry("devices", say("Number of devices"), said, kind="number"),
        html.H2(say("Asked the other way round")),
        asking.entry("by", say("Done by (day): how many devices?"), said, note=say("such as {day}", day="2027-06-30")),
        asking.entry("spend_hkd", say("Money, HKD: the most it trains"), said, kind="number"),
    ]
    return asking.page("train", say("How long does it train?"), form, say), DEFAULTS


def which_model(said: Mapping[str, str], say: Language) -> list[Any]:
    """A model of the catalogue, or the size of another."""
    names = {"": say("another"), **{shape.name: shape.name for shape in models().values()}}
    return [
        asking.choice("model", say("Model"), names, said),
        asking.entry("params_b", say("Or parameters of another, billions"), said, kind="number"),
    ]


def on_what(said: Mapping[str, str], say: Language) -> list[Any]:
    """Accelerators, the country, and who asks."""
    devices = {id: device.name for id, device in sorted(accelerators().items(), key=lambda pair: pair[1].name)}
    return [
        asking.choice("accelerators", say("Accelerators; none: all on offer"), devices, said, many=True),
        asking.entry("to", say("Country in which they stand"), said),
        asking.choice("us_exposure", say("Exposure to the US"), {"": say("none"), YES: say("banking, cloud, listing or clients")}, said),
    ]  # fmt: skip


def register(app: Dash, site: Site) -> None:
    """Ask whenever a field changes."""

    def work(files: CaseFiles, fields: Mapping[str, str], frame: Mapping[str, Any]) -> tuple[Any, ...]:
        return trained, fields, frame["lang"]

    asking.register(app, site, "train", work)
