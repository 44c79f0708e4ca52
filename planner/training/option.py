"""One option of a training job: how fast, how dear, how soon, and whether law and data rules allow it.

granted  = the day on which application and queue are over, or the offer begins
ready    = the latest of granted + lead time + licence wait, start + porting, start + data mechanisms
finish   = ready + days, at p50 and at p90
shipped  = granted + lead time − transit: the day whose law counts
cost     = what the hours cost, porting and data formalities
outlay   = the cost of a rental; of a purchase the price of the whole and what is paid once: what the budget has to hold
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from planner.domain.horizon import Period
from planner.domain.transaction import Transaction
from planner.intake.catalogue import data_governance, performance_parameters, regimes
from planner.law.data_governance import DataVerdict, data_outcome
from planner.law.meaning import Permission, permission
from planner.law.outcome import Verdict, decide
from planner.performance.estimate import Spread, accelerator_hours, days
from planner.performance.speed import Speed, speed
from planner.performance.work import flop_per_token
from planner.training.cost import energy_kwh, porting, purchase_hkd, running_hkd
from planner.training.market import Option
from planner.training.question import Sure, TrainQuestion
from planner.units import DAYS_PER_MONTH

LATEST = date(2099, 12, 31)


@dataclass(frozen=True)
class Dates:
    """When a job is done, as likely as not and in nine cases of ten."""

    p50: date
    p90: date

    def at(self, sure: Sure) -> date:
        """The day that is kept as surely as this."""
        return self.p90 if sure == "p90" else self.p50


@dataclass(frozen=True)
class Answer:
    """All about one option. Without a fit there are no hours, dates or costs."""

    option: Option
    speed: Speed
    verdict: Verdict
    permission: Permission
    data: DataVerdict | None
    wait_months: float
    application_months: float
    queue_months: float
    porting_months: float
    porting_hkd: float
    begin: date
    ready: date
    hours: Spread | None = None
    days: Spread | None = None
    finish: Dates | None = None
    energy_kwh: Spread | None = None
    cost_hkd: Spread | None = None
    purchase_hkd: float | None = None

    def outlay_hkd(self, sure: Sure) -> float | None:
        """HKD that must be there; None where nobody offers the device."""
        if self.cost_hkd is None:
            return None
        cost = self.cost_hkd.at(sure)
        return cost if self.purchase_hkd is None else max(cost, self.purchase_hkd + self.once_hkd)

    @property
    def once_hkd(self) -> float:
        """Porting and data formalities, paid once whatever the length of the job."""
        return self.porting_hkd + (self.data.cost_hkd.mid if self.data else 0.0)

    @property
    def on_offer(self) -> bool:
        """Whether as many devices are to be rented at a time."""
        most = self.option.devices_on_offer
        return most is None or self.speed.devices <= most

    @property
    def paid(self) -> bool:
        """Whether the scheme that helps to pay lasts until the job is done."""
        until = self.option.paid_until
        return until is None or self.finish is None or self.finish.p50 <= until

    @property
    def possible(self) -> bool:
        """Whether it fits, may be used and can be had."""
        return self.speed.fits and self.allowed and self.on_offer and self.paid

    @property
    def allowed(self) -> bool:
        """Whether law and data rules let it be, a licence not counted on."""
        return (
            self.permission.granted and not self.permission.needs_licence and (self.data is None or self.data.granted)
        )


def speed_of(question: TrainQuestion, option: Option, devices: int | None = None) -> Speed:
    """Speed of the job on the option's device. InvalidInput when the device lacks the precision or a published figure."""
    parameters = performance_parameters()
    factor = question.stack_factors.get(option.accelerator.software_stack)
    found = speed(
        question.shape,
        option.accelerator,
        devices or question.devices,
        question.precision,
        question.year,
        parameters,
        method=question.method,
        pins=question.pins,
        third_party=question.third_party,
        measured_tokens_per_s=question.tokens_per_s,
    )
    return found if factor is None or not found.fits else calibrated(found, factor)


