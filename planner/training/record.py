"""An answer as plain data: the record of `planner train-time`, one per option, units in the keys."""

from __future__ import annotations

from typing import Any

from planner.domain.economics import UNKNOWN_TDP_W
from planner.intake.catalogue import performance_parameters
from planner.law.record import verdict_record
from planner.performance.cluster import smallest_cluster
from planner.performance.estimate import Spread, throughput
from planner.performance.rates import device_of
from planner.performance.speed import Speed
from planner.performance.tax import Tax
from planner.training.cost import porting
from planner.training.market import Option, economics
from planner.training.option import Answer
from planner.training.question import TrainQuestion


def spread_record(value: Spread | None) -> dict[str, float] | None:
    """p10, p50, p90; null where nothing can be said."""
    return None if value is None else value._asdict()


def layout_record(found: Speed) -> dict[str, Any] | None:
    """Degrees of parallelism and what goes with them."""
    if found.layout is None:
        return None
    return {**found.layout._asdict(), "global_batch_sequences": found.batch_sequences}


def tax_record(tax: Tax | None) -> dict[str, Any] | None:
    """Shares lost, apart; negative is an advantage."""
    if tax is None:
        return None
    return {
        "kernels": tax.kernels,
        "scaling": tax.scaling,
        "total": tax.total,
        "porting_months": tax.porting_months,
        "reference": tax.reference,
    }


def speed_record(found: Speed, tokens: float | None) -> dict[str, Any]:
    """The part of a record that the performance model knows alone."""
    fits = found.fits
    return {
        "fits": fits,
        "reason": found.reason or None,
        "devices": found.devices,
        "tokens_per_s_per_device": spread_record(throughput(found)) if fits else None,
        "flop": found.flop_per_token * tokens if tokens else None,
        "flop_per_token": found.flop_per_token,
        "peak_pflops": found.peak_pflops,
        "mfu": found.mfu if fits else None,
        "goodput": found.goodput if fits else None,
        "practice": found.practice if fits else None,
        "useful_pflops_per_device": found.useful_pflops if fits else None,
        "layout": layout_record(found),
        "memory_gb_per_device": found.memory_gb if fits else None,
    }


def record(answer: Answer, question: TrainQuestion, tax: Tax | None, best: tuple[str, Speed] | None) -> dict[str, Any]:
    """The whole record of one option; `chosen` and `why_not` are set once all options are known."""
    option, found = answer.option, answer.speed
    kwh = answer.energy_kwh
    return {
        "option": option.id,
        "accelerator": option.accelerator.id,
        "accelerator_name": option.accelerator.name,
        "software_stack": option.accelerator.software_stack,
        "count": found.devices,
        "where": option.where,
        "site": option.site.id,
        "subsidy": _subsidy_record(option),
        **speed_record(found, question.tokens),
        "smallest_cluster_devices": _smallest(answer, question),
        "days": spread_record(answer.days),
        "accelerator_hours": spread_record(answer.hours),
        "wait_months": answer.wait_months,
        "porting_months": answer.porting_months,
        "porting_hkd": porting(option, question.method)[1],
        "begin": answer.begin.isoformat(),
        "ready": answer.ready.isoformat(),
        "finish": answer.finish.isoformat() if answer.finish else None,
        "energy_kwh": spread_record(kwh),
        "carbon_kg": spread_record(kwh.times(option.site.carbon_kg_per_kwh)) if kwh else None,
        "cost_hkd": spread_record(answer.cost_hkd),
        "performance_tax": tax_record(tax),
        "best_unrestricted": best[0] if best else None,
        "times_best_unrestricted": best[1].tokens_per_s_per_device / found.tokens_per_s_per_device
        if best and found.fits
        else None,
        "legal": verdict_record(answer.verdict),
        "may_use": answer.permission.granted,
        "needs_licence": answer.permission.needs_licence,
        "allowed": answer.allowed,
        "data_rule": _data_record(answer),
        "assumptions": _assumptions(answer, question),
    }


def _smallest(answer: Answer, question: TrainQuestion) -> int | None:
    """Fewest devices that hold the job; null where the device cannot run it at all."""
    if not answer.speed.peak_pflops:
        return None
    device = device_of(answer.option.accelerator, question.precision, performance_parameters())
    return smallest_cluster(question.shape, device, question.method)


def _subsidy_record(option: Option) -> dict[str, Any] | None:
    """Who pays which share of the rent; null where nobody does."""
    fund = option.subsidy
    return {"fund": fund.id, "name": fund.name, "share": fund.share_max} if fund else None


def _data_record(answer: Answer) -> dict[str, Any] | None:
    data = answer.data
    if data is None:
        return None
    return {
        "permit": data.permit,
        "zone": data.zone,
        "mechanisms": [mechanism.name for mechanism in data.mechanisms],
        "lead_months": data.lead_months.mid,
        "cost_hkd": data.cost_hkd.mid,
        "because": data.because,
    }


def _assumptions(answer: Answer, question: TrainQuestion) -> list[str]:
    """What stands behind the numbers and was not said by the user."""
    found, option = answer.speed, answer.option
    said = [*question.shape.guessed, *found.notes]
    if found.fits and found.practice < 1:
        said.append(f"production runs reach {found.practice:.0%} of benchmark speed (published runs)")
    if found.fits:
        said.append(f"goodput {found.goodput:.1%} after failures and checkpoints")
    if found.fits and question.pins.global_batch is None:
        said.append(f"global batch of {found.batch_sequences:,} sequences of {question.shape.seq_len:,} tokens")
    if economics().assumes_power(option.accelerator):
        said.append(f"the vendor publishes no power: {UNKNOWN_TDP_W:.0f} W per device assumed")
    if option.offer is None:
        said.append(
            f"nobody in the catalogue offers {option.accelerator.id}: no price; energy and law as in colocation in Hong Kong"
        )
    elif option.offer.confidence == "estimate":
        said.append("price and lead time of the offer are estimates")
    if answer.permission.needs_licence:
        said.append(
            "needs an export licence, which may be refused; the wait counts only if --licence-wait-months is given"
        )
    return said
