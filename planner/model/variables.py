"""What can be decided: one index table per variable (formulation §3).

    order[o,s,n]    devices    bought at n; stands where and when procurement says
    rent[o,s,n]     devices    rented during n
    fleet[a,s,n]    devices    owned and standing at s in all of n
    retire[a,s,n]   devices    taken out at n, at or before the end of life
    run[w,a,s,n]    devices    average number of a at s that work on w during n, of those that are there all of n
    run_part[w,a,s,n] devices  the same of those that stand a part of n
    unserved[w,n]   PFLOP/s-days   work not done; at most the work asked for
    effective[v,n]  PFLOP/s    useful compute of a vendor's devices, where vendors' shares are limited
    port[w,k,n]     0–1        porting of w to stack k is begun in n, or a share of it
    clear[g,m,z,n]  0–1        tenant g begins mechanism m for zone z in n, or a share of it; renewed likewise
    draw[f,b,n]     million HKD    money taken from fund f for spending that the same funds may pay (bucket b)
    part[o,m,s,n]   devices    of the order of m, or of a fleet of the start, that stand a part of n: from the day they arrive, or to the end of their life
    forfeit[o,s,n,leaf] devices   of an order that would outlive the branch: no longer there at its end, or paid by public money; no residual value
    upkeep[o,s,n]   devices    of the offer that stand in n, where devices of one kind at one site differ in price
    assign[a,s,g,n] devices    fleet that is silo g's own; dedicate[a,s,g,n]: newly given to it
    own_part[o,m,s,g,n] devices  of part[o,m,s,n] those that are silo g's own
    shortfall[t,n]  PFLOP/s    missing from capacity target t
    us_free[s,n]    0–1        site s is declared free of US-origin devices in n, where that could matter
    lots[o,s,n]     lots       whole lots of an order or a rental, where lots are whole
    take[o,s,n]     devices    of a rental, newly rented in n; placed[o,s,n]: 0–1, an order or a rental's contract is placed in n
    kind[a,s,n]     0–1        a kind of device new to hall s is first ordered in n
    cvar_excess[leaf], value_at_risk   million HKD   tail cost, where the case is averse to risk
    one[g]          1          that silo g exists: it carries the cost of its entity
    share[b]        0–1        bid b is taken, or a part of it (`planner.study.compare.portfolio` adds it to the program of a plan)

Money inside the program is in million HKD, so that its numbers stay near one another.
"""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from planner.domain.horizon import Node, Period
from planner.domain.site import Site
from planner.domain.workload import Workload
from planner.model.options import Options
from planner.model.rows import Terms, label
from planner.model.runs import Floats, Numbers, Runs
from planner.model.timing import days_in, growth, in_window, window_share

if TYPE_CHECKING:
    from planner.model.costs.line import Bucket, Lines, Piece

Key = TypeVar("Key")
Thing = TypeVar("Thing")
Index = dict[tuple[str, ...], int]
HKD_PER_MODEL_UNIT = 1e6
SPENT = "spent"
RUNS = frozenset({"run", "run_part"})
"""They have no table by index, which for a million of them takes 80 MB and which nobody needs: `runs` tells of them."""
OF_NO_NODE = frozenset({"one", "value_at_risk", "share"})


class Column(NamedTuple):
    """A decision: what is decided, its bounds, and whether it must be whole."""

    kind: str
    key: tuple[str, ...]
    high: float | None = None
    integer: bool = False
    low: float = 0.0

    @property
    def name(self) -> str:
        """A name that every solver takes and a person can read."""
        return label(self.kind, *self.key)

    @property
    def node(self) -> str | None:
        """The node in which it is decided, the last of its index; None for what belongs to no node."""
        return None if self.kind in OF_NO_NODE else self.key[-1]


class Draw(NamedTuple):
    """What one kind of device draws at a site in a node: (column, MWh per unit)."""

    accelerator: str
    site: Site
    mwh: Terms


class Stand(NamedTuple):
    """A column of owned devices: what and where, for which part of the node they stand, whence they come, and whether US rules mark
    them.
    """

    column: int
    share: float
    accelerator: str
    site: str
    node: Node
    origin: str
    risky: bool


