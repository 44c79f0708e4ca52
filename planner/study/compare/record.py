"""From figures to the record of an option: all that is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import fsum

from planner.domain.bid import Bid, ReferenceJob
from planner.domain.model_name import named
from planner.errors import InvalidInput
from planner.law.data_governance import data_outcome
from planner.model.costs.funding import annuity_factor
from planner.performance.estimate import accelerator_hours, days
from planner.performance.speed import speed
from planner.study.compare.capacity import held_by
from planner.study.compare.carry_out import HALLS
from planner.study.compare.cash import cash_of
from planner.study.compare.claims import arrivals_of, checks, power_mw
from planner.study.compare.cost import in_service_from
from planner.study.compare.evaluate import Evaluation
from planner.study.compare.facts import Facts, Place, carbon_t, criteria, lawful_share, months_to_service, price_hkd
from planner.study.compare.findings import Hindrance
from planner.study.compare.fleet import offer_id
from planner.study.compare.market import break_even
from planner.study.compare.option import InScenario, JobDone, Legal, LegalPart, Option, TrainingDays
from planner.units import DAYS_PER_YEAR, SECONDS_PER_DAY

NAMES = {"business_as_usual": "Business as usual", "do_minimum": "Do minimum: rent what pays, no grant"}
NO_WAY = "there is no such way in this case"
TOKENS = 1e6


def placed(option: Option, place: Place) -> Option:
    """The record with where it stands on the short list."""
    return replace(
        option,
        rank=place.rank,
        rank_by_cost=place.rank_by_cost,
        shortlisted=place.rank is not None,
        values=place.values,
        score=place.score,
    )


def option_record(facts: Facts, evaluation: Evaluation, excluded: tuple[Hindrance, ...]) -> Option:
    """All that is told of an option but where it stands on the short list."""
    key, now, capacity = evaluation.key, evaluation.now, evaluation.capacity
    bid, case = facts.bid(key), now.done.plan.case
    months, day = months_to_service(facts, evaluation), in_service_from(now.done, bid) if bid else None
    power = power_mw(bid, case) if bid else 0.0
    scenarios = tuple(_in_scenarios(facts, evaluation))
    worked = now.work if now.work > 0 else None
    return Option(
        option=key,
        name=bid.name if bid else NAMES[key],
        kind="bid" if bid else "reference",
        bidder=bid.bidder if bid else "",
        rank=None,
        rank_by_cost=None,
        shortlisted=False,
        excluded_by=excluded,
        npv_cost_hkd=now.cost.hkd,
        annual_cost_hkd=_per_year(evaluation),
        net_value_hkd=facts.worlds.now.total_hkd - now.total_hkd,
        costs=now.cost.by_cost,
        cash=cash_of(facts.comparison, key, now.done, facts.worlds.now.usual),
        price_hkd=price_hkd(bid) if bid else 0.0,
        residual_value_hkd=-now.cost.by_cost.get("residual", 0.0),
        devices=fsum(part.devices for part in bid.parts.values()) if bid else _let(evaluation),
        devices_standing=fsum(arrivals_of(now.done, key, bid).values()) if bid else _let(evaluation),
        peak_pflops=capacity.peak_pflops,
        effective_pflops=capacity.effective_pflops,
        performance_tax=capacity.tax,
        hkd_per_effective_pflops_day=now.cost.hkd / worked if worked else None,
        hkd_per_capacity_pflops_day=now.cost.hkd / capacity.pflops_days if capacity.pflops_days else None,
        hkd_per_million_tokens=_per_million_tokens(evaluation),
        utilisation=now.work / capacity.pflops_days if capacity.pflops_days else None,
        break_even_utilisation=break_even(now.cost.hkd, capacity.by_node, facts.market) if bid else None,
        work_pflops_days=now.work,
        service_date=day,
        months_to_service=months,
        peers_slower_share=_slower(facts.peers, months),
        deliverable_in_time=months is not None and months <= facts.comparison.months_limit,
        legal=_legal(evaluation, bid),
        lawful_share=lawful_share(facts, evaluation) if bid else 1.0,
        power_mw=power,
        power_fits=not any(limit.family in HALLS for limit in now.done.limits),
        pflops_per_kw=_per_kw(evaluation, bid),
        carbon_t=carbon_t(facts, now),
        data_classes=_data_classes(evaluation),
        owners=_owners(evaluation),
        servable_share=capacity.servable,
        jobs=tuple(_jobs(evaluation)),
        days_to_train=_trainings(facts, evaluation) if bid else (),
        regret_hkd=max((each.regret_hkd for each in scenarios), default=0.0),
        expected_regret_hkd=fsum(each.probability * each.regret_hkd for each in scenarios),
        scenarios=scenarios,
        criteria=criteria(facts, evaluation) if bid and worked else {},
        values={},
        score=None,
        checks=checks(facts.comparison, key, now.done, facts.peers) if bid else (),
        limits=now.done.limits,
        commitments=bid.commitments if bid else (),
    )


def _per_year(evaluation: Evaluation) -> float | None:
    """NPV cost as an annuity over the years in which the option has devices; None where it has none."""
    options = evaluation.now.done.plan.model.options
    nodes = {node for held in held_by(evaluation.now.done) for node in held.by_node}
    years = fsum(options.days[node] for node in nodes) / DAYS_PER_YEAR
    rate = options.case.economics.discount_rate
    return evaluation.now.cost.hkd * annuity_factor(rate, years) if years else None


def _let(evaluation: Evaluation) -> float:
    """Devices of the do-minimum, the most at once."""
    return fsum(held.devices for held in held_by(evaluation.now.done))


def _per_kw(evaluation: Evaluation, bid: Bid | None) -> float | None:
    """Dense BF16 peak per kW of IT; None where devices are let, of which nobody says what they draw."""
    if bid is None or any(part.kind == "rental" for part in bid.parts.values()):
        return None
    case = evaluation.now.done.plan.case
    kw = fsum(case.kw_per_device(held.accelerator) * held.devices for held in held_by(evaluation.now.done))
    return evaluation.capacity.peak_pflops / kw if kw else None


def _in_scenarios(facts: Facts, evaluation: Evaluation) -> Iterator[InScenario]:
    for name, world in facts.worlds.by_scenario.items():
        outcome = evaluation.by_scenario[name]
        regret = max(0.0, outcome.total_hkd - facts.least[name])
        yield InScenario(name, world.probability, outcome.total_hkd, regret, outcome.arrives, outcome.work)


def _per_million_tokens(evaluation: Evaluation) -> dict[str, float]:
    """HKD per million tokens of answers, by service: what a second of the whole option costs over what it writes in one.

    A second costs NPV cost over the seconds, discounted, for which all of it would have to serve to do its capacity.
    """
    capacity, cost = evaluation.capacity, evaluation.now.cost.hkd
    if not capacity.effective_pflops:
        return {}
    seconds = capacity.pflops_days / capacity.effective_pflops * SECONDS_PER_DAY
    return {name: cost / seconds / rate * TOKENS for name, rate in capacity.tokens_per_s.items()}


def _slower(peers: tuple[float, ...], months: float | None) -> float | None:
    """Share of the public clusters that took longer."""
    return sum(each > months for each in peers) / len(peers) if peers and months is not None else None


def _legal(evaluation: Evaluation, bid: Bid | None) -> Legal:
    parts = tuple(_parts(evaluation, bid)) if bid else ()
    arrives = {name: each.arrives for name, each in evaluation.by_scenario.items()}
    return Legal(all(part.allowed for part in parts), parts, arrives)


def _parts(evaluation: Evaluation, bid: Bid) -> Iterator[LegalPart]:
    done, options = evaluation.now.done, evaluation.now.done.plan.model.options
    for name, part in bid.parts.items():
        offer = offer_id(evaluation.key, name)
        keys = [key for key in done.devices if key[0] == offer]
        if not keys:
            because = next((why.because for key, why in done.refusals.items() if key[0] == offer and why), NO_WAY)
            rule = next((r for r in options.refused if r.offer == offer and r.outcome), None)
            yield LegalPart(
                name,
                part.accelerator,
                False,
                rule.outcome if rule else None,
                rule.rule if rule else None,
                None,
                because,
            )
        elif keys[0] in options.orders:
            arrival = options.orders[keys[0]].arrivals[0]
            answer = arrival.answer
            yield LegalPart(
                name, part.accelerator, True, answer.outcome, answer.rule, arrival.shipped.isoformat(), answer.because
            )
        else:
            answer = options.rentals[keys[0]].answer
            day = done.plan.case.horizon.order_date(options.node(keys[0][2]).period)
            yield LegalPart(name, part.accelerator, True, answer.outcome, answer.rule, day.isoformat(), answer.because)


def _data_classes(evaluation: Evaluation) -> tuple[str, ...]:
    """Classes of data that may be processed at a site where the option has devices."""
    case = evaluation.now.done.plan.case
    zones = {case.sites[held.site].legal_zone for held in held_by(evaluation.now.done)}
    return tuple(
        name
        for name in case.governance.data_classes
        if any(data_outcome(case.governance, name, zone).granted for zone in zones)
    )


def _owners(evaluation: Evaluation) -> tuple[str, ...]:
    """Tenants of the need of which it may do work."""
    workloads = evaluation.now.done.plan.case.workloads
    return tuple(dict.fromkeys(workloads[name].tenant for name in evaluation.capacity.workloads))


def _jobs(evaluation: Evaluation) -> Iterator[JobDone]:
    for row in evaluation.now.done.plan.rows.jobs:
        share = row["done_pflops_days"] / row["asked_pflops_days"] if row["asked_pflops_days"] else 1.0
        yield JobDone(row["workload"], share, row["finish"])


def _trainings(facts: Facts, evaluation: Evaluation) -> tuple[TrainingDays, ...]:
    return tuple(_training(facts, evaluation, job) for job in facts.comparison.reference_jobs)


def _training(facts: Facts, evaluation: Evaluation, job: ReferenceJob) -> TrainingDays:
    """Days on the part of the option that is quickest."""
    case = evaluation.now.done.plan.case
    shape, year = named(job.model, case.models), facts.comparison.award_date.year
    best = TrainingDays(shape.name, job.tokens_b, None, None, None, "nothing of it can serve")
    for held in held_by(evaluation.now.done):
        devices = int(held.devices)
        try:
            estimate = speed(shape, case.accelerators[held.accelerator], devices, "bf16", float(year), case.performance)
        except InvalidInput as error:
            best = (
                best
                if best.days
                else TrainingDays(shape.name, job.tokens_b, held.accelerator, None, None, error.problems[0].what)
            )
            continue
        if not estimate.fits:
            best = (
                best
                if best.days
                else TrainingDays(shape.name, job.tokens_b, held.accelerator, None, None, estimate.reason)
            )
            continue
        hours = accelerator_hours(estimate, job.tokens_b * 1e9, case.performance)
        spread = days(hours, estimate.devices)
        if best.days is None or spread.p50 < best.days.p50:
            best = TrainingDays(shape.name, job.tokens_b, held.accelerator, estimate.devices, spread)
    return best
