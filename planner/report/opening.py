"""What a hall that is not open yet would save if it opened a period earlier: the plan made anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from planner.domain.case import Case
from planner.plan.plan import Plan
from planner.report.limits import Limit
from planner.report.words import unopened_sentence
from planner.study.worth.lifted import Tell, worth


def opened_earlier(plan: Plan, found: Iterable[Limit], tell: Tell) -> list[Limit]:
    """The limits, those of halls that open later with what one period earlier would save."""
    return [_priced(plan, limit, tell) if limit.opens else limit for limit in found]


def _priced(plan: Plan, limit: Limit, tell: Tell) -> Limit:
    (site,) = limit.subjects
    periods = [str(period) for period in plan.case.horizon.periods]
    opens = limit.opens or ""
    earlier = periods[periods.index(opens) - 1]
    (variant,) = worth(plan, {f"{site} opened in {earlier}": opened(plan.case, site, earlier)}, tell)
    return replace(
        limit,
        unit="period earlier",
        saves_hkd_per_unit=variant.saves_hkd,
        saves_hkd_whole_unit=variant.saves_hkd,
        proved=True,
        sentence=unopened_sentence(site, opens, variant.saves_hkd, earlier),
    )


def opened(case: Case, site: str, period: str) -> Case:
    """The case in which the first phase of the hall begins in the period."""
    hall, day = case.sites[site], next(p for p in case.horizon.periods if str(p) == period)
    first, *rest = hall.phases
    phases = (first.model_copy(update={"from_date": case.horizon.order_date(day)}), *rest)
    return case.model_copy(update={"sites": {**case.sites, site: hall.model_copy(update={"phases": phases})}})
