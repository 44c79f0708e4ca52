"""A file of options: the bids, the case that they are for, and every problem of both at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from planner.domain.bid import CRITERIA, Bid, Comparison
from planner.domain.case import Case
from planner.domain.horizon import Horizon, add_months
from planner.domain.model_name import by_key, model_key, near_models
from planner.errors import InvalidInput, Problem, did_you_mean
from planner.intake.check_facts import unknown_facts
from planner.intake.document import ANY, Document, in_order
from planner.intake.document import Path as Place
from planner.intake.plan_option import with_plans
from planner.intake.read import Inputs, read_inputs
from planner.intake.source import stay
from planner.intake.strict_yaml import load
from planner.intake.validate import Checks, validate

BUSINESS_AS_USUAL, DO_MINIMUM = "business_as_usual", "do_minimum"
JUDGED = ("local_benefit", "expansion")
"""Criteria of the planner's own that somebody judges, the second in place of what is worked out."""
LONGEST_WAIT = 60
ENDS_EARLIER = "Let orders_to of its plan end earlier."
LEAST_USD, MOST_USD = 10.0, 10_000_000.0


@dataclass(frozen=True)
class OptionInputs:
    """A comparison, the case that it is for, and the hash of all files that both were made from."""

    comparison: Comparison
    inputs: Inputs
    sha256: str

    @property
    def case(self) -> Case:
        return self.inputs.case


def holds_options(path: str | Path) -> bool:
    """Whether a file is one of options rather than a case; standard input is taken for a case."""
    if str(path) == "-":
        return False
    content = load(path).unchecked
    return isinstance(content, dict) and "options" in content and "horizon" not in content


def read_options(path: str | Path) -> OptionInputs:
    """The file of options with its case. Raises InvalidInput with every problem of both, each at its place."""
    document = load(path)
    problems: list[Problem] = []
    inputs = _case_of(document, problems)

    expanded = with_plans(document, inputs.case if inputs else None)
    problems += expanded.problems

    def check(gathered: Checks) -> None:
        if inputs is not None:
            gathered.problems += _problems(document, inputs.case)
        gathered.problems += problems

    comparison = validate(Comparison, document, data=expanded.data, checks=(check,), elsewhere=expanded.elsewhere)
    assert inputs is not None
    odd = (*_dates(document, comparison, inputs.case), *_prices(document, comparison, inputs.case))
    if odd:
        raise InvalidInput(*sorted(odd, key=in_order))
    hashes = "\n".join((document.source.sha256, inputs.sha256, *expanded.hashes))
    whole = hashlib.sha256(hashes.encode()).hexdigest()
    return OptionInputs(comparison, inputs, whole)


def _case_of(document: Document, problems: list[Problem]) -> Inputs | None:
    """The case that the file names; what is wrong with it goes to `problems`."""
    named = document.unchecked.get("case") if isinstance(document.unchecked, dict) else None
    if not isinstance(named, str):
        return None
    folder = Path(document.name).parent
    try:
        stay(folder / named, folder)
        return read_inputs(folder / named)
    except InvalidInput as error:
        problems += error.problems
        return None


def _problems(document: Document, case: Case) -> Iterator[Problem]:
    """Names that lead nowhere, and what no single field can tell."""
    parts = ("options", ANY, "parts", ANY)
    yield from _refer(document, document.each(*parts, "accelerator"), "device", case.accelerators)
    yield from _refer(document, document.each(*parts, "site"), "site of the case", case.sites, "Add it to its sites.")
    yield from _refer(document, _keys(document, "mix", ANY), "workload of the case", case.workloads)
    rentals = [offer.id for offer in case.offers.values() if offer.kind == "rental"]
    yield from _refer(document, document.each("do_minimum", ANY), "rental of the case", rentals)
    yield from unknown_facts(document, document.each(*parts, "assume", ANY))
    yield from _criteria(document)
    for path, name in document.each("reference_jobs", ANY, "model"):
        if isinstance(name, str) and model_key(name) not in by_key(case.models):
            yield document.problem(path, f"the catalogue has no model '{name}'", near_models(name, case.models))
    for path, _ in document.each("options", ANY):
        if path[-1] in (BUSINESS_AS_USUAL, DO_MINIMUM):
            yield document.problem(path, f"'{path[-1]}' is always compared", "Give the bid another id.", at_key=True)
    for path, part in document.each(*parts):
        if isinstance(part, dict) and isinstance(part.get("site"), str) and part["site"] in case.sites:
            site, rented = case.sites[part["site"]], part.get("kind") == "rental"
            if not rented and not site.takes_purchases:
                yield document.problem((*path, "site"), f"'{site.id}' takes rentals alone", "Give it `access: own`.")
            if rented and site.access == "own":
                yield document.problem((*path, "site"), f"nothing is let at '{site.id}'", "Give it `access: both`.")


