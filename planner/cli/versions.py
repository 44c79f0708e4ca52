"""Which versions are installed, and which of them lie outside what planner was tested with."""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version

from planner.errors import UsageError

PYTHONS = "3.11", "3.13"
# What results and their display hang on, in the order of `doctor`.
PACKAGES = (
    "highspy",
    "pulp",
    "numpy",
    "pandas",
    "pydantic",
    "PyYAML",
    "jinja2",
    "joblib",
    "plotly",
    "rich",
    "typer",
    "xlsxwriter",
)
_REQUIREMENT = re.compile(r"([\w.-]+?)\s*([<>=!~].*?)\s*(?:;.*extra\s*==\s*['\"](\w+)['\"].*)?")


@dataclass(frozen=True)
class Installed:
    """A package as it is here. `version` is None when it is missing; tested from `oldest` to `newest`."""

    name: str
    version: str | None
    oldest: str
    newest: str

    @property
    def tested(self) -> bool:
        """Whether the version lies within what the tests passed with."""
        return self.version is not None and _key(self.oldest) <= _key(self.version) <= _key(self.newest)


def installed() -> list[Installed]:
    """Python and the packages that planner runs on."""
    python = platform.python_version()
    here = Installed("python", python, PYTHONS[0], f"{PYTHONS[1]}.{python.rpartition('.')[2]}")
    return [here, *map(_package, PACKAGES)]


def _package(name: str) -> Installed:
    if name.lower() not in _tested():
        raise UsageError(f"planner was installed before it needed {name}; install it anew (pip install -e '.[dev]').")
    oldest, newest = _tested()[name.lower()]
    try:
        return Installed(name, version(name), oldest, newest)
    except PackageNotFoundError:
        return Installed(name, None, oldest, newest)


@cache
def _tested() -> dict[str, tuple[str, str]]:
    """Lower bound and locked version of every dependency, as planner's own metadata state them."""
    oldest: dict[str, str] = {}
    newest: dict[str, str] = {}
    for text in requires("planner") or ():
        match = _REQUIREMENT.fullmatch(text)
        if match is None:
            continue
        name, bounds, extra = match[1].lower(), match[2], match[3]
        lower = re.search(r">=([\d.]+)", bounds)
        if extra is None and lower:
            oldest[name] = lower[1]
        elif extra == "dev":
            # Older Pythons are locked to older versions.
            newest[name] = max(newest.get(name, ""), bounds.removeprefix("=="), key=_key)
    return {name: (low, newest.get(name, low)) for name, low in oldest.items()}


def _key(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])
