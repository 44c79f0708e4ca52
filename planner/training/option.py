"""One option of a training job: how fast, how dear, how soon, and whether law and data rules allow it.

ready    = start + max(lead time + licence wait, porting, data mechanisms)          each runs beside the others
finish   = ready + days
shipped  = start + licence wait + lead time − transit: the day whose law counts
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
from planner.training.cost import cost_hkd, energy_kwh, porting
from planner.training.market import Option
from planner.training.question import TrainQuestion
from planner.units import DAYS_PER_MONTH

LATEST = date(2099, 12, 31)


@dataclass(frozen=True)
class Answer:
    """All about one option. Without a fit there are no hours, dates or costs."""

    option: Option
    speed: Speed
    verdict: Verdict
    permission: Permission
    data: DataVerdict | None
    wait_months: float
    porting_months: float
    begin: date
    ready: date
    hours: Spread | None = None
    days: Spread | None = None
    finish: date | None = None
    energy_kwh: Spread | None = None
    cost_hkd: Spread | None = None

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
    verdict, allowed = _law(question, option, later(begin, max(0.0, lead - (offer.transit_months if offer else 0.0))))
    ground = verdict.ground
    option = replace(option, fee_share=ground.fee_or_tax_pct / 100, licensed=allowed.needs_licence)
    wait = allowed.wait_days / DAYS_PER_MONTH
    if allowed.needs_licence and question.licence_wait_months:
        wait = max(wait, question.licence_wait_months)
    data = _data(question, option)
    ported, _ = porting(option, question.method)
    ready = later(begin, max(lead + wait, ported, data.lead_months.mid if data else 0.0))
    known = Answer(option, found, verdict, allowed, data, lead + wait, ported, begin, ready)
    return _timed(known, question) if found.fits else known


def _timed(known: Answer, question: TrainQuestion) -> Answer:
    hours = accelerator_hours(known.speed, question.tokens, performance_parameters())
    took = days(hours, known.speed.devices)
    return replace(
        known,
        hours=hours,
        days=took,
        finish=later(known.ready, took.p50 / DAYS_PER_MONTH),
        energy_kwh=energy_kwh(known.option, hours),
        cost_hkd=cost_hkd(known.option, hours, question.method),
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
