"""Dates and node indices: when an order stands, how long a period counts, what its money is worth."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from planner.domain.case import Case
from planner.domain.device_cost import price_growth_per_year
from planner.domain.horizon import MONTHS_PER_STEP, Horizon, Node, Period, add_months
from planner.domain.offer import Offer
from planner.units import DAYS_PER_YEAR, HOURS_PER_DAY, MONTHS_PER_YEAR


def position_from(horizon: Horizon, day: date) -> int | None:
    """Index of the first period of which all that counts lies on or after the day; None when the horizon ends before.

    The first period counts from the decision date.
    """
    position = bisect_left(horizon.periods, day, key=horizon.order_date)
    return position if position < len(horizon.periods) else None


def days_in(case: Case, node: Node) -> int:
    """Days of the node's period that lie after the decision date."""
    return (node.period.end - max(node.period.start, case.horizon.first_day)).days


def hours_in(case: Case, node: Node) -> float:
    """Hours of the node's period that lie after the decision date."""
    return days_in(case, node) * HOURS_PER_DAY


def months_in(case: Case, node: Node) -> float:
    """Months of the node's period that lie after the decision date."""
    return days_in(case, node) / DAYS_PER_YEAR * MONTHS_PER_YEAR


def quarters_in(case: Case, node: Node) -> float:
    """Quarters of the node's period that lie after the decision date: supplies are stated per quarter, whatever the
    step of a case.
    """
    return node.period.months / MONTHS_PER_STEP["quarter"] * days_in(case, node) / node.period.days


def years_in(case: Case, node: Node) -> float:
    """Years of the node's period that lie after the decision date."""
    return days_in(case, node) / DAYS_PER_YEAR


def year_share(case: Case, nodes: Sequence[Node]) -> float:
    """Part of a calendar year that these nodes of it cover: all of it is 1, leap year or not."""
    year = nodes[0].period.start.year
    return sum(days_in(case, node) for node in nodes) / (date(year + 1, 1, 1) - date(year, 1, 1)).days


def years_until(case: Case, day: date) -> float:
    """Years from the decision date to the day."""
    return _years_between(case.horizon.first_day, day)


@lru_cache(maxsize=4_096)
def _years_between(first: date, last: date) -> float:
    """Asked of a few hundred pairs of days, once for every column of a program."""
    return (last - first).days / DAYS_PER_YEAR


def middle(case: Case, node: Node) -> date:
    """Middle day of what the node's period counts."""
    start = max(node.period.start, case.horizon.first_day)
    return start + timedelta(days=(node.period.end - start).days / 2)


def discount(case: Case, node: Node) -> float:
    """What one HKD spent in the middle of the node's period is worth on the decision date: (1 + r)^-t."""
    return float((1.0 + case.economics.discount_rate) ** -years_until(case, middle(case, node)))


def discount_at_end(case: Case, node: Node) -> float:
    """What one HKD held when the node's period ends is worth on the decision date."""
    return float((1.0 + case.economics.discount_rate) ** -years_until(case, node.period.end))


def growth(case: Case, rate_per_year: float, node: Node, since: date | None = None) -> float:
    """(1 + g)^t from the decision date, or from another day, to the node's period, t in years.

    Prices, supplies and tariffs grow from the decision on, a service from its own first period.
    """
    years = _years_between(since or case.horizon.first_day, node.period.start)
    return float((1.0 + rate_per_year) ** max(0.0, years))


def price_growth(case: Case, offer: Offer, node: Node) -> float:
    """What the price of an offer has become in the node: it is stated for the decision date, or the offer's own first day
    where that is later.
    """
    opens = Period.parse(offer.available_from).start if offer.available_from else case.horizon.first_day
    return growth(case, price_growth_per_year(case.economics, offer), node, max(opens, case.horizon.first_day))


def share_within(case: Case, node: Node, since: date, until: date = date.max) -> float:
    """Part of the days that count in the node's period which lie from one day up to another: 1 for all of them."""
    begins, ends = case.horizon.order_date(node.period), node.period.end
    if since <= begins and until >= ends:
        return 1.0
    return max(0, (min(until, ends) - max(since, begins)).days) / (ends - begins).days


def ready_share(case: Case, begun: Node, months: float, node: Node, years: float | None = None) -> float:
    """Part of the node's period that is left once `months` have passed since the order date of `begun`, up to the day on
    which what is ready then lapses after so many years.
    """
    ready = add_months(case.horizon.order_date(begun.period), months)
    until = date.max if years is None else add_months(ready, years * MONTHS_PER_YEAR)
    return share_within(case, node, ready, until)


def last_lapsed(case: Case, node: Node, years: float | None) -> Node | None:
    """The last node before this one from which what is begun, and lapses after so many years, ends too early to wait for
    a renewal begun a period after this node. None where there is none.
    """
    if years is None:
        return None
    begins, months = case.horizon.order_date, years * MONTHS_PER_YEAR
    lapsed = [at for at in node.path[:-1] if add_months(begins(at.period), months) < node.period.end]
    return lapsed[-1] if lapsed else None


def window_share(horizon: Horizon, start: str, end: str) -> float:
    """Part of the days of a window, from the decision date on, that lie within the horizon."""
    first = max(Period.parse(start).start, horizon.first_day)
    last = Period.parse(end).end
    return max(0, (min(last, horizon.end_date) - first).days) / (last - first).days if last > first else 0.0


def in_window(node: Node, start: str | None, end: str | None) -> bool:
    """Whether the node's period lies within first and last period (either may be open)."""
    if start is not None and node.period.start < Period.parse(start).start:
        return False
    return end is None or node.period.end <= Period.parse(end).end
