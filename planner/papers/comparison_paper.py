"""The paper of a comparison: what a committee is asked, which option is preferred and why, and what would turn the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from planner.figures import figures_of_comparison
from planner.figures.figure import Figure
from planner.papers.comparison_sheets import sheets
from planner.papers.paper import Paper, PaperPart, Section, Sources
from planner.report import compare_tables as tables
from planner.report import compare_words as words
from planner.report.compare_law import futures, law
from planner.report.language import IN_ENGLISH, Language
from planner.report.tables import Heading, Part
from planner.report.words import percent
from planner.study.compare.compare import Compared


def comparison_paper(answer: Compared, say: Language = IN_ENGLISH) -> Paper:
    """All of it, in the order in which a committee reads."""
    figures, sources = figures_of_comparison(answer, say), Sources()
    sections = [
        Section(heading, parts)
        for heading, parts in (
            (say("Summary"), _summary(answer, say)),
            (say("Long list and short list"), _plain(words.excluded(answer, say))),
            (say("Claims, worked out again"), [*_claims(answer, say), *_drawn(figures, "claims")]),
            (
                say("Cost"),
                [
                    tables.money_table(answer, say),
                    tables.cash(answer, say, say("the workbook")),
                    *_drawn(figures, "cost_effectiveness"),
                ],
            ),
            (say("What it does"), [replace(tables.does(answer, say), title=""), *_drawn(figures, "time_to_train")]),
            (
                say("Law and futures"),
                [law(answer, say), *futures(answer, say), *_drawn(figures, "regret")],
            ),
            (
                say("What would change the answer"),
                [*_plain(words.turns(answer, say)), *_drawn(figures, "rank_stability")],
            ),
            (say("The best set within the grant"), _plain(words.best_set(answer, say))),
            (say("Criteria and weights"), [tables.weights(answer, say), *_drawn(figures, "scores")]),
            (say("Bids and commitments"), list(_bids(answer, sources, say))),
            (say("Assumptions"), _assumptions(answer, say)),
        )
        if parts
    ]
    lead = say("Options for an award on {day}; data as of {data}. Law is research, not legal advice.", day=answer.comparison.award_date, data=answer.data_as_of)  # fmt: skip
    return Paper(
        answer.comparison.title,
        sections,
        lead,
        _facts(answer, say),
        sources.texts,
        list(sheets(answer, say)),
        worded=True,
        say=say,
    )


def _summary(answer: Compared, say: Language) -> list[PaperPart]:
    decision = answer.comparison.decision
    return [*([decision] if decision else []), words.recommendation(answer, say), tables.options_table(answer, say)]


def _claims(answer: Compared, say: Language) -> list[PaperPart]:
    return _plain(words.flags(answer, say)) or [say("All claims agree with what is worked out.")]


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


def _bids(answer: Compared, sources: Sources, say: Language) -> Iterator[PaperPart]:
    for key, bid in answer.comparison.options.items():
        what = say("{name} ({id})", name=bid.name, id=key)
        if bid.bidder:
            what = say("{bid}, {bidder}", bid=what, bidder=bid.bidder)
        binding = say("; ").join(bid.commitments)
        offered = say("{bid}: {commitments}.", bid=what, commitments=binding) if binding else what + say(".")
        yield f"- {offered} {bid.note}".rstrip() + sources.mark(bid.source)


def _assumptions(answer: Compared, say: Language) -> list[PaperPart]:
    asked = answer.comparison
    low, high, peers = f"{asked.price_factor.low:g}", f"{asked.price_factor.high:g}", len(answer.peers_months)
    return [
        say("- Weights are set by {who}.", who=say(asked.weights.set_by)),
        say("- Prices may come out at {low} to {high} times the bids.", low=low, high=high),
        say("- Months to service stand beside {count} public clusters that serve; data/public_clusters.csv names them with sources. Their dates are partly recalled.", count=peers),
        say("- Funds, budgets and targets of the case play no part. Rentals count from the first whole period after service."),
        say("- Inputs: SHA-256 {sha256}…; the same file gives the same figures.", sha256=answer.sha256[:12]),
    ]  # fmt: skip
