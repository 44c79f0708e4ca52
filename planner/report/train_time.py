"""Time to train as text: the answer in words, what it rests on, then the options."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import TypeVar

from planner.cells import number
from planner.report.screen import CONDITIONS
from planner.report.tables import Heading, Part
from planner.report.train_options import lasting, options_parts
from planner.report.words import count, listed, money, percent, short_money
from planner.training.question import TrainQuestion
from planner.training.record import SubsidyRecord, TrainTime
from planner.units import DAYS_PER_MONTH, HOURS_PER_DAY

T = TypeVar("T")
SURE = {"p50": "as likely as not", "p90": "in nine cases of ten"}
METHODS = {
    "pretrain": "pretraining",
    "continued": "continued pretraining",
    "full": "full fine-tuning",
    "lora": "LoRA fine-tuning",
    "qlora": "QLoRA fine-tuning",
    "tuned_lora": "LoRA fine-tuning on a tuned stack",
}


def train_screen(
    records: Sequence[TrainTime], asked: TrainQuestion, named: Sequence[str] = (), *, everything: bool = False
) -> list[Part]:
    """What to print, top to bottom.

    `records`: of `records_of`, the chosen first; `named`: accelerators the user named; `everything`: all options in place
    of a dozen.
    """
    chosen = records[0].chosen
    entry = records[0] if chosen else next((each for each in records if each.fits), records[0])
    return [
        Heading(f"{_model(asked)}, {number(asked.tokens_b)} B tokens, {METHODS[asked.method]} in {asked.precision}"),
        *([] if chosen else [_none(asked)]),
        _time(entry, asked),
        _path(entry, chosen),
        *_tax(entry),
        *_law(entry),
        *_reverse(records, asked),
        "Assumed: " + "; ".join([*_given(asked), *entry.assumptions]) + ".",
        *options_parts(records, asked, named, everything),
    ]


def _model(asked: TrainQuestion) -> str:
    name = asked.shape.name
    return name[:1].upper() + name[1:]


def _none(asked: TrainQuestion) -> str:
    wishes = [
        *([f"done by {asked.by}{_how_sure(asked)}"] if asked.by else []),
        *([f"within {money(asked.budget_hkd)}"] if asked.budget_hkd is not None else []),
    ]
    wished = f", {listed(wishes)}" if wishes else ""
    return f"No option on {count(asked.devices, 'device')} is to be had lawfully and without a licence{wished}. The nearest:"


def _how_sure(asked: TrainQuestion) -> str:
    return f" {SURE[asked.sure]}"


def _time(entry: TrainTime, asked: TrainQuestion) -> str:
    layout, days, memory_gb = _known(entry.layout), _known(entry.days), _known(entry.memory_gb_per_device)
    hours, kwh, carbon_kg = (
        _known(value).p50 for value in (entry.accelerator_hours, entry.energy_kwh, entry.carbon_kg)
    )
    degrees = f"TP {layout.tp} × PP {layout.pp} × DP {layout.dp}"
    degrees += "".join(f" × {name} {degree}" for name, degree in (("CP", layout.cp), ("EP", layout.ep)) if degree > 1)
    return (
        f"{_model(asked)} on {number(asked.tokens_b)} B tokens takes {lasting(days)} on {entry.count:,} {entry.accelerator_name}:"
        f" {number(hours)} accelerator-hours, {number(kwh)} kWh,"
        f" {number(carbon_kg / 1000)} t CO2e. It fits, {degrees}, {memory_gb:.0f} GB"
        f" a device, at {percent(_known(entry.mfu))} of peak."
    )


def _known(value: T | None) -> T:
    """What every option that fits has."""
    assert value is not None
    return value


def _path(entry: TrainTime, chosen: bool) -> str:
    cost, helper = entry.cost_hkd, entry.subsidy
    name = f"{'Cheapest lawful path' if chosen else 'Path'}: {entry.option}, {_where(entry)}"
    if cost is None:
        return f"{name}; nobody offers it, so it has no price. {_dates(entry)}"
    paid = f" after {_scheme(helper)} pays {percent(helper.share or 0.0)} of the rent" if helper else ""
    parts = [("porting", entry.porting_hkd), ("data formalities", entry.data_rule.cost_hkd if entry.data_rule else 0.0)]
    paid_once = [f"{short_money(hkd)} of it is {name}" for name, hkd in parts if hkd]
    once = f"; {listed(paid_once)}, once" if paid_once else ""
    band = f" ({short_money(cost.p10)} to {short_money(cost.p90)})"
    return f"{name}: {money(cost.p50)}{band}{paid}{once}.{_whole(entry)} {_dates(entry)}"


def _whole(entry: TrainTime) -> str:
    """What stands behind a cost: the devices that have to be bought whole, or the term that has to be rented whole."""
    if entry.purchase:
        whole = entry.purchase
        return (
            f" That is {_small(whole.share_of_life)} of the {whole.life_years:g} years of {count(entry.count, 'device')}"
            f" which cost {money(whole.hkd)} to buy and install."
        )
    used = entry.accelerator_hours.p50 if entry.accelerator_hours else 0.0
    if used < entry.term_months * DAYS_PER_MONTH * HOURS_PER_DAY * entry.count:
        return f" Paid is the shortest term that is let, {count(round(entry.term_months, 1), 'month')}."
    return ""


def _small(share: float) -> str:
    """A share in percent, in two figures where it is small."""
    return percent(share) if share >= 0.1 else f"{100 * share:.2g} %"


def _where(entry: TrainTime) -> str:
    return entry.where.rsplit(",", 1)[0] if entry.subsidy else entry.where


def _scheme(helper: SubsidyRecord) -> str:
    return f"the {helper.name.split(',')[0]}"


def _dates(entry: TrainTime) -> str:
    data = entry.data_rule
    waits = [
        (entry.wait_months, "lead time and licence"),
        (entry.hall_months, "fit-out of the hall"),
        (entry.application_months, "application"),
        (entry.queue_months, "queue"),
        (entry.porting_months, "porting"),
        (data.lead_months if data else 0.0, "data formalities"),
    ]
    said = [f"{name} {count(round(months, 1), 'month')}" for months, name in waits if months >= 0.05]
    if not said:
        return f"Done by {entry.finish} ({entry.finish_p90} at p90), begun {entry.begin} without a wait."
    access = bool(entry.application_months) + bool(entry.queue_months)
    beside = " side by side" if len(said) - max(0, access - 1) > 1 else ""
    done = f"Done by {entry.finish} ({entry.finish_p90} at p90)"
    return f"{done}: begun {entry.begin}, ready {entry.ready} after {listed(said)}{beside}."


def _tax(entry: TrainTime) -> list[Part]:
    tax, times = entry.performance_tax, entry.times_best_unrestricted
    if tax is None or times is None:
        return []
    months = tax.porting_months
    port = f"porting {count(months, 'month')} before the first token" if months else "no porting"
    gain = " (an advantage)" if tax.total < -0.005 else ""
    return [
        f"Against {entry.best_unrestricted}, the fastest uncut CUDA device that fits, it is {_pace(times)} per device."
        f" Performance tax {_share(tax.total)} of peak{gain} against {tax.reference}: kernels {_share(tax.kernels)},"
        f" scaling {_share(tax.scaling)}; and {port}."
    ]


def _pace(times: float) -> str:
    """How a time compares with 1: 2.3 times slower, as fast, 1.2 times faster."""
    if abs(times - 1) < 0.05:
        return "as fast"
    return f"{times:.1f} times slower" if times > 1 else f"{1 / times:.1f} times faster"


def _share(value: float) -> str:
    return f"{value * 100:.0f} %".replace("-0 %", "0 %")


def _law(entry: TrainTime) -> list[Part]:
    legal, data = entry.legal, entry.data_rule
    condition = CONDITIONS.get(legal["outcome"], "") if entry.may_use and not entry.needs_licence else ""
    parts = [f"Law: {legal['outcome']} by {legal['rule']}{condition}."]
    return [*parts, *([f"Data: {data.permit} in {data.zone}. {data.because}"] if data else [])]


def _reverse(records: Sequence[TrainTime], asked: TrainQuestion) -> list[Part]:
    """Fewest devices for the date, and the most that the budget trains, among what is lawful."""
    lawful = [entry for entry in records if entry.fits and entry.allowed and entry.obtainable]
    lines: list[Part] = []
    if asked.by:
        needed = [
            (entry.by_date.devices_needed, entry) for entry in lawful if entry.by_date and entry.by_date.devices_needed
        ]
        lines.append(_by(asked, min(needed, key=itemgetter(0), default=None)))
    if asked.budget_hkd is not None:
        paid = [
            (tokens_b, entry)
            for entry in lawful
            if entry.affordable and (tokens_b := entry.affordable.tokens_b_affordable)
        ]
        lines.append(_budget(asked, asked.budget_hkd, max(paid, key=itemgetter(0), default=None)))
    return lines


def _by(asked: TrainQuestion, fewest: tuple[int, TrainTime] | None) -> str:
    within = f" within {money(asked.budget_hkd)}" if asked.budget_hkd is not None else ""
    if fewest is None:
        why = (
            "what is on offer, its waits or the budget do not allow it"
            if within
            else "its waits or what is on offer do not allow it"
        )
        return f"No number of devices is done by {asked.by}{within}, {SURE[asked.sure]}: {why}."
    devices, entry = fewest
    return f"To be done by {asked.by}{within}, {SURE[asked.sure]}, takes {count(devices, 'device')} at least: {entry.option}."


def _budget(asked: TrainQuestion, budget_hkd: float, most: tuple[float, TrainTime] | None) -> str:
    purse = money(budget_hkd) + (f" by {asked.by}" if asked.by else "")
    if most is None:
        return f"{purse} trains nothing: no lawful option keeps within it, with porting, waits and what must be bought whole."
    tokens_b, entry = most
    size = entry.affordable.params_b_affordable if entry.affordable else None
    model = f", or a model of {number(size)} B parameters on 20 tokens each" if size else ""
    return (
        f"{purse} trains this model on up to {number(tokens_b)} B tokens{model}, {SURE[asked.sure]}, on"
        f" {count(entry.count, 'device')}: {entry.option}."
    )


def _given(asked: TrainQuestion) -> list[str]:
    """What the question took for granted."""
    return [f"start {asked.start}", f"{asked.shape.seq_len:,} tokens a sequence"]
