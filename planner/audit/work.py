"""What runs: rates, work done against work asked for, and what targets ask of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from planner.audit.facts import Record, once
from planner.audit.presence import Standing
from planner.audit.readiness import opens
from planner.audit.rule import Comparison
from planner.domain.accelerator import RATE_FIELDS
from planner.domain.horizon import Period
from planner.domain.policy import VendorShare, ZoneShare

SEEN = 1e-6
"""Devices below this are not told in the tables."""

Done = dict[tuple[str, str], float]


@once
def _rated(facts: Standing) -> list[tuple[Record, float]]:
    """Every run with the rate of one of its devices, PFLOP/s, found anew."""
    nodes, rate = facts.nodes, facts.rates.useful
    return [(run, rate(run["workload"], run["accelerator"], nodes[run["node"]])) for run in facts.records("service")]


def useful(facts: Standing) -> Iterator[Comparison]:
    """The useful rate of every device at work, and the work it does: rate times devices times days."""
    for run, rate in _rated(facts):
        where, claim = (run["workload"], run["accelerator"], run["site"], run["node"]), run["useful_pflops_per_device"]
        yield Comparison((*where, "rate"), claim, "==", rate)
        yield Comparison(
            (*where, "work"), run["work_pflops_days"], "==", claim * run["devices"] * facts.days[run["node"]]
        )


def demand(facts: Standing) -> Iterator[Comparison]:
    """Work done and work counted as unserved make up what is asked; nothing runs outside its window or its sites."""
    done, lines = _done(facts), {(line["workload"], line["node"]): line for line in facts.records("unserved")}
    for workload in facts.case.workloads.values():
        for node in facts.due(workload):
            asked, line = facts.asked(workload, node), lines.pop((workload.id, node), None)
            missing = line["unserved_pflops_days"] if line else 0.0
            counted = (node,) if workload.kind == "service" else facts.path[node]
            yield Comparison((workload.id, node, "asked"), line["asked_pflops_days"] if line else 0.0, "==", asked)
            yield Comparison((workload.id, node, "unserved"), missing, "<=", asked)
            yield Comparison(
                (workload.id, node), sum(done.get((workload.id, n), 0.0) for n in counted) + missing, "==", asked
            )
            if line:
                yield Comparison((workload.id, node, "share"), line["share"] * asked, "==", missing)
    for (name, node), line in lines.items():
        yield Comparison((name, node, "asks for nothing then"), line["asked_pflops_days"], "==", 0.0)
    for run in facts.records("service"):
        job = facts.case.workloads[run["workload"]]
        allowed = job.sites_allowed is None or run["site"] in job.sites_allowed
        if not (allowed and facts.within(run["node"], job.start, job.end)):
            yield Comparison(
                (job.id, run["site"], run["node"], "outside its window or sites"), run["work_pflops_days"], "==", 0.0
            )


def parallelism(facts: Standing) -> Iterator[Comparison]:
    """Devices at work on a training at once against those it can use; work of a service per day against what is asked
    per day, where devices come or go within a node.
    """
    runs: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for run in facts.records("service"):
        runs[run["workload"], run["node"]].append(run)
    for (name, node), here in runs.items():
        job = facts.case.workloads[name]
        most = facts.asked(job, node) if job.max_devices is None else job.max_devices
        if job.max_devices is not None:
            yield Comparison((name, node), sum(run["devices"] for run in here), "<=", most)
        opened = [opens(facts, run) for run in here]
        if min(opened) == 1 and not any(run["part_devices"] for run in here):
            continue
        for leaving in (False, True):
            counts = [
                _at_once(facts, run, 1.0 if leaving else part, leaving, by_work=job.max_devices is None)
                for run, part in zip(here, opened, strict=True)
            ]
            yield Comparison((name, node, "at once"), sum(counts), "<=", most)


def _at_once(facts: Standing, run: Record, opened: float, leaving: bool, *, by_work: bool) -> float:
    """Devices, or the work of a whole node, while all that run do so: work is done evenly while it can be done."""
    node, part = facts.nodes[run["node"]], run["part_devices"]
    share = facts.there.largest_part(run["accelerator"], run["site"], node.id, leaving) if part else 0.0
    share = min(share, opened)
    devices = ((run["devices"] - part) / opened if opened else 0.0) + (part / share if share else 0.0)
    rate = facts.rates.useful(run["workload"], run["accelerator"], node) * facts.days[node.id]
    return float(devices * (rate if by_work else 1.0))


def _part_there(facts: Standing, runs: list[Record], node: str) -> float:
    """Part of the node in which the runs' devices stand: all of it but where all stand only a part."""
    here = [run for run in runs if run["node"] == node]
    if any(run["devices"] - run["part_devices"] > SEEN for run in here):
        return 1.0
    places = {(run["accelerator"], run["site"], node) for run in here}
    parts = facts.records("part_periods")
    return max((p["share"] for p in parts if (p["accelerator"], p["site"], p["node"]) in places), default=1.0)