@dataclass
class Columns:
    """All columns of a program with their numbers by kind and index, the work that they do, what they spend, and which
    funds may pay for it.
    """

    all: list[Column] = field(default_factory=list)
    runs: Runs = field(default_factory=Runs)
    lines: list[Piece] = field(default_factory=list)
    buckets: dict[tuple[Bucket, str], Lines] = field(default_factory=dict)
    owned: list[Stand] = field(default_factory=list)
    owned_mwh: dict[str, list[Draw]] = field(default_factory=dict)
    worked: dict[tuple[str, ...], Any] = field(default_factory=dict)
    """Terms of rows that hang on what may run, by family and index, or on what is spent, by SPENT and index: kept for cases that ask for
    more or less, or have more or less to spend.
    """
    order: Index = field(default_factory=dict)
    lots: Index = field(default_factory=dict)
    take: Index = field(default_factory=dict)
    placed: Index = field(default_factory=dict)
    kind: Index = field(default_factory=dict)
    rent: Index = field(default_factory=dict)
    fleet: Index = field(default_factory=dict)
    retire: Index = field(default_factory=dict)
    part: Index = field(default_factory=dict)
    forfeit: Index = field(default_factory=dict)
    upkeep: Index = field(default_factory=dict)
    assign: Index = field(default_factory=dict)
    dedicate: Index = field(default_factory=dict)
    own_part: Index = field(default_factory=dict)
    unserved: Index = field(default_factory=dict)
    effective: Index = field(default_factory=dict)
    port: Index = field(default_factory=dict)
    clear: Index = field(default_factory=dict)
    draw: Index = field(default_factory=dict)
    us_free: Index = field(default_factory=dict)
    shortfall: Index = field(default_factory=dict)
    one: Index = field(default_factory=dict)
    cvar_excess: Index = field(default_factory=dict)
    value_at_risk: Index = field(default_factory=dict)

    def table(self, kind: str) -> Index:
        """The numbers of all columns of a kind, by index; RUNS have none."""
        index: Index = getattr(self, kind)
        return index

    def numbers(self, kind: str) -> Numbers:
        """The numbers of all columns of a kind."""
        if kind in RUNS:
            runs: Numbers = self.runs.column[self.runs.part == (kind == "run_part")]
            return runs
        return np.fromiter(self.table(kind).values(), dtype=np.int64, count=len(self.table(kind)))

    def add(
        self, kind: str, key: tuple[str, ...], high: float | None = None, integer: bool = False, low: float = 0.0
    ) -> int:
        """A new column; its number. A second one of the same kind and index is a mistake of the program."""
        number = len(self.all)
        if kind not in RUNS:
            table = self.table(kind)
            if key in table:
                raise ValueError(f"{label(kind, *key)} exists already")
            table[key] = number
        self.all.append(Column(kind, key, high, integer, low))
        return number

    def without_spending(self) -> Columns:
        """The same before anything is spent: without lines, and without draws, which are the last to be declared."""
        kept = len(self.all) - len(self.draw)
        worked = {key: terms for key, terms in self.worked.items() if key[0] != SPENT}
        return self.but(all=self.all[:kept], lines=[], buckets={}, draw={}, worked=worked)

    def but(self, **changes: Any) -> Columns:
        """The same but for these."""
        return replace(self, **changes)


def grouped(things: Iterable[Thing], key: Callable[[Thing], Key]) -> Mapping[Key, list[Thing]]:
    """Things by what the key makes of each, in their order."""
    groups: dict[Key, list[Thing]] = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return groups


def asked(options: Options, workload: Workload, node: Node) -> float:
    """Work asked for in the node, PFLOP/s-days: a training's part within the horizon, a service's rate times the days
    of the node.
    """
    key = workload.id, node.id
    if key not in options.asked:
        options.asked[key] = _asked(options, workload, node)
    return options.asked[key]


