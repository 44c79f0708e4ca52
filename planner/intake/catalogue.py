"""The catalogue: the facts that ship with planner, read once per process from `data/`.

Each function reads one file and returns nouns by id. Every file states the day it was gathered in `as_of`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from planner.domain.accelerator import Accelerator
from planner.domain.data_rule import DataGovernance
from planner.domain.economics import Economics
from planner.domain.fund import Fund
from planner.domain.item import Item
from planner.domain.model_shape import ModelShape
from planner.domain.offer import Offer
from planner.domain.product_life import Cycle, with_life
from planner.domain.regime import RuleBook
from planner.domain.site import Site
from planner.domain.speed_parameters import SpeedParameters
from planner.domain.stack import Stack
from planner.errors import InvalidInput, Problem, meant_any
from planner.intake.quick_yaml import plain
from planner.intake.source import data_path


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Thing = TypeVar("Thing")
Entry = TypeVar("Entry", Offer, Site, Fund)
Identified = TypeVar("Identified", bound=_Identified)


@cache
def raw(name: str) -> dict[str, Any]:
    """A file of the catalogue as plain Python.

    Read by the quick reader, since these files are large and ours; a test holds that the strict one sees the same.
    """
    path = data_path(name)
    if not path.exists():
        raise InvalidInput(
            Problem(f"the catalogue lacks {name}", "Put the file back, or install planner anew.", str(path))
        )
    content: dict[str, Any] = plain(path.read_text(encoding="utf-8"))
    return content


@cache
def accelerators() -> dict[str, Accelerator]:
    """All devices of `data/accelerators.yaml` by id, in the order of the file."""
    records = [with_life(record, cycles()) for record in raw("accelerators.yaml")["devices"]]
    return by_id(checked(list[Accelerator], records, "accelerators.yaml"), "accelerators.yaml")


@cache
def cycles() -> dict[str, Cycle]:
    """Kinds of product life of `data/accelerators.yaml` by id."""
    return checked(dict[str, Cycle], raw("accelerators.yaml")["cycles"], "accelerators.yaml")


@cache
def items() -> dict[str, Item]:
    """Memory stacks, dies, boards and servers of `data/items.yaml` by id, in the order of the file."""
    return by_id(checked(list[Item], raw("items.yaml")["items"], "items.yaml"), "items.yaml")


@cache
def regimes() -> RuleBook:
    """The rules of `data/regimes.yaml`: regimes, scenarios, and what outcomes mean."""
    return checked(RuleBook, raw("regimes.yaml"), "regimes.yaml")


@cache
def data_governance() -> DataGovernance:
    """The matrix of `data/data_governance.yaml`: data classes, legal zones, mechanisms and volume ladders."""
    return checked(DataGovernance, raw("data_governance.yaml"), "data_governance.yaml")


@cache
def models() -> dict[str, ModelShape]:
    """The language models of `data/models.yaml` by name, in the order of the file."""
    shapes = checked(list[ModelShape], raw("models.yaml")["models"], "models.yaml")
    return {shape.name: shape for shape in shapes}


@cache
def offers() -> dict[str, Offer]:
    """Offers of the catalogue by id."""
    return _book(Offer, "offers")


@cache
def sites() -> dict[str, Site]:
    """Sites of the catalogue by id."""
    return _book(Site, "sites")


@cache
def funds() -> dict[str, Fund]:
    """Funds of the catalogue by id."""
    return _book(Fund, "funds")


@cache
def stacks() -> dict[str, Stack]:
    """Software stacks of the catalogue by id."""
    return checked(dict[str, Stack], raw("stacks.yaml")["stacks"], "stacks.yaml")


@cache
def economics() -> Economics:
    """Rates and prices of the catalogue."""
    return checked(Economics, raw("prices.yaml")["economics"], "prices.yaml")


@cache
def performance_parameters() -> SpeedParameters:
    """What the performance model was fitted to: `data/performance.yaml`."""
    content = {key: value for key, value in raw("performance.yaml").items() if key != "schema_version"}
    return checked(SpeedParameters, content, "performance.yaml")


def _book(noun: type[Entry], name: str) -> dict[str, Entry]:
    """A file of the catalogue whose entries bear the key under which they stand."""
    file = f"{name}.yaml"
    entries: dict[str, Entry] = checked(dict[str, noun], raw(file)[name], file)  # type: ignore[valid-type]
    return {key: entry.model_copy(update={"id": key}) for key, entry in entries.items()}


def known_accelerators(ids: Sequence[str]) -> list[Accelerator]:
    """Accelerators by id; InvalidInput tells all that are unknown, with the nearest names."""
    return _known("accelerator", accelerators(), ids)


def known_items(ids: Sequence[str]) -> list[Item]:
    """Items by id; InvalidInput tells all that are unknown, with the nearest names."""
    return _known("item", items(), ids)


def _known(kind: str, known: Mapping[str, Thing], ids: Sequence[str]) -> list[Thing]:
    problems = []
    for wanted in ids:
        if wanted not in known:
            fix = meant_any(wanted, known, f"`planner catalog {kind}s` lists them.")
            problems.append(Problem(f"the catalogue has no {kind} {wanted!r}", fix))
    if problems:
        raise InvalidInput(*problems)
    return [known[wanted] for wanted in ids]


def checked(noun: type[Thing], content: object, name: str) -> Thing:
    """The content of file `name` as nouns. InvalidInput carries every problem when it does not fit."""
    try:
        return TypeAdapter(noun).validate_python(content)
    except ValidationError as error:
        raise InvalidInput(
            *(_problem(details["loc"], details["msg"], content, name) for details in error.errors())
        ) from None


def by_id(things: Iterable[Identified], name: str) -> dict[str, Identified]:
    """Things by their id, in the given order. InvalidInput when an id stands twice."""
    entries: dict[str, Identified] = {}
    for thing in things:
        if thing.id in entries:
            raise InvalidInput(Problem(f"{thing.id} stands twice", "Remove one of the two.", str(data_path(name))))
        entries[thing.id] = thing
    return entries


def _problem(loc: tuple[int | str, ...], message: str, content: object, name: str) -> Problem:
    """A problem told by the id of the record it stands in, where there is one."""
    record = content[loc[0]] if isinstance(content, list) and loc and isinstance(loc[0], int) else None
    where = [str(record.get("id", loc[0])), *map(str, loc[1:])] if isinstance(record, dict) else list(map(str, loc))
    return Problem(
        f"{'.'.join(where)}: {message.removeprefix('Value error, ')}", "Correct the catalogue.", str(data_path(name))
    )
