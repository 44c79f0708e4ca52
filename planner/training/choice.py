"""Time to train: options side by side, one of them chosen, with the reasons against the others.

Chosen is, among the options that fit, are lawful without a licence and keep `by` and `budget_hkd`, as sure as was asked: the
cheapest; without prices the soonest. The performance tax is measured against the best uncut CUDA device that fits (useful per peak); `× best
unrestricted` against the fastest device that anyone could buy if no rule stood in the way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from planner.domain.accelerator import Accelerator
from planner.errors import InvalidInput, Problem
from planner.intake.catalogue import accelerators, performance_parameters
from planner.performance.rates import release_year
from planner.performance.speed import Speed, speed
from planner.performance.tax import performance_tax
from planner.training.market import Option, options
from planner.training.option import Answer, answer, speed_of
from planner.training.question import TrainQuestion
from planner.training.record import TrainTime
from planner.training.reverse import reverse
from planner.training.tell import record

REFERENCE_FORMS = ("SXM", "module")
UNCUT = "us_frontier"
FEW = 3


def train_options(question: TrainQuestion, ids: Sequence[str] = ()) -> list[TrainTime]:
    """Records of all options for the accelerators named (none: all on offer), the chosen first, then by cost.

    InvalidInput when accelerators are named and none of them can do it: what stands in the way, and what to do.
    """
    tries = [_tried(question, option) for option in options(ids, question.site, question.to)]
    if not any(tried.fits for _, tried, _ in tries):
        raise InvalidInput(*_all_problems(question, tries, bool(ids)))
    answers = [answer(question, option, tried) for option, tried, _ in tries]
    references = _references(question)
    best = max(references, key=lambda named: named[1].tokens_per_s_per_device, default=None)
    chosen = _chosen(answers, question)
    records = []
    for each in answers:
        tax = performance_tax(each.speed, each.porting_months, references)
        reason = why_not(each, chosen, question)
        entry = record(each, question, tax, best, chosen=each is chosen, why_not=reason)
        records.append(replace(entry, **reverse(question, each)))
    return sorted(records, key=_rank)


def _tried(question: TrainQuestion, option: Option) -> tuple[Option, Speed, Problem | None]:
    """The option's speed; when it cannot be, a speed that does not fit, and the problem with its remedy."""
    try:
        speed = speed_of(question, option)
    except InvalidInput as error:
        if len(error.problems) != 1 or option.accelerator.id not in error.problems[0].what:
            raise
        problem = error.problems[0]
        return option, Speed(False, problem.what, question.devices, 0.0, 0.0), problem
    batch = question.pins.global_batch
    fix = f"Give more devices or another accelerator{_lighter(question)}."
    if batch is not None and batch < question.devices:
        fix = "Give fewer devices or a larger --batch-tokens."
    return option, speed, None if speed.fits else Problem(speed.reason, fix)


def _all_problems(
    question: TrainQuestion, tries: Sequence[tuple[Option, Speed, Problem | None]], named: bool
) -> Sequence[Problem]:
    """What stands in the way of each named accelerator, or of most that is on offer; else one sentence for all of it."""
    met = Counter(problem for _, _, problem in tries if problem)
    if named or len(met) <= FEW:
        return tuple(met)
    most, times = met.most_common(1)[0]
    if 2 * times > len(tries):
        return (most,)
    what = f"{question.shape.name} runs on none of the {len(tries)} options with {question.devices:,} device{'s' if question.devices > 1 else ''}"
    return (
        Problem(
            what, f"Give more devices or a smaller model{_lighter(question)}; name an accelerator to see its reason."
        ),
    )


def _lighter(question: TrainQuestion) -> str:
    """The method that would take less memory, as a hint."""
    lighter = {"lora": "qlora", "qlora": "", "tuned_lora": "qlora"}.get(question.method, "lora")
    return f", or --method {lighter}" if lighter else ""