def _asked(options: Options, workload: Workload, node: Node) -> float:
    if workload.work_pflops_days is not None:
        return workload.work_pflops_days.mid * window_share(options.case.horizon, workload.start, workload.end)
    grown = growth(options.case, workload.growth_per_year, node, Period.parse(workload.start).start)
    return options.speeds.busy_pflops(workload) * grown * days_in(options.case, node)


def due(options: Options, workload: Workload) -> Iterable[Node]:
    """Nodes in which the workload's work is counted: every one of a service's window, the last of a training's."""
    active = [node for node in options.case.tree if options.active(workload, node)]
    if workload.kind == "service":
        return active
    last = max((node.position for node in active), default=-1)
    return [node for node in active if node.position == last]


def declare(options: Options) -> Columns:
    """Every column of the case, in the order: purchases, rentals, fleet, runs, unserved work, mechanisms, ports, the
    rest.
    """
    case, x = options.case, Columns()
    for key in options.orders:
        x.add("order", key)
    for key in options.rentals:
        x.add("rent", key)
    _declare_fleet(options, x)
    for part in options.all_parts:
        x.add("part", part.key, high=part.devices if part.offer is None else None)
        for silo in case.silos:
            x.add("own_part", (*part.key[:3], silo, part.node.id))
    for key, leaves in options.outliving.items():
        for leaf, _ in leaves:
            x.add("forfeit", (*key, leaf.id))
    for pair in options.owned_pairs:
        if options.upkept_apart(*pair):
            for offer in options.purchases_of.get(pair, ()):
                for node in options.case.tree:
                    if (*pair, node.id) in x.fleet:
                        x.add("upkeep", (offer, pair[1], node.id))
    _declare_runs(options, x)
    for workload in case.workloads.values():
        for node in due(options, workload):
            x.add("unserved", (workload.id, node.id), high=asked(options, workload, node))
    _declare_vendors(options, x)
    _declare_readiness(options, x)
    _declare_targets(options, x)
    for silo in case.silos:
        x.add("one", (silo,), high=1.0, low=1.0)
    if case.risk.weight:
        x.add("value_at_risk", (), low=-math.inf)
        for leaf in case.tree.leaves:
            x.add("cvar_excess", (leaf.id,))
    return x


def bounded(options: Options, x: Columns) -> Columns:
    """The same columns with their bounds as the case has them now: work asked for and targets."""
    columns = list(x.all)
    for workload in options.case.workloads.values():
        for node in due(options, workload):
            number = x.unserved[workload.id, node.id]
            columns[number] = columns[number]._replace(high=asked(options, workload, node))
    for (target, _), number in x.shortfall.items():
        columns[number] = columns[number]._replace(high=options.case.capacity_targets[target].pflops)
    return x.but(all=columns)


def speeded(options: Options, x: Columns) -> Columns:
    """The same columns with their work at the speeds of the options, and without the terms of rows that hang on it."""
    runs = x.runs
    useful, work = _work(options, runs.placement, runs.node)
    worked = {key: terms for key, terms in x.worked.items() if key[0] == SPENT}
    return x.but(runs=runs.at_speeds(useful, work), worked=worked)


def _declare_fleet(options: Options, x: Columns) -> None:
    silos = options.case.silos
    for accelerator, site in options.owned_pairs:
        begun: set[str] = set()
        for node in options.case.tree:
            key = (accelerator, site, node.id)
            if not (
                (node.parent and node.parent.id in begun)
                or key in options.arrivals
                or options.standing(accelerator, site, node)
            ):
                continue
            begun.add(node.id)
            x.add("fleet", key)
            x.add("retire", key)
            for silo in silos:
                x.add("assign", (accelerator, site, silo, node.id))
                x.add("dedicate", (accelerator, site, silo, node.id))


