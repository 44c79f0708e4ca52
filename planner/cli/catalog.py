"""`planner catalog`: what do you know, from where, as of when?"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from planner.cli.output import Format, FormatOption, JsonOption, OutputOption, chosen, emit

EXAMPLE = """\
planner catalog accelerators
planner catalog accelerators nvidia_h20_96gb
planner catalog rules us_3a090_oct2023
planner catalog clusters JUPITER"""


class Topic(StrEnum):
    """What the catalogue holds."""

    ACCELERATORS = "accelerators"
    ITEMS = "items"
    SITES = "sites"
    RULES = "rules"
    STACKS = "stacks"
    PRICES = "prices"
    OFFERS = "offers"
    VENDOR_SUPPLY = "vendor_supply"
    FUNDS = "funds"
    MODELS = "models"
    DATA_RULES = "data-rules"
    CLUSTERS = "clusters"


def catalog(
    topic: Annotated[Topic, typer.Argument(help="What to list.")],
    id: Annotated[str | None, typer.Argument(help="One record in full.", show_default=False)] = None,
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """List what is known of a topic, or one record in full, with source, date and confidence."""
    from planner.errors import InvalidInput, Problem, meant_any
    from planner.intake.catalogue_records import LISTINGS
    from planner.report.catalog import as_table, every_field, in_full

    listing = LISTINGS[topic.value]
    records = listing.records()
    if id is not None and id not in records:
        what = f"the catalogue has nothing called {id!r} among {topic.value}"
        raise InvalidInput(Problem(what, meant_any(id, records, f"`planner catalog {topic.value}` lists them.")))
    if id is not None:
        table = in_full(records[id], listing, topic.value)
    elif chosen(format, as_json=as_json, output=output) is Format.TABLE:
        table = as_table(records, listing, topic.value)
    else:
        table = every_field(records)
    emit(
        [records[id]] if id is not None else list(records.values()),
        schema="planner.catalog/1",
        table=table,
        format=format,
        as_json=as_json,
        output=output,
        data_as_of=listing.as_of(),
    )
