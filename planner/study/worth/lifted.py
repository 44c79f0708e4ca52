"""What a rule, a licence or a gap in software costs: the case planned once as it is, once without it.

A lifted rule leaves the rule book, so that the rule that ranks next decides; the supercomputer ceiling goes with the
rule that it keeps halls clear of. The whole embargo is every US rule on hardware and on remote access, that ceiling
with them, but for the defaults that let everything pass.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from math import fsum

from planner.domain.case import Case
from planner.domain.policy import ControlOverride
from planner.domain.regime import RuleBook
from planner.domain.rule import DECIDING_LAYER, Rule
from planner.domain.serving_parameters import ServingParameters, ServingStack
from planner.domain.speed_parameters import SpeedParameters, StackCeiling
from planner.model.options import Options, find_options
from planner.performance.rates import ceiling_of
from planner.performance.serving import serving_stack
from planner.plan.plan import Plan, make_plan
from planner.plan.rows import Rows
from planner.plan.tables import ledger

CONTROL = "controls."
YARDSTICK = "cuda"
NEGLIGIBLE_HKD = 0.5
CEILINGS = ("matmul", "low", "fp4")
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Worth:
    """A variant of the case, planned: what the plan costs less in it, and what more it does, PFLOP/s-days."""

    what: str
    objective_hkd: float
    saves_hkd: float
    does_pflops_days: float
    rows: Rows


def worth(base: Plan, variants: Mapping[str, Case], tell: Tell = lambda doing: None) -> list[Worth]:
    """Each variant planned beside the base, in their order; `tell` hears which is being planned."""
    entries = []
    for what, case in variants.items():
        tell(f"planning {what}")
        plan = make_plan(case, near=base)
        saves = base.objective_hkd - plan.objective_hkd
        does = _unserved(base) - _unserved(plan)
        saves = saves if abs(saves) >= NEGLIGIBLE_HKD else 0.0
        # Its rows are all that is kept of the plan: programs and solvers of many variants would fill the memory.
        entries.append(Worth(what, plan.objective_hkd, saves, does, plan.rows))
    return entries


def lifted(base: Plan, rule: str, tell: Tell = lambda doing: None) -> Worth:
    """The plan without the rule. Where another rule says the same of everything, nothing is planned anew."""
    case, what = without_rules(base.case, [rule]), f"without {rule}"
    options = find_options(case)
    ceiling = case.rulebook.supercomputer != base.case.rulebook.supercomputer
    if ceiling or _choices(options) != _choices(base.model.options):
        return worth(base, {what: case}, tell)[0]
    return Worth(what, base.objective_hkd, 0.0, 0.0, replace(base.rows, refused=ledger(options)))


def _choices(options: Options) -> tuple[object, ...]:
    """All that law decides for a program: what may be had and run, where and when, at which fee and on
    which condition.
    """
    orders = {
        key: [(a.node.id, a.shipped, a.answer.outcome, a.answer.fee_share) for a in order.arrivals]
        for key, order in options.orders.items()
    }
    cancelled = {key: [node.id for node in order.cancelled] for key, order in options.orders.items()}
    rentals = {key: (rental.answer.outcome, rental.answer.fee_share) for key, rental in options.rentals.items()}
    placed = {placement.key: [node.id for node in placement.nodes] for placement in options.placements}
    return orders, cancelled, rentals, placed


def _unserved(plan: Plan) -> float:
    """Unserved work, expected over the branches, PFLOP/s-days."""
    probability = {node.id: node.probability for node in plan.case.tree}
    return fsum(row["unserved_pflops_days"] * probability[row["node"]] for row in plan.rows.unserved)


def deciding_rules(plan: Plan) -> list[str]:
    """Rules that keep something out of the plan, delay it or bound it: of refusals first, then of what may be had."""
    denied = [row["rule"] for row in plan.rows.refused if row["citation"] is not None]
    options = plan.model.options
    answers = [arrival.answer for order in options.orders.values() for arrival in order.arrivals]
    answers += [rental.answer for rental in options.rentals.values()]
    bound = [answer.rule for answer in answers if answer.outcome != "uncontrolled"]
    if any(price["family"] == "supercomputer_ceiling" for price in plan.rows.shadow_prices):
        bound.append(plan.case.rulebook.supercomputer.rule)
    return list(dict.fromkeys((*denied, *bound)))


def without_rules(case: Case, rules: Collection[str]) -> Case:
    """The case under a rule book that lacks these rules; `controls.<device>` names a what-if on law of
    the case's own.
    """
    controls = {device: control for device, control in case.controls.items() if f"{CONTROL}{device}" not in rules}
    return _under(case, lambda rule, layer: None if rule.id in rules else rule, controls)


def without_embargo(case: Case) -> Case:
    """The case with nothing but the defaults left of US rules on hardware and on remote access; no hall has a ceiling."""
    defaults = {
        ground.rule.id
        for layer in DECIDING_LAYER.values()
        for ground in case.rulebook.grounds[layer]
        if ground.is_default
    }

    def kept(rule: Rule, layer: str) -> Rule | None:
        return None if layer in DECIDING_LAYER.values() and rule.id not in defaults else rule

    return _under(case, kept, {})


def licence_free(case: Case) -> Case:
    """The case in which what is reviewed case by case needs no licence and every notice is let through: no quota; fees stay."""

    def freed(rule: Rule, layer: str) -> Rule:
        if rule.approval_share is not None:
            return rule.model_copy(update={"approval_share": None})
        return rule.model_copy(update={"outcome": "uncontrolled"}) if rule.outcome == "case_by_case" else rule

    return _under(case, freed, case.controls)


def without_licences(case: Case) -> Case:
    """The case that hopes for no licence: only what needs none may be had."""
    return case.model_copy(update={"licences": {}})


def stacks_of(case: Case) -> list[str]:
    """Stacks other than CUDA whose devices the case offers or has standing."""
    devices = [offer.accelerator for offer in case.offers.values()]
    devices += [fleet.accelerator for site in case.sites.values() for fleet in site.fleet]
    named = dict.fromkeys(case.accelerators[device].software_stack for device in devices)
    return [stack for stack in named if stack in case.stacks and stack != YARDSTICK]


def at_par(case: Case, stacks: Collection[str], *, kernels: bool = True, porting: bool = True) -> Case:
    """The case in which these stacks are CUDA's equals.

    `kernels`: their kernels, and the engines that serve, reach at least what CUDA's reach today on the same device; how
    each matures stays as it is.
    `porting`: every workload runs on them at once. What was measured on a device stays as measured.
    """
    update: dict[str, object] = {}
    if kernels:
        update["tax"] = {stack: tax for stack, tax in case.tax.items() if stack not in stacks}
        if case.performance is not None:
            update["performance"] = _kernels_at_par(case.performance, stacks)
    if porting:
        update["workloads"] = {
            name: workload.model_copy(update={"stacks_ready": tuple(dict.fromkeys((*workload.stacks_ready, *stacks)))})
            for name, workload in case.workloads.items()
        }
    return case.model_copy(update=update)


def _kernels_at_par(performance: SpeedParameters, stacks: Collection[str]) -> SpeedParameters:
    """Ceilings of these stacks raised to CUDA's where they are lower, overheads lowered to CUDA's where they are
    higher.
    """
    cuda = performance.stacks[YARDSTICK]

    def raised(own: StackCeiling) -> StackCeiling:
        better = {name: max(getattr(own, name), getattr(cuda, name)) for name in CEILINGS}
        return own.model_copy(update={**better, "experts": min(own.experts, cuda.experts)})

    equal = {stack: raised(ceiling_of(stack, performance)) for stack in stacks}
    update: dict[str, object] = {"stacks": {**performance.stacks, **equal}}
    if performance.serving is not None:
        update["serving"] = _engines_at_par(performance.serving, stacks)
    return performance.model_copy(update=update)


def _engines_at_par(serving: ServingParameters, stacks: Collection[str]) -> ServingParameters:
    """The same of engines that serve: shares raised to CUDA's, latency of a layer lowered to it."""
    cuda = serving_stack(YARDSTICK, serving)

    def raised(own: ServingStack) -> ServingStack:
        better = {name: max(getattr(own, name), getattr(cuda, name)) for name in ("prompt", "decode", "bandwidth")}
        return own.model_copy(update={**better, "layer_us": min(own.layer_us, cuda.layer_us)})

    equal = {stack: raised(serving_stack(stack, serving)) for stack in stacks}
    return serving.model_copy(update={"stacks": {**serving.stacks, **equal}})


def _under(case: Case, changed: Callable[[Rule, str], Rule | None], controls: Mapping[str, ControlOverride]) -> Case:
    book: RuleBook = case.rulebook
    regimes = tuple(
        regime.model_copy(update={"rules": _each(regime.rules, changed, regime.layer)}) for regime in book.regimes
    )
    scenarios = {
        name: scenario.model_copy(
            update={"override_rules": tuple(r for rule in scenario.override_rules if (r := changed(rule, rule.layer)))}
        )
        for name, scenario in book.scenarios.items()
    }
    ceiling = book.supercomputer
    if not any(rule.id == ceiling.rule for regime in regimes for rule in regime.rules):
        ceiling = ceiling.model_copy(update={"destination_scope": ()})
    rulebook = book.model_copy(update={"regimes": regimes, "scenarios": scenarios, "supercomputer": ceiling})
    return case.model_copy(update={"rulebook": rulebook, "controls": dict(controls)})


def _each(rules: Collection[Rule], changed: Callable[[Rule, str], Rule | None], layer: str) -> tuple[Rule, ...]:
    return tuple(new for rule in rules if (new := changed(rule, layer)))
