"""What `import planner` promises."""

from __future__ import annotations

import subprocess
import sys

import planner
import pytest


def test_everything_promised_is_there():
    assert {name: getattr(planner, name).__name__ for name in planner.__all__} == {name: name for name in planner.__all__}
    assert dir(planner) == sorted(planner.__all__)


def test_a_name_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(AttributeError, match="'planer'; it offers Case, Infeasible, .*, train_time$"):
        planner.planer  # noqa: B018


def test_import_planner_loads_nothing_heavy():
    code = "import planner, sys; print(sorted({'pandas', 'pulp', 'plotly', 'highspy', 'numpy', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
