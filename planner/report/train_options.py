"""The options of a training job as one short table: what may be done first, in groups, the rest counted.

one accelerator named     its options, as they are ranked
several                   a group for each
none                      one line per accelerator, its first option: on CUDA, on other software, not to be had
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.cells import number
from planner.performance.estimate import Spread
from planner.performance.tax import Tax
from planner.report.language import IN_ENGLISH, Language
from planner.report.options import LAW, fair, group_rows, in_the_way, law_words, not_shown
from planner.report.tables import Part, Table
from planner.training.question import TrainQuestion
from planner.training.record import TrainTime

MOST = 12
MOMENT_DAYS = 0.01
UNITS = (
    ("{time} days ({low} to {high})", 1.0),
    ("{time} hours ({low} to {high})", 24.0),
    ("{time} minutes ({low} to {high})", 1_440.0),
)
REASONS = 5
COLUMNS = ("option", "days", "done by", "HKD", "× best", "tax", "law", "choice")
KINDS = ("on CUDA", "on other software", "not to be had")
Group = tuple[str, Sequence[TrainTime]]


def options_parts(
    records: Sequence[TrainTime],
    asked: TrainQuestion,
    named: Sequence[str],
    everything: bool,
    say: Language = IN_ENGLISH,
    *,
    typed: bool = True,
) -> list[Part]:
    """The table, what its short words mean, and what stands in the way of the rest."""
    groups = _groups(records, named, everything)
    shown = groups if everything else fair(groups, MOST)
    titled = [(say(title), entries) for title, entries in shown]
    rows = list(group_rows(titled, lambda entry: [entry.option, *_cells(entry, records[0], asked, say)]))
    title = say("Options on {devices}, {order}", devices=say.count(asked.devices, "device"), order=_order(groups, say))
    table = Table(title, [say(name) for name in _columns(asked)], rows, spare=(say("tax"), say("× best")))
    shown_entries = [entry for _, entries in shown for entry in entries]
    more = not_shown(len(records) - len(shown_entries), say, typed=typed)
    return ["", table, _legend(shown_entries, asked, say), *more, *_against(records, say)]


def _columns(asked: TrainQuestion) -> tuple[str, ...]:
    """With a date, the devices that it needs take the place of the comparison: there is no room for both."""
    by_date = {"× best": "needs"} if asked.by else {}
    return tuple(by_date.get(name, name) for name in COLUMNS)


def _groups(records: Sequence[TrainTime], named: Sequence[str], everything: bool) -> list[Group]:
    if named:
        ids = list(dict.fromkeys(named))
        each = [[entry for entry in records if entry.accelerator == name] for name in ids]
        return [("" if len(ids) == 1 else name, group) for name, group in zip(ids, each, strict=True) if group]
    first: dict[str, TrainTime] = {}
    for entry in records:
        first.setdefault(entry.accelerator, entry)
    shown = records if everything else list(first.values())
    return [(kind, group) for kind in KINDS if (group := [entry for entry in shown if _kind(entry) == kind])]


def _kind(entry: TrainTime) -> str:
    if not entry.allowed or not entry.fits or not entry.obtainable:
        return KINDS[2]
    return KINDS[entry.software_stack != "cuda"]


def _order(groups: Sequence[Group], say: Language) -> str:
    if len(groups) == 1:
        return say("the cheapest lawful one first")
    return say("in each group the cheapest lawful one first")


def _cells(entry: TrainTime, first: TrainTime, asked: TrainQuestion, say: Language) -> list[str]:
    took, cost, times = entry.days, entry.cost_hkd, entry.times_best_unrestricted
    needed = entry.by_date.devices_needed if entry.by_date else None
    compared = (number(needed) if needed else "–") if asked.by else (f"{times:.1f}" if times else "–")
    return [
        "–".join(dict.fromkeys(map(short_days, (took.p10, took.p50, took.p90)))) if took else "–",
        entry.finish.isoformat() if entry.finish else "–",
        say.short_money(cost.p50) if cost else "–",
        compared,
        _tax(entry.performance_tax),
        say(LAW[entry.legal["outcome"]]),
        say(_choice(entry, first, asked)),
    ]


def short_days(value: float) -> str:
    """Days in the two figures that their band deserves: 0.52, 1.6, 12, 1,234; below a quarter of an hour no figure."""
    if value < MOMENT_DAYS:
        return "<0.01"
    return f"{value:,.0f}" if value >= 9.95 else f"{value:.1f}" if value >= 0.95 else f"{value:.2g}"


def lasting(took: Spread, say: Language = IN_ENGLISH) -> str:
    """A time with its p10 and p90, in days, hours or minutes."""
    words, factor = next(((name, each) for name, each in UNITS if took.p50 * each >= 0.95), UNITS[-1])
    low, mid, high = (short_days(value) for value in (took.p10 * factor, took.p50 * factor, took.p90 * factor))
    return say(words, time=mid, low=low, high=high)


def _tax(tax: Tax | None) -> str:
    return f"{tax.kernels:.0%}/{tax.scaling:.0%}/{tax.porting_months:.2g}".replace("%", "") if tax else "–"


def _choice(entry: TrainTime, first: TrainTime, asked: TrainQuestion) -> str:
    """CHOSEN, or in a word or two the first reason against it."""
    cost, best = entry.cost_hkd, first.cost_hkd
    done = entry.finish_p90 if asked.sure == "p90" else entry.finish
    late = asked.by and done and done > asked.by
    dear = asked.budget_hkd is not None and entry.why_not and "budget" in entry.why_not
    reasons = (
        (entry.chosen, "CHOSEN"),
        (not entry.fits, "unfit"),
        (not entry.may_use, "law"),
        (not entry.allowed and not entry.needs_licence, "data"),
        (entry.needs_licence, "licence"),
        (not entry.obtainable, "not let"),
        (late, "too late"),
        (cost is None, "no price"),
        (dear, "too dear"),
    )
    said = next((words for holds, words in reasons if holds), None)
    return said or (f"{number(cost.p50 / best.p50)} ×" if cost and best else "–")


def _legend(entries: Sequence[TrainTime], asked: TrainQuestion, say: Language) -> str:
    compared = (
        say(" needs: fewest devices to be done by {day} at {sure}.", day=asked.by, sure=asked.sure)
        if asked.by
        else say(" × best: time per device over that of {device}.", device=entries[0].best_unrestricted)
    )
    return say(
        "days: p10–p50–p90. tax: % lost to kernels / % to scaling / months of porting.{compared}{law} choice: the reason against, or"
        " × the cost of the first.",
        compared=compared,
        law=law_words((entry.legal for entry in entries), say),
    )


def _against(records: Sequence[TrainTime], say: Language) -> list[Part]:
    barred = (entry for entry in records if not entry.allowed or not entry.fits or not entry.obtainable)
    return in_the_way(((_reason(entry), entry.accelerator) for entry in barred), REASONS, say)


def _reason(entry: TrainTime) -> str:
    outcome, rule = entry.legal["outcome"], entry.legal["rule"]
    if not entry.fits:
        return str(entry.reason)
    if not entry.may_use or entry.needs_licence:
        return f"{outcome} by {rule}"
    if not entry.obtainable:
        return str(entry.why_not)
    return entry.data_rule.because if entry.data_rule else ""
