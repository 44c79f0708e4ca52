"""Every field of a case, read off the nouns: path, type, unit, bounds, default, meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from planner.domain.base import Range
from planner.errors import UsageError, did_you_mean
from planner.intake.quantity import unit_of
from planner.intake.shape import alternatives, choices, kinds, public

_BOUNDS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤", "multiple_of": "multiple of", "min_length": "at least"}
REQUIRED = "required"


@dataclass(frozen=True)
class Field:
    """One line of `planner fields`. In a path `<id>` stands for a key of your own, `[]` for each entry of a list."""

    path: str
    type: str
    unit: str
    bounds: str
    default: str
    meaning: str


def fields(noun: type[BaseModel], path: str = "") -> Iterator[Field]:
    """All fields of a noun and of the nouns within it, in the order in which they are declared."""
    for name in public(noun):
        if name == "id" and path.endswith("<id>"):
            continue
        info = noun.model_fields[name]
        annotation: Any = info.annotation
        here = f"{path}.{name}" if path else name
        yield Field(here, _type(annotation), unit_of(name), _bounds(info), _default(info), _meaning(info))
        for suffix, inner in inside(annotation):
            yield from fields(inner, here + suffix)


def matching(candidates: Iterable[Field], pattern: str) -> tuple[Field, ...]:
    """Those whose path holds the text, or fits it where it has * or ?.

    Raises UsageError, with the nearest name, for none.
    """
    candidates = tuple(candidates)
    wild = "*" in pattern or "?" in pattern
    test = re.escape(pattern.lower()).replace(r"\*", ".*").replace(r"\?", ".")
    hits = tuple(field for field in candidates if (re.fullmatch if wild else re.search)(test, field.path.lower()))
    if not hits:
        names = dict.fromkeys(field.path.rpartition(".")[2] for field in candidates)
        raise UsageError(f"no field fits '{pattern}'. {did_you_mean(pattern, names, '')}".strip())
    return hits


def inside(annotation: Any) -> Iterator[tuple[str, type[BaseModel]]]:
    """The nouns that hold further fields, and how their paths go on."""
    for plain in alternatives(annotation):
        origin, args = get_origin(plain), get_args(plain)
        if isinstance(plain, type) and issubclass(plain, BaseModel):
            if plain is not Range:
                yield "", plain
        elif isinstance(origin, type) and issubclass(origin, Mapping):
            yield from ((f".<id>{rest}", noun) for rest, noun in inside(args[1]))
        elif args and origin in (tuple, list):
            yield from ((f"[]{rest}", noun) for rest, noun in inside(args[0]))


def _type(annotation: Any) -> str:
    if options := choices(annotation):
        return " | ".join(options)
    for plain in alternatives(annotation):
        origin, args = get_origin(plain), get_args(plain)
        if plain is Range:
            return "a number or {low, mid, high}"
        if isinstance(plain, type) and issubclass(plain, BaseModel):
            return "a mapping"
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return f"a mapping by id of {_plural(args[1])}"
        if args and origin in (tuple, list):
            return f"a list of {_plural(args[0])}"
    return " or ".join(sorted(kinds(annotation))) or "anything"


def _plural(annotation: Any) -> str:
    return {"a mapping": "mappings", "a number": "numbers", "text": "texts"}.get(kind := _type(annotation), kind)


def _bounds(info: FieldInfo) -> str:
    return ", ".join(
        f"{sign} {getattr(rule, name):g}"
        for rule in info.metadata
        for name, sign in _BOUNDS.items()
        if getattr(rule, name, None) is not None
    )


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return REQUIRED
    value = info.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, Range):
        return f"{value.mid:g}" if value.low == value.high else f"{value.low:g} … {value.mid:g} … {value.high:g}"
    if isinstance(value, BaseModel):
        return "its own defaults"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}" if abs(value) < 1e6 else str(value)
    if isinstance(value, str):
        return value or "none"
    return ", ".join(map(str, value)) if value else "none"


def _meaning(info: FieldInfo) -> str:
    if info.description:
        return info.description
    nouns = [noun for _, noun in inside(info.annotation)]
    return _first_sentence(nouns[0]) if nouns else ""


def _first_sentence(noun: type[BaseModel]) -> str:
    sentence = " ".join((noun.__doc__ or "").split()).split(". ")[0].rstrip(".")
    return f"{sentence[:1].lower()}{sentence[1:]}"
