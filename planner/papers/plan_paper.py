"""The paper of a plan."""

from __future__ import annotations

from planner.figures import figures
from planner.papers.paper import Paper, Section, Sources
from planner.plan.record import PlanRecord
from planner.report.language import IN_ENGLISH, Language


def plan_paper(plan: PlanRecord, say: Language = IN_ENGLISH) -> Paper:
    """All that a committee asks of a plan, without solving anything again."""
    drawn, sources = figures(plan, say=say), Sources()
    case = plan.case
    return Paper(
        case.title,
        [Section(say("What the plan does"), list(drawn.values()))],
        lead=case.description,
        facts=[(say("Cost, present value"), say.money(plan.objective_hkd))],
        sources=sources.texts,
        say=say,
    )
