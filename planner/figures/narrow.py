"""A figure on a narrow page: labels beside the lines give way to a legend below, long names are cut, cells are told by colour alone."""

from __future__ import annotations

import re
import textwrap
from typing import Any

from planner.figures.figure import Figure
from planner.figures.style import cut, legend_below

LONGEST, LONGEST_TITLE, LONGEST_TITLE_WIDE = 20, 38, 20
LEGEND_LINE, KEY_LINES = 22, 54
AXIS, LINE_WIDTH, SYMBOL, CHARACTER, WIDE_CHARACTER = 52, 270, 45, 6.5, 12
"""Pixels: of an axis with its title below a plot, of a line of a legend, of a symbol and of a character in it."""
PANEL_GAP = 0.06
ROOM = 1.5
"""By how much an axis is longer, so that words at the end of its longest bar are not cut."""
_YEAR = re.compile(r"20(?=\d\d$)")


def narrow(figure: Figure) -> dict[str, Any]:
    """Data and layout for plotly."""
    layout = figure.spec["layout"]
    marks = layout.get("annotations", ())
    labels = [mark for mark in marks if mark.get("name") == "label"]
    keys = any(mark.get("name") == "key" for mark in marks)
    others = [_below(mark) for mark in marks if mark.get("name") not in ("label", "cell")]
    own = {**layout, "annotations": others}
    if labels:
        own |= {"height": layout["height"] + LEGEND_LINE * len(labels), "margin": {**layout["margin"], "r": 8}}
        own |= {"showlegend": True, "legend": legend_below()}
    elif keys:
        margin = {**layout["margin"], "b": layout["margin"]["b"] + KEY_LINES}
        own |= {"height": layout["height"] + KEY_LINES, "margin": margin}
    elif layout.get("showlegend") and layout.get("legend", {}).get("orientation") == "h":
        own |= _legend_at_foot(figure, layout)
    if "domain" in layout.get("xaxis2", {}):
        own |= _below_one_another(own)
    names = [name for name in dict.fromkeys(_names(figure)) if isinstance(name, str)]
    if names:
        axis = {"tickvals": names, "ticktext": [cut(name, LONGEST) for name in names], "tickfont": {"size": 10}}
        own["yaxis"] = {**layout["yaxis"], **axis}
    for key in [key for key in own if key.startswith("xaxis")]:
        own[key] = _in_lines(_short_years(own[key]))
    if any(trace.get("orientation") == "h" and trace.get("textposition") == "outside" for trace in figure.traces):
        low, high = own["xaxis"]["range"]
        own["xaxis"] = {**own["xaxis"], "range": [low, high * ROOM], "nticks": 4}
    data = [{**trace, "texttemplate": ""} if trace["type"] == "heatmap" else trace for trace in figure.traces]
    return {"data": data, "layout": own}


def _legend_at_foot(figure: Figure, layout: dict[str, Any]) -> dict[str, Any]:
    """The legend at the foot of the figure, which grows by its lines: plotly sets its entries in columns as wide as the widest."""
    names = list(dict.fromkeys(trace["name"] for trace in figure.traces if trace.get("name")))
    widest = max(SYMBOL + sum(CHARACTER if c.isascii() else WIDE_CHARACTER for c in name) for name in names)
    lines = -(-len(names) // max(1, int(LINE_WIDTH // widest)))
    foot = AXIS + LEGEND_LINE * lines
    return {
        "height": layout["height"] - layout["margin"]["b"] + foot,
        "margin": {**layout["margin"], "b": foot},
        "legend": {**layout["legend"], "yref": "container", "y": 0, "yanchor": "bottom"},
    }


def _below_one_another(layout: dict[str, Any]) -> dict[str, Any]:
    """Panels that stand side by side on a wide page, the first on top, each at the height that it had."""
    keys = sorted(key.removeprefix("xaxis") for key in layout if key.startswith("xaxis"))
    share = (1 - PANEL_GAP * (len(keys) - 1)) / len(keys)
    panel = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
    own: dict[str, Any] = {"height": layout["height"] + panel * (len(keys) - 1)}
    for place, key in enumerate(keys):
        top = 1 - place * (share + PANEL_GAP)
        own[f"xaxis{key}"] = {**layout[f"xaxis{key}"], "domain": [0.0, 1.0]}
        own[f"yaxis{key}"] = {**layout[f"yaxis{key}"], "domain": [max(0.0, top - share), top]}
    return own


def _below(mark: dict[str, Any]) -> dict[str, Any]:
    """The key of colours in lines of its own."""
    return {**mark, "text": mark["text"].replace("   ", "<br>")} if mark.get("name") == "key" else mark


def _names(figure: Figure) -> list[Any]:
    return [name for trace in figure.traces for name in trace.get("y", ())]


def _in_lines(axis: dict[str, Any]) -> dict[str, Any]:
    """The axis with its title in as many lines as it takes."""
    title = axis.get("title")
    if not isinstance(title, dict) or not title.get("text"):
        return axis
    most = LONGEST_TITLE if title["text"].isascii() else LONGEST_TITLE_WIDE
    return {**axis, "title": {**title, "text": "<br>".join(textwrap.wrap(title["text"], most))}}


def _short_years(axis: dict[str, Any]) -> dict[str, Any]:
    if "ticktext" in axis:
        axis = {**axis, "ticktext": [_YEAR.sub("’", str(text)) for text in axis["ticktext"]]}
    return {**axis, "tickformat": "’%y"} if axis.get("tickformat") == "%Y" else axis
