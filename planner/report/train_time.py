"""Time to train as text: the answer in words, what it rests on, then the options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from planner.cells import number
from planner.report.assumed import ASSUMED
from planner.report.language import IN_ENGLISH, Language
from planner.report.options import law_said, said_place, waits_said
from planner.report.tables import Heading, Part
from planner.report.train_options import lasting, options_parts
from planner.report.train_reverse import SURE, reverse_parts
from planner.report.words import percent
from planner.training.question import TrainQuestion
from planner.training.record import SubsidyRecord, TrainTime
from planner.units import DAYS_PER_MONTH, HOURS_PER_DAY

T = TypeVar("T")
METHODS = {
    "pretrain": "pretraining",
    "continued": "continued pretraining",
    "full": "full fine-tuning",
    "lora": "LoRA fine-tuning",
    "qlora": "QLoRA fine-tuning",
    "tuned_lora": "LoRA fine-tuning on a tuned stack",
}


def train_screen(
    records: Sequence[TrainTime],
    asked: TrainQuestion,
    named: Sequence[str] = (),
    *,
    everything: bool = False,
    say: Language = IN_ENGLISH,
    typed: bool = True,
) -> list[Part]:
    """What to print, top to bottom.

    `records`: of `records_of`, the chosen first; `named`: accelerators the user named; `everything`: all options in place
    of a dozen; `typed`: it was asked on a command line.
    """
    chosen = records[0].chosen
    entry = records[0] if chosen else next((each for each in records if each.fits), records[0])
    what = {"model": _model(asked), "tokens": say.billions(asked.tokens_b), "precision": asked.precision}
    assumed = [*_given(asked, say), *(say.again(each, ASSUMED) for each in entry.assumptions)]
    return [
        Heading(say("{model}, {tokens} tokens, {method} in {precision}", method=say(METHODS[asked.method]), **what)),
        *([] if chosen else [_none(asked, say)]),
        _time(entry, asked, say),
        _path(entry, chosen, say),
        *_tax(entry, say),
        *_law(entry, say),
        *reverse_parts(records, asked, say),
        say("Assumed: {assumptions}.", assumptions=say("; ").join(assumed)),
        *options_parts(records, asked, named, everything, say, typed=typed),
    ]


def _model(asked: TrainQuestion) -> str:
    name = asked.shape.name
    return name[:1].upper() + name[1:]


def _none(asked: TrainQuestion, say: Language) -> str:
    wishes = [
        *([say("done by {day} {sure}", day=asked.by, sure=say(SURE[asked.sure]))] if asked.by else []),
        *([say("within {hkd}", hkd=say.money(asked.budget_hkd))] if asked.budget_hkd is not None else []),
    ]
    devices = say.count(asked.devices, "device")
    if not wishes:
        return say("No option on {devices} is to be had lawfully and without a licence. The nearest:", devices=devices)
    return say(
        "No option on {devices} is to be had lawfully and without a licence, {wishes}. The nearest:",
        devices=devices,
        wishes=say.listed(wishes),
    )


def _time(entry: TrainTime, asked: TrainQuestion, say: Language) -> str:
    layout, days, memory_gb = _known(entry.layout), _known(entry.days), _known(entry.memory_gb_per_device)
    hours, kwh, carbon_kg = (
        _known(value).p50 for value in (entry.accelerator_hours, entry.energy_kwh, entry.carbon_kg)
    )
    degrees = f"TP {layout.tp} × PP {layout.pp} × DP {layout.dp}"
    degrees += "".join(f" × {name} {degree}" for name, degree in (("CP", layout.cp), ("EP", layout.ep)) if degree > 1)
    return say(
        "{model} on {tokens} tokens takes {time} on {count} {accelerator}: {hours} accelerator-hours, {kwh} kWh, {carbon} t CO2e."
        " It fits, {degrees}, {memory} GB a device, at {mfu} of peak.",
        model=_model(asked),
        tokens=say.billions(asked.tokens_b),
        time=lasting(days, say),
        count=f"{entry.count:,}",
        accelerator=entry.accelerator_name,
        hours=number(hours),
        kwh=number(kwh),
        carbon=number(carbon_kg / 1000),
        degrees=degrees,
        memory=f"{memory_gb:.0f}",
        mfu=percent(_known(entry.mfu)),
    )


def _known(value: T | None) -> T:
    """What every option that fits has."""
    assert value is not None
    return value


def _path(entry: TrainTime, chosen: bool, say: Language) -> str:
    cost, helper = entry.cost_hkd, entry.subsidy
    values: dict[str, object] = {"option": entry.option, "where": said_place(_where(entry), say)}
    name = (
        say("Cheapest lawful path: {option}, {where}", **values) if chosen else say("Path: {option}, {where}", **values)
    )
    if cost is None:
        return say("{path}; nobody offers it, so it has no price. {dates}", path=name, dates=_dates(entry, say))
    paid = ""
    if helper:
        share = percent(helper.share or 0.0)
        paid = say(" after {scheme} pays {share} of the rent", scheme=say(_scheme(helper)), share=share)
    parts = [("porting", entry.porting_hkd), ("data formalities", entry.data_rule.cost_hkd if entry.data_rule else 0.0)]
    paid_once = [
        say("{hkd} of it is {cost}", hkd=say.short_money(hkd), cost=say(cost_name)) for cost_name, hkd in parts if hkd
    ]
    once = say("; {parts}, once", parts=say.listed(paid_once)) if paid_once else ""
    band = say(" ({low} to {high})", low=say.short_money(cost.p10), high=say.short_money(cost.p90))
    words = {"hkd": say.money(cost.p50), "band": band, "paid": paid, "once": once, "whole": _whole(entry, say)}
    return say("{path}: {hkd}{band}{paid}{once}.{whole} {dates}", path=name, dates=_dates(entry, say), **words)


def _whole(entry: TrainTime, say: Language) -> str:
    """What stands behind a cost: the devices that have to be bought whole, or the term that has to be rented whole."""
    if entry.purchase:
        whole = entry.purchase
        return say(
            " That is {share} of the {years} years of {devices} which cost {hkd} to buy and install.",
            share=_small(whole.share_of_life),
            years=f"{whole.life_years:g}",
            devices=say.count(entry.count, "device"),
            hkd=say.money(whole.hkd),
        )
    used = entry.accelerator_hours.p50 if entry.accelerator_hours else 0.0
    if used < entry.term_months * DAYS_PER_MONTH * HOURS_PER_DAY * entry.count:
        term = say.count(round(entry.term_months, 1), "month")
        return say(" Paid is the shortest term that is let, {months}.", months=term)
    return ""


def _small(share: float) -> str:
    """A share in percent, in two figures where it is small."""
    return percent(share) if share >= 0.1 else f"{100 * share:.2g} %"


def _where(entry: TrainTime) -> str:
    return entry.where.rsplit(",", 1)[0] if entry.subsidy else entry.where


def _scheme(helper: SubsidyRecord) -> str:
    return f"the {helper.name.split(',')[0]}"


def _dates(entry: TrainTime, say: Language) -> str:
    data = entry.data_rule
    waits = [
        (entry.wait_months, "lead time and licence"),
        (entry.hall_months, "fit-out of the hall"),
        (entry.application_months, "application"),
        (entry.queue_months, "queue"),
        (entry.porting_months, "porting"),
        (data.lead_months if data else 0.0, "data formalities"),
    ]
    said = waits_said(waits, say)
    days = {"finish": entry.finish, "late": entry.finish_p90, "begin": entry.begin}
    if not said:
        return say("Done by {finish} ({late} at p90), begun {begin} without a wait.", **days)
    access = bool(entry.application_months) + bool(entry.queue_months)
    beside = say(" side by side") if len(said) - max(0, access - 1) > 1 else ""
    return say(
        "Done by {finish} ({late} at p90): begun {begin}, ready {ready} after {waits}{beside}.",
        ready=entry.ready,
        waits=say.listed(said, 6),
        beside=beside,
        **days,
    )


def _tax(entry: TrainTime, say: Language) -> list[Part]:
    tax, times = entry.performance_tax, entry.times_best_unrestricted
    if tax is None or times is None:
        return []
    months = tax.porting_months
    port = (
        say("porting {months} before the first token", months=say.count(months, "month"))
        if months
        else say("no porting")
    )
    return [
        say(
            "Against {best}, the fastest uncut CUDA device that fits, it is {pace} per device."
            " Performance tax {total} of peak{gain} against {reference}: kernels {kernels}, scaling {scaling}; and {porting}.",
            best=entry.best_unrestricted,
            pace=_pace(times, say),
            total=_share(tax.total),
            gain=say(" (an advantage)") if tax.total < -0.005 else "",
            reference=tax.reference,
            kernels=_share(tax.kernels),
            scaling=_share(tax.scaling),
            porting=port,
        )
    ]


def _pace(times: float, say: Language) -> str:
    """How a time compares with 1: 2.3 times slower, as fast, 1.2 times faster."""
    if abs(times - 1) < 0.05:
        return say("as fast")
    if times > 1:
        return say("{times} times slower", times=f"{times:.1f}")
    return say("{times} times faster", times=f"{1 / times:.1f}")


def _share(value: float) -> str:
    return f"{value * 100:.0f} %".replace("-0 %", "0 %")


def _law(entry: TrainTime, say: Language) -> list[Part]:
    legal, data = entry.legal, entry.data_rule
    parts: list[Part] = [law_said(legal, say, taken=entry.may_use and not entry.needs_licence)]
    if data:
        permit = say.name(data.permit)
        parts.append(say("Data: {permit} in {zone}. {because}", permit=permit, zone=data.zone, because=data.because))
    return parts


def _given(asked: TrainQuestion, say: Language) -> list[str]:
    """What the question took for granted."""
    return [
        say("start {day}", day=asked.start),
        say("{tokens} tokens a sequence", tokens=f"{asked.shape.seq_len:,}"),
    ]
