"""`explain tax`: what it costs that software outside CUDA is slower and must be ported to, in all and by stack."""

from __future__ import annotations

from planner.plan.plan import Plan
from planner.plan.rows import Record
from planner.report.explain.answer import Answer, Evidence, Shown
from planner.report.words import listed, money, percent, short_money
from planner.study.worth.lifted import Tell, Worth, at_par, stacks_of, worth

ALL, KERNELS, PORTING = "with all stacks at par with CUDA", "with kernels at par alone", "with nothing to port alone"


def explain_tax(plan: Plan, tell: Tell) -> Answer:
    """All stacks at par, then its two parts, then each stack by itself."""
    case, stacks = plan.case, stacks_of(plan.case)
    title = f"What the performance tax costs {case.title}"
    if not stacks:
        return Answer("tax", title, ("The case has no device of another stack than CUDA, so there is no tax.",))
    parts = {
        ALL: at_par(case, stacks),
        KERNELS: at_par(case, stacks, porting=False),
        PORTING: at_par(case, stacks, kernels=False),
    }
    single = {f"with {stack} at par": at_par(case, [stack]) for stack in stacks} if len(stacks) > 1 else {}
    found = worth(plan, {**parts, **single}, tell)
    by_name = {entry.what: entry for entry in found}
    words = [tax_sentence(plan, by_name[ALL])]
    words += [
        f"Planned {name}, it would save {money(max(by_name[name].saves_hkd, 0.0))}." for name in (KERNELS, PORTING)
    ]
    by_stack = sorted((by_name[name] for name in single), key=lambda entry: -entry.saves_hkd)
    if by_stack and by_stack[0].saves_hkd > 0:
        words.append(f"By stack, {by_stack[0].what.split()[1]} weighs most: {money(by_stack[0].saves_hkd)}.")
    if measured := [w.id for w in case.workloads.values() if w.measured_pflops_per_device]:
        words.append(f"What was measured stays as measured, for {listed(measured)}.")
    return Answer(
        "tax", title, tuple(words), (Evidence("variants", "Planned anew", [_record(e) for e in found], _COLUMNS),)
    )


def tax_sentence(plan: Plan, par: Worth) -> str:
    """The whole tax bill."""
    if par.saves_hkd <= 0:
        return "The performance tax costs this plan nothing: with all stacks at par with CUDA it would be the same."
    share = par.saves_hkd / plan.objective_hkd if plan.objective_hkd > 0 else 0.0
    return f"The performance tax costs this plan {money(par.saves_hkd)}, {percent(share)} of what it costs."


def _record(entry: Worth) -> Record:
    return {"variant": entry.what, "objective_hkd": entry.objective_hkd, "saves_hkd": entry.saves_hkd}


_COLUMNS: Shown = {
    "the case": lambda r: r["variant"],
    "costs HKD": lambda r: short_money(r["objective_hkd"]),
    "saves HKD": lambda r: short_money(r["saves_hkd"]),
}
