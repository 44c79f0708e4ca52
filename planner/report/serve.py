"""A service as text: the answer in words, what it rests on, then the options."""

from __future__ import annotations

from collections.abc import Sequence

from planner.cells import number
from planner.performance.estimate import Spread
from planner.report.assumed import ASSUMED
from planner.report.language import IN_ENGLISH, Language
from planner.report.options import REASONS as AGAINST
from planner.report.options import (
    law_said,
    said_place,
    waits_said,
)
from planner.report.serve_options import options_parts
from planner.report.tables import Heading, Part
from planner.serving.choice import obstacle
from planner.serving.option import Service
from planner.serving.question import ServeQuestion
from planner.training.market import PLACES

READ_MS = 100.0
"""Time of a token beyond which people wait for it: some seven words a second."""
OWN_PLACE = PLACES[0]
BINDS = {
    "prompts": "computing prompts",
    "weights": "reading weights",
    "cache": "reading cached keys and values",
    "compute": "computing answers",
    "latency": "the latency of layers",
    "exchange": "the exchange between devices",
}


def serve_screen(
    records: Sequence[Service],
    asked: ServeQuestion,
    named: Sequence[str] = (),
    *,
    everything: bool = False,
    say: Language = IN_ENGLISH,
    typed: bool = True,
) -> list[Part]:
    """What to print, top to bottom. `records`: the chosen first; `named`: accelerators the user named; `typed`: it was asked
    on a command line.
    """
    best, load = records[0], asked.wish.load
    title = say(
        "{model}: {load}, {tokens_in} tokens in, {tokens_out} out",
        model=_model(asked),
        load=_load(asked, say),
        tokens_in=number(load.tokens_in),
        tokens_out=number(load.tokens_out),
    )
    return [
        Heading(title),
        *([] if best.chosen else [_none(best, asked, say)]),
        _speed(best, asked, say),
        *_unlimited(records, asked, say),
        _path(best, asked, say),
        *_without_hall(records, asked, say),
        _rules(best, say),
        say(
            "Assumed: {assumptions}.", assumptions=say("; ").join(say.again(each, ASSUMED) for each in best.assumptions)
        ),
        *options_parts(records, asked, named, everything, say, typed=typed),
    ]


def _model(asked: ServeQuestion) -> str:
    return asked.shape.name[:1].upper() + asked.shape.name[1:]


def _load(asked: ServeQuestion, say: Language) -> str:
    if asked.output_tokens_per_s is None:
        return say("the most for {hkd} a month", hkd=say.money(asked.budget_hkd_per_month or 0.0))
    return say("{tokens} tokens/s in the busy hour", tokens=number(asked.output_tokens_per_s))


def _none(best: Service, asked: ServeQuestion, say: Language) -> str:
    budget = asked.budget_hkd_per_month
    return say(
        "No option is to be had lawfully, without a licence and in that number{within}. The nearest, but {why}:",
        within=say(" within {hkd} a month", hkd=say.money(budget)) if budget is not None else "",
        why=say.again(best.why_not or "", AGAINST),
    )


def _speed(best: Service, asked: ServeQuestion, say: Language) -> str:
    speed, devices = best.tokens_per_s_per_device, best.devices_band
    assert speed is not None
    assert devices is not None
    load, number_of = best.output_tokens_per_s or 0.0, say.count(best.devices or 0, "device")
    wish = asked.wish
    return say(
        "{takes}: {accelerator}, {copy} to a copy of the model, {batch} answers at once in each."
        " A device writes {speed} tokens/s ({low} to {high}). A token takes {token} ms{token_limit},"
        " the first {first} s{first_limit}. Most of the time goes into {binds}.",
        takes=_takes(load, number_of, speed, devices, asked, say),
        accelerator=best.accelerator_name,
        copy=best.copy_devices,
        batch=number(round(best.batch or 0)),
        speed=number(speed.p50),
        low=number(speed.p10),
        high=number(speed.p90),
        token=number(best.tpot_ms or 0.0),
        token_limit=_limit(wish.tpot_ms, "ms", say),
        first=number(round(best.ttft_s or 0.0, 2)),
        first_limit=_limit(wish.ttft_s, "s", say),
        binds=say(BINDS.get(best.binds or "", str(best.binds))),
    )


def _takes(load: float, number_of: str, speed: Spread, devices: Spread, asked: ServeQuestion, say: Language) -> str:
    """The load and the devices for it, with the band of the one that was asked for."""
    if asked.requests_per_s is None:
        low, high = (load * each / speed.p50 for each in (speed.p10, speed.p90))
        band = {"low": say.short(low), "high": say.short(high)}
        return say("{devices} serve {load} tokens/s ({low} to {high})", devices=number_of, load=number(load), **band)
    band = {"low": f"{devices.p10:,.0f}", "high": f"{devices.p90:,.0f}"}
    return say("{load} tokens/s take {devices} ({low} to {high})", devices=number_of, load=number(load), **band)