def _references(question: TrainQuestion) -> list[tuple[str, Speed]]:
    """Uncut data-centre CUDA devices that are out when the job starts, at the same count, layout free, nothing measured."""
    references = []
    for device in accelerators().values():
        uncut = device.group == UNCUT and device.form_factor in REFERENCE_FORMS
        out = device.confidence != "assumed" and release_year(device) <= question.year
        if uncut and out and device.cuda_compatible == "native":
            reference = _reference(question, device)
            if reference and reference.fits:
                references.append((device.id, reference))
    return references


def _reference(question: TrainQuestion, device: Accelerator) -> Speed | None:
    try:
        return speed(
            question.shape,
            device,
            question.devices,
            question.precision,
            question.year,
            performance_parameters(),
            method=question.method,
            third_party=question.third_party,
        )
    except InvalidInput:
        return None


def _keeps(each: Answer, question: TrainQuestion) -> bool:
    outlay = each.outlay_hkd(question.sure)
    return _in_time(each, question) and (
        question.budget_hkd is None or (outlay is not None and outlay <= question.budget_hkd)
    )


def _in_time(each: Answer, question: TrainQuestion) -> bool:
    return question.by is None or (each.finish is not None and each.finish.at(question.sure) <= question.by)


def _order(each: Answer) -> tuple[bool, float, str]:
    return (
        each.cost_hkd is None,
        each.cost_hkd.p50 if each.cost_hkd else 0.0,
        each.finish.p50.isoformat() if each.finish else "",
    )


def _chosen(answers: Sequence[Answer], question: TrainQuestion) -> Answer | None:
    able = [each for each in answers if each.possible and _keeps(each, question)]
    return min(able, key=_order, default=None)


def why_not(each: Answer, chosen: Answer | None, question: TrainQuestion) -> str | None:
    """The first reason against an option, in the order in which a buyer would ask."""
    if each is chosen:
        return None
    way = each.access
    reasons = (
        (not each.speed.fits, each.speed.reason),
        (not way.permission.granted, f"law: {way.verdict.outcome} under {way.verdict.ground.rule.id}"),
        (way.data is not None and not way.data.granted, f"data rule: {way.data.because if way.data else ''}"),
        (way.permission.needs_licence, f"needs an export licence ({way.verdict.ground.rule.id})"),
        (way.too_late, f"no longer on offer from {way.closed} on"),
        (way.too_early, f"not on offer before {way.begin}"),
        (not each.on_offer, f"only {each.option.devices_on_offer or 0:,.0f} devices are on offer at a time"),
        (not each.paid, f"not done before the scheme ends on {each.option.paid_until}"),
        (not _in_time(each, question), f"finishes on {_finish(each, question)}, after {question.by}"),
        (not _keeps(each, question), _too_dear(each, question)),
    )
    first = next((said for holds, said in reasons if holds), None)
    if first or chosen is None:
        return first
    if each.cost_hkd and chosen.cost_hkd:
        return f"costs {each.cost_hkd.p50 / chosen.cost_hkd.p50:.2f} times the chosen option"
    return "has no price in the catalogue"


def _finish(each: Answer, question: TrainQuestion) -> str:
    return f"{each.finish.at(question.sure)} ({question.sure})" if each.finish else ""


def _too_dear(each: Answer, question: TrainQuestion) -> str:
    outlay = each.outlay_hkd(question.sure)
    if outlay is None:
        return "has no price, so no budget can be held against it"
    what = "bought, the devices alone take more than the budget" if each.purchase_hkd else "dearer than the budget"
    return f"{what} (HKD {outlay:,.0f}, {question.sure})"


def _rank(entry: TrainTime) -> tuple[bool, bool, bool, float]:
    cost = entry.cost_hkd
    blocked = not entry.fits or not entry.may_use or entry.needs_licence or not entry.obtainable
    return not entry.chosen, blocked, cost is None, cost.p50 if cost else 0.0
