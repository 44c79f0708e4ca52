"""When an option is had, and whether law and data rules allow it: the same for whatever runs on it.

begin    = the day that is asked for, or the first day of the offer
granted  = begin, or the day on which application and queue are over, where that is later
shipped  = granted + lead time − transit: the day whose law counts
closed   = the day on which its maker has taken the last order, or support of a rented device has ended
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from planner.domain.horizon import Period
from planner.domain.product_life import closes
from planner.domain.transaction import Transaction
from planner.intake.catalogue import data_governance, regimes
from planner.law.data_governance import DataVerdict, data_outcome
from planner.law.meaning import Permission, permission
from planner.law.outcome import Verdict, decide
from planner.training.market import Option
from planner.units import DAYS_PER_MONTH

LATEST = date(2099, 12, 31)
SOON_MONTHS = 12


@dataclass(frozen=True)
class Access:
    """The option with what its rule levies; its dates, its waits in months, and what law and data rules say."""

    option: Option
    begin: date
    granted: date
    application_months: float
    queue_months: float
    lead_months: float
    verdict: Verdict
    permission: Permission
    data: DataVerdict | None
    asked: date
    closed: date | None = None

    @property
    def too_late(self) -> bool:
        """Whether it is no longer on offer when it would be had."""
        return self.closed is not None and self.granted >= self.closed

    @property
    def too_early(self) -> bool:
        """Whether it comes on offer so late that a plan may count on it, and a job of today may not."""
        return self.begin > later(self.asked, SOON_MONTHS)

    @property
    def allowed(self) -> bool:
        """Whether law and data rules let it be, a licence not counted on."""
        lawful = self.permission.granted and not self.permission.needs_licence
        return lawful and (self.data is None or self.data.granted)

    @property
    def hall_months(self) -> float:
        """What it takes from an order to a hall that is ready for what is bought."""
        return self.option.site.fit_out_months if self.option.offer and self.option.bought else 0.0

    @property
    def formalities_months(self) -> float:
        """What the data mechanisms take."""
        return self.data.lead_months.mid if self.data else 0.0


def access(option: Option, day: date, data_class: str | None, *, us_exposed: bool, **use: object) -> Access:
    """How the option is come by from `day` on. `use`: facts of the transaction, such as `use_case="training"`."""
    offer = option.offer
    first = Period.parse(offer.available_from).start if offer and offer.available_from else day
    begin = max(day, first)
    lead, transit = (offer.lead_time_months.mid, offer.transit_months) if offer else (0.0, 0.0)
    applied, queued = _waits(option)
    # Whoever applies need not wait for the day on which the devices are first let.
    granted = max(begin, later(day, applied + queued))
    verdict = decide(option.accelerator, _transaction(option, use), later(granted, max(0.0, lead - transit)), regimes())
    allowed = permission(verdict.ground, verdict.flags, regimes(), us_exposed=us_exposed)
    levied = replace(option, fee_share=verdict.ground.fee_or_tax_pct / 100, licensed=allowed.needs_licence)
    data = data_outcome(data_governance(), data_class, option.site.legal_zone) if data_class else None
    closed = closes(offer, option.accelerator) if offer else None
    return Access(levied, begin, granted, applied, queued, lead, verdict, allowed, data, day, closed)


def later(day: date, months: float) -> date:
    """A day some months (with fraction) later, at most the end of 2099."""
    try:
        return day + timedelta(days=round(months * DAYS_PER_MONTH))
    except OverflowError:
        return LATEST


def _waits(option: Option) -> tuple[float, float]:
    """Months of the longest application, operator's or scheme's, and of the queue after it."""
    if option.offer is None:
        return 0.0, 0.0
    scheme = option.subsidy.application_months if option.subsidy else 0.0
    return max(option.offer.access.application_months, scheme), option.offer.access.queue_months


def _transaction(option: Option, use: dict[str, object]) -> Transaction:
    rented = option.offer is not None and option.offer.kind == "rental"
    facts = {"channel": "cloud" if rented else "purchase", "destination": option.site.destination, **use}
    return Transaction.model_validate(facts | (dict(option.offer.assume) if option.offer else {}))
