"""What the limits of a plan are worth: one entry per limit, over all periods in which it binds.

A limit of several periods is priced as one unit more in each of them. Entries are sorted by what the limit takes out of
the plan in all, Σ price · limit; a limit of zero counts as one unit. Where a plan stands on an edge the solver names
one of many prices; what a screen shows is found by solving again with the limits moved to either side (`proved`). A hall
that is not open yet is planned anew, opened a period earlier.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from planner.domain.case import Case
from planner.domain.horizon import Period
from planner.model.constraints import FAMILIES, KNOWN
from planner.model.family import Where
from planner.model.rows import Row
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.plan.plan import Plan
from planner.plan.ranging import beside, next_to
from planner.report.words import Edge, limit_sentence, span, unopened_sentence
from planner.solve.shadow_prices import NEGLIGIBLE_HKD
from planner.study.worth.lifted import Tell, worth

LIMITS, GAPS, WORK = (
    tuple(family.name for family in FAMILIES if family.kind == kind) for kind in ("limit", "gap", "work")
)
BINDS = 1e-6

Key = tuple[str, tuple[str, ...], str | None]


@dataclass(frozen=True)
class Limit:
    """A limit that binds.

    `saves_hkd_per_unit` is what easing it a little, in each of its periods, would save, per unit; `costs_hkd_per_unit`
    what tightening it would cost; `…_whole_unit` are those of one whole unit. None: no plan is left there, or nobody
    looked. `proved`: found by solving again; else the saving is the solver's price. `opens`: the period in which a hall
    opens that is not open yet; none of its megawatts has a price before.
    """

    family: str
    subject: str
    first_period: str
    last_period: str
    periods: int
    unit: str
    saves_hkd_per_unit: float | None
    weighs_hkd: float
    because: str
    sentence: str
    rows: tuple[str, ...]
    costs_hkd_per_unit: float | None = None
    saves_hkd_whole_unit: float | None = None
    costs_hkd_whole_unit: float | None = None
    proved: bool = False
    opens: str | None = None
    subjects: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()


def limits(plan: Plan, families: tuple[str, ...] = LIMITS) -> list[Limit]:
    """Every limit of the families that binds, the heaviest first, at the solver's prices."""
    groups: dict[Key, list[tuple[int, float]]] = defaultdict(list)
    prices = (plan.solution.prices * HKD_PER_MODEL_UNIT).tolist()
    for number, (row, price_hkd) in enumerate(zip(plan.model.rows, prices, strict=True)):
        if row.family in families and row.is_limit and row.node is not None:
            saved = saving(row.family, row.sense, price_hkd)
            groups[row.family, row.subject, _opens(plan, row)].append((number, saved))
    entries = [
        _limit(
            plan,
            key,
            [(n, saved) for n, saved in rows if abs(saved) > NEGLIGIBLE_HKD or _binds(plan, plan.model.rows[n])],
        )
        for key, rows in groups.items()
        if any(abs(saved) > NEGLIGIBLE_HKD for _, saved in rows)
    ]
    return sorted(entries, key=lambda limit: (-abs(limit.weighs_hkd), limit.family, limit.subject))


def proved(plan: Plan, entries: Iterable[Limit], *, whole: bool = False) -> list[Limit]:
    """The same, each solved again with its limits moved together to either side; as they are where nobody knows where the
    solver stood, and of a tree by branch, whose optimum is known within a gap alone. `whole`: also what a
    whole unit less costs where that is no more than one more saves, which no sentence says and which may take long.
    """
    if not plan.neighbourhood.known or plan.solution.rounds:
        return list(entries)
    return [limit if limit.opens is not None else _proved(plan, limit, whole) for limit in entries]


def saving(family: str, sense: str, price_hkd: float) -> float:
    """HKD that easing a row by one unit saves: a ceiling is eased upwards, a target downwards."""
    return price_hkd if KNOWN[family].eased_downwards(sense) else -price_hkd


def _opens(plan: Plan, row: Row) -> str | None:
    """The first period in which the hall is open, for a row of its power before; empty where it never opens."""
    if row.family != "power" or row.node is None:
        return None
    site, horizon = plan.case.sites[row.what[0]], plan.case.horizon
    if site.phase_on(horizon.order_date(plan.model.options.node(row.node).period)) is not None:
        return None
    return next((str(p) for p in horizon.periods if site.phase_on(horizon.order_date(p)) is not None), "")