def _unlimited(records: Sequence[Service], asked: ServeQuestion, say: Language) -> list[Part]:
    """Without a limit the most devices serve is not what anyone would wait for."""
    slow = records[0].tpot_ms or 0.0
    if asked.wish.tpot_ms is not None or slow <= READ_MS:
        return []
    return [
        say(
            "No limit on the time of a token was given: {pace} tokens a second suit work without a reader; --tpot-ms 50 asks for what"
            " people read.",
            pace=number(round(1000 / slow, 1)),
        )
    ]


def _limit(most: float | None, unit: str, say: Language) -> str:
    return say(" (at most {limit} {unit})", limit=number(most), unit=unit) if most else ""


def _path(best: Service, asked: ServeQuestion, say: Language) -> str:
    cost = best.hkd_per_month
    values = {"option": best.option, "where": said_place(best.where, say)}
    if not best.chosen:
        name = say("Path: {option}, {where}", **values)
    elif asked.requests_per_s is None:
        name = say("Largest lawful load: {option}, {where}", **values)
    else:
        name = say("Cheapest lawful path: {option}, {where}", **values)
    if cost is None:
        return say("{path}; nobody offers it, so it has no price.", path=name)
    million = best.hkd_per_million_tokens
    port = (
        say(
            " Porting takes {months} and {hkd}, once.",
            months=say.count(best.porting_months, "month"),
            hkd=say.money(best.porting_hkd),
        )
        if best.porting_hkd
        else ""
    )
    banded = asked.requests_per_s is not None
    return say(
        "{path}: {hkd} a month{band}{each}.{whole}{porting} {ready}",
        path=name,
        hkd=say.money(cost.p50),
        band=say(" ({low} to {high})", low=say.short_money(cost.p10), high=say.short_money(cost.p90)) if banded else "",
        each=say(", {hkd} a million tokens of answers", hkd=say.money(million)) if million else "",
        whole=_whole(best, say),
        porting=port,
        ready=_ready(best, asked, say),
    )


def _whole(best: Service, say: Language) -> str:
    """What stands behind a month of devices that are bought."""
    if best.purchase_hkd is None:
        return ""
    return say(
        " The devices cost {hkd} to buy and install, spread over {years} years; the rest is power, staff and upkeep.",
        hkd=say.money(best.purchase_hkd),
        years=f"{best.life_years:g}",
    )


def _without_hall(records: Sequence[Service], asked: ServeQuestion, say: Language) -> list[Part]:
    """Where a hall of one's own is chosen, what is best for those who have none."""
    if not records[0].chosen or records[0].place != OWN_PLACE or asked.site:
        return []
    other = next((each for each in records if each.place != OWN_PLACE and obstacle(each, asked) is None), None)
    if other is None or other.hkd_per_month is None:
        return [say("Without a hall of one's own nothing is to be had lawfully and without a licence.")]
    tokens = number(other.output_tokens_per_s or 0)
    return [
        say(
            "Without a hall of one's own: {option}, {where}, {load}{hkd} a month.",
            option=other.option,
            where=said_place(other.where, say),
            load=say("{tokens} tokens/s for ", tokens=tokens) if asked.requests_per_s is None else "",
            hkd=say.money(other.hkd_per_month.p50),
        )
    ]


def _ready(best: Service, asked: ServeQuestion, say: Language) -> str:
    waits = [
        (best.access_months, "application and queue"),
        (best.lead_months, "lead time"),
        (best.hall_months, "fit-out of the hall"),
        (best.porting_months, "porting"),
        (best.data_months, "data formalities"),
    ]
    said = waits_said(waits, say)
    ends = say(" The scheme that pays a part ends on {day}.", day=best.paid_until) if best.paid_until else ""
    if said:
        beside = say(" side by side") if len(said) > 1 else ""
        waited = say.listed(said, 6)
        return say(
            "Ready on {day} after {waits}{beside}.{ends}", day=best.ready, waits=waited, beside=beside, ends=ends
        )
    if best.ready == asked.on:
        return say("Ready on {day}, at once.{ends}", day=best.ready, ends=ends)
    return say("Ready on {day}, the first day of the offer.{ends}", day=best.ready, ends=ends)


def _rules(best: Service, say: Language) -> str:
    law = law_said(best.legal, say, taken=best.may_use and not best.needs_licence)
    return law + (say(" Data: {rule}", rule=best.data_rule) if best.data_rule else "")
