"""`explain ID` of a target, and `reach`: what stands, what each limit alone would let stand, and what would meet it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from planner.cells import number
from planner.plan.plan import Plan
from planner.plan.rows import Record
from planner.report.clash import setting
from planner.report.explain.answer import Answer, Evidence, Shown, results
from planner.report.limits import limits, proved
from planner.report.reach import FIGURES, keeps
from planner.report.tables import Part
from planner.report.words import listed, money
from planner.study.reach.answer import Story, story
from planner.study.reach.cheapest import Moved, Way
from planner.study.reach.moves import ALL, FAMILIES
from planner.study.worth.lifted import Tell


def explain_target(plan: Plan, name: str, tell: Tell) -> Answer:
    """All moves of limits together, and what the target costs at the margin."""
    whole = answer(story(plan, name, tuple(FAMILIES), tell))
    price = proved(plan, [limit for limit in limits(plan, ("capacity_target",)) if limit.subjects == (name,)])
    some = f"`planner reach CASE --target {name} --move …` looks among some moves alone."
    return replace(whole, words=(*whole.words, *(limit.sentence for limit in price), some))


def answer(story: Story, more: Sequence[str] = ()) -> Answer:
    """The story as words, with `more` to be said of it, and its tables."""
    target = story.target
    title = f"Target {story.name}: {number(target.pflops, FIGURES)} PFLOP/s {target.precision} {target.basis} by {target.by}"
    moved = story.way.moved if story.way else ()
    return Answer(
        story.name,
        title,
        (*_words(story), *more),
        (
            Evidence("alone", "What each limit alone would let stand", [asdict(r) for r in story.alone], _ALONE),
            Evidence(
                "moves", _moves_title(story.way), [record for entry in moved for record in _records(entry)], _MOVES
            ),
        ),
    )


def _words(story: Story) -> list[str]:
    if story.due is None:
        return [f"It is due in {story.target.by}, after the plan ends."]
    stands = f"{number(story.stands_pflops, FIGURES)} PFLOP/s stand in {story.due}"
    if story.met:
        return [f"It is met: {stands}."]
    missing = number(story.target.pflops - story.stands_pflops, FIGURES)
    return [
        f"{stands}: {missing} are missing, at {money(story.missing_hkd)} in present value.",
        keeps(story.alone),
        *_met_by(story),
    ]


def _met_by(story: Story) -> list[str]:
    way = story.way
    if way is None:
        return ["No moves of limits meet it: law, lead times and the days on which halls open are in the way."]
    if way.still:
        asked = listed(story.kinds, 9)
        return [
            f"Moves of {asked} do not meet it: {_factors([m for m in way.moved if m.kind in way.still])} would be needed beside."
        ]
    if way.proof is None:
        return [f"{_factors(way.moved)} would meet it, but no plan was found with that."]
    proof = way.proof
    meet = "meets" if len(way.moved) == 1 else "meet"
    by = f"{_factors(way.moved)} {meet} it" if way.moved else "It can be met as the case stands"
    less = "more" if proof.more_hkd >= 0 else "less"
    return [
        f"{by}: that plan costs {money(proof.objective_hkd)}, {money(abs(proof.more_hkd))} {less} than this one costs without the "
        f"{money(proof.missing_hkd)} for what is missing."
    ]


def _factors(moved: Sequence[Moved]) -> str:
    return listed([f"{entry.kind} × {number(entry.factor)}" for entry in moved], 9)


def _moves_title(way: Way | None) -> str:
    if way is None or way.still:
        return "What would have to move"
    return "The least moves that meet it, proved by a plan" if way.proof else "The least moves that might meet it"


def _records(entry: Moved) -> list[Record]:
    return [
        {"move": entry.kind, "factor": entry.factor, "change": change.words, "sets": change.sets}
        for change in entry.changes
    ]


def page_end(story: Story) -> list[Part]:
    """How to carry the moves on: as overrides."""
    if story.way is None or story.way.proof is None:
        return []
    return ["", "As overrides of `planner whatif`:", f"    {setting(story.way.sets)}"]


def reach_results(story: Story, shown: Answer) -> dict[str, Any]:
    """The story for scripts: words and tables of its answer, with overrides and proof."""
    way = story.way
    return {
        **results(shown),
        "met": story.met,
        "due": story.due,
        "stands_pflops": story.stands_pflops,
        "missing_hkd": story.missing_hkd,
        "moves_asked": list(story.kinds),
        "still": list(way.still) if way else [],
        "sets": way.sets if way else {},
        "proof": asdict(way.proof) if way and way.proof else None,
    }


_ALONE: Shown = {
    "limit": lambda r: "all together" if r["kind"] == ALL else r["kind"],
    "PFLOP/s": lambda r: "all that is asked for" if r["enough"] else number(r["pflops"], FIGURES),
}
_MOVES: Shown = {
    "move": lambda r: r["move"],
    "factor": lambda r: number(r["factor"]),
    "change": lambda r: r["change"],
}