def _binds(plan: Plan, row: Row) -> bool:
    """Whether the plan stands at the limit. At a limit of zero stands all that is not used: only its price tells."""
    if not row.limit:
        return False
    left = sum(coefficient * float(plan.solution.values[column]) for column, coefficient in row.terms)
    return abs(left - row.limit) <= BINDS * max(1.0, abs(row.limit))


def _limit(plan: Plan, key: Key, savings: Sequence[tuple[int, float]]) -> Limit:
    family, index, opens = key
    binding = [(plan.model.rows[number], saved) for number, saved in savings]
    at: Mapping[str, Period] = {node.id: node.period for node in plan.case.tree}
    periods = sorted({at[row.node] for row, _ in binding if row.node is not None})
    saves = sum(saved for _, saved in binding)
    limit = Limit(
        family,
        ", ".join(index),
        str(periods[0]),
        str(periods[-1]),
        len(periods),
        KNOWN[family].unit,
        saves if opens is None else None,
        weighs_hkd=sum(saved * max(abs(row.limit), 1.0) for row, saved in binding),
        because="; ".join(dict.fromkeys(row.because for row, _ in binding)),
        sentence="",
        rows=tuple(row.name for row, _ in binding),
        opens=opens,
        subjects=index,
        numbers=tuple(number for number, _ in savings),
    )
    return replace(limit, sentence=_sentence(limit, Edge(saves)))


def _sentence(limit: Limit, edge: Edge) -> str:
    if limit.opens is not None:
        return unopened_sentence(limit.subject, limit.opens)
    when = span(limit.first_period, limit.last_period)
    family = KNOWN[limit.family]
    return limit_sentence(family.one_more(Where(limit.subjects, when, each=limit.periods > 1)), family.unit, edge)


def _proved(plan: Plan, limit: Limit, whole: bool) -> Limit:
    edge = _edge(plan, limit, whole)
    return replace(
        limit,
        saves_hkd_per_unit=edge.saves,
        saves_hkd_whole_unit=edge.saves_whole,
        costs_hkd_per_unit=edge.costs,
        costs_hkd_whole_unit=edge.costs_whole,
        proved=True,
        sentence=_sentence(limit, edge),
    )


def _edge(plan: Plan, limit: Limit, whole: bool) -> Edge:
    rows = [plan.model.rows[number] for number in limit.numbers]
    easing = -1 if KNOWN[limit.family].eased_downwards(rows[0].sense) else 1
    eased = beside(plan, limit.numbers, easing)
    edge = Edge(_minus(eased.rate_hkd) or 0.0, _minus(eased.whole_hkd))
    if not any(row.limit for row in rows):  # there is no less than zero
        return edge
    if not whole:
        edge = replace(edge, costs=next_to(plan, limit.numbers, -easing))
        if not edge.differs:
            return edge
    tightened = beside(plan, limit.numbers, -easing)
    return replace(edge, costs=tightened.rate_hkd, costs_whole=tightened.whole_hkd)


def _minus(hkd: float | None) -> float | None:
    return None if hkd is None else 0.0 - hkd


def opened_earlier(plan: Plan, entries: Iterable[Limit], tell: Tell) -> list[Limit]:
    """The limits, those of halls that open later with what one period earlier would save."""
    return [_priced(plan, limit, tell) if limit.opens else limit for limit in entries]


def _priced(plan: Plan, limit: Limit, tell: Tell) -> Limit:
    (site,) = limit.subjects
    periods = [str(period) for period in plan.case.horizon.periods]
    opens = limit.opens or ""
    earlier = periods[periods.index(opens) - 1]
    (variant,) = worth(plan, {f"{site} opened in {earlier}": opened(plan.case, site, earlier)}, tell)
    return replace(
        limit,
        unit="period earlier",
        saves_hkd_per_unit=variant.saves_hkd,
        saves_hkd_whole_unit=variant.saves_hkd,
        proved=True,
        sentence=unopened_sentence(site, opens, variant.saves_hkd, earlier),
    )


def opened(case: Case, site: str, period: str) -> Case:
    """The case in which the first phase of the hall begins in the period."""
    hall, day = case.sites[site], next(p for p in case.horizon.periods if str(p) == period)
    first, *rest = hall.phases
    phases = (first.model_copy(update={"from_date": case.horizon.order_date(day)}), *rest)
    return case.model_copy(update={"sites": {**case.sites, site: hall.model_copy(update={"phases": phases})}})
