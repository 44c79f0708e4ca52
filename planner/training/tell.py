"""An option's answer as a record: every figure, and every sentence about what was assumed."""

from __future__ import annotations

from planner.domain.economics import UNKNOWN_TDP_W
from planner.intake.catalogue import economics, performance_parameters
from planner.law.record import verdict_record
from planner.performance.cluster import smallest_cluster
from planner.performance.rates import device_of
from planner.performance.speed import Speed
from planner.performance.tax import Tax
from planner.performance.work import ORDINARY
from planner.training.cost import life_hours
from planner.training.market import Option
from planner.training.option import Answer
from planner.training.question import STEPS_MIN, TrainQuestion
from planner.training.record import DataRecord, PurchaseRecord, SubsidyRecord, TrainTime, speed_fields


def record(
    answer: Answer,
    question: TrainQuestion,
    tax: Tax | None,
    best: tuple[str, Speed] | None,
    *,
    chosen: bool,
    why_not: str | None,
) -> TrainTime:
    """The whole record of one option. `best`: the fastest device that anyone could buy if no rule stood in the way."""
    option, speed, kwh = answer.option, answer.speed, answer.energy_kwh
    times_best = best[1].tokens_per_s_per_device / speed.tokens_per_s_per_device if best and speed.fits else None
    return TrainTime(
        option=option.id,
        accelerator=option.accelerator.id,
        accelerator_name=option.accelerator.name,
        software_stack=option.accelerator.software_stack,
        count=speed.devices,
        where=option.where,
        site=option.site.id,
        subsidy=_subsidy(option),
        **speed_fields(speed, question.tokens),
        smallest_cluster_devices=_smallest(answer, question),
        days=answer.days,
        accelerator_hours=answer.hours,
        wait_months=answer.wait_months,
        application_months=answer.access.application_months,
        queue_months=answer.access.queue_months,
        hall_months=answer.access.hall_months,
        term_months=option.offer.access.term_months if option.offer else 0.0,
        porting_months=answer.porting_months,
        porting_hkd=answer.porting_hkd,
        begin=answer.access.begin,
        ready=answer.ready,
        finish=answer.finish.p50 if answer.finish else None,
        finish_p90=answer.finish.p90 if answer.finish else None,
        energy_kwh=kwh,
        carbon_kg=kwh.times(option.site.carbon_kg_per_kwh) if kwh else None,
        cost_hkd=answer.cost_hkd,
        purchase=_purchase(answer),
        performance_tax=tax,
        best_unrestricted=best[0] if best else None,
        times_best_unrestricted=times_best,
        legal=verdict_record(answer.access.verdict),
        may_use=answer.access.permission.granted,
        needs_licence=answer.access.permission.needs_licence,
        allowed=answer.access.allowed,
        obtainable=answer.on_offer and answer.paid,
        data_rule=_data(answer),
        assumptions=tuple(_assumptions(answer, question)),
        chosen=chosen,
        why_not=why_not,
    )


def _smallest(answer: Answer, question: TrainQuestion) -> int | None:
    """Fewest devices that hold the job; None where the device cannot run it at all."""
    if not answer.speed.peak_pflops:
        return None
    device = device_of(answer.option.accelerator, question.precision, performance_parameters())
    return smallest_cluster(question.shape, device, question.method)


def _purchase(answer: Answer) -> PurchaseRecord | None:
    offer = answer.option.offer
    if answer.purchase_hkd is None or answer.hours is None or offer is None:
        return None
    share = answer.hours.p50 / (answer.speed.devices * life_hours(answer.option))
    return PurchaseRecord(answer.purchase_hkd, offer.lifetime_years, share)


def _subsidy(option: Option) -> SubsidyRecord | None:
    fund = option.subsidy
    return SubsidyRecord(fund.id, fund.name, fund.share_max) if fund else None


def _data(answer: Answer) -> DataRecord | None:
    data = answer.access.data
    if data is None:
        return None
    names = tuple(mechanism.name for mechanism in data.mechanisms)
    return DataRecord(data.permit, data.zone, names, data.lead_months.mid, data.cost_hkd.mid, data.because)


def _batch(speed: Speed, question: TrainQuestion) -> list[str]:
    """The batch with the steps that it leaves, and what was taken of samples and stack in fine-tuning."""
    length, steps = question.shape.seq_len, question.tokens / (speed.batch_sequences * question.shape.seq_len)
    said = [f"global batch of {speed.batch_sequences:,} sequences of {length:,} tokens, {max(1, round(steps)):,} steps"]
    if question.method in ("pretrain", "continued"):
        return said
    if steps < STEPS_MIN:
        said.append("so few steps teach little: fewer devices or a smaller --batch-tokens would do")
    if question.pins.micro_batch is None:
        said.append("samples packed into full sequences; where they are not, give their mean length by --sample-tokens")
    if question.method in ORDINARY:
        said.append("an ordinary stack of adapters, activations computed again; --tuned means fused kernels")
    return said


def _assumptions(answer: Answer, question: TrainQuestion) -> list[str]:
    """What stands behind the numbers and was not said by the user."""
    speed, option = answer.speed, answer.option
    said = [*question.shape.guessed, *speed.notes]
    if speed.fits and speed.practice < 1:
        said.append(f"production runs reach {speed.practice:.0%} of benchmark speed (published runs)")
    if speed.fits:
        said.append(f"goodput {speed.goodput:.1%} after failures and checkpoints")
    if speed.fits:
        said += _batch(speed, question)
    if economics().assumes_power(option.accelerator):
        said.append(f"the vendor publishes no power: {UNKNOWN_TDP_W:.0f} W per device assumed")
    if option.offer is None:
        said.append(
            f"nobody in the catalogue offers {option.accelerator.id}: no price; energy and law as in colocation in Hong Kong"
        )
    elif option.offer.confidence == "estimate":
        said.append("price and lead time of the offer are estimates")
    if answer.access.permission.needs_licence:
        said.append(
            "needs an export licence, which may be refused; the wait counts only if --licence-wait-months is given"
        )
    return said
