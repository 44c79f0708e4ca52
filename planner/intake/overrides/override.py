"""Overrides: the case with some of its fields set anew, checked again as a whole.

    override(case, {"sites.hk_*.power_mw": "*1.5", "controls.nvidia_h20_96gb": "uncontrolled@2027q1", "offers.h20_licensed": None})

Paths as in `override_path`, values as in `override_value`. An entry of the case that is set to null is taken out of it;
an id that the case lacks is added when its value is a mapping, over the catalogue's record of that id where there is
one. `sites.<id>.delay_months=12` moves those phases of the site that are yet to come.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from planner.domain.accelerator import Accelerator
from planner.domain.case import Case
from planner.domain.data_rule import DataGovernance
from planner.errors import InvalidInput, Problem
from planner.intake.catalogue import raw
from planner.intake.checks import cross_check
from planner.intake.document import Document
from planner.intake.merge import COMPILED_IN, FILES, Merged
from planner.intake.overrides.path import Place, held, places, vocabulary
from planner.intake.overrides.value import NothingThereError, control, later, problem_with, read_change
from planner.intake.shape import at, nouns
from planner.intake.source import Source
from planner.intake.validate import inspect
from planner.intake.wording import Finding, say

Sets = Mapping[str, Any]
COMPILED = ("governance", "rulebook", "performance", "models", "accelerators")
DELAY = "delay_months"
MOST_MONTHS = 600


def override(case: Case, sets: Sets) -> Case:
    """The case with the paths set, and with them in `overrides`. Nothing to set gives the case itself.

    Raises InvalidInput with every problem: paths that lead nowhere, values that do not fit, and what no longer fits
    together.
    """
    if not sets:
        return case
    data = plain(case, sets)
    problems: list[Problem] = []
    texts: dict[Place, tuple[str, Any]] = {}
    for path, value in sets.items():
        try:
            for place, new in _settings(case, data, path, value):
                _put(data, place, new)
                texts[place] = (path, value)
        except InvalidInput as error:
            problems += error.problems
    data["overrides"] = {**case.overrides, **sets}
    return _checked(case, data, texts, problems)


def plain(case: Case, sets: Sets = {}) -> dict[str, Any]:  # noqa: B006
    """The case as plain data; what no path of `sets` touches in the catalogue's own books stays as it is."""
    touched = {path.split(".")[0] for path in sets}
    data = case.model_dump(mode="json", exclude=set(COMPILED))
    data |= {name: getattr(case, name) for name in COMPILED}
    data["accelerators"] = dict(case.accelerators)
    if "governance" in touched:
        data["governance"] = case.governance.model_dump(mode="json")
    if "accelerators" in touched:
        data["accelerators"] = {key: device.model_dump(mode="json") for key, device in case.accelerators.items()}
    return data


def _settings(case: Case, data: dict[str, Any], path: str, value: Any) -> list[tuple[Place, Any]]:
    """Places that a path means, with the value that each is to hold."""
    if path in COMPILED or not path.partition(".")[0].isidentifier():
        what = f"{path}={value}: this would set {'all of ' + path if path in COMPILED else 'every part of the case'} at once"
        raise InvalidInput(Problem(what, "Name what is to change in it, such as sites.*.power_mw."))
    if path.endswith(f".{DELAY}") and path.startswith("sites."):
        return _delayed(case, data, path, value)
    change, fresh = read_change(value)
    # A control is written as text or as a mapping; both may add a device.
    spots = places(data, path, vocabulary(case), new=isinstance(fresh, dict))
    settings: list[tuple[Place, Any]] = []
    nothing = False
    for place in spots:
        try:
            new = change(held(data, place))
            settings.append((place, _entry(data, place, new) if len(place) == 2 else new))
        except NothingThereError:
            nothing = True
        except ValueError as error:
            raise problem_with(path, value, error) from None
    if nothing and not settings:
        raise problem_with(path, value, NothingThereError())
    return settings


def _entry(data: dict[str, Any], place: Place, new: Any) -> Any:
    """An entry as the case holds it: a control may be given as text; one that is new starts from the catalogue's
    record.
    """
    section, key = str(place[0]), place[1]
    if section == "controls":
        return control(new)
    if section not in ("sites", "offers", "funds") or not isinstance(new, dict) or held(data, place) is not None:
        return new
    return {**raw(FILES[section])[section].get(key, {}), **new}


