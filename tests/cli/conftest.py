"""What tests of the command line share: a small case in a folder of its own, which is where they run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.small_case import written


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    return str(written(tmp_path))
