"""A plan of the case with the sliders where they stand, beside the one it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.app.cases import CaseFiles
from planner.app.process import Teller
from planner.app.sliders import asked, sliders
from planner.app.work.estimate import estimate, slopes
from planner.app.work.known import MOST_RECORDS, Asked, Latest, base_of, inputs_of, keep, nearest
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
_plans = Latest(MOST_RECORDS)


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

    numbers: tuple[Number, ...]
    figures: dict[str, Figure]
    before: dict[str, Figure]
    why: tuple[Part, ...]
    in_fractions: bool


def plan_answer(
    tell: Teller, files: CaseFiles, fields: Fields, pinned: Fields | None, last: Fields | None, lang: str
) -> PlanAnswer:
    """The plan of the case with these fields, the pinned one beside it. While it is made, what it will cost by the prices of the
    last one is told as the part `estimate_hkd`, where they say so.

    Raises InvalidInput, Infeasible and SolverFailed, as the command line does.
    """
    say = language(lang)
    _tell_estimate(tell, files, fields, last)
    record = _planned(tell, files, fields).record
    before = None if pinned is None else _planned(tell, files, pinned).record
    return PlanAnswer(
        tuple(_numbers(record, before, say)),
        figures(record, FIGURES, say),
        figures(before, FIGURES, say) if before else {},
        tuple(_why(record, say)),
        inputs_of(files).case.rounds_lots,
    )


@dataclass(frozen=True)
class _Planned:
    """A plan as it is shown, and what its prices say of moves."""

    record: PlanRecord
    slopes: dict[str, float]


def _key(files: CaseFiles, fields: Fields) -> Asked:
    sets, scenario = asked(inputs_of(files).case.comparable, fields)
    return files.sha256, tuple(sets.items()), scenario


def _planned(tell: Teller, files: CaseFiles, fields: Fields) -> _Planned:
    asks = _, sets, scenario = _key(files, fields)

    def make() -> _Planned:
        plan = base_of(files, tell)
        if sets or scenario is not None:
            moved = changed(inputs_of(files).case.comparable, dict(sets), scenario)
            plan = make_plan(moved, near=nearest(asks, plan), tell=tell)
            for gone in keep(asks, plan):
                tell.keep(gone)
        return _Planned(plan.record, slopes(plan))

    return _plans.get(asks, make)


def _tell_estimate(tell: Teller, files: CaseFiles, fields: Fields, last: Fields | None) -> None:
    """Where the last plan is known here and this one is not yet."""
    known: _Planned | None = None if last is None else _plans.peek(_key(files, last))
    if known is None or last is None or _plans.peek(_key(files, fields)) is not None:
        return
    hkd = estimate(known.record.objective_hkd, known.slopes, sliders(inputs_of(files).case.comparable), last, fields)
    if hkd is not None:
        tell.part(estimate_hkd=hkd, last_hkd=known.record.objective_hkd)


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
