"""The conditions of rules, as trees that can be read, tested quickly, and explained.

    {all: [...]} · {any: [...]} · {not: node} · {metric: tpp, op: ">=", value: 4800} · {}   (always true)
    {metric: destination_groups, op: in, value: ["D:5", MO]}   (a country that belongs to one of them; a code is a group of one)

Every test has three answers: it holds, it does not, or nobody can tell (None) because a figure is unknown. An unknown
number is None, or `Between` bounds that physics sets to it; a test is settled where the whole of the bounds settles it.
Unknown words and truths, which only a flag can ask for, are None as well; to equal a number exactly is taken to be no
chance of an unknown one.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from planner.domain.base import Assumed, Noun


class Between(NamedTuple):
    """An unknown number of which the bounds are known, both included."""

    low: float = 0.0
    high: float = math.inf


class Belongs(NamedTuple):
    """The groups to which a country belongs, and those to which it surely does not; None: all others."""

    to: frozenset[str] = frozenset()
    not_to: frozenset[str] | None = frozenset()

    def any_of(self, groups: frozenset[str]) -> bool | None:
        """Whether it belongs to one of the groups."""
        if groups & self.to:
            return True
        return False if self.not_to is None or groups <= self.not_to else None


Fact = bool | float | str | Between | Belongs | None
Facts = Mapping[str, Fact]
Test = Callable[[Facts], bool | None]
Kind = Literal["number", "truth", "text", "groups"]

METRICS: dict[str, Kind] = {
    "accelerator_id": "text",
    "vendor": "text",
    "vendor_country": "text",
    "item_type": "text",
    "tpp": "number",
    "fp64_tflops": "number",
    "performance_density": "number",
    "memory_bandwidth_gbps": "number",
    "io_bandwidth_gbps": "number",
    "memory_plus_io_gbps": "number",
    "memory_bandwidth_density": "number",
    "us_technology": "truth",
    "process_node_nm": "number",
    "transistors_bn": "number",
    "holds_hbm": "truth",
    "designer_approved": "truth",
    "datacenter_marketed": "truth",
    "us_commercially_available": "truth",
    "destination_groups": "groups",
    "end_user_hq": "text",
    "end_user_groups": "groups",
    "shipped_from_us": "truth",
    "buyer_listed": "truth",
    "buyer_owned_50pct_by_listed": "truth",
    "buyer_sdn": "truth",
    "buyer_denied": "truth",
    "buyer_unverified": "truth",
    "seller_listed": "truth",
    "seller_sdn": "truth",
    "seller_denied": "truth",
    "mainland_business": "truth",
    "built_for_d5_party": "truth",
    "transfer_in_country": "truth",
    "repair": "truth",
    "allied_packaging": "truth",
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
OPPOSITE = {">=": "<", ">": "<=", "<": ">=", "<=": ">"}
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
        if kind == "groups":
            fits = self.op == "in" and isinstance(self.value, tuple)
        elif self.op in ("in", "not_in"):
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

        def holds(facts: Facts) -> bool | None:
            fact = facts[metric]
            if isinstance(fact, Belongs):
                assert isinstance(value, frozenset)
                return fact.any_of(value)
            if fact is not None and not isinstance(fact, Between):
                return compare(fact, value)
            if self.op not in OPPOSITE:
                return self.op == "!=" if METRICS[metric] == "number" else None
            low, high = (compare(end, value) for end in fact or Between())
            return low if low == high else None

        return holds

    def narrowed(self, fact: Fact) -> tuple[Fact, Fact]:
        """What an unknown fact may be: two cases that cover it and come nearer to an answer. Of a number, its bounds if
        the comparison holds and if it does not; of a truth, that it is true and that not; of a country, that it belongs to
        the next group asked for and that not.
        """
        if isinstance(fact, Belongs):
            assert isinstance(self.value, tuple)
            assert fact.not_to is not None
            group = {next(group for group in self.value if group not in fact.not_to)}
            return Belongs(fact.to | group, fact.not_to), Belongs(fact.to, fact.not_to | group)
        if METRICS[self.metric] == "truth":
            return True, False
        low, high = fact if isinstance(fact, Between) else Between()
        assert isinstance(self.value, int | float)
        # The number next to the threshold on its open side: no figure lies between the two.
        below, above = math.nextafter(self.value, -math.inf), math.nextafter(self.value, math.inf)
        ends = {
            ">=": (self.value, below),
            ">": (above, self.value),
            "<": (self.value, below),
            "<=": (above, self.value),
        }
        upper, lower = Between(ends[self.op][0], high), Between(low, ends[self.op][1])
        return (upper, lower) if self.op in (">=", ">") else (lower, upper)

    def undecided(self, facts: Facts) -> Iterator[Leaf]:
        """Itself, if nobody can tell whether it holds."""
        if self.test(facts) is None:
            yield self


class AllOf(Noun):
    """True when every part is."""

    all: tuple[Match, ...] = Field(min_length=1)

    @cached_property
    def test(self) -> Test:
        tests = tuple(part.test for part in self.all)

        def holds(facts: Facts) -> bool | None:
            answer: bool | None = True
            for part in tests:
                verdict = part(facts)
                if verdict is False:
                    return False
                answer = answer and verdict
            return answer

        return holds

    def undecided(self, facts: Facts) -> Iterator[Leaf]:
        """Its comparisons that nobody can tell, of those that could make it hold."""
        if self.test(facts) is None:
            for part in self.all:
                yield from part.undecided(facts)


class AnyOf(Noun):
    """True when at least one part is."""

    any: tuple[Match, ...] = Field(min_length=1)

    @cached_property
    def test(self) -> Test:
        tests = tuple(part.test for part in self.any)

        def holds(facts: Facts) -> bool | None:
            answer: bool | None = False
            for part in tests:
                verdict = part(facts)
                if verdict:
                    return True
                answer = None if verdict is None else answer
            return answer

        return holds

    def undecided(self, facts: Facts) -> Iterator[Leaf]:
        """Its comparisons that nobody can tell, of those that could make it hold."""
        if self.test(facts) is None:
            for part in self.any:
                yield from part.undecided(facts)


class NoneOf(Noun):
    """True when its part is not."""

    # Written `not`; a saved case has the field's own name.
    model_config = ConfigDict(validate_by_alias=True, validate_by_name=True)
    negated: Match = Field(alias="not")

    @cached_property
    def test(self) -> Test:
        holds = self.negated.test
        return lambda facts: None if (verdict := holds(facts)) is None else not verdict

    def undecided(self, facts: Facts) -> Iterator[Leaf]:
        """The comparisons below it that nobody can tell."""
        yield from self.negated.undecided(facts)


class Always(Noun):
    """True of everything: the match of a default rule."""

    @cached_property
    def test(self) -> Test:
        return lambda facts: True

    def undecided(self, facts: Facts) -> Iterator[Leaf]:
        """None: it holds of everything."""
        yield from ()


_SHAPES = {"all": AllOf, "any": AnyOf, "not": NoneOf, "negated": NoneOf, "metric": Leaf}


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
