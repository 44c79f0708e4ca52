"""A figure: what it shows, for eyes, for ears and as numbers. Its traces and layout are plotly's, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planner.report.tables import Table

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as PlotlyFigure

Trace = dict[str, Any]
CONFIG = {
    "displaylogo": False,
    "displayModeBar": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
}
"""Plans are confidential: nothing in a figure sends them anywhere."""
TITLE_WIDTH = 80


@dataclass(frozen=True)
class Figure:
    """`title`: what it finds, a sentence; `alt`: what it shows, for who does not see it; `table`: its numbers.

    `layout` is that of a wide page; on a narrow one labels beside the lines give way to a legend below.
    """

    name: str
    title: str
    alt: str
    traces: list[Trace]
    layout: dict[str, Any]
    table: Table
    note: str = ""
    height: int = field(default=360)

    @property
    def spec(self) -> dict[str, Any]:
        """Data and layout for plotly, in a browser or in Python."""
        return {"data": self.traces, "layout": {**self.layout, "height": self.height}}

    def plotly(self) -> PlotlyFigure:
        """The figure as plotly's own, with its title, for a notebook."""
        import textwrap

        from plotly.graph_objects import Figure as PlotlyFigure

        lines = textwrap.wrap(self.title, TITLE_WIDTH)
        layout = {
            **self.spec["layout"],
            "title": {"text": "<br>".join(lines), "font": {"size": 16}, "x": 0, "xref": "paper"},
        }
        margin = {**layout.get("margin", {}), "t": 30 + 22 * len(lines)}
        return PlotlyFigure(
            data=self.traces, layout={**layout, "margin": margin, "height": self.height + 22 * len(lines)}
        )
