"""The conditions of rules, as trees that can be read, tested quickly, and explained.

    {all: [...]} · {any: [...]} · {not: node} · {metric: tpp, op: ">=", value: 4800} · {}   (always true)

A fact that is unknown (None) makes every leaf false except `!=` and `not_in`: what nobody measured catches nothing, and
whoever asks is told that the answer hangs on it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from planner.domain.base import Assumed, Noun

Fact = bool | float | str | None
Facts = Mapping[str, Fact]
Test = Callable[[Facts], bool]
Kind = Literal["number", "truth", "text"]

METRICS: dict[str, Kind] = {
    "accelerator_id": "text",
    "vendor": "text",
    "vendor_country": "text",
    "item_type": "text",
    "tpp": "number",
    "performance_density": "number",
    "memory_bandwidth_gbps": "number",
    "io_bandwidth_gbps": "number",
    "memory_plus_io_gbps": "number",
    "memory_bandwidth_density": "number",
    "datacenter_marketed": "truth",
    "us_commercially_available": "truth",
    "end_user_hq": "text",
    "shipped_from_us": "truth",
    "buyer_listed": "truth",
    "buyer_owned_50pct_by_listed": "truth",
    "military_end_use": "truth",
    "supercomputer_end_use": "truth",
    "use_case": "text",
    "training_flop": "number",
}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    "in": lambda fact, values: fact in values,
    "not_in": lambda fact, values: fact not in values,
}
TRUE_OF_UNKNOWN = ("!=", "not_in")
OF_KIND: dict[Kind, tuple[tuple[str, ...], type | tuple[type, ...]]] = {
    "number": ((">=", ">", "<", "<=", "==", "!="), (int, float)),
    "truth": (("==", "!="), bool),
    "text": (("==", "!="), str),
}


class Leaf(Noun):
    """A comparison of one fact with a threshold, a word or a list of words."""

    metric: str
    op: Literal[">=", ">", "<", "<=", "==", "!=", "in", "not_in"]
    value: Assumed | tuple[str, ...]

    @model_validator(mode="after")
    def _value_fits_metric(self) -> Leaf:
        if self.metric not in METRICS:
            raise ValueError(f"no rule can test {self.metric!r}; the metrics are {', '.join(METRICS)}")
        kind = METRICS[self.metric]
        if self.op in ("in", "not_in"):
            fits = kind == "text" and isinstance(self.value, tuple)
        else:
            ops, types = OF_KIND[kind]
            is_number = not isinstance(self.value, bool)
            fits = self.op in ops and isinstance(self.value, types) and (kind != "number" or is_number)
        if not fits:
            raise ValueError(f"{self.metric} is a {kind}, which cannot be compared as `{self.op} {self.value}`")
        return self

    @cached_property
    def test(self) -> Test:
        metric, compare = self.metric, COMPARE[self.op]
        value = frozenset(self.value) if isinstance(self.value, tuple) else self.value
        if self.op in TRUE_OF_UNKNOWN:
            return lambda facts: compare(facts[metric], value)
        return lambda facts: (fact := facts[metric]) is not None and compare(fact, value)


class AllOf(Noun):
    """True when every part is."""

    all: tuple[Match, ...] = Field(min_length=1)

    @cached_property
    def test(self) -> Test:
        tests = tuple(part.test for part in self.all)

        def holds(facts: Facts) -> bool:
            for part in tests:
                if not part(facts):
                    return False
            return True

        return holds


class AnyOf(Noun):
    """True when at least one part is."""

    any: tuple[Match, ...] = Field(min_length=1)

    @cached_property
    def test(self) -> Test:
        tests = tuple(part.test for part in self.any)

        def holds(facts: Facts) -> bool:
            for part in tests:
                if part(facts):
                    return True
            return False

        return holds


class NoneOf(Noun):
    """True when its part is not."""

    negated: Match = Field(alias="not")

    @cached_property
    def test(self) -> Test:
        holds = self.negated.test
        return lambda facts: not holds(facts)


class Always(Noun):
    """True of everything: the match of a default rule."""

    @cached_property
    def test(self) -> Test:
        return lambda facts: True


_SHAPES = {"all": AllOf, "any": AnyOf, "not": NoneOf, "metric": Leaf}


def _shape(value: Any) -> str:
    if isinstance(value, Noun):
        return type(value).__name__
    keys = [key for key in _SHAPES if isinstance(value, Mapping) and key in value]
    return _SHAPES[keys[0]].__name__ if keys else Always.__name__


Match = Annotated[
    Annotated[AllOf, Tag("AllOf")]
    | Annotated[AnyOf, Tag("AnyOf")]
    | Annotated[NoneOf, Tag("NoneOf")]
    | Annotated[Leaf, Tag("Leaf")]
    | Annotated[Always, Tag("Always")],
    Discriminator(_shape),
]

for _node in (AllOf, AnyOf, NoneOf):
    _node.model_rebuild()
