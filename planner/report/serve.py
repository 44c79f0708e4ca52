"""A service as text: the answer in words, what it rests on, then the options as one short table."""

from __future__ import annotations

from collections.abc import Sequence

from planner.cells import number
from planner.report.options import LAW, in_the_way, law_words, not_shown
from planner.report.tables import Heading, Part, Table
from planner.report.words import count, listed, money, short_money
from planner.serving.choice import obstacle
from planner.serving.option import Service
from planner.serving.question import ServeQuestion

MOST, REASONS = 12, 5
COLUMNS = ("option", "devices", "tok/s", "ms", "binds", "HKD/month", "HKD/M", "law", "choice")
BINDS = {
    "prompts": "the computing of prompts",
    "weights": "the reading of weights",
    "cache": "the reading of cached keys and values",
    "compute": "the computing of answers",
    "latency": "the latency of layers",
    "exchange": "the exchange between devices",
}


def serve_screen(
    records: Sequence[Service], asked: ServeQuestion, named: Sequence[str] = (), *, everything: bool = False
) -> list[Part]:
    """What to print, top to bottom. `records`: the chosen first; `named`: accelerators the user named."""
    best = records[0] if records[0].chosen else next((each for each in records if each.fits), records[0])
    return [
        Heading(f"{_model(asked)}: {_load(asked)}, {number(asked.wish.load.tokens_in)} tokens in, {number(asked.wish.load.tokens_out)} out"),
        *([] if best.chosen else ["No option is lawful without a licence, on offer and within the budget. The nearest:"]),
        _speed(best, asked),
        _path(best, asked),
        _rules(best),
        f"Assumed: {'; '.join(best.assumptions)}.",
        *_options(records, asked, named, everything),
    ]  # fmt: skip


def _model(asked: ServeQuestion) -> str:
    return asked.shape.name[:1].upper() + asked.shape.name[1:]


def _load(asked: ServeQuestion) -> str:
    if asked.output_tokens_per_s is None:
        return f"the most for {money(asked.budget_hkd_per_month or 0.0)} a month"
    return f"{number(asked.output_tokens_per_s)} tokens/s in the busy hour"


def _speed(best: Service, asked: ServeQuestion) -> str:
    speed, devices = best.tokens_per_s_per_device, best.devices_band
    assert speed is not None
    assert devices is not None
    limits = [
        *([f"a token in {number(asked.wish.tpot_ms)} ms"] if asked.wish.tpot_ms else []),
        *([f"the first in {number(asked.wish.ttft_s)} s"] if asked.wish.ttft_s else []),
    ]
    kept = f" within {listed(limits)}" if limits else ""
    return (
        f"{number(best.output_tokens_per_s or 0.0)} tokens/s{kept} take {count(best.devices or 0, 'device')} ({devices.p10:,.0f} to {devices.p90:,.0f}):"
        f" {best.accelerator_name}, {count(best.copy_devices or 0, 'device')} a copy of the model, {number(round(best.batch or 0))} answers at once in each."
        f" A device writes {number(speed.p50)} tokens/s ({number(speed.p10)} to {number(speed.p90)}), a token takes {number(best.tpot_ms or 0.0)} ms, the first"
        f" {number(best.ttft_s or 0.0)} s. Most of the time is {BINDS.get(best.binds or '', best.binds)}."
    )  # fmt: skip


def _path(best: Service, asked: ServeQuestion) -> str:
    cost = best.hkd_per_month
    name = f"{'Cheapest lawful path' if best.chosen and asked.requests_per_s is not None else 'Path'}: {best.option}, {best.where}"
    if cost is None:
        return f"{name}; nobody offers it, so it has no price."
    each = f", {money(best.hkd_per_million_tokens)} a million tokens of answers" if best.hkd_per_million_tokens else ""
    port = (
        f" Porting takes {count(best.porting_months, 'month')} and {money(best.porting_hkd)}, once."
        if best.porting_hkd
        else ""
    )
    return f"{name}: {money(cost.p50)} a month ({short_money(cost.p10)} to {short_money(cost.p90)}){each}.{port} {_ready(best, asked)}"


