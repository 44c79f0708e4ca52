"""The tested set of versions lies within the bounds, and covers all that planner needs, on every Python."""

from __future__ import annotations

import platform
import re
import tomllib
from importlib.metadata import distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from planner.cli import versions
from planner.cli.versions import PACKAGES, PYTHONS

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
BOUNDED = [*PROJECT["dependencies"], *(one for name, extra in EXTRAS.items() if name != "dev" for one in extra)]
LOCKED = [requirement for requirement in BOUNDED if requirement not in (*EXTRAS["bench"], *EXTRAS["browser"])]
"""Peers that the benchmarks measure against, and what drives a browser, are taken as they come."""
TOOLS = {"setuptools"}
"""What environments may bring themselves: Dash asks for any of it."""
HERE = platform.python_version().rpartition(".")[0]


def locked(python: str) -> dict[str, str]:
    """The tested set of this Python: names and versions."""
    pins = [Requirement(pin) for pin in EXTRAS["dev"]]
    held = [pin for pin in pins if pin.marker is None or pin.marker.evaluate({"python_version": python})]
    assert len({pin.name for pin in held}) == len(held)
    return {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in held}


@pytest.mark.parametrize("python", [PYTHONS[0], "3.12", PYTHONS[1]])
@pytest.mark.parametrize("requirement", LOCKED)
def test_the_locked_version_lies_within_both_bounds(requirement: str, python: str) -> None:
    bounded = Requirement(requirement)
    assert bounded.specifier.contains(locked(python)[canonicalize_name(bounded.name)])


@pytest.mark.parametrize("requirement", BOUNDED)
def test_every_requirement_has_both_bounds(requirement: str) -> None:
    assert re.fullmatch(r"[\w-]+>=[\d.]+,<\d+", requirement)


def test_the_lock_covers_what_its_packages_need() -> None:
    pins = locked(HERE)
    # Other versions may need others, so only what is installed as it is locked is asked.
    here = {canonicalize_name(found.name): found.version for found in distributions()}
    asked = [name for name in pins if here.get(name) == pins[name]]
    needed = [Requirement(text) for name in asked for text in requires(name) or ()]
    names = {canonicalize_name(n.name) for n in needed if n.marker is None or n.marker.evaluate({"extra": ""})}
    assert names - TOOLS <= set(pins)


def test_what_is_locked_on_any_python_counts_as_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    pins = ("numpy==2.4.6; (python_version < '3.12') and extra == 'dev'", "numpy==2.5.5; extra == 'dev'")
    monkeypatch.setattr(versions, "requires", lambda name: ["numpy<3,>=1.26.4", *pins])
    assert versions._tested.__wrapped__() == {"numpy": ("1.26.4", "2.5.5")}


def test_versions_are_told_of_every_package_that_runs() -> None:
    assert {name.lower() for name in PACKAGES} == {Requirement(text).name.lower() for text in PROJECT["dependencies"]}
