"""`planner controls`: may this be bought or rented, and under which rule?"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.options import day_of
from planner.cli.output import Format, FormatOption, JsonOption, OutputOption, chosen, emit, put

if TYPE_CHECKING:
    from planner.domain.accelerator import Accelerator
    from planner.domain.transaction import Transaction

EXAMPLE = """\
planner controls nvidia_h20_96gb nvidia_h200_sxm --on 2026-11-21
planner controls nvidia_h200_sxm --to Singapore --assume end_user_hq=SG
planner controls nvidia_b200 --channel cloud --assume use_case=training --scenario tightening --on 2027-06-01
planner controls nvidia_h20_96gb --history
planner controls --item hbm3e --to HK --origin KR
planner controls --item hgx_h20_server --item logic_die --assume transistors_bn=50
planner controls nvidia_h200_sxm -o memo.md"""


class Channel(StrEnum):
    """Ways to get a device."""

    PURCHASE = "purchase"
    CLOUD = "cloud"


def controls(
    accelerators: Annotated[
        list[str] | None,
        typer.Argument(help="Ids of the catalogue; none: all devices, or the items alone.", show_default=False),
    ] = None,
    item: Annotated[
        list[str] | None,
        typer.Option(
            help="A memory stack, die, board or server of the catalogue; repeat for more.", show_default=False
        ),
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option(metavar="COUNTRY", help="Where a memory stack is made.", show_default="first of the catalogue"),
    ] = None,
    on: Annotated[str | None, typer.Option(help="Day of shipment, ISO date.", show_default="today")] = None,
    to: Annotated[
        str, typer.Option(metavar="COUNTRY", help="Where it will stand: any country, by ISO code or by name.")
    ] = "HK",
    channel: Annotated[Channel, typer.Option(help="Bought, or rented remotely.")] = Channel.PURCHASE,
    assume: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="A fact of the transaction, such as end_user_hq=SG; repeat for more."),
    ] = None,
    scenario: Annotated[str | None, typer.Option(help="A what-if of the rule book.", show_default=False)] = None,
    history: Annotated[
        bool, typer.Option("--history", help="How the outcome changed over time, in place of one day.")
    ] = False,
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Say what law makes of each device or item on a day: the outcome, the rule that decides, why no other does, and what the
    answer would be were an assumed fact otherwise. As Markdown (-o memo.md) it is a memo for counsel.

    Facts that --assume takes: end_user_hq, shipped_from_us, buyer_listed, buyer_owned_50pct_by_listed, buyer_sdn,
    buyer_denied, buyer_unverified, seller_listed, seller_sdn, seller_denied, mainland_business, built_for_d5_party, transfer_in_country, repair, allied_packaging, en_route_since, military_end_use, supercomputer_end_use, use_case (inference or training), training_flop; and of the devices
    datacenter_marketed, us_commercially_available, item_type (accelerator, hbm, die, board, server),
    memory_bandwidth_density; of items by their kind: of memory stacks memory_bandwidth_density and us_technology, of dies process_node_nm, transistors_bn,
    holds_hbm, designer_approved, tpp and die_area_mm2. Research, not legal advice.
    """
    from planner.cli.assume import (
        assumed_devices,
        assumed_facts,
        assumed_items,
        assumed_transaction,
        named_place,
    )
    from planner.errors import UsageError
    from planner.intake.catalogue import regimes

    facts = assume or []
    transaction = assumed_transaction(facts, destination=named_place(to), channel=channel.value)
    if origin and not item:
        raise UsageError("--origin is of memory stacks; name one: --item hbm3e.")
    devices = assumed_devices(accelerators or [], facts) if accelerators or not item else []
    devices += assumed_items(item or [], origin, facts, channel.value)
    shown = {"format": format, "as_json": as_json, "output": output, "data_as_of": regimes().as_of.isoformat()}
    if history:
        _history(devices, transaction, on, scenario, shown)
    else:
        _one_day(devices, transaction, (day_of(on) or date.today()), scenario, assumed_facts(facts), shown)


def _one_day(
    devices: list[Accelerator],
    transaction: Transaction,
    on: date,
    scenario: str | None,
    stated: frozenset[str],
    shown: dict[str, Any],
) -> None:
    from planner.intake.catalogue import regimes
    from planner.law.otherwise import otherwise
    from planner.law.outcome import decide
    from planner.law.record import answer_record
    from planner.report.controls import memo, one_table, tables_for_people

    verdicts = [decide(device, transaction, on, regimes(), scenario) for device in devices]
    records = [
        answer_record(verdict, device, regimes(), otherwise(device, transaction, on, regimes(), scenario, stated))
        for verdict, device in zip(verdicts, devices, strict=True)
    ]
    form = chosen(shown["format"], as_json=shown["as_json"], output=shown["output"])
    if form is Format.MARKDOWN:
        put(memo(verdicts, devices, records), shown["output"])
        return
    people = form is Format.TABLE
    tables = tables_for_people(verdicts, devices, records) if people else one_table(verdicts)
    emit(records, schema="planner.controls/1", table=tables, **shown)


def _history(
    devices: list[Accelerator], transaction: Transaction, on: str | None, scenario: str | None, shown: dict[str, Any]
) -> None:
    from planner.errors import UsageError
    from planner.intake.catalogue import regimes
    from planner.law.otherwise import history
    from planner.law.outcome import scenario_of
    from planner.law.record import span_record
    from planner.report.controls import history_table

    if on:
        raise UsageError("--history is about all days; leave --on out.")
    scenario_of(regimes(), scenario)
    spans = [span_record(span) for device in devices for span in history(device, transaction, regimes(), scenario)]
    emit(spans, schema="planner.controls_history/1", table=history_table(spans, transaction), **shown)
