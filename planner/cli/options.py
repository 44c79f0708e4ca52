"""Options that several verbs take, and how a day is read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from planner.errors import UsageError

ModelOption = Annotated[str | None, typer.Option(help="A model of the catalogue by name.", show_default=False)]
ActiveParamsOption = Annotated[
    float | None, typer.Option(help="Parameters active per token, billions.", show_default="all")
]
AcceleratorsOption = Annotated[
    list[str] | None,
    typer.Option(help="Id of the catalogue; repeat for more; none: all on offer.", show_default=False),
]
SiteOption = Annotated[
    str | None,
    typer.Option(help="Only what is on offer at this site: an id, or a word of its name.", show_default=False),
]
ToOption = Annotated[
    str, typer.Option(metavar="COUNTRY", help="Where what is bought will stand, by ISO code or by name.")
]
CalibrateOption = Annotated[
    Path | None, typer.Option(help="CSV of your own measurements that sets the stacks' speed.", show_default=False)
]
UsExposureOption = Annotated[
    bool, typer.Option("--us-exposure", help="The buyer has US banking, cloud, listing or clients.")
]
EverythingOption = Annotated[bool, typer.Option("--all", help="Show all options, not a dozen.")]


def day_of(text: str | None, name: str = "--on") -> date | None:
    """The ISO date given with option `name`; None where none is."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"{text!r} is no date; write {name} 2027-01-05.") from None
