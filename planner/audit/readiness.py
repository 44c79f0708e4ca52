"""What must be in place before work moves: data law and its mechanisms, software ports, and the exposure of those who
use devices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from planner.audit.facts import Key, Place, Record
from planner.audit.presence import Standing
from planner.audit.rule import Comparison, hold
from planner.domain.horizon import add_months
from planner.domain.workload import Workload
from planner.law.data_flow import flow_of
from planner.law.data_governance import data_outcome

LEVEL_SLACK = 10.0
"""Steps of a level below a millionth are not told, and several may be taken: they may let through ten millionths of what is asked."""


def data_governance(facts: Standing) -> Iterator[Comparison]:
    """Work in a zone: none where data law denies it, else no more than the mechanisms in place let through."""
    governance = facts.case.governance
    gated: dict[tuple[str, ...], float] = defaultdict(float)
    for run in facts.records("service"):
        zone = facts.case.sites[run["site"]].legal_zone
        mechanisms = _mechanisms(facts, run["workload"], zone)
        if mechanisms is None:
            yield Comparison((run["workload"], run["site"], run["node"], "denied"), run["work_pflops_days"], "==", 0.0)
        for mechanism in mechanisms or ():
            gated[run["workload"], mechanism, zone, run["node"]] += run["work_pflops_days"]
    for (workload, mechanism, zone, node), work in gated.items():
        job, known = facts.case.workloads[workload], governance.mechanisms[mechanism]
        key = "clear", job.tenant, mechanism, zone
        allowed = _let_through(facts, job, key, node, known.lead_months.mid, known.validity_years)
        yield Comparison((workload, mechanism, zone, node), work, "<=", allowed, LEVEL_SLACK * facts.asked(job, node))
    yield from _levels(facts, "clear")


def _mechanisms(facts: Standing, workload: str, zone: str) -> tuple[str, ...] | None:
    """What must be in place before the workload's data are processed in the zone; None where they may not be."""
    if (workload, zone) not in facts.needed:
        facts.needed[workload, zone] = _found_mechanisms(facts, workload, zone)
    return facts.needed[workload, zone]


def _found_mechanisms(facts: Standing, workload: str, zone: str) -> tuple[str, ...] | None:
    job = facts.case.workloads[workload]
    verdict = data_outcome(facts.case.governance, job.data_class, zone, flow_of(facts.case, job))
    if not verdict.granted:
        return None
    cleared = zone in job.cleared_zones
    return () if cleared else tuple(m.id for m in verdict.mechanisms if m.cost_hkd.mid or m.lead_months.mid)


def opens(facts: Standing, run: Record) -> float:
    """Largest part of the node in which what the run waits for can be in place: begun with the plan."""
    case, node, root = facts.case, run["node"], facts.case.tree.root.id
    key = run["workload"], case.sites[run["site"]].legal_zone, case.accelerators[run["accelerator"]].software_stack
    if key not in facts.waits:
        facts.waits[key] = tuple(_waits(facts, *key))
    return min((facts.there.ready_part(node, root, months) for months in facts.waits[key]), default=1.0)


def _waits(facts: Standing, workload: str, zone: str, stack: str) -> Iterator[float]:
    case, job = facts.case, facts.case.workloads[workload]
    for mechanism in _mechanisms(facts, job.id, zone) or ():
        yield case.governance.mechanisms[mechanism].lead_months.mid
    if stack not in job.stacks_ready and stack in case.stacks and job.workload_class in case.stacks[stack].porting:
        yield case.stacks[stack].porting[job.workload_class].months.mid


def porting(facts: Standing) -> Iterator[Comparison]:
    """Work on a stack for which the workload is not ready, against how far it has been ported."""
    gated: dict[tuple[str, ...], float] = defaultdict(float)
    for run in facts.records("service"):
        stack = facts.case.accelerators[run["accelerator"]].software_stack
        if stack not in facts.case.workloads[run["workload"]].stacks_ready:
            gated[run["workload"], stack, run["node"]] += run["work_pflops_days"]
    for (workload, stack, node), work in gated.items():
        job, known = facts.case.workloads[workload], facts.case.stacks.get(stack)
        effort = known.porting.get(job.workload_class) if known else None
        port = "port", workload, stack, None
        allowed = _let_through(facts, job, port, node, effort.months.mid) if effort else 0.0
        yield Comparison((workload, stack, node), work, "<=", allowed, LEVEL_SLACK * facts.asked(job, node))
    yield from _levels(facts, "port")


