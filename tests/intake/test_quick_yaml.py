"""The quick reader sees what the strict one sees, of files in which nothing is wrong."""

import pytest
import yaml

from planner.intake import quick_yaml
from planner.intake.quick_yaml import plain
from planner.intake.strict_yaml import loads

TEXTS = (
    "a: 1\nb: [no, 'true', true, 1.5, 1e6, .5, 12:30, 2027-01-05, 1_000, -3, '010', ~, null, \"\"]\n",
    "a:\n  - {b: x, 'c d': [], e: {}}\n  -\n  - >\n    folded\n    text\n2027: quarter\n",
    "# nothing\n",
    "[]\n",
)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("parser", ["libyaml", "pure"])
def test_the_same_values_of_the_same_types(text: str, parser: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if parser == "pure":
        monkeypatch.setattr(quick_yaml, "_Loader", type("Pure", (quick_yaml._Plain, yaml.SafeLoader), {}))
    document = loads(text)
    assert not document.problems
    assert repr(plain(text)) == repr(document.data)
