"""Says in plain words what pydantic found, and what to do about it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from planner.domain.base import Range
from planner.errors import did_you_mean
from planner.intake.quantity import rewrite, unit_of
from planner.intake.shape import BOOLEAN, DATE, NUMBER, TEXT, WHOLE, at, choices, field_at, kinds, nouns, public

Path = tuple[str | int, ...]
_TRUE, _FALSE = ("yes", "on", "y", "true", "1"), ("no", "off", "n", "false", "0")
_LONGEST_LIST = 12
PERCENT = 100
MISTAKEN: Mapping[str, str] = {
    "power_mw": "kW", "liquid_cooled_mw": "kW", "rack_kw": "W", "server_kw_per_device": "W", "tariff_hkd_per_kwh": "cents",
    "carbon_kg_per_kwh": "g", "devices": "TFLOP/s", "price_usd_per_device": "HKD, or for a whole server",
    "rent_usd_per_device_hour": "USD per month", "lead_time_months": "days", "wait_months": "days", "transit_months": "days",
    "demand_pflops": "TFLOP/s", "work_pflops_days": "TFLOP/s-days", "pflops": "TFLOP/s", "params_b": "millions",
    "active_params_b": "millions", "measured_pflops_per_device": "TFLOP/s", "engineer_hkd_per_month": "HKD per year",
}  # fmt: skip
"""By field, the unit that is taken for its own by mistake, which makes a figure too large."""


@dataclass(frozen=True)
class Finding:
    """One error: where, of which pydantic type, about which value. `written` is the scalar as the file has it."""

    path: Path
    type: str
    value: Any = None
    written: str | None = None
    message: str = ""
    context: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """The key that the value stands under, for sentences."""
        names = [part for part in self.path if isinstance(part, str)]
        return names[-1] if names else "the document"

    @property
    def label(self) -> str:
        """What the value is called at the beginning of a sentence."""
        if self.path and isinstance(self.path[-1], int):
            holder = f" of '{self.name}'" if any(isinstance(part, str) for part in self.path) else ""
            return f"entry {self.path[-1] + 1}{holder}"
        return f"'{self.name}'"

    @property
    def shown(self) -> str:
        """The value as the user knows it."""
        if self.value is None:
            return "empty"
        if isinstance(self.value, dict | list):
            return "a list" if isinstance(self.value, list) else "a mapping"
        text = self.written or (self.value if isinstance(self.value, str) else json.dumps(self.value))
        text = text if len(text) <= 60 else f"{text[:57]}…"
        return f"'{text}'" if isinstance(self.value, str) else text


@dataclass(frozen=True)
class Sentence:
    """What is wrong, what to do, and whether the key is at fault rather than the value."""

    what: str
    fix: str
    at_key: bool = False


def say(model: Any, finding: Finding) -> Sentence:
    """The sentence for a finding about data of this model (a noun, or any annotation)."""
    for pattern, speak in _SPEAKERS:
        if re.fullmatch(pattern, finding.type):
            return speak(model, finding)
    return Sentence(f"{finding.label}: {_lower(finding.message)}", _meaning(model, finding.path))


def _missing(model: Any, finding: Finding) -> Sentence:
    holder = ".".join(str(part) for part in finding.path[:-1])
    field = f"'{finding.path[-1]}' is missing" + (f" in {holder}" if holder else "")
    annotation = at(model, finding.path)
    fields = tuple(name for noun in nouns(annotation) for name in public(noun))
    wanted = _wanted(kinds(annotation)) or (f"its keys ({_listed(fields)})" if fields else "it")
    if options := choices(annotation):
        wanted = f"one of {_listed(options)}"
    return Sentence(field, f"Add {wanted}{_of(model, finding.path)}.")


def _unknown_key(model: Any, finding: Finding) -> Sentence:
    key = str(finding.path[-1])
    known = tuple(dict.fromkeys(name for noun in nouns(at(model, finding.path[:-1])) for name in public(noun)))
    return Sentence(f"unknown key '{key}'", _meant(key, known, f"Known: {_listed(known)}."), True)


def _wrong_kind(model: Any, finding: Finding) -> Sentence:
    """A scalar, list or mapping where something else belongs."""
    annotation = at(model, finding.path)
    wanted = kinds(annotation)
    if not wanted:
        return _container(model, finding)
    what = f"{finding.label} is {finding.shown}, not {_wanted(wanted)}"
    if finding.value is None:
        return Sentence(what, f"Write it, or remove the line if there is a default{_of(model, finding.path)}.")
    if isinstance(finding.value, str):
        return Sentence(what, _instead_of_text(wanted, finding))
    if TEXT in wanted and not isinstance(finding.value, dict | list):
        return Sentence(what, f"Put it in quotes: '{finding.shown}'.")
    if DATE in wanted:
        return Sentence(what, "Write a date as 2027-01-05.")
    return Sentence(what, f"Write {_wanted(wanted)}{_of(model, finding.path)}.")


def _instead_of_text(wanted: frozenset[str], finding: Finding) -> str:
    word = str(finding.value).strip().lower()
    if BOOLEAN in wanted and word in (*_TRUE, *_FALSE):
        return f"Write {'true' if word in _TRUE else 'false'}."
    if wanted & {NUMBER, WHOLE}:
        return rewrite(str(finding.value), finding.name)
    return f"Write {_wanted(wanted)}."


def _container(model: Any, finding: Finding) -> Sentence:
    fields = tuple(name for noun in nouns(at(model, finding.path)) for name in public(noun))
    if not finding.path:
        return Sentence(f"the whole is {finding.shown}, not a mapping", f"Give it these keys: {_listed(fields)}.")
    if finding.type in ("model_type", "dict_type", "model_attributes_type", "mapping_type", "dataclass_type"):
        fix = (
            f"Indent its keys below it: {_listed(fields)}."
            if fields
            else "Indent its entries below it, as `key: value`."
        )
        return Sentence(f"{finding.label} is {finding.shown}, not a mapping", fix)
    return Sentence(f"{finding.label} is {finding.shown}, not a list", "Write [a, b], or begin each entry with `- `.")


def _choice(model: Any, finding: Finding) -> Sentence:
    options = choices(at(model, finding.path))
    meant = _meant(options[0] if len(options) == 1 else str(finding.value), options, "Write one of them.")
    what = (
        f"{finding.label} is {finding.shown}, which is {'not' if len(options) == 1 else 'none of'} {_listed(options)}"
    )
    return Sentence(what, meant)


def _out_of_bounds(model: Any, finding: Finding) -> Sentence:
    context = finding.context or {}
    words = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most", "multiple_of": "a multiple of"}
    key = next(key for key in words if key in context)
    value = _culprit(finding.value, key, context[key])
    shown = finding.shown if value is finding.value else f"{value:g}"
    what = f"{finding.label} is {shown}, but must be {words[key]} {_number(context[key])}"
    slip = _slip(finding.name, float(value), key, float(context[key]))
    return Sentence(what, slip or _meaning(model, finding.path))


def _culprit(value: Any, key: str, bound: float) -> Any:
    """The number that breaks the bound: of an uncertain one its low or its high."""
    if isinstance(value, Range):
        value = value.model_dump()
    if not isinstance(value, dict):
        return value
    return float(value["low"] if key in ("gt", "ge") else value["high"])


def _slip(name: str, value: float, key: str, bound: float) -> str:
    """What was probably meant: a share in percent, or a figure in a unit that is taken for the right one by mistake."""
    if key in ("le", "lt") and bound == 1 and 1 < value <= PERCENT:
        return f"{value:g} looks like percent: write {value / PERCENT:g}."
    mistaken = MISTAKEN.get(name) if key in ("le", "lt") else None
    return f"Was it meant in {mistaken}?" if mistaken else ""


def _pattern(model: Any, finding: Finding) -> Sentence:
    pattern = str((finding.context or {}).get("pattern", ""))
    if pattern == r"^[a-z][a-z0-9_]*$":
        proposal = re.sub(r"[^a-z0-9]+", "_", str(finding.value).lower()).strip("_")
        proposal = proposal if proposal[:1].isalpha() else f"id_{proposal}".rstrip("_")
        return Sentence(f"{finding.shown} is no id", f"Write lower snake case, such as '{proposal}'.", True)
    if pattern.startswith(r"^\d{4}-\d{2}-\d{2}"):
        return _date(model, finding)
    return Sentence(f"{finding.label} is {finding.shown}, which does not fit {pattern}", _meaning(model, finding.path))


def _date(model: Any, finding: Finding) -> Sentence:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(finding.value)):
        return Sentence(f"{finding.value} is no day of the calendar", "Correct the date.")
    return Sentence(f"{finding.label} is {finding.shown}, not a date", "Write it as 2027-01-05.")


def _too_few_or_many(model: Any, finding: Finding) -> Sentence:
    context = finding.context or {}
    words = {"min_length": "at least", "max_length": "at most"}
    bound = next(f"{words[key]} {context[key]}" for key in words if key in context)
    unit = " characters" if finding.type.startswith("string") else ""
    shown = "empty" if finding.value in ([], {}, "") else finding.shown
    return Sentence(f"{finding.label} is {shown}, but must hold {bound}{unit}", _meaning(model, finding.path))


def _own_words(model: Any, finding: Finding) -> Sentence:
    """A validator of the nouns speaks for itself; what follows `; ` or `: write ` tells what to do."""
    message = finding.message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    what, _, fix = message.replace(": write ", "; write ", 1).partition("; ")
    return Sentence(what.rstrip("."), f"{fix[:1].upper()}{fix[1:].rstrip('.')}." if fix else "")


_Speaker = Callable[[Any, Finding], Sentence]
_SPEAKERS: tuple[tuple[str, _Speaker], ...] = (
    ("missing", _missing),
    ("extra_forbidden", _unknown_key),
    ("value_error|assertion_error", _own_words),
    ("literal_error|enum", _choice),
    ("greater_than(_equal)?|less_than(_equal)?|multiple_of", _out_of_bounds),
    ("string_pattern_mismatch", _pattern),
    ("too_short|too_long|string_too_short|string_too_long", _too_few_or_many),
    ("date_type|date_parsing|date_from_datetime_.*|datetime_.*", _date),
    (".*_type|.*_parsing.*|int_from_float|finite_number|int_parsing_size", _wrong_kind),
)


def _wanted(wanted: frozenset[str]) -> str:
    *others, last = sorted(wanted, key=[BOOLEAN, NUMBER, WHOLE, DATE, TEXT].index) or [""]
    others = ["true, false" if kind == BOOLEAN else kind for kind in others]
    return f"{', '.join(others)} or {last}" if others else last


def _of(model: Any, path: Path) -> str:
    """What the value is, and its unit, as the end of a sentence."""
    field = field_at(model, path)
    unit = unit_of(str(path[-1])) if path else ""
    meaning = field.description if field and field.description else f"in {unit}" if unit else ""
    return f": {meaning.rstrip('.')}" if meaning else ""


def _meaning(model: Any, path: Path) -> str:
    field = field_at(model, path)
    return f"It means: {field.description.rstrip('.')}." if field and field.description else "Correct the value."


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_LONGEST_LIST])
    return f"{shown}, …" if len(names) > _LONGEST_LIST else shown


def _number(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e6 else repr(value)


def _lower(message: str) -> str:
    return f"{message[:1].lower()}{message[1:].rstrip('.')}"


_meant = cache(did_you_mean)