def _ready(best: Service, asked: ServeQuestion) -> str:
    waits = [
        *([f"application and queue {count(best.access_months, 'month')}"] if best.access_months else []),
        *([f"lead time {count(best.lead_months, 'month')}"] if best.lead_months else []),
        *([f"porting {count(best.porting_months, 'month')} beside it"] if best.porting_months else []),
        *([f"data formalities {count(best.data_months, 'month')} beside it"] if best.data_months else []),
    ]
    ends = f" The scheme that pays a part ends on {best.paid_until}." if best.paid_until else ""
    straight = ", at once" if best.ready == asked.on else ", the first day of the offer"
    return f"Ready on {best.ready}{f' after {listed(waits)}' if waits else straight}.{ends}"


def _rules(best: Service) -> str:
    data = f" Data: {best.data_rule}." if best.data_rule else ""
    return f"Law: {best.legal['outcome']} by {best.legal['rule']}.{data}".replace("..", ".")


def _options(records: Sequence[Service], asked: ServeQuestion, named: Sequence[str], everything: bool) -> list[Part]:
    """The table: of each accelerator its first option, or all where some are named or everything is asked for."""
    first: dict[str, Service] = {}
    for each in records:
        first.setdefault(each.accelerator, each)
    rows = list(records) if named or everything else [each for each in first.values() if each.fits]
    shown = rows if everything else rows[:MOST]
    order = "the largest load first" if asked.requests_per_s is None else "the cheapest lawful one first"
    table = Table(f"Options, {order}", COLUMNS, [_cells(each, records[0], asked) for each in shown])
    compared = "load over that of the first" if asked.requests_per_s is None else "× the cost of the first"
    legend = f"tok/s: tokens of answers a second and device. ms: time of a token. HKD/M: a million tokens of answers at the mean load.{law_words(each.legal for each in shown)} choice: the reason against, or {compared}."
    return ["", table, legend, *not_shown(len(records) - len(shown)), *_against(records)]


def _cells(each: Service, first: Service, asked: ServeQuestion) -> list[str]:
    speed, cost = each.tokens_per_s_per_device, each.hkd_per_month
    return [
        each.option,
        f"{each.devices:,}" if each.devices is not None else "–",
        number(speed.p50) if speed else "–",
        number(each.tpot_ms) if each.tpot_ms else "–",
        each.binds or "–",
        short_money(cost.p50) if cost else "–",
        number(each.hkd_per_million_tokens) if each.hkd_per_million_tokens else "–",
        LAW[each.legal["outcome"]],
        _choice(each, first, asked),
    ]


def _choice(each: Service, first: Service, asked: ServeQuestion) -> str:
    """CHOSEN, or in a word or two the first reason against it."""
    if each.chosen:
        return "CHOSEN"
    against = obstacle(each, asked)
    if against:
        return against.short
    if asked.requests_per_s is None:
        return f"{number((each.output_tokens_per_s or 0) / (first.output_tokens_per_s or 1), 2)} of it"
    return (
        f"{number(each.hkd_per_month.p50 / first.hkd_per_month.p50)} ×"
        if each.hkd_per_month and first.hkd_per_month
        else "–"
    )


def _against(records: Sequence[Service]) -> list[Part]:
    barred = (each for each in records if not each.fits or not each.allowed)
    return in_the_way(((_reason(each), each.accelerator) for each in barred), REASONS)


def _reason(each: Service) -> str:
    if not each.fits:
        return str(each.reason).rpartition(": ")[2]
    if not each.may_use or each.needs_licence:
        return f"{each.legal['outcome']} by {each.legal['rule']}"
    return str(each.data_rule)
