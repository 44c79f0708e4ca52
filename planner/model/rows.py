"""Rows: one limit of the program, with its name, its terms and why it exists."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

Sense = Literal["<=", ">=", "=="]
Terms = list[tuple[int, float]]
_NOT_FOR_NAMES = re.compile(r"[^A-Za-z0-9_.]")


def label(kind: str, *index: str) -> str:
    """A name that every solver takes and a person can read: `power(hk_aisc,2027q2)`."""
    if not index:
        return kind
    return f"{kind}({','.join(map(_word, index))})"


@lru_cache(maxsize=65_536)
def _word(part: str) -> str:
    return _NOT_FOR_NAMES.sub("_", part)


class Row(NamedTuple):
    """`sum of coefficient * column  sense  limit`, and the rule, contract or policy behind it.

    `what` is limited, `node` when (None: the plan as a whole), `part` which limit of it where there are
    several. A row that only adds up or keeps in step what other rows limit is none itself: `is_limit` is False.
    """

    family: str
    what: tuple[str, ...]
    node: str | None
    terms: Terms
    sense: Sense
    limit: float
    because: str
    part: tuple[str, ...] = ()
    is_limit: bool = True

    @property
    def subject(self) -> tuple[str, ...]:
        """What is limited, the same in every node."""
        return (*self.what, *self.part)

    @property
    def key(self) -> tuple[str, ...]:
        """What tells the row from all others of its family."""
        return (*self.what, *(() if self.node is None else (self.node,)), *self.part)

    @property
    def name(self) -> str:
        return label(self.family, *self.key)
