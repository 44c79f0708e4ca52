"""What is worked out beside the claims of a bid, and what keeps one off the short list, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.cells import number
from planner.model.constraints import KNOWN
from planner.report.language import ENGLISH, Language
from planner.report.words import percent
from planner.study.compare.carry_out import HALLS
from planner.study.compare.findings import (
    Dear,
    Drawn,
    Late,
    LowPrice,
    LowRent,
    Peak,
    Peers,
    PerKw,
    Refused,
    Room,
    Serves,
    Short,
    Unclaimed,
    Unpublished,
)

if TYPE_CHECKING:
    from planner.study.compare.carry_out import Limit
    from planner.study.compare.claims import Check
    from planner.study.compare.findings import Hindrance


def claimed(check: Check, say: Language) -> str:
    """`12 months`, in the unit of the claim; empty where nothing is claimed."""
    if check.claim is None:
        return ""
    if check.unit == "HKD":
        return say.money(check.claim)
    amount = number(check.claim)
    if check.unit == "months":
        return say("{amount} months", amount=amount)
    if check.unit == "HKD/h":
        return say("{amount} HKD/h", amount=amount)
    if check.unit == "PFLOP/s per kW":
        return say("{amount} PFLOP/s per kW", amount=amount)
    return f"{amount} {check.unit}"


def finding_of(check: Check, say: Language) -> str:
    """What is worked out, and what would explain a difference."""
    own, finding = check.recomputed or 0.0, check.finding
    match finding:
        case Unclaimed():
            if check.subject == "density":
                return say("the bid claims no computing power or no power")
            return say("the bid claims none")
        case Unpublished():
            return say("no {precision} rate of its devices is published", precision=finding.precision.upper())
        case Peak():
            return _peak(own, finding, say)
        case Drawn():
            return say("its devices draw {mw} MW at the meter", mw=f"{own:.2f}")
        case Room():
            texts = {"site": finding.site, "left": f"{own:.2f}", "needed": f"{check.claim or 0:.2f}"}
            return say("{site} has {left} MW left, they need {needed} MW", **texts)
        case PerKw():
            return say("{pflops} PFLOP/s of dense BF16 per kW of IT", pflops=f"{own:.2f}")
        case Serves():
            if finding.day is None:
                return say("nothing of it can serve")
            return say("{day} after licence, lead and hall", day=finding.day) if finding.late else str(finding.day)
        case Peers():
            texts = {"count": str(finding.clusters), "faster": str(finding.as_fast), "middle": f"{own:.1f}"}
            return say("{faster} of {count} public clusters were as fast; their middle is {middle} months, the fastest {fastest}", fastest=f"{finding.fastest_months:g}", **texts)  # fmt: skip
        case LowRent():
            return say("HKD {hkd} an hour is the low end of rents of {device}", hkd=f"{own:,.2f}", device=finding.accelerator)  # fmt: skip
        case LowPrice():
            return _low_price(own, finding, say)


def _peak(own: float, finding: Peak, say: Language) -> str:
    basis, pflops = finding.precision.upper(), number(own)
    if finding.stated:
        words = say("dense {precision}: {pflops} PFLOP/s", precision=basis, pflops=pflops)
    else:
        words = say("dense {precision}, since the bid states no precision: {pflops} PFLOP/s", precision=basis, pflops=pflops)  # fmt: skip
    if finding.fits and finding.fits_sparse:
        return words + say("; the claim is that of sparse {precision}", precision=finding.fits.upper())
    if finding.fits:
        return words + say("; the claim is that of dense {precision}", precision=finding.fits.upper())
    return words + (say("; the bid says that it counts zeros that are skipped") if finding.sparse else "")


def _low_price(own: float, finding: LowPrice, say: Language) -> str:
    low = say.millions(own)
    if not finding.covers:
        return say("{hkd} is the low end for the devices alone, and the price is for the devices alone", hkd=low)
    covers = say(", ").join(say.name(cost) for cost in finding.covers)
    return say("{hkd} is the low end for the devices alone, and the price is with {covers}", hkd=low, covers=covers)


def hindrance_of(hindrance: Hindrance, say: Language) -> str:
    """Why a bid is off the short list."""
    match hindrance:
        case Refused():
            return say("{part} cannot be had: {because}", part=hindrance.part, because=_refusal(hindrance, say))
        case Short():
            share, limits = (
                f"{100 * hindrance.share:.0f}",
                say("; ").join(_limit(each, say) for each in hindrance.limits),
            )
            if hindrance.in_halls:
                return say("{share} % of its devices fit: {limits}", share=share, limits=limits)
            return say("{share} % of its devices can come: {limits}", share=share, limits=limits)
        case Late():
            texts = {"months": f"{hindrance.months:.1f}", "allowed": f"{hindrance.allowed_months:g}"}
            return say("it serves {months} months after the award, and {allowed} are allowed", **texts)
        case Dear():
            texts = {"price": say.millions(hindrance.price_hkd), "grant": say.millions(hindrance.grant_hkd)}
            return say("it asks for {price}, and the grant is {grant}", **texts)
        case _:
            return say("it does none of the work of the need")


def _refusal(refused: Refused, say: Language) -> str:
    """In English as the ledger has it; else by outcome and rule, or by the family that speaks."""
    if not refused.family:
        return say("there is no such way in this case")
    if say.tag == ENGLISH:
        return refused.because
    if refused.outcome and refused.rule:
        return say("{outcome} by {rule}", outcome=say.name(refused.outcome), rule=refused.rule)
    if refused.family == "lead_time":
        return say("it would not stand before the horizon ends")
    return say.name(refused.family)


def _limit(limit: Limit, say: Language) -> str:
    """In English the contract or rule behind it; else the limit by its family, and on what it is."""
    if say.tag == ENGLISH:
        return limit.because
    family, on = say.name(limit.family), say(", ").join(limit.on)
    if limit.family in HALLS:
        unit = say(KNOWN[limit.family].unit)
        return say("{limit} at {site}: {amount} {unit}", limit=family, site=on, amount=number(limit.amount), unit=unit)
    return say("{limit} of {on}", limit=family, on=on) if on else family


def share_of(option: str, share: float, say: Language) -> str:
    """`mixed`, or `40 % of mixed`."""
    return option if share == 1 else say("{share} of {option}", share=percent(share), option=option)
