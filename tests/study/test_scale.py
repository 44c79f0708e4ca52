"""The commands of docs/scale.md are run: by processes and by a cluster, the answer is that of one process alone."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.cli.run import run
from tests.study.cluster import Cluster, cluster

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/scale.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ planner (.*)$", PAGE, flags=re.MULTILINE)
WORKERS, CLUSTER, HEAD = "--workers 2", "--cluster tcp://head:8786", "tcp://head:8786"
TIME_TAKEN = re.compile(r'("(?:\w+_)?seconds":) [\d.e+-]+')


@pytest.fixture(scope="module")
def two() -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    with cluster(2) as here:
        yield here


def test_each_verb_is_shown_by_processes_and_by_a_cluster() -> None:
    verbs = [command.split()[0] for command in COMMANDS]
    assert verbs == ["sweep", "stress", "alternatives"] * 2
    assert [WORKERS in command for command in COMMANDS] == [True] * 3 + [False] * 3
    assert [command.replace(WORKERS, CLUSTER) for command in COMMANDS[:3]] == COMMANDS[3:]


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS[:3], ids=lambda command: command.split()[0])
def test_the_answer_is_that_of_one_process(
    command: str, two: Cluster, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    answers = []
    for place, who in enumerate(("--workers 1", WORKERS, CLUSTER.replace(HEAD, two.address))):
        # Each its own cache, so that no run is taken from another.
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / str(place)))
        assert run(shlex.split(command.replace(WORKERS, who))) == 0
        answers.append(TIME_TAKEN.sub(r"\1 0", capsys.readouterr().out))
    assert answers[0] == answers[1] == answers[2]
