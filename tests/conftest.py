"""What all tests share: the flag that writes golden files anew, that a long test is a slow one, and when garbage is looked for."""

from __future__ import annotations

import atexit
import gc

import pytest

from planner.collector import OBJECTS_BETWEEN_COLLECTIONS

# As on the command line: what tests keep is a million objects, and to search them after every 700 takes a seventh of the time.
gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
# pytest has searched by then; an interpreter that ends searches several times more.
atexit.register(gc.freeze)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/ anew; say why in the commit")


def pytest_itemcollected(item: pytest.Item) -> None:
    if item.get_closest_marker("long"):
        item.add_marker("slow")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))
