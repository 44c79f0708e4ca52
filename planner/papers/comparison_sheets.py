"""A comparison in full, for a workbook: every figure of every option, and weights that a committee may change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from planner.report.compare import records_of
from planner.report.compare_claims import finding_of
from planner.report.compare_tables import cost_of
from planner.report.compare_words import id_of, moved, subject_of, unit_of
from planner.report.language import ENGLISH, Language
from planner.report.tables import Formula, Table
from planner.study.compare.compare import Compared
from planner.study.compare.option import Option

MOST_COLUMNS = 24
"""Of options whose scores are worked out in a workbook: its columns C to Z."""


def sheets(answer: Compared, say: Language) -> Iterator[Table]:
    """A table each."""
    if 0 < sum(option.rank is not None for option in answer.options) <= MOST_COLUMNS:
        yield _scores(answer, say)
    yield sheet(say("Options in full"), records_of(answer, say), say)
    yield sheet(say("Costs in full"), [_of(o, say, cost=_cost(cost, say), hkd=hkd) for o in answer.options for cost, hkd in o.costs.items()], say)  # fmt: skip
    yield sheet(say("Cash in full"), [_of(o, say, **asdict(year)) for o in answer.options for year in o.cash], say)
    yield sheet(say("Checks in full"), [_of(o, say, **check) for o in answer.options for check in _checks(o, say)], say)  # fmt: skip
    futures = [_of(o, say, **asdict(e) | {"scenario": say.name(e.scenario)}) for o in answer.options for e in o.scenarios]  # fmt: skip
    yield sheet(say("Scenarios in full"), futures, say)
    switches = [
        {"what": moved(each, say), "unit": unit_of(each, say), "now": each.now, "at": each.at, "then_first": each.then_first}
        for each in answer.switches
    ]  # fmt: skip
    yield sheet(say("Switching values"), switches, say)


def _scores(answer: Compared, say: Language) -> Table:
    """Criteria with their weights, which a committee may change, and the score that follows."""
    shown = [option for option in answer.options if option.rank]
    criteria = {name: weight for name, weight in answer.comparison.weights.criteria.items() if weight}
    rows: list[list[Any]] = [
        [say.name(name), weight, *(o.values[name] for o in shown)] for name, weight in criteria.items()
    ]
    last, columns = len(rows) + 1, [chr(ord("C") + place) for place in range(len(shown))]
    weights = f"$B$2:$B${last}"
    scores = [Formula(f"=100*SUMPRODUCT({weights},{c}2:{c}{last})/SUM({weights})", o.score or 0.0) for c, o in zip(columns, shown, strict=True)]  # fmt: skip
    ranks = [Formula(f"=RANK({c}{last + 1},${columns[0]}${last + 1}:${columns[-1]}${last + 1})", float(o.rank or 0)) for c, o in zip(columns, shown, strict=True)]  # fmt: skip
    return Table(
        say("Weights and scores"),
        (say("criterion"), say("weight"), *(o.option for o in shown)),
        [*rows, [say("score"), None, *scores], [say("rank"), None, *ranks]],
    )


def _checks(option: Option, say: Language) -> Iterator[dict[str, Any]]:
    for each in option.checks:
        yield {
            "subject": subject_of(each, say), "unit": say(each.unit), "claim": each.claim, "recomputed": each.recomputed,
            "agrees": each.agrees, "says": finding_of(each, say), "difference": each.difference,
        }  # fmt: skip


def _of(option: Option, say: Language, **record: Any) -> dict[str, Any]:
    return {"option": id_of(option, say), **record}


def _cost(name: str, say: Language) -> str:
    """Its name as other programs know it, in English."""
    return name if say.tag == ENGLISH else cost_of(name, say)


def sheet(title: str, records: Sequence[Mapping[str, Any]], say: Language) -> Table:
    """Columns are named in English as in CSV, so that formulas and scripts find them; else headed by words and unit."""
    table = Table.of(records, title=title)
    if say.tag == ENGLISH:
        return table
    rows = [[_told(cell, say) for cell in row] for row in table.rows]
    return Table(title, [say.heading(column) for column in table.columns], rows)


def _told(cell: Any, say: Language) -> Any:
    if isinstance(cell, bool):
        return say("yes") if cell else say("no")
    return say(", ").join(cell) if isinstance(cell, list) else cell