def _criteria(document: Document) -> Iterator[Problem]:
    """A criterion is one of the planner's, or every bid is judged by it; bids are judged by nothing else."""
    weighed = [path for path, _ in document.each("weights", "criteria", ANY)]
    own = [path for path in weighed if path[-1] not in CRITERIA]
    for path in own:
        lacking = [
            str(bid[-1])
            for bid, _ in document.each("options", ANY)
            if not any(document.each(*bid, "scores", str(path[-1])))
        ]
        if lacking:
            near = did_you_mean(str(path[-1]), CRITERIA, f"Judge {', '.join(lacking)} by it, under scores.")
            yield document.problem(
                path, f"'{path[-1]}' is a criterion of your own, and not every bid is judged by it", near, at_key=True
            )
    known = (*JUDGED, *(str(path[-1]) for path in own))
    yield from _refer(document, _keys(document, "options", ANY, "scores", ANY), "criterion that is judged", known)


def _dates(document: Document, comparison: Comparison, case: Case) -> Iterator[Problem]:
    """Awards lie within the horizon of the case, and service follows the award within it."""
    horizon = case.horizon
    for key, bid in comparison.options.items():
        award, at = award_date(comparison, bid), ("options", key)
        if not horizon.first_day <= award < horizon.end_date:
            shown = (*at, "award_date") if bid.award_date else ("award_date",)
            what = f"award on {award} lies outside the horizon of the case, {horizon.first_day} to {horizon.end_date}"
            yield document.problem(shown, what, "Move it, or the horizon of the case.")
        service, place = f"service on {bid.service_date}", (*at, "service_date")
        if bid.service_date <= award:
            what = f"{service} does not follow the award on {award}"
            yield document.problem(place, what, "Give a later day.")
        elif bid.service_date >= horizon.end_date:
            what = f"{service} lies past the horizon of the case, {horizon.end_date}"
            yield document.problem(place, what, "Stretch the horizon." if bid.plan is None else ENDS_EARLIER)
        elif bid.service_date > add_months(award, LONGEST_WAIT):
            what = f"{service} lies more than {LONGEST_WAIT} months after the award"
            yield document.problem(place, what, "Check the year." if bid.plan is None else ENDS_EARLIER)
        elif any(part.kind == "rental" for part in bid.parts.values()) and not _begins(horizon, bid.service_date):
            what = f"no whole period of the case begins from {bid.service_date} on, in which the rental could be paid"
            yield document.problem(place, what, "Give an earlier day, or stretch the horizon.")


def _begins(horizon: Horizon, day: date) -> bool:
    return any(horizon.order_date(period) >= day for period in horizon.periods)


def _prices(document: Document, comparison: Comparison, case: Case) -> Iterator[Problem]:
    """What a device costs is of the size of a device's price."""
    low, high = LEAST_USD * case.hkd_per_usd, MOST_USD * case.hkd_per_usd
    for key, bid in comparison.options.items():
        for name, part in bid.parts.items():
            each = (part.price_hkd or low) / part.devices
            if part.price_hkd is not None and not low <= each <= high:
                what = f"price_hkd is that of all devices, HKD {each:,.4g} for each, out of all proportion"
                yield document.problem(("options", key, "parts", name, "price_hkd"), what, "Check price and devices.")


def award_date(comparison: Comparison, bid: Bid) -> date:
    """Day of the award of a bid."""
    return bid.award_date or comparison.award_date


def _keys(document: Document, *pattern: str | int) -> Iterator[tuple[Place, Any]]:
    return ((path, path[-1]) for path, _ in document.each(*pattern))


def _refer(
    document: Document, entries: Iterable[tuple[Place, Any]], kind: str, known: Iterable[str], otherwise: str = ""
) -> Iterator[Problem]:
    names: Sequence[str] = tuple(known)
    for path, name in entries:
        if isinstance(name, str) and name not in names:
            fix = did_you_mean(name, names, otherwise or f"Known: {', '.join(names)}.")
            yield document.problem(path, f"'{name}' is no {kind}", fix, at_key=path[-1] == name)
