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

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from planner.domain.horizon import Node
from planner.domain.site import Site
from planner.model.rows import Terms, label
from planner.model.runs import Numbers, Runs

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
