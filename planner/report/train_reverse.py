"""A training asked the other way round, in words: how many devices a date takes, and how much a sum trains."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

from planner.report.language import Language
from planner.report.tables import Part
from planner.training.question import TrainQuestion
from planner.training.record import TrainTime

SURE = {"p50": "as likely as not", "p90": "in nine cases of ten"}


def reverse_parts(records: Sequence[TrainTime], asked: TrainQuestion, say: Language) -> list[Part]:
    """Fewest devices for the date, and the most that the budget trains, among what is lawful."""
    lawful = [entry for entry in records if entry.fits and entry.allowed and entry.obtainable]
    lines: list[Part] = []
    if asked.by:
        needed = [
            (entry.by_date.devices_needed, entry) for entry in lawful if entry.by_date and entry.by_date.devices_needed
        ]
        lines.append(_by(asked, min(needed, key=itemgetter(0), default=None), say))
    if asked.budget_hkd is not None:
        paid = [
            (tokens_b, entry)
            for entry in lawful
            if entry.affordable and (tokens_b := entry.affordable.tokens_b_affordable)
        ]
        lines.append(_budget(asked, asked.budget_hkd, max(paid, key=itemgetter(0), default=None), say))
    return lines


def _by(asked: TrainQuestion, fewest: tuple[int, TrainTime] | None, say: Language) -> str:
    within = say(" within {hkd}", hkd=say.money(asked.budget_hkd)) if asked.budget_hkd is not None else ""
    wish = {"day": asked.by, "within": within, "sure": say(SURE[asked.sure])}
    if fewest is None:
        why = (
            say("what is on offer, its waits or the budget do not allow it")
            if within
            else say("its waits or what is on offer do not allow it")
        )
        return say("No number of devices is done by {day}{within}, {sure}: {why}.", why=why, **wish)
    devices, entry = fewest
    return say(
        "To be done by {day}{within}, {sure}, takes {devices} at least: {option}.",
        devices=say.count(devices, "device"),
        option=entry.option,
        **wish,
    )


def _budget(asked: TrainQuestion, budget_hkd: float, most: tuple[float, TrainTime] | None, say: Language) -> str:
    hkd = say.money(budget_hkd)
    purse = say("{hkd} by {day}", hkd=hkd, day=asked.by) if asked.by else hkd
    if most is None:
        return say(
            "{hkd} trains nothing: no lawful option keeps within it, with porting, waits and what must be bought whole.",
            hkd=purse,
        )
    tokens_b, entry = most
    size = entry.affordable.params_b_affordable if entry.affordable else None
    model = say(", or a model of {size} parameters on 20 tokens each", size=say.billions(size)) if size else ""
    return say(
        "{hkd} trains this model on up to {tokens} tokens{model}, {sure}, on {devices}: {option}.",
        hkd=purse,
        tokens=say.billions(tokens_b),
        model=model,
        sure=say(SURE[asked.sure]),
        devices=say.count(entry.count, "device"),
        option=entry.option,
    )
