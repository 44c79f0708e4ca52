"""A plan of the case with the sliders where they stand, beside the one it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.app.cases import CaseFiles
from planner.app.sliders import asked
from planner.app.work.known import MOST_RECORDS, Latest, base_of, inputs_of
from planner.app.workers import Teller
from planner.figures import figures
from planner.figures.figure import Figure
from planner.papers.plan.parts import context_of
from planner.papers.plan.summary import summary
from planner.plan.plan import make_plan
from planner.plan.record import PlanRecord
from planner.report.language import Language, language
from planner.report.tables import Heading, Part
from planner.report.treasury import treasury
from planner.study.whatif.variant import changed

FIGURES = ("capacity", "fleet", "cost_years", "prices", "power")
Fields = Mapping[str, str]
_records = Latest(MOST_RECORDS)


@dataclass(frozen=True)
class Number:
    """A figure that counts, with what it was in the plan compared with. `unit`: hkd, share, devices or t."""

    name: str
    words: str
    unit: str
    value: float
    before: float | None


@dataclass(frozen=True)
class PlanAnswer:
    """What the page shows of a plan. `why`: what is ordered first, what may go wrong, and what limits it."""

    title: str
    numbers: tuple[Number, ...]
    figures: dict[str, Figure]
    before: dict[str, Figure]
    why: tuple[Part, ...]
    sets: dict[str, object]
    scenario: str | None
    in_fractions: bool


def plan_answer(tell: Teller, files: CaseFiles, fields: Fields, pinned: Fields | None, lang: str) -> PlanAnswer:
    """The plan of the case with these fields, the pinned one beside it.

    Raises InvalidInput, Infeasible and SolverFailed, as the command line does.
    """
    say, case = language(lang), inputs_of(files).case
    record = _record(tell, files, fields)
    before = None if pinned is None else _record(tell, files, pinned)
    sets, scenario = asked(case, fields)
    return PlanAnswer(
        record.case.title,
        tuple(_numbers(record, before, say)),
        figures(record, FIGURES, say),
        figures(before, FIGURES, say) if before else {},
        tuple(_why(record, say)),
        sets,
        scenario,
        case.rounds_lots,
    )


def _record(tell: Teller, files: CaseFiles, fields: Fields) -> PlanRecord:
    case = inputs_of(files).case.comparable
    sets, scenario = asked(case, fields)

    def make() -> PlanRecord:
        base = base_of(files, tell)
        if not sets and scenario is None:
            return base.record
        return make_plan(changed(case, sets, scenario), near=base, tell=tell).record

    return _records.get((files.sha256, tuple(sets.items()), scenario), make)


def _numbers(record: PlanRecord, before: PlanRecord | None, say: Language) -> list[Number]:
    now, then = _values(record), _values(before) if before else {}
    words = {
        "net": ("hkd", say("Net spending, present value")),
        "paid": ("hkd", say("Paid over the horizon")),
        "done": ("share", say("Work done of that asked for")),
        "bought": ("devices", say("Devices bought")),
        "carbon": ("t", say("Carbon over the horizon")),
    }
    return [Number(name, words[name][1], words[name][0], value, then.get(name)) for name, value in now.items()]


def _values(record: PlanRecord) -> dict[str, float]:
    """The figures that count, by name."""
    c = context_of(record)
    values = {"net": c.net_spending_hkd, "paid": sum(treasury(record).paid.values())}
    if c.asked_pflops_days:
        values["done"] = c.done_pflops_days / c.asked_pflops_days
    values["bought"] = sum(row["devices"] * record.probability[row["node"]] for row in c.orders)
    return {**values, "carbon": sum(record.expected(record.rows.carbon, "period", "carbon_t").values())}


def _why(record: PlanRecord, say: Language) -> list[Part]:
    return [part for part in summary(context_of(record, say)) if isinstance(part, str | Heading)]
