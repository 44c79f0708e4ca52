"""The paper of a comparison: what a committee is asked, which option is preferred and why, and what would turn the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from typing import Any

from planner.figures import figures_of_comparison
from planner.figures.figure import Figure
from planner.papers.paper import Paper, PaperPart, Section, Sources
from planner.report import compare as words
from planner.report.language import IN_ENGLISH, Language
from planner.report.tables import Formula, Heading, Part, Table
from planner.report.words import percent
from planner.study.compare.compare import Compared

MOST_COLUMNS = 24
"""Of options whose scores are worked out in a workbook: its columns C to Z."""


def comparison_paper(answer: Compared, say: Language = IN_ENGLISH) -> Paper:
    """All of it, in the order in which a committee reads."""
    figures, sources = figures_of_comparison(answer, say), Sources()
    sections = [
        Section(heading, parts)
        for heading, parts in (
            (say("Summary"), _summary(answer, figures)),
            (say("Long list and short list"), _plain(words.excluded(answer))),
            (say("Claims, worked out again"), [*_plain(words.flags(answer)), *_drawn(figures, "claims")]),
            (say("Cost"), [words.money_table(answer), words.cash(answer), *_drawn(figures, "cost_effectiveness")]),
            (say("What it does"), [words.does(answer), *_drawn(figures, "time_to_train")]),
            (say("Law and futures"), [words.law(answer), *words.futures(answer), *_drawn(figures, "regret")]),
            (say("What would change the answer"), [*_plain(words.turns(answer)), *_drawn(figures, "rank_stability")]),
            (say("The best set within the grant"), _plain(words.best_set(answer))),
            (say("Criteria and weights"), [words.weights(answer), *_drawn(figures, "scores")]),
            (say("Bids and commitments"), list(_bids(answer, sources))),
            (say("Assumptions"), _assumptions(answer, say)),
        )
        if parts
    ]
    lead = say("Options for an award on {day}; data as of {data}. Law is research, not legal advice.", day=answer.comparison.award_date, data=answer.data_as_of)  # fmt: skip
    return Paper(
        answer.comparison.title,
        [Section(section.heading, [_said(part, answer, say) for part in section.parts]) for section in sections],
        lead,
        _facts(answer, say),
        sources.texts,
        list(_sheets(answer)),
        worded=True,
        say=say,
    )


def _said(part: PaperPart, answer: Compared, say: Language) -> PaperPart:
    """A table with its title, heads, names of rows and note in the language of the paper, as far as its catalogue has them; options
    keep their names.
    """
    if not isinstance(part, Table):
        return part
    names = {name for option in answer.options for name in (option.option, option.option.replace("_", " "))}

    def told(cell: Any) -> Any:
        return say(cell) if isinstance(cell, str) and cell not in names else cell

    rows = [[told(row[0]), *row[1:]] for row in part.rows]
    return replace(
        part, title=say(part.title), columns=[told(head) for head in part.columns], rows=rows, note=say(part.note)
    )


def _summary(answer: Compared, figures: dict[str, Figure]) -> list[PaperPart]:
    decision = answer.comparison.decision
    return [*([decision] if decision else []), answer.recommendation, words.options_table(answer)]


def _facts(answer: Compared, say: Language) -> list[tuple[str, str]]:
    best = answer.best
    if best is None:
        return []
    steady = next(each for each in answer.rank_stability if each.option == best.option)
    return [
        (say("Preferred option"), best.name),
        (say("NPV cost"), say.money(best.npv_cost_hkd)),
        (say("Useful PFLOP/s on the mix"), f"{best.effective_pflops:,.0f}"),
        (say("Months to service"), f"{best.months_to_service or 0:.1f}"),
        (say("Largest regret"), say.money(best.regret_hkd)),
        (say("First in draws of weights and prices"), percent(steady.first_share_both)),
    ]


def _plain(parts: Iterable[Part]) -> list[PaperPart]:
    """The words of a page under a heading of their own, without its headings and empty lines."""
    return [
        part.lstrip() if isinstance(part, str) else part for part in parts if part and not isinstance(part, Heading)
    ]


def _drawn(figures: dict[str, Figure], name: str) -> list[PaperPart]:
    return [figures[name]] if name in figures else []


def _bids(answer: Compared, sources: Sources) -> Iterator[PaperPart]:
    for key, bid in answer.comparison.options.items():
        what = f"- {bid.name} ({key})" + (f", {bid.bidder}" if bid.bidder else "")
        binding = f": {'; '.join(bid.commitments)}" if bid.commitments else ""
        yield f"{what}{binding}. {bid.note}".rstrip() + sources.mark(bid.source)


def _assumptions(answer: Compared, say: Language) -> list[PaperPart]:
    asked = answer.comparison
    low, high, peers = f"{asked.price_factor.low:g}", f"{asked.price_factor.high:g}", len(answer.peers_months)
    return [
        say("- Weights are set by {who}.", who=asked.weights.set_by),
        say("- Prices may come out at {low} to {high} times the bids.", low=low, high=high),
        say("- Months to service stand beside {count} public clusters that serve; data/public_clusters.csv names them with sources. Their dates are partly recalled.", count=peers),
        say("- Funds, budgets and targets of the case play no part. Rentals count from the first whole period after service."),
        say("- Inputs: SHA-256 {sha256}…; the same file gives the same figures.", sha256=answer.sha256[:12]),
    ]  # fmt: skip


def _sheets(answer: Compared) -> Iterator[Table]:
    """In full, for a workbook."""
    if 0 < sum(option.rank is not None for option in answer.options) <= MOST_COLUMNS:
        yield _scores(answer)
    yield Table.of(words.records_of(answer), title="Options in full")
    yield _long(
        "Costs in full",
        [{"option": o.option, "cost": cost, "hkd": hkd} for o in answer.options for cost, hkd in o.costs.items()],
    )
    yield _long("Cash in full", [{"option": o.option, **asdict(year)} for o in answer.options for year in o.cash])
    yield _long(
        "Checks in full",
        [{"option": o.option, **asdict(c), "difference": c.difference} for o in answer.options for c in o.checks],
    )
    yield _long("Scenarios in full", [{"option": o.option, **asdict(e)} for o in answer.options for e in o.scenarios])
    yield _long("Switching values", [asdict(each) for each in answer.switches])


def _scores(answer: Compared) -> Table:
    """Criteria with their weights, which a committee may change, and the score that follows."""
    shown = [option for option in answer.options if option.rank]
    criteria = {name: weight for name, weight in answer.comparison.weights.criteria.items() if weight}
    rows: list[list[Any]] = [[name, weight, *(o.values[name] for o in shown)] for name, weight in criteria.items()]
    last, columns = len(rows) + 1, [chr(ord("C") + place) for place in range(len(shown))]
    weights = f"$B$2:$B${last}"
    scores = [Formula(f"=100*SUMPRODUCT({weights},{c}2:{c}{last})/SUM({weights})", o.score or 0.0) for c, o in zip(columns, shown, strict=True)]  # fmt: skip
    ranks = [Formula(f"=RANK({c}{last + 1},${columns[0]}${last + 1}:${columns[-1]}${last + 1})", float(o.rank or 0)) for c, o in zip(columns, shown, strict=True)]  # fmt: skip
    return Table(
        "Weights and scores",
        ("criterion", "weight", *(o.option for o in shown)),
        [*rows, ["score", None, *scores], ["rank", None, *ranks]],
    )


def _long(title: str, rows: list[dict[str, Any]]) -> Table:
    return Table.of(rows, title=title)
