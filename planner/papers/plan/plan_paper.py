"""The whole paper of a plan, in the order in which a committee reads."""

from __future__ import annotations

from planner.figures import figures
from planner.papers.paper import Paper, Section
from planner.papers.plan.assumptions import assumptions
from planner.papers.plan.cost import cost, value
from planner.papers.plan.delivery import delivery
from planner.papers.plan.law import law
from planner.papers.plan.need import need
from planner.papers.plan.options import options
from planner.papers.plan.parts import context_of
from planner.papers.plan.risks import risks
from planner.papers.plan.sensitivity import sensitivity
from planner.papers.plan.sheets import sheets
from planner.papers.plan.summary import facts, summary
from planner.papers.plan.usual import usual
from planner.plan.record import PlanRecord
from planner.report.language import IN_ENGLISH, Language


def plan_paper(plan: PlanRecord, say: Language = IN_ENGLISH) -> Paper:
    """All that a committee asks of a plan."""
    context = context_of(plan, say, figures(plan, say=say))
    case = plan.case
    lead = say(
        "Plan from {first} to {last}, decided on {day}; law as of {law}. It plans lawful procurement and is not legal advice.",
        first=case.horizon.periods[0], last=case.horizon.periods[-1], day=case.horizon.first_day, law=case.rulebook.as_of,
    )  # fmt: skip
    sections = [
        Section(heading, parts)
        for heading, parts in (
            (say("Summary"), summary(context)),
            (say("Need and objectives"), need(context)),
            (say("Constraints and law"), law(context)),
            (say("Options"), options(context)),
            (say("Cost"), cost(context)),
            (say("Benefits and value for money"), value(context)),
            (say("If nothing is bought"), usual(context)),
            (say("What the answer hangs on"), sensitivity(context)),
            (say("Risks"), risks(context)),
            (say("Delivery plan"), delivery(context)),
            (say("Assumptions"), assumptions(context)),
        )
        if parts
    ]
    return Paper(case.title, sections, lead, facts(context), context.sources.texts, sheets(context), say=say)
