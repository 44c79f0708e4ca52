"""Figures on a narrow page."""

from __future__ import annotations

from planner.figures.figure import Figure
from planner.figures.narrow import AXIS, KEY_LINES, LEGEND_LINE, narrow
from planner.figures.style import legend_below
from planner.report.tables import Table


def figure(traces: list[dict[str, object]], **layout: object) -> Figure:
    return Figure("one", "Title.", "Alt.", traces, {"margin": {"l": 40, "r": 196, "b": 40}, "yaxis": {}, **layout}, Table("", (), ()), height=300)  # fmt: skip


def test_labels_beside_give_way_to_a_legend_below() -> None:
    marks = [{"name": "label", "text": "a"}, {"name": "label", "text": "b"}, {"text": "stays"}]
    drawn = narrow(figure([{"type": "bar", "x": [1], "y": [2]}], annotations=marks))["layout"]
    assert (drawn["height"], drawn["margin"]["r"], drawn["showlegend"]) == (300 + 2 * LEGEND_LINE, 8, True)
    assert drawn["annotations"] == [{"text": "stays"}]


def test_a_key_stands_in_lines_and_cells_keep_their_colour_alone() -> None:
    marks = [{"name": "key", "text": "free   barred"}, {"name": "cell", "text": "1,234"}]
    spec = narrow(
        figure(
            [{"type": "heatmap", "y": ["A very long name of a device"], "texttemplate": "%{text}"}], annotations=marks
        )
    )
    assert [mark["text"] for mark in spec["layout"]["annotations"]] == ["free<br>barred"]
    assert spec["layout"]["height"] == 300 + KEY_LINES
    assert spec["layout"]["yaxis"]["ticktext"] == ["A very long name of…"]
    assert spec["data"][0]["texttemplate"] == ""


def test_years_are_short() -> None:
    axes = {"xaxis": {"ticktext": ["2027", "2028"]}, "xaxis2": {"tickformat": "%Y"}}
    drawn = narrow(figure([{"type": "bar", "x": [1], "y": [2]}], **axes))["layout"]
    assert (drawn["xaxis"]["ticktext"], drawn["xaxis2"]["tickformat"]) == (["’27", "’28"], "’%y")


def test_words_at_the_end_of_bars_have_room() -> None:
    bars = {"type": "bar", "orientation": "h", "textposition": "outside", "x": [1], "y": ["a"]}
    assert narrow(figure([bars], xaxis={"range": [0, 10]}))["layout"]["xaxis"]["range"] == [0, 15]


def test_a_legend_stands_at_the_foot_below_the_axis() -> None:
    bars = [{"type": "bar", "name": name, "x": [1], "y": ["a"]} for name in ("cost", "local benefit", "carbon", "law")]
    drawn = narrow(figure(bars, showlegend=True, legend=legend_below(-0.3)))["layout"]
    foot = AXIS + 2 * LEGEND_LINE
    assert drawn["margin"]["b"] == foot
    assert drawn["height"] == 300 - 40 + foot
    assert (drawn["legend"]["yref"], drawn["legend"]["y"], drawn["legend"]["yanchor"]) == ("container", 0, "bottom")


def test_a_long_title_of_an_axis_stands_in_lines() -> None:
    title = {"text": "work added, thousand PFLOP/s-days, discounted"}
    drawn = narrow(figure([{"type": "bar", "x": [1], "y": [2]}], xaxis={"title": title}))["layout"]
    assert drawn["xaxis"]["title"]["text"] == "work added, thousand PFLOP/s-days,<br>discounted"
