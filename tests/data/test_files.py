"""Every file of data/: dated, explained in data/README.md, and read the same by the quick and by the strict reader."""

import pytest

from planner.intake.catalogue import raw
from planner.intake.source import data_path
from planner.intake.strict_yaml import load

FILES = sorted(path.name for path in data_path("README.md").parent.glob("*.yaml"))


@pytest.mark.parametrize("name", FILES)
def test_quick_and_strict_reading_agree(name):
    document = load(data_path(name))
    assert not document.problems
    assert document.data == raw(name)


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_dated_and_explained(name):
    assert len(raw(name)["as_of"]) == len("2026-11-20")
    assert f"`{name}`" in data_path("README.md").read_text(encoding="utf-8")