def _declare_runs(options: Options, x: Columns) -> None:
    active = {
        workload.id: frozenset(node.id for node in options.case.tree if options.active(workload, node))
        for workload in options.case.workloads.values()
    }
    whole, part = _nodes_of((*x.fleet, *options.rentals_at)), _nodes_of(options.parts)
    number_of = {node.id: number for number, node in enumerate(options.case.tree.nodes)}
    first, lengths, when, parts = len(x.all), array("i"), array("i"), array("b")
    known: dict[tuple[object, ...], list[tuple[str, str]]] = {}
    for placement in options.placements:
        workload, accelerator, site = placement.key
        within, pair = active[workload], (accelerator, site)
        # Workloads of one kind and time share the nodes in which they may run at a place.
        alike = pair, within, id(placement.nodes)
        if alike not in known:
            known[alike] = [
                (kind, node.id)
                for node in placement.nodes
                if node.id in within
                for kind, there in (("run", whole), ("run_part", part))
                if node.id in there[pair]
            ]
        x.all += [Column(kind, (workload, accelerator, site, at)) for kind, at in known[alike]]
        lengths.append(len(known[alike]))
        when.extend([number_of[at] for _, at in known[alike]])
        parts.extend([kind == "run_part" for kind, _ in known[alike]])
    of = np.repeat(np.arange(len(lengths)), lengths)
    columns, useful, work = np.arange(first, len(x.all)), *_work(options, of, np.array(when))
    x.runs = Runs(options.placements, options.case.tree.nodes, columns, of, when, parts, useful, work)


def _work(options: Options, of: Numbers, when: Numbers) -> tuple[Floats, Floats]:
    """By run, from the numbers of its placement and its node: useful PFLOP/s per device, and the same over the days of the node,
    PFLOP/s-days.
    """
    nodes, names = options.case.tree.nodes, [placement.accelerator for placement in options.placements]
    now = np.array([options.speeds.now(placement.workload, placement.accelerator) for placement in options.placements])
    maturities = {name: options.speeds.maturities(name) for name in names}
    grown = np.array([[known.get(node.id, 0.0) for node in nodes] for known in maturities.values()]).reshape(
        -1, len(nodes)
    )
    number_of = {name: number for number, name in enumerate(maturities)}
    device = np.array([number_of[name] for name in names], dtype=np.intc)
    useful = now[of] * grown[device[of], when]
    return useful, useful * np.array([options.days[node.id] for node in nodes])[when]


def _nodes_of(places: Iterable[tuple[str, ...]]) -> Mapping[tuple[str, str], set[str]]:
    """By (accelerator, site): the nodes among these places."""
    nodes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for accelerator, site, node in places:
        nodes[accelerator, site].add(node)
    return nodes


def _declare_vendors(options: Options, x: Columns) -> None:
    policy = options.case.vendor_share
    if policy is None:
        return
    within = {node.id for node in options.case.tree if in_window(node, policy.start, None)}
    runs, nodes = x.runs, options.case.tree.nodes
    vendors = [options.case.accelerators[placement.accelerator].vendor for placement in runs.placements]
    number_of = {vendor: number for number, vendor in enumerate(dict.fromkeys(vendors))}
    vendor, names = np.array([number_of[name] for name in vendors], dtype=np.intc), [*number_of]
    for some in (~runs.part, runs.part):
        for cell in dict.fromkeys((vendor[runs.placement[some]] * len(nodes) + runs.node[some]).tolist()):
            key = names[cell // len(nodes)], nodes[cell % len(nodes)].id
            if key[1] in within and key not in x.effective:
                x.add("effective", key)


def _declare_readiness(options: Options, x: Columns) -> None:
    whole = options.case.whole.porting
    ports = dict.fromkeys((p.workload.id, p.stack) for p in options.placements if p.ported)
    clears = dict.fromkeys((p.workload.tenant, m, p.site.legal_zone) for p in options.placements for m in p.mechanisms)
    for kind, keys in (("port", ports), ("clear", clears)):
        for key in keys:
            for node in options.case.tree:
                x.add(kind, (*key, node.id), high=1.0, integer=whole)


def _declare_targets(options: Options, x: Columns) -> None:
    for target_id, target in options.case.capacity_targets.items():
        if target.shortfall_hkd_per_pflops is None:
            continue
        due_day = Period.parse(target.by).start
        for node in options.case.tree:
            if node.period.start >= due_day and (node.parent is None or node.parent.period.start < due_day):
                x.add("shortfall", (target_id, node.id), high=target.pflops)
