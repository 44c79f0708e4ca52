"""The tables of a comparison: an option a line or a column, worded already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.cells import number
from planner.report.compare_law import law_of
from planner.report.compare_words import MOST, NONE, id_of
from planner.report.language import IN_ENGLISH, Language
from planner.report.tables import Table
from planner.report.words import COST_WORDS, percent

if TYPE_CHECKING:
    from planner.domain.bid import ReferenceJob
    from planner.study.compare.compare import Compared
    from planner.study.compare.option import Option


def options_table(answer: Compared, say: Language = IN_ENGLISH) -> Table:
    """Every option, a line each."""
    columns = (
        say("option"), say("rank"), say("score"), say("NPV cost"), say("effective PF"), say("per PF-day"), say("months"), say("law"),
        say("regret"), say("flags"),
    )  # fmt: skip
    rows = [_row(option, say) for option in answer.options]
    note = say(
        "NPV cost above business as usual, HKD; effective PF: useful PFLOP/s on the mix; per PF-day: HKD per PFLOP/s-day of work that it adds; "
        "law: share of its devices that come, over the scenarios; regret: the most over them, HKD."
    )
    return Table(say("Options"), columns, rows, note, spare=(say("regret"), say("law")))


def _row(option: Option, say: Language) -> list[str]:
    per_day = option.hkd_per_effective_pflops_day
    bid = option.kind == "bid"
    return [
        id_of(option, say),
        str(option.rank) if option.rank else (NONE if not bid else say("out")),
        f"{option.score:.0f}" if option.score is not None else NONE,
        say.short_money(option.npv_cost_hkd),
        number(option.effective_pflops) if option.effective_pflops else NONE,
        number(per_day) if per_day is not None else NONE,
        f"{option.months_to_service:.1f}" if option.months_to_service is not None else NONE,
        percent(option.lawful_share) if bid else NONE,
        say.short_money(option.regret_hkd),
        str(sum(check.agrees is False for check in option.checks)) if bid else NONE,
    ]


def money_table(answer: Compared, say: Language = IN_ENGLISH) -> Table:
    """NPV cost by cost, an option a column."""
    shown = [option for option in answer.options if option.costs]
    sizes: dict[str, float] = {}
    for option in shown:
        for cost, hkd in option.costs.items():
            sizes[cost] = max(sizes.get(cost, 0.0), abs(hkd))
    names = sorted(sizes, key=lambda cost: -sizes[cost])
    rows = [[cost_of(name, say), *(_amount(option.costs.get(name), say) for option in shown)] for name in names]
    rows.append([say("NPV cost"), *(say.short_money(option.npv_cost_hkd) for option in shown)])
    rows.append([say("a year"), *(_amount(option.annual_cost_hkd, say) for option in shown)])
    rows.append([say("net value"), *(say.short_money(option.net_value_hkd) for option in shown)])
    note = say(
        "Discounted, above business as usual. A year: the same in equal payments over the years in service. Net value: unserved work that it saves, at its value, less the cost."
    )
    return Table(say("What it costs, HKD"), ("", *(_head(option, say) for option in shown)), rows, note)


def cash(answer: Compared, say: Language = IN_ENGLISH, more_in: str = "--json") -> Table:
    """Cash by financial year, an option a column. `more_in`: what tells it by kind."""
    shown = [option for option in answer.options if option.cash]
    years = sorted({year.financial_year for option in shown for year in option.cash})
    by_year = [
        {year.financial_year: year.purchase_hkd + year.recurrent_hkd for year in option.cash} for option in shown
    ]
    rows = [[year, *(_amount(amounts.get(year), say) for amounts in by_year)] for year in years]
    rows.append([say("in all"), *(say.short_money(sum(amounts.values())) for amounts in by_year)])
    note = say(
        "Real money, undiscounted, above business as usual, 1 April to 31 March; {more_in} tells purchases from what recurs.",
        more_in=more_in,
    )
    return Table(say("Cash by financial year, HKD"), ("", *(_head(option, say) for option in shown)), rows, note)


def _head(option: Option, say: Language) -> str:
    """Its id at the head of a column, where it may wrap between words."""
    return id_of(option, say).replace("_", " ")


def cost_of(name: str, say: Language) -> str:
    """A cost in words."""
    own = {"payments": "price as paid"}
    return say(own.get(name, COST_WORDS.get(name, name.replace("_", " "))))


def _amount(hkd: float | None, say: Language) -> str:
    return NONE if hkd is None or abs(hkd) < 1 else say.short_money(hkd)


def does(answer: Compared, say: Language = IN_ENGLISH) -> Table:
    """What each bid does."""
    shown = [option for option in answer.options if option.kind == "bid"]
    rows = [
        [say("peak, dense BF16, PFLOP/s"), *(number(o.peak_pflops) for o in shown)],
        [say("performance tax"), *(_share(o.performance_tax) for o in shown)],
        [say("work, of capacity on the mix"), *(_share(o.utilisation) for o in shown)],
        [say("break-even utilisation"), *(_share(o.break_even_utilisation) for o in shown)],
        [say("HKD per million tokens"), *(_tokens(o, say) for o in shown)],
        *(
            [say("days for {model}", model=job.model), *(_days(o, place) for o in shown)]
            for place, job in enumerate(answer.comparison.reference_jobs)
        ),
        [say("public clusters slower"), *(_share(o.peers_slower_share) for o in shown)],
        [say("power, MW"), *(number(o.power_mw) if o.power_mw else NONE for o in shown)],
        [say("carbon, kt"), *(number(o.carbon_t / 1000) for o in shown)],
        [say("residual value"), *(_amount(o.residual_value_hkd, say) for o in shown)],
        [say("law at shipment"), *(law_of(o, say) for o in shown)],
        [say("owners served"), *(str(len(o.owners)) for o in shown)],
        [say("classes of data"), *(str(len(o.data_classes)) for o in shown)],
    ]
    mix = say.listed([f"{name} {percent(share)}" for name, share in answer.mix.items()], MOST)
    jobs = say(", ").join(_job(job, say) for job in answer.comparison.reference_jobs)
    note = say("Mix: {mix}. Trainings: {jobs}, on all devices of a kind.", mix=mix, jobs=jobs)
    return Table(say("What it does"), ("", *(_head(o, say) for o in shown)), rows, note)


def _job(job: ReferenceJob, say: Language) -> str:
    return say("{model} on {tokens} tokens", model=job.model, tokens=say.billions(job.tokens_b))


def _share(value: float | None) -> str:
    return NONE if value is None else percent(value)


def _tokens(option: Option, say: Language) -> str:
    values = sorted(option.hkd_per_million_tokens.values())
    if len(values) < 2:
        return number(values[0]) if values else NONE
    return say("{low} to {high}", low=number(values[0]), high=number(values[-1]))


def _days(option: Option, place: int) -> str:
    spread = option.days_to_train[place].days if option.days_to_train else None
    return NONE if spread is None else number(spread.p50)


def weights(answer: Compared, say: Language = IN_ENGLISH) -> Table:
    """Criteria with their weights and values."""
    criteria = answer.comparison.weights.criteria
    shown = [option for option in answer.options if option.rank]
    whole = sum(criteria.values())
    rows = [
        [say.name(name), percent(weight / whole), *(_value(option, name) for option in shown)]
        for name, weight in criteria.items()
    ]
    who = say(answer.comparison.weights.set_by)
    note = say("Values as they are: cost in HKD and carbon in t per PFLOP/s-day of work, the others from 0 to 1. Weights set by {who}.", who=who)  # fmt: skip
    title = say("Criteria of the {count} options on the short list", count=len(shown))
    if len(shown) == 1:
        title = say("Criteria of the 1 option on the short list")
    return Table(title, (say("criterion"), say("weight"), *(_head(o, say) for o in shown)), rows, note)


def _value(option: Option, name: str) -> str:
    return number(option.criteria[name]) if name in option.criteria else NONE
