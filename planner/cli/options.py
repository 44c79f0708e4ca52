"""Options that several verbs take, and how a day is read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from planner.errors import UsageError
from planner.study.workers import Workers

CaseArgument = Annotated[Path, typer.Argument(help="Case in YAML; - is standard input.", allow_dash=True)]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="PATH=VALUE: a field of the case by its path, * for any id; *1.1, +2, -10% change it; repeat."
    ),
]
VariantOption = Annotated[
    list[str] | None, typer.Option(help="A what-if that the case names under `variants`; repeat.")
]
ModelOption = Annotated[str | None, typer.Option(help="A model of the catalogue by name.", show_default=False)]
ActiveParamsOption = Annotated[
    float | None, typer.Option(help="Parameters active per token, billions.", show_default="all")
]
LayersOption = Annotated[int | None, typer.Option(help="Decoder layers.", show_default="guessed")]
HiddenOption = Annotated[int | None, typer.Option(help="Model width.", show_default="guessed")]
HeadsOption = Annotated[int | None, typer.Option(help="Query heads.", show_default="guessed")]
KvHeadsOption = Annotated[int | None, typer.Option(help="Key and value heads.", show_default="guessed")]
FfnOption = Annotated[int | None, typer.Option(help="Feed-forward width.", show_default="guessed")]
VocabOption = Annotated[int | None, typer.Option(help="Vocabulary.", show_default="guessed")]
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
WorkersOption = Annotated[int | None, typer.Option(min=1, help="Processes of this machine.", show_default="1")]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", help="Work on the Dask cluster of this scheduler: tcp://head:8786.", show_default=False
    ),
]
EverythingOption = Annotated[bool, typer.Option("--all", help="Show all options, not a dozen.")]


def day_of(text: str | None, name: str = "--on") -> date | None:
    """The ISO date given with option `name`; None where none is."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"{text!r} is no date; write {name} 2027-01-05.") from None


def who_works(workers: int | None, cluster: str | None) -> Workers:
    """What --workers and --cluster ask for. Raises UsageError where both are given."""
    if workers is not None and cluster is not None:
        raise UsageError("--workers and --cluster exclude each other: a cluster brings its own workers.")
    return Workers(workers or 1, cluster)


def pairs(texts: list[str]) -> dict[str, Any]:
    """`PATH=VALUE` of the command line by path. Raises UsageError for what has no = sign, or sets a path twice."""
    sets: dict[str, Any] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        if not equals or not path.strip():
            raise UsageError(f"--set {text} sets nothing; write PATH=VALUE, such as sites.hk_aisc.power_mw=10.")
        if path.strip() in sets:
            raise UsageError(f"--set gives {path.strip()} twice.")
        sets[path.strip()] = None if value.strip() in ("null", "~", "") else value.strip()
    return sets