def double_bind(facts: Standing) -> Iterator[Comparison]:
    """Devices used by those whom a regime keeps from them: US exposure, mainland rules, and law on what stands, asked
    for every run, and on remote access for what is rented.
    """
    for run in facts.records("service"):
        job, site, node = facts.case.workloads[run["workload"]], facts.case.sites[run["site"]], facts.nodes[run["node"]]
        where, on = (job.id, run["accelerator"], site.id, node.id), facts.case.horizon.order_date(node.period)
        if (job.us_exposure and site.listed_operator) or (
            job.prc_exposure and facts.law.barred_on_the_mainland(run["accelerator"], on, node.scenario)
        ):
            yield Comparison((*where, "barred"), run["devices"], "<=", 0.0)
        elif where[1:] not in facts.rented:
            ruling = facts.law.may_use(job, run["accelerator"], site, on, node.scenario, None)
            limit = run["devices"] if ruling.allowed else 0.0
            yield Comparison((*where, f"{ruling.outcome} by {ruling.rule}"), run["devices"], "<=", limit)
    yield from _remote_access(facts)


def _remote_access(facts: Standing) -> Iterator[Comparison]:
    """What runs on rented devices against the rentals through which law lets it run, each with what its offer assumes.

    Offers that assume the same are one. Whatever may run through nothing but some of them finds no more devices there.
    """
    runs: dict[Place, list[Record]] = defaultdict(list)
    lent: dict[Place, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for rental in facts.records("rentals"):
        assumed = str(sorted(facts.case.offers[rental["offer"]].assume.items()))
        lent[rental["accelerator"], rental["site"], rental["node"]][assumed].append(rental)
    for run in facts.records("service"):
        runs[run["accelerator"], run["site"], run["node"]].append(run)
    for (accelerator, site_id, node_id), kinds in lent.items():
        site, node = facts.case.sites[site_id], facts.nodes[node_id]
        on = facts.case.horizon.order_date(node.period)
        through: dict[frozenset[str], float] = defaultdict(float)
        for run in runs[accelerator, site_id, node_id]:
            job = facts.case.workloads[run["workload"]]
            lawful = frozenset(
                kind for kind, lines in kinds.items()
                if facts.law.may_use(job, accelerator, site, on, node.scenario, facts.case.offers[lines[0]["offer"]]).allowed
            )  # fmt: skip
            through[lawful] += run["devices"]
        for some in (set(part) for size in range(len(kinds)) for part in combinations(kinds, size)):
            there = sum(line["devices"] for kind in some for line in kinds[kind])
            running = sum(devices for lawful, devices in through.items() if lawful <= some)
            where = accelerator, site_id, node_id, f"through {len(some)} of {len(kinds)}"
            yield Comparison(where, running, "<=", facts.case.economics.availability * there)


def _let_through(
    facts: Standing, job: Workload, key: Key, node: str, months: float, validity_years: float | None = None
) -> float:
    """Work that the steps begun early enough let through, each for the part of the node in which it is in place: so many
    months after it was begun, until it ends.
    """
    begun, asked, allowed = facts.begun.get(key, {}), facts.asked(job, node), 0.0
    for at in facts.path[node]:
        if at in begun:
            part = facts.there.ready_part(node, at, months, validity_years)
            work = part * asked
            if job.max_devices is not None:
                work = min(asked, part * job.max_devices * _fastest(facts, job, node)) if part < 1 else asked
            allowed += begun[at] * work
    return allowed


def _fastest(facts: Standing, job: Workload, node: str) -> float:
    """Work of the fastest device that the case knows a way to, over the whole node."""
    facts.rates.ask(job.id, facts.obtainable)
    at = facts.nodes[node]
    return max(facts.rates.useful(job.id, device, at) for device in facts.obtainable) * facts.days[node]


def _levels(facts: Standing, kind: str) -> Iterator[Comparison]:
    """What is begun is at most whole, stays begun, and is wholly done or not at all where the case says so; what ends may
    be begun once more.
    """
    for key, by_node in facts.levels.items():
        if key[0] != kind:
            continue
        where = tuple(str(part) for part in key if part is not None)
        lapses = kind == "clear" and facts.case.governance.mechanisms[key[2]].validity_years
        above = {
            node: level - (_lapsed_level(facts, key[2], by_node, node) if lapses else 0.0)
            for node, level in by_node.items()
        }
        beyond = [node for node, level in above.items() if level > 1]
        taken = [node for node, step in facts.begun[key].items() if step < 0]
        yield hold(2 * len(by_node) - len(beyond) - len(taken))
        for node in beyond:
            yield Comparison((*where, node, "level"), above[node], "<=", 1.0)
        for node in taken:
            before = facts.parent(node)
            yield Comparison((*where, node, "kept"), by_node[node], ">=", by_node[before] if before else 0.0)
        for node, level in by_node.items() if facts.case.whole.porting else ():
            yield Comparison((*where, node, "whole"), level, "==", round(level))


def _lapsed_level(facts: Standing, mechanism: str, by_node: dict[str, float], node: str) -> float:
    """How much had been begun so early that, with a period more to wait, its renewal would come after its end."""
    years, end = facts.case.governance.mechanisms[mechanism].validity_years, facts.nodes[node].period.end
    level = 0.0
    for above in facts.path[node][:-1] if years else ():
        began = facts.case.horizon.order_date(facts.nodes[above].period)
        if add_months(began, 12 * (years or 0.0)) < end:
            level = by_node[above]
    return level
