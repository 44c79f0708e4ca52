"""What options are judged against: what keeps one off the short list, and the values by criterion that rank it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import fsum

from planner.domain.bid import Bid, Comparison
from planner.intake.options_file import award_date
from planner.model.ledger import Refusal
from planner.study.compare.capacity import work_done
from planner.study.compare.carry_out import HALLS
from planner.study.compare.claims import power_mw
from planner.study.compare.cost import in_service_from
from planner.study.compare.evaluate import Evaluation, Outcome, Worlds
from planner.study.compare.findings import Dear, Hindrance, Idle, Late, Short, refused
from planner.study.compare.fleet import months_between
from planner.study.compare.market import Rents
from planner.study.compare.ranking import Candidate
from planner.units import DAYS_PER_YEAR, HOURS_PER_DAY, KW_PER_MW, MONTHS_PER_YEAR

STANDS = 0.999
"""Share of the devices of a bid that must come and fit."""


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
    """Where an option stands on the short list, nowhere where it is off it. `values`: by criterion, 0 to 1."""

    rank: int | None = None
    rank_by_cost: int | None = None
    score: float | None = None
    values: Mapping[str, float] = field(default_factory=dict)


def reasons(facts: Facts, evaluation: Evaluation) -> tuple[Hindrance, ...]:
    """Why a bid is off the short list; none: it is on it."""
    grant, price = facts.comparison.grant_hkd, price_hkd(facts.comparison.options[evaluation.key])
    dear = [Dear(price, grant)] if grant is not None and price > grant else []
    return (*hindrances(facts, evaluation), *dear)


def hindrances(facts: Facts, evaluation: Evaluation) -> Iterator[Hindrance]:
    """The same, but for what it asks for."""
    now = evaluation.now
    # A rental has a key for each of its periods: what refuses the first is told.
    first: dict[str, Refusal | None] = {}
    for (offer, *_), refusal in now.done.refusals.items():
        first.setdefault(offer, refusal)
    for offer, refusal in first.items():
        yield refused(offer.removeprefix(evaluation.key + "."), refusal)
    if not now.done.refusals and now.arrives < STANDS:
        halls = [limit for limit in now.done.limits if limit.family in HALLS]
        others = [limit for limit in now.done.limits if limit.family not in HALLS]
        yield Short(now.arrives, bool(halls), (*halls, *others))
    months, limit = months_to_service(facts, evaluation), facts.comparison.months_limit
    if months is not None and months > limit:
        yield Late(months, limit)
    if now.work <= 0 and now.done.devices:
        yield Idle()


def price_hkd(bid: Bid) -> float:
    """What a bid asks for: prices of purchases and rents of the whole term, undiscounted."""
    hours = DAYS_PER_YEAR / MONTHS_PER_YEAR * HOURS_PER_DAY
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
