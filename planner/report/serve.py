"""A service as text: the answer in words, what it rests on, then the options as one short table."""

from __future__ import annotations

from collections.abc import Sequence

from planner.cells import number
from planner.report.options import LAW, fair, group_rows, in_the_way, law_words, not_shown
from planner.report.screen import CONDITIONS
from planner.report.tables import Heading, Part, Table
from planner.report.words import count, listed, money, short, short_money
from planner.serving.choice import obstacle
from planner.serving.option import Service
from planner.serving.question import ServeQuestion
from planner.training.market import PLACES

MOST, REASONS = 15, 5
COLUMNS = ("option", "devices", "load", "tok/s", "ms", "binds", "HKD/mo", "HKD/M", "law", "data", "choice")
READ_MS = 100.0
"""Time of a token beyond which people wait for it: some seven words a second."""
DATA = {"allow": "free", "condition": "formal", "deny": "denied"}
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
    records: Sequence[Service], asked: ServeQuestion, named: Sequence[str] = (), *, everything: bool = False
) -> list[Part]:
    """What to print, top to bottom. `records`: the chosen first; `named`: accelerators the user named."""
    best = records[0]
    lengths = f"{number(asked.wish.load.tokens_in)} tokens in, {number(asked.wish.load.tokens_out)} out"
    return [
        Heading(f"{_model(asked)}: {_load(asked)}, {lengths}"),
        *([] if best.chosen else [_none(best, asked)]),
        _speed(best, asked),
        *_unlimited(records, asked),
        _path(best, asked),
        *_without_hall(records, asked),
        _rules(best),
        f"Assumed: {'; '.join(best.assumptions)}.",
        *_options(records, asked, named, everything),
    ]


def _model(asked: ServeQuestion) -> str:
    return asked.shape.name[:1].upper() + asked.shape.name[1:]


def _load(asked: ServeQuestion) -> str:
    if asked.output_tokens_per_s is None:
        return f"the most for {money(asked.budget_hkd_per_month or 0.0)} a month"
    return f"{number(asked.output_tokens_per_s)} tokens/s in the busy hour"


def _none(best: Service, asked: ServeQuestion) -> str:
    budget = asked.budget_hkd_per_month
    within = f" within {money(budget)} a month" if budget is not None else ""
    return f"No option is to be had lawfully, without a licence and in that number{within}. The nearest, but {best.why_not}:"


def _speed(best: Service, asked: ServeQuestion) -> str:
    speed, devices = best.tokens_per_s_per_device, best.devices_band
    assert speed is not None
    assert devices is not None
    load, number_of = best.output_tokens_per_s or 0.0, count(best.devices or 0, "device")
    if asked.requests_per_s is None:
        low, high = (load * each / speed.p50 for each in (speed.p10, speed.p90))
        takes = f"{number_of} serve {number(load)} tokens/s ({short(low)} to {short(high)})"
    else:
        takes = f"{number(load)} tokens/s take {number_of} ({devices.p10:,.0f} to {devices.p90:,.0f})"
    token, first = number(best.tpot_ms or 0.0), number(round(best.ttft_s or 0.0, 2))
    wish = asked.wish
    return (
        f"{takes}: {best.accelerator_name}, {best.copy_devices} to a copy of the model, {number(round(best.batch or 0))} answers at once in each."
        f" A device writes {number(speed.p50)} tokens/s ({number(speed.p10)} to {number(speed.p90)}). A token takes {token} ms{_limit(wish.tpot_ms, 'ms')},"
        f" the first {first} s{_limit(wish.ttft_s, 's')}. Most of the time goes into {BINDS.get(best.binds or '', best.binds)}."
    )


def _unlimited(records: Sequence[Service], asked: ServeQuestion) -> list[Part]:
    """Without a limit the most devices serve is not what anyone would wait for."""
    slow = records[0].tpot_ms or 0.0
    if asked.wish.tpot_ms is not None or slow <= READ_MS:
        return []
    pace = number(round(1000 / slow, 1))
    return [
        f"No limit on the time of a token was given: {pace} tokens a second suit work without a reader; --tpot-ms 50 asks for what people read."
    ]


def _limit(most: float | None, unit: str) -> str:
    return f" (at most {number(most)} {unit})" if most else ""


def _path(best: Service, asked: ServeQuestion) -> str:
    cost = best.hkd_per_month
    chosen = "Largest lawful load" if asked.requests_per_s is None else "Cheapest lawful path"
    name = f"{chosen if best.chosen else 'Path'}: {best.option}, {best.where}"
    if cost is None:
        return f"{name}; nobody offers it, so it has no price."
    each = f", {money(best.hkd_per_million_tokens)} a million tokens of answers" if best.hkd_per_million_tokens else ""
    port = (
        f" Porting takes {count(best.porting_months, 'month')} and {money(best.porting_hkd)}, once."
        if best.porting_hkd
        else ""
    )
    band = f" ({short_money(cost.p10)} to {short_money(cost.p90)})" if asked.requests_per_s is not None else ""
    return f"{name}: {money(cost.p50)} a month{band}{each}.{_whole(best)}{port} {_ready(best, asked)}"


