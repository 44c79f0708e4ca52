"""What limits the plan, and what each limit is worth."""

from __future__ import annotations

from planner.figures.prices import priced_limits
from planner.papers.paper import PaperPart
from planner.papers.plan.parts import Context

MOST = 8


def sensitivity(c: Context) -> list[PaperPart]:
    say, limits = c.say, priced_limits(c.plan)
    parts: list[PaperPart] = [
        say("Limits with a number that bind: {count}. The heaviest, at the solver's price:", count=len(limits)),
        *(f"- {limit.sentence(say)} {limit.because}." for limit in limits[:MOST]),
        *c.drawn("prices"),
        say("Which estimates move the plan is found by `planner sweep CASE --ranges '*' --design tornado`, how it fares under other policies by `planner stress CASE`."),
    ]  # fmt: skip
    return parts
