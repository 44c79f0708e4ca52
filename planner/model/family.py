"""A constraint family: its rows, and all that is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from planner.model.options import Options
from planner.model.rows import Row
from planner.model.variables import Columns

Binds = Literal["one tenant", "device-periods", "anything"]
Kind = Literal["limit", "gap", "work", "balance", "weight"]
"""limit: people, markets or nature set it; gap: what is missing before work may run; work: what is asked; balance: devices
are conserved; weight: belongs to risk or to whole numbers, and its price is no limit's.
"""


class Where(NamedTuple):
    """A limit to be spoken of: what it limits, when it binds (`in 2028q1`), and whether one unit in each of several
    periods is meant.
    """

    what: tuple[str, ...]
    when: str
    each: bool = False

    @property
    def year(self) -> str:
        """` in 2028` of a limit per calendar year, else nothing."""
        return next((f" in {part[1:]}" for part in self.what if part[:1] == "y" and part[1:].isdigit()), "")


class Family(NamedTuple):
    """Its rows, the unit of its limit, what its shadow price says, and how one unit more of room reads (its module tells
    the algebra). `met`: a target met exactly, which less eases whatever the sense of its rows. `binds`: the work of one tenant
    alone in each of its rows, the device-periods that tenants share, or anything else.
    """

    name: str
    rows: Callable[[Options, Columns], Iterator[Row]]
    unit: str
    price_says: str
    kind: Kind
    one_more: Callable[[Where], str]
    met: bool = False
    binds: Binds = "anything"

    def eased_downwards(self, sense: str) -> bool:
        """Whether a lower limit leaves more room."""
        return self.met or sense == ">="
