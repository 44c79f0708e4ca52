"""What law says of every device over time, and of one of them in full, as `planner controls` tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import ValidationError

from planner.app.numbers import day
from planner.app.process import Teller
from planner.app.work.known import Latest
from planner.app.work.told import Told
from planner.domain.accelerator import Accelerator
from planner.domain.country import UNNAMED, country_code, refusal
from planner.domain.horizon import Period
from planner.domain.transaction import Transaction
from planner.errors import UsageError
from planner.figures.law_map import law_map
from planner.intake.catalogue import accelerators, regimes
from planner.law.otherwise import otherwise
from planner.law.outcome import Verdict, decide
from planner.law.record import answer_record
from planner.report.controls import tables_for_people
from planner.report.language import Language, language
from planner.report.tables import Part

QUARTERS = 28
Verdicts = dict[tuple[str, str], Verdict]
_maps = Latest(12)


def looked_at(tell: Teller, fields: Mapping[str, str], first: date, lang: str) -> Told:
    """The map from the quarter of the first day on, and the answer about a device on a day where both are named.

    Raises UsageError for a country, device or day that is none.
    """
    say = language(lang)
    asked, scenario = _transaction(fields), fields.get("scenario") or None
    begin = Period.parse(f"{first.year}q{(first.month + 2) // 3}")
    quarters = [begin.later(place) for place in range(QUARTERS)]
    devices = [d for d in accelerators().values() if fields.get("maker", "") in ("", d.vendor)]
    if not devices:
        raise UsageError(f"the catalogue has no device of {fields['maker']!r}.")
    key = (asked.model_dump_json(), scenario, str(quarters[0]), fields.get("maker", ""))
    verdicts = _maps.get(key, lambda: _verdicts(devices, asked, quarters, first, scenario))
    drawn = law_map(devices, [str(quarter) for quarter in quarters], verdicts, say)
    return Told.of(_one(fields, asked, scenario, say), [drawn], first=True)


def _verdicts(
    devices: Sequence[Accelerator], asked: Transaction, quarters: Sequence[Period], first: date, scenario: str | None
) -> Verdicts:
    book = regimes()
    return {(d.id, str(q)): decide(d, asked, max(q.start, first), book, scenario) for d in devices for q in quarters}


def _transaction(fields: Mapping[str, str]) -> Transaction:
    places = {}
    for name, text in (("destination", fields.get("to", "HK")), ("end_user_hq", fields.get("end_user_hq", "HK"))):
        code = text.upper() if text.upper() == UNNAMED else country_code(text)
        if code is None:
            raise UsageError(f"{refusal(text)}.")
        places[name] = code
    try:
        return Transaction.model_validate(
            {**places, **{name: fields[name] for name in ("channel", "use_case") if name in fields}}
        )
    except ValidationError as error:
        raise UsageError(str(error.errors(include_url=False)[0]["msg"])) from None


def _one(fields: Mapping[str, str], asked: Transaction, scenario: str | None, say: Language) -> list[Part]:
    id, on = fields.get("device", ""), day(fields, "on")
    if not id or on is None:
        return []
    if id not in accelerators():
        raise UsageError(f"the catalogue has no accelerator {id!r}.")
    device, book = accelerators()[id], regimes()
    verdict = decide(device, asked, on, book, scenario)
    record = answer_record(verdict, device, book, otherwise(device, asked, on, book, scenario, frozenset()))
    return list(tables_for_people([verdict], [device], [record], say))
