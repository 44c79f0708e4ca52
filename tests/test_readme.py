"""The README is run: every command in it works, and what it shows is what comes out."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = [
    (command.strip(), shown)
    for block in BLOCKS
    for command, shown in re.findall(r"^\$ (planner .*?)\n((?:(?!\$ ).*\n?)*)", block, flags=re.MULTILINE)
]


def matches(shown: str, printed: str) -> bool:
    """Whether the output is as shown; `…` stands for anything, at the end of a line also for further lines."""
    pattern = r"\n".join(re.escape(line.rstrip()).replace("…", ".*") for line in shown.rstrip().splitlines())
    lines = "\n".join(line.rstrip() for line in printed.rstrip().splitlines())
    return re.fullmatch(pattern, lines, flags=re.DOTALL) is not None


def test_readme_shows_commands() -> None:
    assert len(COMMANDS) >= 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands run: beside the examples, so that what they write stays out of the checkout."""
    here = tmp_path_factory.mktemp("readme")
    (here / "examples").symlink_to(ROOT / "examples")
    return here


@pytest.mark.parametrize(("command", "shown"), COMMANDS, ids=[command for command, _ in COMMANDS])
@pytest.mark.slow
def test_command_gives_what_the_readme_shows(command: str, shown: str, folder: Path) -> None:
    planner = str(Path(sys.executable).with_name("planner"))
    arguments = [planner, *shlex.split(command)[1:]]
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100"}
    done = subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not shown.strip() or matches(shown, done.stdout), done.stdout


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!http)([^)#]+)\)", README))))
def test_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
