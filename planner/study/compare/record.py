"""From figures to the record of an option: what keeps it off the short list, what ranks it, and all that is told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import fsum

from planner.domain.bid import Bid, Comparison, ReferenceJob
from planner.domain.case import Case
from planner.domain.model_name import named
from planner.errors import InvalidInput
from planner.intake.options_file import award_date
from planner.law.data_governance import data_outcome
from planner.model.costs.funding import annuity_factor
from planner.performance.estimate import accelerator_hours, days
from planner.performance.speed import speed
from planner.study.compare.capacity import held_by, work_done
from planner.study.compare.carry_out import HALLS
from planner.study.compare.claims import arrivals_of, checks, power_mw
from planner.study.compare.cost import in_service_from
from planner.study.compare.evaluate import Evaluation, Outcome, Worlds
from planner.study.compare.fleet import months_between, offer_id
from planner.study.compare.market import Rents, break_even
from planner.study.compare.option import InScenario, JobDone, Legal, LegalPart, Option, TrainingDays
from planner.study.compare.ranking import Candidate
from planner.units import DAYS_PER_YEAR, KW_PER_MW, SECONDS_PER_DAY

STANDS = 0.999
"""Share of the devices of a bid that must come and fit."""
NAMES = {"business_as_usual": "Business as usual", "do_minimum": "Do minimum: rent what pays, no grant"}
MILLION = 1e6


@dataclass(frozen=True)
class Facts:
    """What all options are judged against. `least`: by scenario, the least that any option leaves the need to cost, HKD."""

    comparison: Comparison
    worlds: Worlds
    market: Rents
    peers: tuple[float, ...]
    least: Mapping[str, float]

    def bid(self, key: str) -> Bid | None:
        """The bid of that id; None for what is always compared."""
        return self.comparison.options.get(key)


@dataclass(frozen=True)
class Place:
    """Where an option stands on the short list. `values`: by criterion, 0 to 1."""

    rank: int
    rank_by_cost: int
    score: float
    values: Mapping[str, float]


def reasons(facts: Facts, evaluation: Evaluation) -> tuple[str, ...]:
    """Why a bid is off the short list; none: it is on it."""
    grant, price = facts.comparison.grant_hkd, price_hkd(facts.comparison.options[evaluation.key])
    dear = grant is not None and price > grant
    asks = f"it asks for {_millions(price)}, and the grant is {_millions(grant or 0.0)}"
    return (*hindrances(facts, evaluation), *([asks] if dear else []))


def _millions(hkd: float) -> str:
    return f"HKD {hkd / MILLION:,.0f} M"


def hindrances(facts: Facts, evaluation: Evaluation) -> Iterator[str]:
    """The same, but for what it asks for."""
    now = evaluation.now
    for key, because in now.done.refusals.items():
        yield f"{key[0].removeprefix(evaluation.key + '_')} cannot be had: {because}"
    if not now.done.refusals and now.arrives < STANDS:
        halls = [limit.because for limit in now.done.limits if limit.family in HALLS]
        others = [limit.because for limit in now.done.limits if limit.family not in HALLS]
        what = "fit" if halls else "can come"
        yield f"{100 * now.arrives:.0f} % of its devices {what}: {'; '.join(halls + others)}"
    months, limit = months_to_service(facts, evaluation), facts.comparison.months_limit
    if months is not None and months > limit:
        yield f"it serves {months:.1f} months after the award, and {limit:g} are allowed"
    if now.work <= 0 and now.done.devices:
        yield "it does none of the work of the need"


def price_hkd(bid: Bid) -> float:
    """What a bid asks for: prices of purchases and rents of the whole term, undiscounted."""
    hours = DAYS_PER_YEAR / 12 * 24
    return fsum(
        part.price_hkd
        if part.price_hkd is not None
        else (part.rent_hkd_per_device_hour or 0.0) * part.devices * hours * (part.term_months or 0.0)
        for part in bid.parts.values()
    )


def months_to_service(facts: Facts, evaluation: Evaluation) -> float | None:
    """From award to the day on which all that comes serves; None where nothing is awarded or nothing comes."""
    bid = facts.bid(evaluation.key)
    day = in_service_from(evaluation.now.done, bid) if bid else None
    if bid is None or day is None:
        return None
    award = award_date(facts.comparison, bid)
    return months_between(award, max(award, day))


def candidate(facts: Facts, evaluation: Evaluation) -> Candidate:
    """What ranks a bid."""
    now = evaluation.now
    return Candidate(
        evaluation.key,
        criteria(facts, evaluation),
        now.cost.price_hkd / now.work,
        {name: each.cost.hkd / each.work if each.work > 0 else None for name, each in evaluation.by_scenario.items()},
    )


def criteria(facts: Facts, evaluation: Evaluation) -> dict[str, float]:
    """Values by criterion, as `ranking` takes them."""
    bid, now = facts.comparison.options[evaluation.key], evaluation.now
    months = months_to_service(facts, evaluation) or 0.0
    done = work_done(now.done.plan, worth=False) - work_done(facts.worlds.now.usual, worth=False)
    own: dict[str, float] = {
        "cost": now.cost.hkd / now.work if now.work > 0 else float("inf"),
        "months": max(0.0, 1 - months / facts.comparison.months_limit),
        "law": lawful_share(facts, evaluation),
        "data": evaluation.capacity.servable,
        "carbon": carbon_t(facts, now) / done if done > 0 else float("inf"),
        "expansion": _room_to_grow(facts, evaluation, bid),
        "local_benefit": 0.0,
    }
    return own | bid.scores


def lawful_share(facts: Facts, evaluation: Evaluation) -> float:
    """Share of its devices that come, over the scenarios by probability."""
    scenarios = facts.worlds.by_scenario
    return fsum(world.probability * evaluation.by_scenario[name].arrives for name, world in scenarios.items())


def carbon_t(facts: Facts, outcome: Outcome) -> float:
    """Tonnes of CO2e above business as usual, over the horizon."""
    usual = fsum(row["carbon_t"] for row in facts.worlds.now.usual.rows.carbon)
    return fsum(row["carbon_t"] for row in outcome.done.plan.rows.carbon) - usual


def _room_to_grow(facts: Facts, evaluation: Evaluation, bid: Bid) -> float:
    """Power left at the sites of what is bought, once it stands, over what it draws; 1 at most, 0 for what is rented."""
    case, own = evaluation.now.done.plan.case, power_mw(bid, evaluation.now.done.plan.case)
    day = in_service_from(evaluation.now.done, bid) or bid.service_date
    left = 0.0
    for site_id in {part.site for part in bid.parts.values() if part.kind == "purchase"}:
        site, phase = case.sites[site_id], case.sites[site_id].phase_on(day)
        standing = fsum(case.kw_per_device(fleet.accelerator) * fleet.devices for fleet in site.fleet)
        left += max(0.0, (phase.power_mw if phase else 0.0) - standing * site.pue / KW_PER_MW)
    return min(1.0, max(0.0, left - own) / own) if own else 0.0


def option_record(facts: Facts, evaluation: Evaluation, excluded: tuple[str, ...], place: Place | None) -> Option:
    """All that is told of an option. `place`: where it stands on the short list."""
    key, now, capacity = evaluation.key, evaluation.now, evaluation.capacity
    bid, case = facts.bid(key), now.done.plan.case
    months, day = months_to_service(facts, evaluation), in_service_from(now.done, bid) if bid else None
    power = power_mw(bid, case) if bid else 0.0
    scenarios = tuple(_in_scenarios(facts, evaluation))
    worked = now.work if now.work > 0 else None
    kw = power * KW_PER_MW / _pue(bid, case) if bid and power else 0.0
    return Option(
        option=key,
        name=bid.name if bid else NAMES[key],
        kind="bid" if bid else "reference",
        bidder=bid.bidder if bid else "",
        rank=place.rank if place else None,
        rank_by_cost=place.rank_by_cost if place else None,
        shortlisted=place is not None,
        excluded_because=excluded,
        npv_cost_hkd=now.cost.hkd,
        annual_cost_hkd=_per_year(evaluation),
        net_value_hkd=facts.worlds.now.total_hkd - now.total_hkd,
        costs=now.cost.by_cost,
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
        pflops_per_kw=capacity.peak_pflops / kw if kw and bid and not _rents(bid) else None,
        carbon_t=carbon_t(facts, now),
        data_classes=_data_classes(evaluation),
        owners=_owners(evaluation),
        servable_share=capacity.servable,
        jobs=tuple(_jobs(evaluation)),
        days_to_train=tuple(_training(facts, evaluation, job) for job in facts.comparison.reference_jobs)
        if bid
        else (),
        regret_hkd=max((each.regret_hkd for each in scenarios), default=0.0),
        expected_regret_hkd=fsum(each.probability * each.regret_hkd for each in scenarios),
        scenarios=scenarios,
        criteria=criteria(facts, evaluation) if bid and worked else {},
        values=place.values if place else {},
        score=place.score if place else None,
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


def _pue(bid: Bid, case: Case) -> float:
    """Of the sites at which what is bought stands, by power."""
    owned = [part for part in bid.parts.values() if part.kind == "purchase"]
    return power_mw(bid, case) * KW_PER_MW / fsum(case.kw_per_device(p.accelerator) * p.devices for p in owned)


def _rents(bid: Bid) -> bool:
    return any(part.kind == "rental" for part in bid.parts.values())


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
    return {name: cost / seconds / rate * MILLION for name, rate in capacity.tokens_per_s.items()}


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
            because = next((why for key, why in done.refusals.items() if key[0] == offer), "")
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