def calibrated(found: Speed, factor: float) -> Speed:
    """A speed with the user's own ratio of measured to modelled throughput."""
    note = f"calibrated to the user's measurements: {factor:.2f} of the published speed of this stack"
    return replace(
        found,
        tokens_per_s_per_device=found.tokens_per_s_per_device * factor,
        mfu=found.mfu * factor,
        kernels=found.kernels * factor,
        notes=(*found.notes, note),
    )


def later(day: date, months: float) -> date:
    """A day some months (with fraction) later, at most the end of 2099."""
    try:
        return day + timedelta(days=round(months * DAYS_PER_MONTH))
    except OverflowError:
        return LATEST


def answer(question: TrainQuestion, option: Option, found: Speed) -> Answer:
    """The option's answer at speed `found`."""
    begin = question.start
    offer = option.offer
    if offer and offer.available_from:
        begin = max(begin, Period.parse(offer.available_from).start)
    lead = offer.lead_time_months.mid if offer else 0.0
    applied, queued = _access(option)
    transit = offer.transit_months if offer else 0.0
    # Whoever applies need not wait for the day on which the devices are first let.
    granted = max(begin, later(question.start, applied + queued))
    verdict, allowed = _law(question, option, later(granted, max(0.0, lead - transit)))
    ground = verdict.ground
    option = replace(option, fee_share=ground.fee_or_tax_pct / 100, licensed=allowed.needs_licence)
    wait = allowed.wait_days / DAYS_PER_MONTH
    if allowed.needs_licence and question.licence_wait_months:
        wait = max(wait, question.licence_wait_months)
    data = _data(question, option)
    ported, once = porting(option, question.method)
    ready = max(later(granted, lead + wait), later(begin, ported), later(begin, data.lead_months.mid if data else 0.0))
    known = Answer(option, found, verdict, allowed, data, lead + wait, applied, queued, ported, once, begin, ready)
    return _timed(known, question) if found.fits else known


def _access(option: Option) -> tuple[float, float]:
    """Months of the longest application, operator's or scheme's, and of the queue after it."""
    if option.offer is None:
        return 0.0, 0.0
    access = option.offer.access
    scheme = option.subsidy.application_months if option.subsidy else 0.0
    return max(access.application_months, scheme), access.queue_months


def _timed(known: Answer, question: TrainQuestion) -> Answer:
    hours = accelerator_hours(known.speed, question.tokens, performance_parameters())
    took, cost = days(hours, known.speed.devices), running_hkd(known.option, hours, known.speed.devices)
    return replace(
        known,
        hours=hours,
        days=took,
        finish=Dates(later(known.ready, took.p50 / DAYS_PER_MONTH), later(known.ready, took.p90 / DAYS_PER_MONTH)),
        energy_kwh=energy_kwh(known.option, hours),
        cost_hkd=cost.plus(known.once_hkd) if cost else None,
        purchase_hkd=purchase_hkd(known.option, known.speed.devices),
    )


def _law(question: TrainQuestion, option: Option, shipped: date) -> tuple[Verdict, Permission]:
    rented = option.offer is not None and option.offer.kind == "rental"
    facts = dict(option.offer.assume) if option.offer else {}
    transaction = Transaction.model_validate(
        {
            "channel": "cloud" if rented else "purchase",
            "destination": option.site.destination,
            "use_case": "training",
            "training_flop": question.tokens * flop_per_token(question.shape, question.method),
            **facts,
        }
    )
    verdict = decide(option.accelerator, transaction, shipped, regimes())
    allowed = permission(verdict.ground, verdict.flags, regimes(), us_exposed=question.us_exposed)
    return verdict, allowed


def _data(question: TrainQuestion, option: Option) -> DataVerdict | None:
    if question.data_class is None:
        return None
    return data_outcome(data_governance(), question.data_class, option.site.legal_zone)
