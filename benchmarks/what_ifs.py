"""How soon a what-if is answered once the plan is there: python -m benchmarks.what_ifs [--count 50] [--seed 1] [--kind KIND]

Drawn what-ifs on Hong Kong, as users write them after --set: limits, prices, controls, tax, lead times, budgets, carbon and demand
in turn. Each answer is timed against the cold plan of the case, in CPU seconds, and its optimum is compared with that of
the changed case planned from scratch (--unchecked leaves that out).
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.cases import HONG_KONG
from planner.collector import OBJECTS_BETWEEN_COLLECTIONS
from planner.domain.case import Case
from planner.errors import Infeasible
from planner.intake import read_case
from planner.plan.plan import Plan, make_plan
from planner.study.whatif.variant import changed

Sets = dict[str, Any]
Answer = Callable[[Sets], float | None]
GOAL_MEDIAN, GOAL_WORST, SAME = 0.1, 0.5, 1e-6
CEILINGS = ("amount_hkd", "amount_hkd_per_year")
LOADS = ("work_pflops_days", "output_tokens_per_s", "requests_per_s", "demand_pflops")


def answers(case: Case) -> Answer:
    """What answers what-ifs of a case: the optimum, HKD, or None where limits clash. Nothing set plans the case itself, from
    whose plan the others are made.
    """
    plans: list[Plan] = []

    def answer(sets: Sets) -> float | None:
        if not plans:
            plans.append(make_plan(case))
        try:
            return make_plan(changed(case, sets), near=plans[0]).objective_hkd if sets else plans[0].objective_hkd
        except Infeasible:
            return None

    return answer


def optimum(case: Case, sets: Sets) -> float | None:
    """Objective of the changed case planned from scratch, HKD; None where limits clash."""
    try:
        return make_plan(changed(case, sets)).objective_hkd
    except Infeasible:
        return None


def drawn(case: Case, count: int, seed: int = 1) -> Iterator[tuple[str, Sets]]:
    """Kind and overrides of each what-if; the same seed draws the same."""
    rng, kinds = random.Random(seed), list(KINDS)
    for place in range(count):
        kind = kinds[place % len(kinds)]
        yield kind, KINDS[kind](case, rng)


def _times(rng: random.Random, least: float = 0.7, most: float = 1.3) -> str:
    return f"*{rng.uniform(least, most):.3f}"


def _one_of(case: Case, rng: random.Random, kind: str) -> str:
    """An offer of that kind."""
    return rng.choice([id for id, offer in case.offers.items() if offer.kind == kind])


def _limits(case: Case, rng: random.Random) -> Sets:
    halls = [site.id for site in case.sites.values() if site.phases]
    supplied = [offer.id for offer in case.offers.values() if offer.supply_devices_per_quarter]
    path = rng.choice(
        [
            f"sites.{rng.choice(halls)}.phases.*.power_mw",
            "sites.*.phases.*.power_mw",
            "offers.*.supply_devices_per_quarter",
            f"offers.{rng.choice(supplied)}.supply_devices_per_quarter",
            f"vendor_supply.{rng.choice(list(case.vendor_supply))}.share",
            f"licences.{rng.choice(list(case.licences))}.quota_devices",
            f"capacity_targets.{rng.choice(list(case.capacity_targets))}.pflops",
            "vendor_share.max_share",
        ]
    )
    return {path: _times(rng)}


def _prices(case: Case, rng: random.Random) -> Sets:
    path = rng.choice(
        [
            f"offers.{_one_of(case, rng, 'purchase')}.price_usd_per_device",
            f"offers.{_one_of(case, rng, 'rental')}.rent_usd_per_device_hour",
            "offers.*.price_usd_per_device",
            "offers.*.rent_usd_per_device_hour",
            "sites.*.tariff_hkd_per_kwh",
            f"workloads.{rng.choice(list(case.workloads))}.unserved_hkd_per_pflops_day",
        ]
    )
    return {path: _times(rng)}


def _controls(case: Case, rng: random.Random) -> Sets:
    device = case.offers[_one_of(case, rng, "purchase")].accelerator
    return {
        f"controls.{device}": rng.choice(["uncontrolled", "uncontrolled@2028q1", "prohibited", "prohibited@2028q1"])
    }


def _tax(case: Case, rng: random.Random) -> Sets:
    offered = [case.accelerators[offer.accelerator].software_stack for offer in case.offers.values()]
    stacks = [stack for stack in offered if stack != "cuda"]
    return {f"tax.{rng.choice(stacks)}": round(rng.uniform(0.05, 0.4), 3)}


def _lead_time(case: Case, rng: random.Random) -> Sets:
    offer = rng.choice([_one_of(case, rng, "purchase"), "*"])
    return {f"offers.{offer}.lead_time_months": rng.choice(["+1", "+2", "+4", "*0.5"])}


def _budget(case: Case, rng: random.Random) -> Sets:
    if rng.random() < 0.5:
        return {"budget_hkd": round(rng.uniform(4e9, 12e9), -6)}
    ceilings = [(fund.id, field) for fund in case.funds.values() for field in CEILINGS if getattr(fund, field)]
    fund, field = rng.choice(ceilings)
    return {f"funds.{fund}.{field}": _times(rng)}


def _carbon(case: Case, rng: random.Random) -> Sets:
    return {"carbon_cap.tonnes_per_year": _times(rng)}


def _demand(case: Case, rng: random.Random) -> Sets:
    factor = _times(rng)
    workloads = rng.choice([list(case.workloads), [rng.choice(list(case.workloads))]])
    return {
        f"workloads.{id}.{field}": factor for id in workloads for field in LOADS if getattr(case.workloads[id], field)
    }


KINDS: dict[str, Callable[[Case, random.Random], Sets]] = {
    "limits": _limits,
    "prices": _prices,
    "controls": _controls,
    "tax": _tax,
    "lead time": _lead_time,
    "budget": _budget,
    "carbon": _carbon,
    "demand": _demand,
}


def measure(count: int, seed: int, kind: str | None, *, checked: bool) -> dict[str, Any]:
    """Time a cold plan, then the answer to each what-if, with Python's search for garbage as seldom as in the command line."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    case = read_case(HONG_KONG / "case.yaml").comparable
    began = time.process_time()
    ask = answers(case)
    cold_hkd, cold_s = ask({}), time.process_time() - began
    print(f"cold plan: {cold_s:.1f} s, HKD {cold_hkd:,.0f}", flush=True)
    asked = []
    for name, sets in drawn(case, count, seed):
        if kind not in (None, name):
            continue
        began = time.process_time()
        hkd = ask(sets)
        ratio = (time.process_time() - began) / cold_s
        scratch = optimum(case, sets) if checked else hkd
        same = hkd == scratch if None in (hkd, scratch) else abs(hkd - scratch) <= SAME * abs(scratch)
        asked.append({"kind": name, "sets": sets, "ratio": round(ratio, 4), "objective_hkd": hkd, "same": same})
        words = ", ".join(f"{path}={value}" for path, value in sets.items())
        words = words if len(words) < 90 else words[:87] + "…"
        print(
            f"{ratio:8.3f}  {'' if same else f'NOT THE SAME: {hkd} in place of {scratch}  '}{name}: {words}", flush=True
        )
    ratios = [one["ratio"] for one in asked]
    return {
        "cold_cpu_s": cold_s,
        "median": statistics.median(ratios),
        "worst": max(ratios),
        "same": all(one["same"] for one in asked),
        "checked": checked,
        "asked": asked,
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.what_ifs", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=KINDS, help="those of one kind alone")
    parser.add_argument("--keep", type=Path, metavar="FILE", help=results.KEEP)
    parser.add_argument("--unchecked", action="store_true", help="do not plan each changed case from scratch")
    given = parser.parse_args()
    measured = measure(given.count, given.seed, given.kind, checked=not given.unchecked)
    print(f"median {measured['median']:.3f}, goal {GOAL_MEDIAN}; worst {measured['worst']:.3f}, goal {GOAL_WORST}")
    results.keep("hong_kong", "what_ifs", measured, given.keep)
    sys.exit(0 if measured["same"] else 1)


if __name__ == "__main__":
    main()