def jobs(facts: Standing) -> Iterator[Comparison]:
    """Start, finish, days, work and price of work of every training, as its runs tell them."""
    by_job: dict[str, list[Record]] = defaultdict(list)
    for run in facts.records("service"):
        by_job[run["workload"]].append(run)
    lines = {(line["workload"], line["node"]): line for line in facts.records("jobs")}
    for workload in facts.case.workloads.values():
        for node in facts.due(workload) if workload.kind == "training" else ():
            path = facts.path[node]
            runs = [run for run in by_job[workload.id] if run["node"] in path]
            at = [n for n in path if any(run["node"] == n for run in runs)]
            line, where = lines.get((workload.id, node)), (workload.id, node)
            if line is None:
                yield Comparison((*where, "missing"), 0.0, "==", 1.0)
                continue
            ends = [str(facts.nodes[n].period) for n in (at[0], at[-1])] if at else [None, None]
            yield Comparison((*where, "dates"), float([line["start"], line["finish"]] != ends), "==", 0.0)
            days = sum(facts.days[n] * _part_there(facts, runs, n) for n in at)
            yield Comparison((*where, "days"), line["days"], "==", days)
            yield Comparison((*where, "asked"), line["asked_pflops_days"], "==", facts.asked(workload, node))
            yield Comparison(
                (*where, "done"), line["done_pflops_days"], "==", sum(run["work_pflops_days"] for run in runs)
            )
            device_days = sum(run["devices"] * facts.days[run["node"]] for run in runs)
            yield Comparison((*where, "device_days"), line["device_days"], "==", device_days)
            if done := line["done_pflops_days"]:
                yield Comparison((*where, "cost"), line["hkd_per_pflops_day"] * done, "==", line["cost_hkd"])


def vendor_share(facts: Standing) -> Iterator[Comparison]:
    """Useful PFLOP/s of each vendor against its share of all that runs."""
    yield from _shares(facts, facts.case.vendor_share, lambda run: facts.case.accelerators[run["accelerator"]].vendor)


def zone_share(facts: Standing) -> Iterator[Comparison]:
    """Useful PFLOP/s of each legal zone against its share of all that runs."""
    yield from _shares(facts, facts.case.zone_share, lambda run: facts.case.sites[run["site"]].legal_zone)


def _shares(
    facts: Standing, policy: VendorShare | ZoneShare | None, whose: Callable[[Record], str]
) -> Iterator[Comparison]:
    if policy is None:
        return
    by_owner: Done = defaultdict(float)
    totals: dict[str, float] = defaultdict(float)
    for run, rate in _rated(facts):
        by_owner[run["node"], whose(run)] += rate * run["devices"]
        totals[run["node"]] += rate * run["devices"]
    for (node, owner), pflops in by_owner.items():
        if facts.within(node, policy.start, None):
            yield Comparison((owner, node), pflops, "<=", policy.max_share * totals[node])


def capacity_target(facts: Standing) -> Iterator[Comparison]:
    """Target capacity from its date on, less what the plan owns up to missing."""
    missing = {(line["target"], line["node"]): line for line in facts.records("shortfall")}
    for name, target in facts.case.capacity_targets.items():
        due = Period.parse(target.by).start
        pflops: dict[str, float] = defaultdict(float)
        for devices in (facts.fleet, facts.rented) if target.rented_counts else (facts.fleet,):
            for (accelerator, site, node), count in devices.items():
                if not target.sites or site in target.sites:
                    pflops[node] += count * facts.rates.counted(accelerator, target.basis, target.precision)
        for at in facts.nodes.values():
            if at.period.start >= due:
                first = next(step.id for step in at.path if step.period.start >= due)
                line = missing.get((name, first))
                yield Comparison(
                    (name, at.id), pflops[at.id] + (line["missing_pflops"] if line else 0.0), ">=", target.pflops
                )
        for (target_id, node_id), line in missing.items():
            if target_id == name:
                hard = target.shortfall_hkd_per_pflops is None
                yield Comparison(
                    (name, node_id, "missing"), line["missing_pflops"], "<=", 0.0 if hard else target.pflops
                )
                yield Comparison((name, node_id, "target"), line["target_pflops"], "==", target.pflops)


def target_peaks(facts: Standing) -> Iterator[Comparison]:
    """Devices that count towards each target when it is due, and their dense peak at each precision that is told."""
    for line in facts.records("target_peaks"):
        target, precision = facts.case.capacity_targets[line["target"]], line["precision"]
        where = line["target"], line["node"], precision
        devices = silent = tflops = 0.0
        for places in (facts.fleet, facts.rented) if target.rented_counts else (facts.fleet,):
            for (accelerator, site, node), count in places.items():
                if node == line["node"] and (not target.sites or site in target.sites):
                    rate = (
                        facts.case.accelerators[accelerator].peak_tflops(precision)
                        if precision in RATE_FIELDS
                        else None
                    )
                    devices, silent = devices + count, silent + count * (rate is None)
                    tflops += count * (rate or 0.0)
        yield Comparison((*where, "devices"), line["devices"], "==", devices)
        yield Comparison((*where, "devices_without_rate"), line["devices_without_rate"], "==", silent)
        yield Comparison((*where, "peak_pflops"), line["peak_pflops"], "==", tflops / 1000)
        yield Comparison((*where, "target_pflops"), line["target_pflops"], "==", target.pflops)
    yield from _told_at_all(facts)


def _told_at_all(facts: Standing) -> Iterator[Comparison]:
    """Every target once at every precision, in the first node of each branch in which it is due, and in no other."""
    lines = [(line["target"], line["node"], line["precision"]) for line in facts.records("target_peaks")]
    for name, target in facts.case.capacity_targets.items():
        due = [node for node in facts.nodes.values() if node.period.start >= Period.parse(target.by).start]
        first = [node.id for node in due if node.parent is None or node.parent not in due]
        wanted = [(name, node, precision) for node in first for precision in {target.precision, "bf16", "fp16", "fp8"}]
        mine = [line for line in lines if line[0] == name]
        missing = sum(line not in mine for line in wanted) + len(mine) - len(set(mine) & set(wanted))
        yield Comparison((name, "told"), float(missing), "==", 0.0)


def _done(facts: Standing) -> Done:
    """PFLOP/s-days by workload and node, at the rates found anew."""
    done: Done = defaultdict(float)
    for run, rate in _rated(facts):
        done[run["workload"], run["node"]] += rate * run["devices"] * facts.days[run["node"]]
    return done