def _delayed(case: Case, data: dict[str, Any], path: str, value: Any) -> list[tuple[Place, Any]]:
    _, months = read_change(value)
    if not isinstance(months, int) or isinstance(months, bool) or abs(months) > MOST_MONTHS:
        what = f"{path}={value}: a delay is a whole number of months, at most {MOST_MONTHS}"
        raise InvalidInput(Problem(what, "Write 12."))
    ahead = [
        ((*site, "phases", position, "from_date"), later(phase["from_date"], months))
        for site in places(data, path.removesuffix(f".{DELAY}"), {})
        for position, phase in enumerate(held(data, site)["phases"])
        if date.fromisoformat(phase["from_date"]) > case.horizon.first_day
    ]
    if not ahead:
        raise InvalidInput(
            Problem(f"{path}: no phase is yet to come on {case.horizon.first_day}", "Name another site.")
        )
    return ahead


def _put(data: Any, place: Place, value: Any) -> None:
    for part in place[:-1]:
        if isinstance(data, dict) and data.get(str(part)) is None:
            data[str(part)] = {}
        data = data[part]
    if value is None and isinstance(data, dict) and place[:-1] and not _is_noun(place[:-1]):
        data.pop(str(place[-1]), None)
    else:
        data[place[-1]] = value


def _is_noun(place: Place) -> bool:
    return bool(nouns(at(Case, place)))


def _checked(case: Case, data: dict[str, Any], texts: Mapping[Place, tuple[str, Any]], problems: list[Problem]) -> Case:
    """The data as a case. Raises InvalidInput with the problems there are already and all that are found."""
    governance, wrong = _part(DataGovernance, data, "governance", texts)
    problems += wrong
    data = {**data, "governance": governance or case.governance}
    for key, device in data["accelerators"].items():
        if isinstance(device, dict) and any(place[:2] == ("accelerators", key) for place in texts):
            made, wrong = _part(Accelerator, data["accelerators"], key, texts, ("accelerators",))
            data["accelerators"] = {**data["accelerators"], key: made or case.accelerators.get(key)}
            problems += wrong
    data["accelerators"] = {
        key: case.accelerators.get(key) if isinstance(device, dict) else device
        for key, device in data["accelerators"].items()
    }
    results, findings = inspect(Case, _with_own(case, data, texts), lambda place: _text(texts, place))
    problems += [_told(Case, finding, texts) for finding in findings]
    paths = list(dict.fromkeys(f"{path}={value}" for path, value in texts.values()))
    cause = f"{paths[0]}: " if len(paths) == 1 else ""
    if clashing := cross_check(_as_merged(data), sound=not problems):
        # A case made in memory may have held what no file could state: that is not the overrides' doing.
        already = cross_check(_as_merged(plain(case)))
        problems += [Problem(f"{cause}{p.what}", p.fix) for p in clashing if p not in already]
    if problems:
        raise InvalidInput(*dict.fromkeys(problems))
    return results[0]


def _with_own(case: Case, data: dict[str, Any], texts: Collection[Place]) -> dict[str, Any]:
    """The data with the case's own nouns wherever nothing is set: they were checked when they were made."""
    fields, entries = {str(place[0]) for place in texts}, {place[:2] for place in texts}
    own = {name: getattr(case, name) for name in data if name != "overrides"}
    for name in fields & own.keys():
        nouns, plain = own[name], data[name]
        if isinstance(nouns, dict) and isinstance(plain, dict):
            plain = {key: nouns[key] if key in nouns and (name, key) not in entries else plain[key] for key in plain}
        own[name] = plain
    return {**data, **own}


def _part(
    noun: Any, holder: Mapping[str, Any], key: str, texts: Mapping[Place, tuple[str, Any]], above: Place = ()
) -> tuple[Any, list[Problem]]:
    """A book of the catalogue or an entry of one, made anew where an override has turned it into plain data."""
    if not isinstance(holder[key], dict):
        return holder[key], []
    results, findings = inspect(noun, holder[key], lambda place: _text(texts, (*above, key, *place)))
    return (results[0] if results else None), [_told(noun, finding, texts, (*above, key)) for finding in findings]


def _told(noun: Any, finding: Finding, texts: Mapping[Place, tuple[str, Any]], above: Place = ()) -> Problem:
    """A finding with the override that caused it, where one did."""
    sentence, place = say(noun, finding), (*above, *finding.path)
    causes = [text for at, text in texts.items() if at[: len(place)] == place or place[: len(at)] == at]
    cause = f"{causes[-1][0]}={causes[-1][1]}: " if causes else ""
    return Problem(f"{cause}{sentence.what}", sentence.fix)


def _text(texts: Mapping[Place, tuple[str, Any]], place: Place) -> str | None:
    value = texts[place][1] if place in texts else None
    return value if isinstance(value, str) else None


def _as_merged(data: dict[str, Any]) -> Merged:
    """The data as the checks of the intake take them, without a file, and without what no file may give."""
    given = {key: value for key, value in data.items() if key not in COMPILED_IN}
    case, whole = (Document(Source("--set", "", ""), None, (), content, {}) for content in (given, data))
    return Merged(case, whole, {})
