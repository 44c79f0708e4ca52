"""Finds what a path of an override means: `sites.hk_*.power_mw` is one place per site that fits.

A path is names of fields and ids from the case down, joined by dots; entries of a list count from 0, and go by their id
where they have one; `*` and `?` in a part stand for any ids. A part that is wrong is named, with the nearest name that
would be right.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planner.domain.case import Case
from planner.domain.match import METRICS
from planner.errors import InvalidInput, Problem, did_you_mean
from planner.intake.shape import at, nouns, public

Place = tuple[str | int, ...]
Vocabulary = Mapping[str, tuple[str, ...]]
ALSO_SET = ("governance",)
NOT_SET = ("id", "overrides", "variants", "schema_version")
_SHOWN = 12


def vocabulary(case: Case) -> Vocabulary:
    """By the name of a mapping: the keys that it may have, whether or not the case gives them."""
    devices = tuple(case.accelerators)
    return {
        "controls": devices,
        "server_kw_per_device": devices,
        "measured_pflops_per_device": devices,
        "tax": tuple(case.stacks),
        "vendor_supply": tuple(dict.fromkeys(device.vendor for device in case.accelerators.values())),
        "assume": tuple(METRICS),
    }


def places(data: Mapping[str, Any], path: str, known: Vocabulary, *, new: bool = False) -> tuple[Place, ...]:
    """Every place that the path means. `new`: its last part may be an id that the case does not have yet.

    Raises InvalidInput, with the part at fault and the nearest name that is right.
    """
    parts = path.split(".")
    spots: tuple[Place, ...] = ((),)
    for position, part in enumerate(parts):
        last = position == len(parts) - 1
        wider: list[Place] = []
        missing: list[InvalidInput] = []
        for before in spots:
            try:
                wider += _step(data, before, part, path, known, new=new and last, last=last)
            except InvalidInput as error:
                missing.append(error)
        # Of the places that a * stands for, some may lack what comes next; only where all do is the path wrong.
        if not wider:
            raise (
                missing[0]
                if missing
                else _unknown(f"{path}: the list that '{part}' counts is empty", "Shorten the path.")
            )
        spots = tuple(wider)
    return spots


def held(data: Any, place: Place) -> Any:
    """The value at a place; None where the case holds none."""
    for part in place:
        if isinstance(data, list) and isinstance(part, int):
            data = data[part]
        else:
            data = data.get(part) if isinstance(data, dict) else None
    return data


@dataclass(frozen=True)
class _Level:
    """What lies below a place: the fields of a noun, or the ids of a mapping."""

    fields: tuple[str, ...]
    ids: tuple[str, ...]
    allowed: tuple[str, ...]
    open: bool


def _step(
    data: Mapping[str, Any], place: Place, part: str, path: str, known: Vocabulary, *, new: bool, last: bool
) -> tuple[Place, ...]:
    here = held(data, place)
    if isinstance(here, list):
        return tuple((*place, position) for position in _positions(here, place, part, path))
    level = _level(here, place, known)
    if level is None:
        raise _unknown(f"{path}: {_name(place)} is one value, so nothing lies below it", "Shorten the path.")
    names = (*level.fields, *level.ids)
    if "*" in part or "?" in part:
        # What a case says of devices or stacks one by one, a * says of all of them, whether or not it said anything before.
        meant = dict.fromkeys((*names, *level.allowed)) if last and len(place) == 1 else names
        if keys := tuple(name for name in meant if fnmatch.fnmatchcase(name, part)):
            return tuple((*place, key) for key in keys)
        raise _unknown(f"{path}: nothing in {_holder(place)} fits '{part}'", _there(names))
    if part in names or part in level.allowed or (new and level.open):
        return ((*place, part),)
    kind = "field" if level.fields else "entry"
    fix = did_you_mean(part, dict.fromkeys((*names, *level.allowed)), _there(names))
    raise _unknown(f"{path}: '{part}' is no {kind} of {_holder(place)}", fix)


def _level(here: Any, place: Place, known: Vocabulary) -> _Level | None:
    annotation = at(Case, place) if place else Case
    fields = tuple(name for noun in nouns(annotation) for name in public(noun) if name not in NOT_SET)
    if fields:
        return _Level(fields if place else (*fields, *ALSO_SET), (), (), False)
    if isinstance(here, dict) or (here is None and at(annotation, ("",)) is not Any):
        allowed = known.get(str(place[-1]))
        return _Level((), tuple(here or ()), allowed or (), allowed is None)
    return None


def _positions(here: list[Any], place: Place, part: str, path: str) -> list[int]:
    """Positions in a list by number, by the id of the entry where entries have one, or all."""
    ids = [str(entry["id"]) for entry in here if isinstance(entry, dict) and entry.get("id")]
    if part == "*":
        return list(range(len(here)))
    if part.isdigit() and int(part) < len(here):
        return [int(part)]
    if positions := [position for position, name in enumerate(ids) if fnmatch.fnmatchcase(name, part)]:
        return positions
    holds = f"They count from 0 to {len(here) - 1}; * is all of them." if here else "It is empty."
    fix = did_you_mean(part, ids, _there(tuple(ids)) if ids else holds)
    raise _unknown(f"{path}: '{part}' is no entry of the list {_name(place)}", fix)


def _unknown(what: str, fix: str) -> InvalidInput:
    return InvalidInput(Problem(what, fix))


def _there(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    return f"There are {shown}." if names else "It is empty."


def _holder(place: Place) -> str:
    return _name(place) if place else "the case"


def _name(place: Place) -> str:
    return ".".join(map(str, place))
