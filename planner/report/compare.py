"""A comparison in words: the answer first, then the options, what the claims are worth, and what would turn it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from planner.cells import number
from planner.report.options import LAW
from planner.report.tables import Heading, Part, Table
from planner.report.words import COST_WORDS, count, listed, money, percent, short_money

if TYPE_CHECKING:
    from planner.study.compare.claims import Check
    from planner.study.compare.compare import Compared
    from planner.study.compare.option import Option

NONE = "–"


def page(answer: Compared) -> list[Part]:
    """What a committee reads, top to bottom."""
    asked = answer.comparison
    return [
        Heading(asked.title),
        *([asked.decision] if asked.decision else []),
        answer.recommendation,
        "",
        options_table(answer),
        *excluded(answer),
        *flags(answer),
        "",
        money_table(answer),
        "",
        cash(answer),
        "",
        does(answer),
        *futures(answer),
        *turns(answer),
        *best_set(answer),
        "",
        weights(answer),
    ]


def records_of(answer: Compared) -> list[dict[str, Any]]:
    """One record per option, for files and other programs."""
    return [_flat(option) for option in answer.options]


def _flat(option: Option) -> dict[str, Any]:
    names = (
        "option", "name", "rank", "rank_by_cost", "score", "npv_cost_hkd", "annual_cost_hkd", "net_value_hkd", "price_hkd", "peak_pflops",
        "effective_pflops", "performance_tax", "hkd_per_effective_pflops_day", "hkd_per_capacity_pflops_day", "utilisation",
        "break_even_utilisation", "months_to_service", "deliverable_in_time", "lawful_share", "power_mw", "power_fits",
        "pflops_per_kw", "carbon_t", "residual_value_hkd", "servable_share", "regret_hkd", "expected_regret_hkd",
    )  # fmt: skip
    fields = {name: getattr(option, name) for name in names}
    fields["legal"] = option.legal.allowed
    fields["flags"] = [check.subject for check in option.checks if check.agrees is False]
    fields["excluded_because"] = list(option.excluded_because)
    return fields


def options_table(answer: Compared) -> Table:
    """Every option, a line each."""
    columns = ("option", "rank", "score", "NPV cost", "effective PF", "per PF-day", "months", "law", "regret", "flags")
    rows = [_row(option) for option in answer.options]
    note = (
        "NPV cost above business as usual, HKD; effective PF: useful PFLOP/s on the mix; per PF-day: HKD per PFLOP/s-day of work that it adds; "
        "law: share of its devices that come, over the scenarios; regret: the most over them, HKD."
    )
    return Table("Options", columns, rows, note, spare=("regret", "law"))


def _row(option: Option) -> list[str]:
    per_day = option.hkd_per_effective_pflops_day
    bid = option.kind == "bid"
    return [
        option.option,
        str(option.rank) if option.rank else (NONE if not bid else "out"),
        f"{option.score:.0f}" if option.score is not None else NONE,
        short_money(option.npv_cost_hkd),
        number(option.effective_pflops) if option.effective_pflops else NONE,
        number(per_day) if per_day is not None else NONE,
        f"{option.months_to_service:.1f}" if option.months_to_service is not None else NONE,
        percent(option.lawful_share) if bid else NONE,
        short_money(option.regret_hkd),
        str(sum(check.agrees is False for check in option.checks)) if bid else NONE,
    ]


def excluded(answer: Compared) -> Iterator[Part]:
    """What is off the short list, and why."""
    out = [option for option in answer.options if option.excluded_because]
    if out:
        yield from ("", Heading("Off the short list"))
        for option in out:
            yield f"  - {option.option}: {'; '.join(option.excluded_because)}."


def flags(answer: Compared) -> Iterator[Part]:
    """Claims that do not agree with what is worked out."""
    wrong = [(option, check) for option in answer.options for check in option.checks if check.agrees is False]
    if not wrong:
        yield from ("", Heading("Claims: all agree with what is worked out"))
        return
    yield from ("", Heading("Claims that do not agree with what is worked out"))
    for option, check in wrong:
        yield f"  - {option.option}, {check.subject}: {_claim(check)}{check.says}."


def _claim(check: Check) -> str:
    if check.claim is None:
        return ""
    claim = money(check.claim) if check.unit == "HKD" else f"{number(check.claim)} {check.unit}"
    return f"{claim} claimed; "


def money_table(answer: Compared) -> Table:
    """NPV cost by cost, an option a column."""
    shown = [option for option in answer.options if option.costs]
    sizes: dict[str, float] = {}
    for option in shown:
        for cost, hkd in option.costs.items():
            sizes[cost] = max(sizes.get(cost, 0.0), abs(hkd))
    names = sorted(sizes, key=lambda cost: -sizes[cost])
    rows = [[_cost(name), *(_amount(option.costs.get(name)) for option in shown)] for name in names]
    rows.append(["NPV cost", *(short_money(option.npv_cost_hkd) for option in shown)])
    rows.append(["a year", *(_amount(option.annual_cost_hkd) for option in shown)])
    rows.append(["net value", *(short_money(option.net_value_hkd) for option in shown)])
    note = "Discounted, above business as usual. A year: the same in equal payments over the years in service. Net value: unserved work that it saves, at its value, less the cost."
    return Table("What it costs, HKD", ("", *(_head(option) for option in shown)), rows, note)


def cash(answer: Compared) -> Table:
    """Cash by financial year, an option a column."""
    shown = [option for option in answer.options if option.cash]
    years = sorted({year.financial_year for option in shown for year in option.cash})
    by_year = [
        {year.financial_year: year.purchase_hkd + year.recurrent_hkd for year in option.cash} for option in shown
    ]
    rows = [[year, *(_amount(amounts.get(year)) for amounts in by_year)] for year in years]
    rows.append(["in all", *(short_money(sum(amounts.values())) for amounts in by_year)])
    note = "Real money, undiscounted, above business as usual, 1 April to 31 March; --json tells purchases from what recurs."
    return Table("Cash by financial year, HKD", ("", *(_head(option) for option in shown)), rows, note)


def _head(option: Option) -> str:
    """Its id at the head of a column, where it may wrap between words."""
    return option.option.replace("_", " ")


def _cost(name: str) -> str:
    own = {"payments": "price as paid", "levies": "levies", "operator": "operator"}
    return own.get(name, COST_WORDS.get(name, name.replace("_", " ")))


def _amount(hkd: float | None) -> str:
    return NONE if hkd is None or abs(hkd) < 1 else short_money(hkd)


def does(answer: Compared) -> Table:
    """What each bid does."""
    shown = [option for option in answer.options if option.kind == "bid"]
    rows = [
        ["peak, dense BF16, PFLOP/s", *(number(o.peak_pflops) for o in shown)],
        ["performance tax", *(_share(o.performance_tax) for o in shown)],
        ["work, of capacity on the mix", *(_share(o.utilisation) for o in shown)],
        ["break-even utilisation", *(_share(o.break_even_utilisation) for o in shown)],
        ["HKD per million tokens", *(_tokens(o) for o in shown)],
        *(
            [f"days for {job.model}", *(_days(o, place) for o in shown)]
            for place, job in enumerate(answer.comparison.reference_jobs)
        ),
        ["public clusters slower", *(_share(o.peers_slower_share) for o in shown)],
        ["power, MW", *(number(o.power_mw) if o.power_mw else NONE for o in shown)],
        ["carbon, kt", *(number(o.carbon_t / 1000) for o in shown)],
        ["residual value", *(_amount(o.residual_value_hkd) for o in shown)],
        ["law at shipment", *(_law(o) for o in shown)],
        ["owners served", *(str(len(o.owners)) for o in shown)],
        ["classes of data", *(str(len(o.data_classes)) for o in shown)],
    ]
    mix = listed([f"{name} {percent(share)}" for name, share in answer.mix.items()])
    tokens = ", ".join(f"{job.model} on {job.tokens_b:,.0f} B tokens" for job in answer.comparison.reference_jobs)
    return Table(
        "What it does",
        ("", *(_head(o) for o in shown)),
        rows,
        f"Mix: {mix}. Trainings: {tokens}, on all devices of a kind.",
    )


def _share(value: float | None) -> str:
    return NONE if value is None else percent(value)


def _tokens(option: Option) -> str:
    values = list(option.hkd_per_million_tokens.values())
    return (
        NONE
        if not values
        else number(min(values))
        if len(values) == 1
        else f"{number(min(values))} to {number(max(values))}"
    )


def _days(option: Option, place: int) -> str:
    spread = option.days_to_train[place].days if option.days_to_train else None
    return NONE if spread is None else number(spread.p50)


def law(answer: Compared) -> Table:
    """What law in force says of each part on the day that counts."""
    rows = [
        [
            option.option,
            part.accelerator,
            part.on or NONE,
            part.outcome or NONE,
            part.rule or NONE,
            "yes" if part.allowed else "no",
        ]
        for option in answer.options
        for part in option.legal.parts
    ]
    note = "On the day of shipment, or of the first rent. Research, not legal advice; planner catalog rules ID shows a rule with its text."
    return Table("Law in force", ("option", "device", "on", "outcome", "rule", "allowed"), rows, note)


def _law(option: Option) -> str:
    outcomes = dict.fromkeys(LAW[part.outcome] for part in option.legal.parts if part.outcome)
    return "refused" if not option.legal.allowed else ", ".join(outcomes)


def futures(answer: Compared) -> Iterator[Part]:
    """Regret by future."""
    names = [entry.scenario for entry in answer.options[0].scenarios]
    if not names:
        return
    rows = [
        [
            option.option,
            *(short_money(entry.regret_hkd) for entry in option.scenarios),
            short_money(option.expected_regret_hkd),
        ]
        for option in answer.options
    ]
    chances = ", ".join(f"{entry.scenario} {percent(entry.probability)}" for entry in answer.options[0].scenarios)
    note = f"What it leaves the need to cost in each future, above the least of all options there. Probabilities: {chances}."
    yield from ("", Table("Regret, HKD", ("option", *names, "expected"), rows, note))


def turns(answer: Compared) -> Iterator[Part]:
    """Draws and switching values."""
    if not answer.rank_stability:
        return
    draws = [
        f"{each.option} {percent(each.first_share_both)}"
        for each in sorted(answer.rank_stability, key=lambda e: -e.first_share_both)
    ]
    yield from ("", Heading("What would change the answer"))
    yield f"  - Over draws of weights and prices, first comes {listed(draws)}."
    for each in answer.switches:
        if each.at is None:
            yield f"  - {each.what}: nothing up to ten times the bid, or down to nothing, changes who is first."
        elif each.unit == "%":
            yield f"  - {each.what}: {each.now:.0f} % now; at {each.at:.0f} % {each.then_first} comes first."
        else:
            yield f"  - {each.what}: at {number(each.at)} {each.unit} {each.then_first} comes first."


def best_set(answer: Compared) -> Iterator[Part]:
    """The best set within the grant."""
    best = answer.portfolio
    if best is None:
        return
    yield from ("", Heading(f"The best set within a grant of {money(best.grant_hkd)}"))
    if not best.taken:
        yield "  None: every set of bids costs more than the work that it does is worth, or asks for more."
        return
    names = [each.option if each.share == 1 else f"{percent(each.share)} of {each.option}" for each in best.taken]
    yield (
        f"  - {listed(names)}, for {money(best.spent_hkd)}: NPV cost {money(best.npv_cost_hkd)}, net value {money(best.net_value_hkd)}. "
        f"Left out: {listed(best.left_out) or 'none'}."
    )
    if best.hkd_per_grant_hkd:
        yield f"  - One more HKD of grant would save HKD {number(best.hkd_per_grant_hkd)}."


def weights(answer: Compared) -> Table:
    """Criteria with their weights and values."""
    criteria = answer.comparison.weights.criteria
    shown = [option for option in answer.options if option.rank]
    whole = sum(criteria.values())
    rows = [
        [name, percent(weight / whole), *(_value(option, name) for option in shown)]
        for name, weight in criteria.items()
    ]
    note = f"Values as they are: cost in HKD and carbon in t per PFLOP/s-day of work, the others from 0 to 1. Weights set by {answer.comparison.weights.set_by}."
    title = f"Criteria of the {count(len(shown), 'option')} on the short list"
    return Table(title, ("criterion", "weight", *(_head(o) for o in shown)), rows, note)


def _value(option: Option, name: str) -> str:
    return number(option.criteria[name]) if name in option.criteria else NONE
