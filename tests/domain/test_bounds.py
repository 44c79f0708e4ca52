"""Every number that a file may give has a least and a most: what no real figure could be is a slip, and is told."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel, ValidationError
from tiny import case

from planner.domain.accelerator import Accelerator
from planner.domain.base import Range
from planner.domain.case import Case
from planner.domain.data_rule import DataGovernance
from planner.domain.model_shape import ModelShape
from planner.domain.regime import RuleBook
from planner.domain.speed_parameters import SpeedParameters
from planner.domain.transaction import Transaction
from planner.intake.fields import fields
from planner.intake.schema import json_schema

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


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        # 50 taken as a share would count on 100 times the quota of 200; -5 taken as freight would pay five prices a device.
        ({"licences": {"h20": {"accelerators": ["nvidia_h20_96gb"], "quota_devices": 200, "approval_share": 50, "wait_months": 6}}}, "approval_share"),
        ({"economics": {"freight_share": -5}}, "freight_share"),
        ({"economics": {"freight_share": {"low": -0.1, "mid": 0, "high": 0.1}}}, "freight_share"),
        # At a negative rate later money weighs more than today's, so that idle devices held to the end would earn.
        ({"economics": {"discount_rate": -0.49}}, "discount_rate"),
        ({"workloads": {"service": {"unserved_hkd_per_pflops_day": -6000}}}, "unserved_hkd_per_pflops_day"),
        # Surplus power may be paid for being used, never by more than it is sold for.
        ({"sites": {"hall": {"tariff_hkd_per_kwh": -1.1}}}, "tariff_hkd_per_kwh"),
        ({"sites": {"hall": {"hosting_hkd_per_kw_month": -1}}}, "hosting_hkd_per_kw_month"),
        ({"economics": {"server_usd_per_device": -1}}, "server_usd_per_device"),
        ({"economics": {"staff_hkd_per_device_year": 1e12}}, "staff_hkd_per_device_year"),
    ],
)  # fmt: skip
def test_what_no_figure_can_be_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        case(**changes)


def test_the_schema_for_editors_has_the_bounds_of_uncertain_numbers_in_its_own_words() -> None:
    share = json_schema(Case)["$defs"]["Licence"]["properties"]["approval_share"]
    assert (share["minimum"], share["maximum"]) == (0, 1)


def test_the_list_of_fields_shows_them() -> None:
    told = {field.path: field.bounds for field in fields(Case)}
    assert told["licences.<id>.approval_share"] == "≥ 0, ≤ 1"
