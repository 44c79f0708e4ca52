"""One option of a training job: how fast, how dear, how soon, and whether law and data rules allow it.

ready    = the latest of granted + lead time + licence wait, granted + fit-out of the hall, begin + porting, begin + data mechanisms (`access.py`)
finish   = ready + days, at p50 and at p90
cost     = what the hours cost, porting and data formalities
outlay   = the cost of a rental; of a purchase the price of the whole and what is paid once: what the budget has to hold
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from planner.domain.workload import WorkloadClass
from planner.intake.catalogue import performance_parameters
from planner.performance.estimate import Spread, accelerator_hours, days
from planner.performance.speed import Speed, speed
from planner.performance.work import Method, flop_per_token
from planner.training.access import Access, access, later
from planner.training.cost import energy_kwh, porting, purchase_hkd, running_hkd
from planner.training.market import Option
from planner.training.question import Sure, TrainQuestion
from planner.units import DAYS_PER_MONTH

CLASS_OF: dict[Method, WorkloadClass] = {
    "pretrain": "pretrain", "continued": "pretrain", "full": "finetune", "lora": "finetune", "qlora": "finetune",
    "tuned_lora": "finetune",
}  # fmt: skip
"""What a stack is ported for."""


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

    access: Access
    speed: Speed
    wait_months: float
    porting_months: float
    porting_hkd: float
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
        data = self.access.data
        return self.porting_hkd + (data.cost_hkd.mid if data else 0.0)

    @property
    def option(self) -> Option:
        """What it is the answer of, with what its rule levies."""
        return self.access.option

    @property
    def on_offer(self) -> bool:
        """Whether it is sold or let within a year and still then, and as many devices are to be rented at a time."""
        most, timely = self.option.devices_on_offer, not self.access.too_late and not self.access.too_early
        return timely and (most is None or self.speed.devices <= most)

    @property
    def paid(self) -> bool:
        """Whether the scheme that helps to pay lasts until the job is done."""
        until = self.option.paid_until
        return until is None or self.finish is None or self.finish.p50 <= until

    @property
    def possible(self) -> bool:
        """Whether it fits, may be used and can be had."""
        return self.speed.fits and self.access.allowed and self.on_offer and self.paid


def speed_of(question: TrainQuestion, option: Option, devices: int | None = None) -> Speed:
    """Speed of the job on the option's device. InvalidInput when the device lacks the precision or a published figure."""
    parameters = performance_parameters()
    factor = question.stack_factors.get(option.accelerator.software_stack)
    estimate = speed(
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
    return estimate if factor is None or not estimate.fits else calibrated(estimate, factor)


def calibrated(estimate: Speed, factor: float) -> Speed:
    """A speed with the user's own ratio of measured to modelled throughput."""
    note = f"calibrated to the user's measurements: {factor:.2f} of the published speed of this stack"
    return replace(
        estimate,
        tokens_per_s_per_device=estimate.tokens_per_s_per_device * factor,
        mfu=estimate.mfu * factor,
        kernels=estimate.kernels * factor,
        notes=(*estimate.notes, note),
    )


def answer(question: TrainQuestion, option: Option, estimate: Speed) -> Answer:
    """The option's answer at speed `estimate`."""
    way = access(
        option,
        question.start,
        question.data_class,
        us_exposed=question.us_exposed,
        use_case="training",
        training_flop=question.tokens * flop_per_token(question.shape, question.method),
    )
    wait = way.permission.wait_days / DAYS_PER_MONTH
    if way.permission.needs_licence and question.licence_wait_months:
        wait = max(wait, question.licence_wait_months)
    wait += way.lead_months
    ported, once = porting(way.option, CLASS_OF[question.method])
    ready = max(
        later(way.granted, max(wait, way.hall_months)),
        later(way.begin, ported),
        later(way.begin, way.formalities_months),
    )
    known = Answer(way, estimate, wait, ported, once, ready)
    return _timed(known, question) if estimate.fits else known


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
