"""What the annotations of the nouns say: which field a path leads to, and which kinds of value it takes."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic.json_schema import SkipJsonSchema

from planner.domain.base import Range

NUMBER, WHOLE, BOOLEAN, TEXT, DATE = "a number", "a whole number", "true or false", "text", "a date"
_KINDS: Mapping[Any, str] = {float: NUMBER, int: WHOLE, bool: BOOLEAN, str: TEXT, date: DATE, Range: NUMBER}


@dataclass(frozen=True)
class Loose:
    """A value that would be taken for another kind without a word, such as the text '12' for a number."""

    path: tuple[str | int, ...]
    wanted: str
    value: Any


_LONGEST_TUPLE = 8


@cache
def alternatives(annotation: Any) -> tuple[Any, ...]:
    """The plain types that an annotation allows; unions and Annotated are taken apart, None is left out."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return alternatives(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return tuple(plain for member in get_args(annotation) for plain in alternatives(member))
    return () if annotation is type(None) else (annotation,)


def nouns(annotation: Any) -> tuple[type[BaseModel], ...]:
    """The models among the alternatives."""
    return tuple(
        plain for plain in alternatives(annotation) if isinstance(plain, type) and issubclass(plain, BaseModel)
    )


def public(noun: type[BaseModel]) -> tuple[str, ...]:
    """The fields that a file may give; those that the program fills in itself are marked as skipped in the schema."""
    skipped: Any = SkipJsonSchema()  # type: ignore[type-arg]
    return tuple(name for name, info in noun.model_fields.items() if skipped not in info.metadata)


@cache
def kinds(annotation: Any) -> frozenset[str]:
    """The kinds of scalar that an annotation takes; empty for containers and for anything at all."""
    scalars = {_KINDS[plain] for plain in alternatives(annotation) if isinstance(plain, type) and plain in _KINDS}
    return frozenset(scalars | {_KINDS[type(choice)] for choice in _literals(annotation)})


def choices(annotation: Any) -> tuple[str, ...]:
    """What may be written, where an annotation is a closed list."""
    return tuple(str(choice) for choice in _literals(annotation))


def below(annotation: Any, part: str | int) -> tuple[Any, ...]:
    """The annotations one step down: the field of a model, the values of a mapping, the entries of a list."""
    steps: list[Any] = []
    for plain in alternatives(annotation):
        inside = get_args(plain)
        if isinstance(plain, type) and issubclass(plain, BaseModel) and part in plain.model_fields:
            steps.append(plain.model_fields[str(part)].annotation)
        elif isinstance(origin := get_origin(plain), type) and issubclass(origin, Mapping) and len(inside) == 2:
            steps.append(inside[1])
        elif isinstance(origin, type) and issubclass(origin, Sequence) and inside and isinstance(part, int):
            steps.append(
                inside[part] if origin is tuple and inside[-1] is not ... and part < len(inside) else inside[0]
            )
    return tuple(steps)


def at(annotation: Any, path: tuple[str | int, ...]) -> Any:
    """The annotation at a path; Any where it leaves what is known."""
    for part in path:
        members = below(annotation, part)
        if not members:
            return Any
        annotation = _either(members)
    return annotation


def field_at(annotation: Any, path: tuple[str | int, ...]) -> FieldInfo | None:
    """The field a path ends in; None when it ends in an entry of a list or mapping, or nowhere."""
    if not path:
        return None
    holders = nouns(at(annotation, path[:-1]))
    return next((holder.model_fields[str(path[-1])] for holder in holders if path[-1] in holder.model_fields), None)


def loose(annotation: Any, value: Any, path: tuple[str | int, ...] = ()) -> list[Loose]:
    """Every scalar of the wrong kind that pydantic would convert in silence: '12', true or `yes` out of place."""
    loosely: list[Loose] = []
    _look(_known(annotation), value, path, loosely)
    return loosely


def _look(known: _Known, value: Any, path: tuple[str | int, ...], loosely: list[Loose]) -> None:
    if isinstance(value, dict | list):
        for part, inside in value.items() if isinstance(value, dict) else enumerate(value):
            if (member := known.inside(part)) is not None:
                _look(member, inside, (*path, part), loosely)
    elif isinstance(value, bool | int | float | str) and (wanted := _misfit(known.kinds, value)):
        loosely.append(Loose(path, wanted, value))


class _Known:
    """An annotation with what lies one step down. Values of a mapping are alike, and so are entries of a list, so that a table of any
    length is looked up once.
    """

    def __init__(self, annotation: Any) -> None:
        self.kinds = kinds(annotation)
        self._annotation = annotation
        self._fields = {name for noun in nouns(annotation) for name in noun.model_fields}
        self._inside: dict[str | int, _Known | None] = {}

    def inside(self, part: str | int) -> _Known | None:
        """What lies one step down, as one annotation; None where nothing is known."""
        step = min(part, _LONGEST_TUPLE) if isinstance(part, int) else part if part in self._fields else ""
        if step not in self._inside:
            members = below(self._annotation, step)
            self._inside[step] = _known(_either(members)) if members else None
        return self._inside[step]


_known = cache(_Known)


def _literals(annotation: Any) -> list[Any]:
    return [choice for plain in alternatives(annotation) if get_origin(plain) is Literal for choice in get_args(plain)]


def _either(members: tuple[Any, ...]) -> Any:
    return reduce(or_, members)


def _misfit(wanted: frozenset[str], value: bool | int | float | str) -> str | None:
    numeric = wanted & {NUMBER, WHOLE}
    fits = bool(
        wanted & {BOOLEAN}
        if isinstance(value, bool)
        else wanted & {TEXT, DATE}
        if isinstance(value, str)
        else numeric or wanted & {TEXT}
    )
    return None if fits or not wanted else " or ".join(sorted(wanted))
