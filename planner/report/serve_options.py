"""The options of a service as one short table, by place, the cheapest lawful one first; the rest counted, with what is against them."""

from __future__ import annotations

from collections.abc import Sequence

from planner.cells import number
from planner.report.language import Language
from planner.report.options import LAW, fair, group_rows, in_the_way, law_words, not_shown
from planner.report.tables import Part, Table
from planner.serving.choice import obstacle
from planner.serving.option import Service
from planner.serving.question import ServeQuestion

MOST, REASONS = 15, 5
COLUMNS = ("option", "devices", "load", "tok/s", "ms", "binds", "HKD/mo", "HKD/M", "law", "data", "choice")
DATA = {"allow": "free", "condition": "formal", "deny": "denied"}


def options_parts(
    records: Sequence[Service],
    asked: ServeQuestion,
    named: Sequence[str],
    everything: bool,
    say: Language,
    *,
    typed: bool,
) -> list[Part]:
    """The table: by place, the cheapest lawful one first; of each accelerator the first option there, or all where some are
    named or everything is asked for.
    """
    groups: dict[str, list[Service]] = {}
    known: set[tuple[str, str]] = set()
    for each in records:
        if everything or named or (each.fits and (each.place, each.accelerator) not in known):
            groups.setdefault(say(each.place), []).append(each)
        known.add((each.place, each.accelerator))
    shown = list(groups.items()) if everything else fair(list(groups.items()), MOST)
    entries = [each for _, group in shown for each in group]
    of_load = asked.requests_per_s is None
    order = say("the largest load first") if of_load else say("the cheapest lawful one first")
    rows = list(group_rows(shown, lambda each: _cells(each, records[0], asked, say)))
    columns, spare = [say(name) for name in _columns(asked)], [say(name) for name in ("HKD/M", "ms", "binds")]
    table = Table(say("Options by place, {order}", order=order), columns, rows, spare=spare)
    legend = say(
        "Bought: own hall and colocation; rented: the rest; AISC: the AI Supercomputing Centre. {load}tok/s: tokens of answers a second"
        " and device. ms: time of a token. HKD/M: a million tokens of answers at the mean load.{law}{data} choice: the reason against,"
        " or {compared}.",
        load=say("load: tokens/s in all. ") if of_load else "",
        law=law_words((each.legal for each in entries), say),
        data=say(" data: free, after formalities, or denied.") if asked.data_class else "",
        compared=say("load over that of the first") if of_load else say("× the cost of the first"),
    )
    return ["", table, legend, *not_shown(len(records) - len(entries), say, typed=typed), *_against(records, say)]


def _columns(asked: ServeQuestion) -> tuple[str, ...]:
    """With a class of data, what data rules say stands beside law; where a budget asks for it, the load."""
    left_out = {"data": not asked.data_class, "load": asked.requests_per_s is not None}
    return tuple(name for name in COLUMNS if not left_out.get(name))


def _cells(each: Service, first: Service, asked: ServeQuestion, say: Language) -> list[str]:
    speed, cost = each.tokens_per_s_per_device, each.hkd_per_month
    return [
        each.option,
        f"{each.devices:,}" if each.devices is not None else "–",
        *([number(round(each.output_tokens_per_s or 0))] if asked.requests_per_s is None else []),
        number(speed.p50) if speed else "–",
        number(each.tpot_ms) if each.tpot_ms else "–",
        say(each.binds or "–"),
        say.short_money(cost.p50) if cost else "–",
        number(each.hkd_per_million_tokens) if each.hkd_per_million_tokens else "–",
        say(LAW[each.legal["outcome"]]),
        *([say(DATA[each.data_permit])] if each.data_permit else []),
        _choice(each, first, asked, say),
    ]


def _choice(each: Service, first: Service, asked: ServeQuestion, say: Language) -> str:
    """CHOSEN, or in a word or two the first reason against it."""
    if each.chosen:
        return say("CHOSEN")
    against = obstacle(each, asked)
    if against:
        return say(against.short)
    if asked.requests_per_s is None:
        share = (each.output_tokens_per_s or 0) / (first.output_tokens_per_s or 1)
        return say("{share} of it", share=number(share, 2))
    return (
        f"{number(each.hkd_per_month.p50 / first.hkd_per_month.p50)} ×"
        if each.hkd_per_month and first.hkd_per_month
        else "–"
    )


def _against(records: Sequence[Service], say: Language) -> list[Part]:
    barred = (each for each in records if not each.fits or not each.allowed)
    return in_the_way(((_reason(each), each.accelerator) for each in barred), REASONS, say)


def _reason(each: Service) -> str:
    if not each.fits:
        return str(each.reason).rpartition(": ")[2]
    if not each.may_use or each.needs_licence:
        return f"{each.legal['outcome']} by {each.legal['rule']}"
    return str(each.data_rule)
