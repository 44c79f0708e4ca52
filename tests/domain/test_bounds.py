"""Every number that a file may give has a least and a most: what no real figure could be is a slip, and is told."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from planner.domain.accelerator import Accelerator
from planner.domain.base import Range
from planner.domain.case import Case
from planner.domain.data_rule import DataGovernance
from planner.domain.model_shape import ModelShape
from planner.domain.regime import RuleBook
from planner.domain.speed_parameters import SpeedParameters
from planner.domain.transaction import Transaction

LEAST, MOST = {"ge", "gt"}, {"le", "lt"}


def unbounded(annotation: Any, given: frozenset[str] = frozenset()) -> Iterator[str]:
    """The kinds of number within an annotation that lack a least or a most; `given`: the bounds around it."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from unbounded(args[0], given | rules(args[1:]))
    elif origin in (Union, types.UnionType):
        for member in args:
            yield from unbounded(member, given)
    elif origin is Literal or annotation is bool:
        return
    elif annotation in (int, float, Range):
        if not (given & LEAST and given & MOST):
            yield annotation.__name__
    else:
        for inside in args:
            yield from unbounded(inside)


def rules(metadata: Any) -> frozenset[str]:
    found = set()
    for rule in metadata:
        for inner in (rule, *getattr(rule, "metadata", ())):
            found |= {name for name in LEAST | MOST if getattr(inner, name, None) is not None}
    return frozenset(found)


def nouns(noun: type[BaseModel], seen: dict[type[BaseModel], None]) -> dict[type[BaseModel], None]:
    """The noun and all within it; those of Range are bounded where they are used."""
    if noun not in seen and noun is not Range:
        seen[noun] = None
        for info in noun.model_fields.values():
            for part in parts(info.annotation):
                nouns(part, seen)
    return seen


def parts(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inside in get_args(annotation):
        yield from parts(inside)


ROOTS = (Case, Accelerator, RuleBook, DataGovernance, ModelShape, SpeedParameters, Transaction)
ALL: dict[type[BaseModel], None] = {}
for root in ROOTS:
    nouns(root, ALL)


@pytest.mark.parametrize("noun", ALL, ids=lambda noun: noun.__name__)
def test_every_number_has_a_least_and_a_most(noun: type[BaseModel]) -> None:
    lacking = [
        f"{name} ({kind})"
        for name, info in noun.model_fields.items()
        for kind in unbounded(info.annotation, rules(info.metadata))
    ]
    assert not lacking, f"{noun.__name__}: give {', '.join(lacking)} a least and a most (ge or gt, le or lt)"