def _whole(best: Service) -> str:
    """What stands behind a month of devices that are bought."""
    if best.purchase_hkd is None:
        return ""
    return f" The devices cost {money(best.purchase_hkd)} to buy and install, spread over {best.life_years:g} years; the rest is power, staff and upkeep."


def _without_hall(records: Sequence[Service], asked: ServeQuestion) -> list[Part]:
    """Where a hall of one's own is chosen, what is best for those who have none."""
    if not records[0].chosen or records[0].place != OWN_PLACE or asked.site:
        return []
    other = next((each for each in records if each.place != OWN_PLACE and obstacle(each, asked) is None), None)
    if other is None or other.hkd_per_month is None:
        return ["Without a hall of one's own nothing is to be had lawfully and without a licence."]
    load = f"{number(other.output_tokens_per_s or 0)} tokens/s for " if asked.requests_per_s is None else ""
    return [
        f"Without a hall of one's own: {other.option}, {other.where}, {load}{money(other.hkd_per_month.p50)} a month."
    ]


def _ready(best: Service, asked: ServeQuestion) -> str:
    waits = [
        (best.access_months, "application and queue"),
        (best.lead_months, "lead time"),
        (best.hall_months, "fit-out of the hall"),
        (best.porting_months, "porting"),
        (best.data_months, "data formalities"),
    ]
    said = [f"{name} {count(round(months, 1), 'month')}" for months, name in waits if months]
    beside = " side by side" if len(said) > 1 else ""
    straight = ", at once" if best.ready == asked.on else ", the first day of the offer"
    ends = f" The scheme that pays a part ends on {best.paid_until}." if best.paid_until else ""
    return f"Ready on {best.ready}{f' after {listed(said)}{beside}' if said else straight}.{ends}"


def _rules(best: Service) -> str:
    legal = best.legal
    condition = CONDITIONS.get(legal["outcome"], "") if best.may_use and not best.needs_licence else ""
    data = f" Data: {best.data_rule}" if best.data_rule else ""
    return f"Law: {legal['outcome']} by {legal['rule']}{condition}.{data}"


def _options(records: Sequence[Service], asked: ServeQuestion, named: Sequence[str], everything: bool) -> list[Part]:
    """The table: by place, the cheapest lawful one first; of each accelerator the first option there, or all where some are
    named or everything is asked for.
    """
    groups: dict[str, list[Service]] = {}
    known: set[tuple[str, str]] = set()
    for each in records:
        if everything or named or (each.fits and (each.place, each.accelerator) not in known):
            groups.setdefault(each.place, []).append(each)
        known.add((each.place, each.accelerator))
    shown = list(groups.items()) if everything else fair(list(groups.items()), MOST)
    entries = [each for _, group in shown for each in group]
    order = "the largest load first" if asked.requests_per_s is None else "the cheapest lawful one first"
    rows = list(group_rows(shown, lambda each: _cells(each, records[0], asked)))
    table = Table(f"Options by place, {order}", _columns(asked), rows, spare=("HKD/M", "ms", "binds"))
    compared = "load over that of the first" if asked.requests_per_s is None else "× the cost of the first"
    data = " data: free, after formalities, or denied." if asked.data_class else ""
    load = "load: tokens/s in all. " if asked.requests_per_s is None else ""
    legend = f"Bought: own hall and colocation; rented: the rest; AISC: the AI Supercomputing Centre. {load}tok/s: tokens of answers a second and device. ms: time of a token. HKD/M: a million tokens of answers at the mean load.{law_words(each.legal for each in entries)}{data} choice: the reason against, or {compared}."
    return ["", table, legend, *not_shown(len(records) - len(entries)), *_against(records)]


def _columns(asked: ServeQuestion) -> tuple[str, ...]:
    """With a class of data, what data rules say stands beside law; where a budget asks for it, the load."""
    left_out = {"data": not asked.data_class, "load": asked.requests_per_s is not None}
    return tuple(name for name in COLUMNS if not left_out.get(name))


def _cells(each: Service, first: Service, asked: ServeQuestion) -> list[str]:
    speed, cost = each.tokens_per_s_per_device, each.hkd_per_month
    return [
        each.option,
        f"{each.devices:,}" if each.devices is not None else "–",
        *([number(round(each.output_tokens_per_s or 0))] if asked.requests_per_s is None else []),
        number(speed.p50) if speed else "–",
        number(each.tpot_ms) if each.tpot_ms else "–",
        each.binds or "–",
        short_money(cost.p50) if cost else "–",
        number(each.hkd_per_million_tokens) if each.hkd_per_million_tokens else "–",
        LAW[each.legal["outcome"]],
        *([DATA[each.data_permit]] if each.data_permit else []),
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
