"""Time to train as text: the answer in words, what it rests on, then the options."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import TypeVar

from planner.cells import number
from planner.report.screen import CONDITIONS
from planner.report.tables import Heading, Part
from planner.report.train_options import options_parts, short_days
from planner.report.words import count, listed, money, percent, short_money
from planner.training.question import TrainQuestion
from planner.training.record import SubsidyRecord, TrainTime

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
        "Assumed: " + "; ".join([*_told(asked), *entry.assumptions]) + ".",
        *options_parts(records, asked, named, everything),
    ]


def _model(asked: TrainQuestion) -> str:
    name = asked.shape.name
    return name[:1].upper() + name[1:]


def _none(asked: TrainQuestion) -> str:
    wishes = [
        *([f"done by {asked.by}"] if asked.by else []),
        *([f"within {money(asked.budget_hkd)}"] if asked.budget_hkd is not None else []),
    ]
    wished = f", {listed(wishes)}" if wishes else ""
    return f"No option on {count(asked.devices, 'device')} is lawful without a licence{wished}. The nearest:"


def _time(entry: TrainTime, asked: TrainQuestion) -> str:
    layout, days, memory_gb = _known(entry.layout), _known(entry.days), _known(entry.memory_gb_per_device)
    hours, kwh, carbon_kg = (
        _known(value).p50 for value in (entry.accelerator_hours, entry.energy_kwh, entry.carbon_kg)
    )
    degrees = f"TP {layout.tp} × PP {layout.pp} × DP {layout.dp}"
    degrees += "".join(f" × {name} {degree}" for name, degree in (("CP", layout.cp), ("EP", layout.ep)) if degree > 1)
    return (
        f"{_model(asked)} on {number(asked.tokens_b)} B tokens takes {short_days(days.p50)} days"
        f" ({short_days(days.p10)} to {short_days(days.p90)}) on {entry.count:,} {entry.accelerator_name}:"
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
    once = f"; {short_money(entry.porting_hkd)} of it is porting, once" if entry.porting_hkd else ""
    band = f" ({short_money(cost.p10)} to {short_money(cost.p90)})"
    return f"{name}: {money(cost.p50)}{band}{paid}{once}. {_dates(entry)}"


def _where(entry: TrainTime) -> str:
    return entry.where.rsplit(",", 1)[0] if entry.subsidy else entry.where


def _scheme(helper: SubsidyRecord) -> str:
    return f"the {helper.name.split(',')[0]}"


def _dates(entry: TrainTime) -> str:
    data = entry.data_rule
    waits = [
        (entry.wait_months, "lead time and licence"),
        (entry.porting_months, "porting"),
        (data.lead_months if data else 0.0, "data formalities"),
    ]
    said = [f"{name} {count(round(months, 1), 'month')}" for months, name in waits if months >= 0.05]
    if not said:
        return f"Done by {entry.finish}, begun {entry.begin} without a wait."
    beside = " side by side" if len(said) > 1 else ""
    return f"Done by {entry.finish}: begun {entry.begin}, ready {entry.ready} after {listed(said)}{beside}."


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
    lawful = [entry for entry in records if entry.fits and entry.allowed]
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
        lines.append(_budget(asked.budget_hkd, max(paid, key=itemgetter(0), default=None)))
    return lines


def _by(asked: TrainQuestion, fewest: tuple[int, TrainTime] | None) -> str:
    if fewest is None:
        return f"No number of devices up to 65,536 is done by {asked.by}: waits alone take longer."
    devices, entry = fewest
    return f"To be done by {asked.by} takes {count(devices, 'device')} at least: {entry.option}."


def _budget(budget_hkd: float, most: tuple[float, TrainTime] | None) -> str:
    purse = money(budget_hkd)
    if most is None:
        return f"{purse} trains nothing: no lawful option has a price within it, porting included."
    tokens_b, entry = most
    size = entry.affordable.params_b_affordable if entry.affordable else None
    model = f", or a model of {number(size)} B parameters on 20 tokens each" if size else ""
    return f"{purse} trains this model on up to {number(tokens_b)} B tokens{model}: {entry.option}."


def _told(asked: TrainQuestion) -> list[str]:
    """What the question took for granted."""
    return [f"start {asked.start}", f"{asked.shape.seq_len:,} tokens a sequence"]
