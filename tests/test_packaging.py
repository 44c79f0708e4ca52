"""The tested set of versions lies within the bounds, and covers all that planner needs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from planner.cli.versions import PACKAGES, _key

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
BOUNDED = [*PROJECT["dependencies"], *EXTRAS["tools"]]
PINNED = dict(pin.lower().split("==") for pin in EXTRAS["dev"])


@pytest.mark.parametrize("requirement", BOUNDED)
def test_the_locked_version_lies_within_both_bounds(requirement: str) -> None:
    name, oldest, too_new = re.fullmatch(r"([\w-]+)>=([\d.]+),<([\d.]+)", requirement).groups()  # type: ignore[union-attr]
    assert _key(oldest) <= _key(PINNED[name.lower()]) < _key(too_new)


def test_versions_are_told_of_every_package_that_runs() -> None:
    assert {name.lower() for name in PACKAGES} == {name.split(">=")[0] for name in PROJECT["dependencies"]}
