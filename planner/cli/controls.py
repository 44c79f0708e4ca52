"""`planner controls`: may this be bought or rented, and under which rule?"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from planner.cli.output import Format, FormatOption, JsonOption, OutputOption, chosen, emit

EXAMPLE = """\
planner controls nvidia_h20_96gb nvidia_h200_sxm --on 2026-11-21
planner controls nvidia_h200_sxm --to Singapore --assume end_user_hq=SG
planner controls nvidia_b200 --channel cloud --assume use_case=training --scenario tightening --on 2027-06-01"""


class Channel(StrEnum):
    """Ways to get a device."""

    PURCHASE = "purchase"
    CLOUD = "cloud"


def controls(
    accelerators: Annotated[
        list[str] | None, typer.Argument(help="Ids of the catalogue; none: all of them.", show_default=False)
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
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Say what law makes of each device on a day: the outcome, the rule that decides, and why no other does.

    Facts that --assume takes: end_user_hq, shipped_from_us, buyer_listed, buyer_owned_50pct_by_listed, buyer_sdn,
    buyer_denied, buyer_unverified, seller_listed, seller_sdn, seller_denied, built_for_d5_party, transfer_in_country, repair, military_end_use, supercomputer_end_use, use_case (inference or training), training_flop; and of the devices
    datacenter_marketed, us_commercially_available, item_type (accelerator, hbm, die, board, server),
    memory_bandwidth_density. Research, not legal advice.
    """
    from planner.cli.assumptions import assumed_devices, assumed_transaction, named_place
    from planner.cli.controls_tables import one_table, tables_for_people
    from planner.intake.catalogue import regimes
    from planner.law.outcome import decide
    from planner.law.record import verdict_record

    facts = assume or []
    transaction = assumed_transaction(facts, destination=named_place(to), channel=channel.value)
    devices = assumed_devices(accelerators or [], facts)
    day = _day(on)
    verdicts = [decide(device, transaction, day, regimes(), scenario) for device in devices]
    for_people = chosen(format, as_json=as_json, output=output) is Format.TABLE
    emit(
        [verdict_record(verdict) for verdict in verdicts],
        schema="planner.controls/1",
        table=tables_for_people(verdicts, devices) if for_people else one_table(verdicts),
        format=format,
        as_json=as_json,
        output=output,
        data_as_of=regimes().as_of.isoformat(),
    )


def _day(text: str | None) -> date:
    from planner.errors import UsageError

    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError:
        raise UsageError(f"{text!r} is no date; write --on 2027-01-05.") from None
