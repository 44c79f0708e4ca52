"""The sentences of a comparison: the answer first, what is off the list, what claims are worth, what would turn it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from planner.cells import number
from planner.report.compare_claims import claimed, finding_of, hindrance_of, share_of
from planner.report.language import ENGLISH, IN_ENGLISH, Language
from planner.report.tables import Heading, Part
from planner.report.words import percent
from planner.study.compare.findings import Room

if TYPE_CHECKING:
    from planner.study.compare.claims import Check
    from planner.study.compare.compare import Compared
    from planner.study.compare.option import Option
    from planner.study.compare.ranking import Switch

MOST, NONE = 6, "–"


def name_of(option: Option, say: Language) -> str:
    """Bids have names of their own; what is always compared is named in the language."""
    return option.name if option.kind == "bid" else say(option.name)


def id_of(option: Option, say: Language) -> str:
    """Its id likewise."""
    return option.option if option.kind == "bid" else say.name(option.option)


def subject_of(check: Check, say: Language) -> str:
    """What is claimed; a service is told apart from one that a cluster gives."""
    return say("months to service") if check.subject == "service" and say.tag != ENGLISH else say(check.subject)


def recommendation(answer: Compared, say: Language = IN_ENGLISH) -> str:
    """Which comes first, by how much, and what speaks against it."""
    advised = answer.recommendation
    first, second, market, most = advised.first, advised.second, advised.market, advised.most
    if first is None or market is None or most is None:
        return say("None of the options can be funded as it stands: each is off the short list.")
    words = say("{option} comes first with {score} points", option=first.name, score=f"{first.score or 0:.0f}")
    if second is not None:
        texts = {
            "option": second.name,
            "score": f"{second.score or 0:.0f}",
            "share": f"{100 * advised.first_share:.0f}",
        }
        words += say(", before {option} with {score}; it stays first in {share} % of draws of weights and prices", **texts)  # fmt: skip
    match advised.verdict:
        case "not_worth_it":
            return words + say(". Yet it costs more than the work that it does is worth: fund none of them.")
        case "market_is_cheaper":
            owned, let = first.hkd_per_effective_pflops_day or 0.0, market.hkd_per_effective_pflops_day or 0.0
            return words + say(". Yet work rented on the market, without a grant, costs HKD {let} per PFLOP/s-day against {owned}.", let=f"{let:,.0f}", owned=f"{owned:,.0f}")  # fmt: skip
        case "other_saves_more":
            more = say.millions(most.net_value_hkd - first.net_value_hkd)
            return words + say(". {option} would save the need more, {hkd} of unserved work less cost.", option=most.name, hkd=more)  # fmt: skip
        case _:
            return words + say(".")


def reasons(option: Option, say: Language = IN_ENGLISH) -> list[str]:
    """Why it is off the short list."""
    return [hindrance_of(each, say) for each in option.excluded_by]


def excluded(answer: Compared, say: Language = IN_ENGLISH) -> Iterator[Part]:
    """What is off the short list, and why."""
    out = [option for option in answer.options if option.excluded_by]
    if out:
        yield from ("", Heading(say("Off the short list")))
        for option in out:
            yield "  - " + say("{option}: {reasons}.", option=option.option, reasons=say("; ").join(reasons(option, say)))  # fmt: skip


def flags(answer: Compared, say: Language = IN_ENGLISH) -> Iterator[Part]:
    """Claims that do not agree with what is worked out."""
    wrong = [(option, check) for option in answer.options for check in option.checks if check.agrees is False]
    if not wrong:
        yield from ("", Heading(say("Claims: all agree with what is worked out")))
        return
    yield from ("", Heading(say("Claims that do not agree with what is worked out")))
    for option, check in wrong:
        yield f"  - {_flag(option, check, say)}"


def _flag(option: Option, check: Check, say: Language) -> str:
    texts = {"option": option.option, "subject": subject_of(check, say), "finding": finding_of(check, say)}
    # What a hall has to take is worked out; no bid claims it.
    amount = "" if isinstance(check.finding, Room) else claimed(check, say)
    if amount:
        return say("{option}, {subject}: {amount} claimed; {finding}.", amount=amount, **texts)
    return say("{option}, {subject}: {finding}.", **texts)


def turns(answer: Compared, say: Language = IN_ENGLISH) -> Iterator[Part]:
    """Draws and switching values."""
    if not answer.rank_stability:
        return
    draws = [
        f"{each.option} {percent(each.first_share_both)}"
        for each in sorted(answer.rank_stability, key=lambda e: -e.first_share_both)
    ]
    yield from ("", Heading(say("What would change the answer")))
    yield "  - " + say("Over draws of weights and prices, first comes {draws}.", draws=say.listed(draws, MOST))
    for each in answer.switches:
        yield f"  - {_turn(each, say)}"


def _turn(switch: Switch, say: Language) -> str:
    what, then = moved(switch, say), switch.then_first
    if switch.at is None:
        return say("{what}: nothing up to ten times the bid, or down to nothing, changes who is first.", what=what)
    if switch.moved == "weight":
        texts = {"now": f"{switch.now:.0f}", "at": f"{switch.at:.0f}"}
        return say("{what}: {now} % now; at {at} % {option} comes first.", what=what, option=then, **texts)
    return say("{what}: at {at} × the bid {option} comes first.", what=what, at=number(switch.at), option=then)


def moved(switch: Switch, say: Language = IN_ENGLISH) -> str:
    """`price of mixed`, `weight of months`."""
    if switch.moved == "price":
        return say("price of {option}", option=switch.of)
    return say("weight of {criterion}", criterion=say.name(switch.of))


def unit_of(switch: Switch, say: Language = IN_ENGLISH) -> str:
    """Of its amounts."""
    return say("× the bid") if switch.moved == "price" else "%"


def best_set(answer: Compared, say: Language = IN_ENGLISH) -> Iterator[Part]:
    """The best set within the grant."""
    best = answer.portfolio
    if best is None:
        return
    yield from ("", Heading(say("The best set within a grant of {hkd}", hkd=say.money(best.grant_hkd))))
    if not best.taken:
        yield "  " + say("None: every set of bids costs more than the work that it does is worth, or asks for more.")
        return
    texts = {
        "bids": say.listed([share_of(each.option, each.share, say) for each in best.taken], MOST),
        "spent": say.money(best.spent_hkd),
        "npv": say.money(best.npv_cost_hkd),
        "net": say.money(best.net_value_hkd),
        "others": say.listed(list(best.left_out), MOST) or say("none"),
    }
    yield "  - " + say("{bids}, for {spent}: NPV cost {npv}, net value {net}. Left out: {others}.", **texts)
    if best.hkd_per_grant_hkd:
        yield "  - " + say("One more HKD of grant would save HKD {hkd}.", hkd=number(best.hkd_per_grant_hkd))
