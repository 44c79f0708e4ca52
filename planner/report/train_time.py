"""Time to train as text: the answer in words, what it rests on, then the options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planner.report.screen import CONDITIONS
from planner.report.tables import Heading, Part
from planner.report.train_options import options_parts, short_days
from planner.report.words import count, listed, money, percent, short_money, three

Record = dict[str, Any]
METHODS = {
    "pretrain": "pretraining",
    "continued": "continued pretraining",
    "full": "full fine-tuning",
    "lora": "LoRA fine-tuning",
}


def train_screen(
    records: Sequence[Record], asked: Record, named: Sequence[str] = (), *, everything: bool = False
) -> list[Part]:
    """What to print, top to bottom.

    `records`: of `train_time`, the chosen first; `asked`: of `described`; `named`: accelerators the user named;
    `everything`: all options in place of a dozen.
    """
    chosen = records[0]["chosen"]
    entry = records[0] if chosen else next((each for each in records if each["fits"]), records[0])
    return [
        Heading(
            f"{_model(asked)}, {three(asked['tokens_b'])} B tokens, {METHODS[asked['method']]} in {asked['precision']}"
        ),
        *([] if chosen else [_none(asked)]),
        _time(entry, asked),
        _path(entry, chosen),
        *_tax(entry),
        *_law(entry),
        *_reverse(records, asked),
        "Assumed: " + "; ".join([*_told(asked), *entry["assumptions"]]) + ".",
        *options_parts(records, asked, named, everything),
    ]


def _model(asked: Record) -> str:
    name = str(asked["name"])
    return name[:1].upper() + name[1:]


def _none(asked: Record) -> str:
    wishes = [
        *([f"done by {asked['by']}"] if asked["by"] else []),
        *([f"within {money(asked['budget_hkd'])}"] if asked["budget_hkd"] is not None else []),
    ]
    wished = f", {listed(wishes)}" if wishes else ""
    return f"No option on {count(asked['devices'], 'device')} is lawful without a licence{wished}. The nearest:"


def _time(entry: Record, asked: Record) -> str:
    layout, days = entry["layout"], entry["days"]
    degrees = f"TP {layout['tp']} × PP {layout['pp']} × DP {layout['dp']}"
    degrees += "".join(f" × {name.upper()} {layout[name]}" for name in ("cp", "ep") if layout[name] > 1)
    return (
        f"{_model(asked)} on {three(asked['tokens_b'])} B tokens takes {short_days(days['p50'])} days"
        f" ({short_days(days['p10'])} to {short_days(days['p90'])}) on {entry['count']:,} {entry['accelerator_name']}:"
        f" {three(entry['accelerator_hours']['p50'])} accelerator-hours, {three(entry['energy_kwh']['p50'])} kWh,"
        f" {three(entry['carbon_kg']['p50'] / 1000)} t CO2e. It fits, {degrees}, {entry['memory_gb_per_device']:.0f} GB"
        f" a device, at {percent(entry['mfu'])} of peak."
    )


def _path(entry: Record, chosen: bool) -> str:
    cost, helper = entry["cost_hkd"], entry["subsidy"]
    name = f"{'Cheapest lawful path' if chosen else 'Path'}: {entry['option']}, {_where(entry)}"
    if cost is None:
        return f"{name}; nobody offers it, so it has no price. {_dates(entry)}"
    paid = f" after {_scheme(helper)} pays {percent(helper['share'])} of the rent" if helper else ""
    once = f"; {short_money(entry['porting_hkd'])} of it is porting, once" if entry["porting_hkd"] else ""
    band = f" ({short_money(cost['p10'])} to {short_money(cost['p90'])})"
    return f"{name}: {money(cost['p50'])}{band}{paid}{once}. {_dates(entry)}"


def _where(entry: Record) -> str:
    return str(entry["where"]).rsplit(",", 1)[0] if entry["subsidy"] else str(entry["where"])


def _scheme(helper: Record) -> str:
    return f"the {str(helper['name']).split(',')[0]}"


def _dates(entry: Record) -> str:
    data = entry["data_rule"]
    waits = [
        (entry["wait_months"], "lead time and licence"),
        (entry["porting_months"], "porting"),
        (data["lead_months"] if data else 0.0, "data formalities"),
    ]
    said = [f"{name} {count(round(months, 1), 'month')}" for months, name in waits if months >= 0.05]
    if not said:
        return f"Done by {entry['finish']}, begun {entry['begin']} without a wait."
    beside = " side by side" if len(said) > 1 else ""
    return f"Done by {entry['finish']}: begun {entry['begin']}, ready {entry['ready']} after {listed(said)}{beside}."


def _tax(entry: Record) -> list[Part]:
    tax, times = entry["performance_tax"], entry["times_best_unrestricted"]
    if tax is None:
        return []
    months = tax["porting_months"]
    port = f"porting {count(months, 'month')} before the first token" if months else "no porting"
    gain = " (an advantage)" if tax["total"] < -0.005 else ""
    return [
        f"Against {entry['best_unrestricted']}, the fastest uncut CUDA device that fits, it is {_pace(times)} per device."
        f" Performance tax {_share(tax['total'])} of peak{gain} against {tax['reference']}: kernels {_share(tax['kernels'])},"
        f" scaling {_share(tax['scaling'])}; and {port}."
    ]


def _pace(times: float) -> str:
    """How a time compares with 1: 2.3 times slower, as fast, 1.2 times faster."""
    if abs(times - 1) < 0.05:
        return "as fast"
    return f"{times:.1f} times slower" if times > 1 else f"{1 / times:.1f} times faster"


def _share(value: float) -> str:
    return f"{value * 100:.0f} %".replace("-0 %", "0 %")


def _law(entry: Record) -> list[Part]:
    legal, data = entry["legal"], entry["data_rule"]
    condition = CONDITIONS.get(legal["outcome"], "") if entry["may_use"] and not entry["needs_licence"] else ""
    parts = [f"Law: {legal['outcome']} by {legal['rule']}{condition}."]
    return [*parts, *([f"Data: {data['permit']} in {data['zone']}. {data['because']}"] if data else [])]


def _reverse(records: Sequence[Record], asked: Record) -> list[Part]:
    """Fewest devices for the date, and the most that the budget trains, among what is lawful."""
    lawful = [entry for entry in records if entry["fits"] and entry["allowed"]]
    lines: list[Part] = []
    if asked["by"]:
        able = [entry for entry in lawful if entry["devices_needed"]]
        fewest = min(able, key=lambda entry: int(entry["devices_needed"]), default=None)
        lines.append(_by(asked, fewest))
    if asked["budget_hkd"] is not None:
        priced = [entry for entry in lawful if entry["tokens_b_affordable"]]
        most = max(priced, key=lambda entry: float(entry["tokens_b_affordable"]), default=None)
        lines.append(_budget(asked, most))
    return lines


def _by(asked: Record, entry: Record | None) -> str:
    if entry is None:
        return f"No number of devices up to 65,536 is done by {asked['by']}: waits alone take longer."
    return f"To be done by {asked['by']} takes {count(entry['devices_needed'], 'device')} at least: {entry['option']}."


def _budget(asked: Record, entry: Record | None) -> str:
    purse = money(asked["budget_hkd"])
    if entry is None:
        return f"{purse} trains nothing: no lawful option has a price within it, porting included."
    size = entry["params_b_affordable"]
    model = f", or a model of {three(size)} B parameters on 20 tokens each" if size else ""
    return (
        f"{purse} trains this model on up to {three(entry['tokens_b_affordable'])} B tokens{model}: {entry['option']}."
    )


def _told(asked: Record) -> list[str]:
    """What the question took for granted."""
    return [f"start {asked['start']}", f"{asked['seq_len']:,} tokens a sequence"]
