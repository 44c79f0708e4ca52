"""What law in force says of the parts of bids, and what each option leaves the need to cost in each future of policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from planner.report.compare_words import NONE, id_of
from planner.report.language import ENGLISH, IN_ENGLISH, Language
from planner.report.options import LAW
from planner.report.tables import Part, Table
from planner.report.words import percent

if TYPE_CHECKING:
    from planner.study.compare.compare import Compared
    from planner.study.compare.option import Option


def law(answer: Compared, say: Language = IN_ENGLISH) -> Table:
    """What law in force says of each part on the day that counts."""
    rows = [
        [
            option.option,
            part.accelerator,
            part.on or NONE,
            say.name(part.outcome) if part.outcome else NONE,
            part.rule or NONE,
            say("yes") if part.allowed else say("no"),
        ]
        for option in answer.options
        for part in option.legal.parts
    ]
    note = say("On the day of shipment, or of the first rent. Research, not legal advice; planner catalog rules ID shows a rule with its text.")  # fmt: skip
    columns = (say("option"), say("device"), say("on"), say("outcome"), say("rule"), say("allowed"))
    return Table(say("Law in force"), columns, rows, note)


def law_of(option: Option, say: Language) -> str:
    """In English in a word, which needs less room than its name."""
    outcomes = dict.fromkeys(part.outcome for part in option.legal.parts if part.outcome)
    words = [LAW[each] if say.tag == ENGLISH else say.name(each) for each in outcomes]
    return say(", ").join(words) if option.legal.allowed else say("refused")


def futures(answer: Compared, say: Language = IN_ENGLISH) -> Iterator[Part]:
    """Regret by future."""
    names = [entry.scenario for entry in answer.options[0].scenarios]
    if not names:
        return
    rows = [
        [
            id_of(option, say),
            *(say.short_money(entry.regret_hkd) for entry in option.scenarios),
            say.short_money(option.expected_regret_hkd),
        ]
        for option in answer.options
    ]
    heads = [say.name(name) for name in names]
    entries = zip(heads, answer.options[0].scenarios, strict=True)
    chances = say(", ").join(f"{name} {percent(entry.probability)}" for name, entry in entries)
    note = say("What it leaves the need to cost in each future, above the least of all options there. Probabilities: {chances}.", chances=chances)  # fmt: skip
    yield from ("", Table(say("Regret, HKD"), (say("option"), *heads, say("expected")), rows, note))
