"""One call of the command line: verbs, help, exit codes, errors in words and in JSON."""

import json
import os
import shlex
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from planner.cli import run as cli
from planner.cli import versions
from planner.cli.verbs import VERBS, LazyGroup, load
from planner.errors import Infeasible, InvalidInput, Problem, SolverFailed, UsageError

CLI = Path(cli.__file__).parent
HEAVY = {"pandas", "numpy", "plotly", "pulp", "highspy", "yaml", "pydantic", "rich"}
PRESENT = tuple(LazyGroup(name="planner").commands)


def planner(*args, **settings):
    return subprocess.run(
        [sys.executable, "-m", "planner", *args], capture_output=True, text=True, check=False, **settings
    )


@pytest.fixture
def failing(monkeypatch):
    """Makes `planner doctor` raise what a test wants."""

    def install(error):
        def doctor():
            raise error

        monkeypatch.setattr("planner.cli.doctor.doctor", doctor)

    return install


def test_help_imports_nothing_heavy():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "planner", "--help"], capture_output=True, text=True, check=True
    )
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert imported & HEAVY == set()
    assert "Usage: planner" in done.stdout


def test_no_arguments_show_the_help(capsys):
    done = planner()
    assert done.returncode == 0
    assert cli.run(["--help"]) == 0
    assert done.stdout == capsys.readouterr().out


def test_help_lists_each_verb_by_its_question(capsys):
    assert cli.run(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(verb in text for verb in PRESENT)
    assert (
        set(PRESENT)
        == set(VERBS)
        == {path.stem.strip("_").replace("_", "-") for path in CLI.glob("*.py") if "\nEXAMPLE = " in path.read_text()}
    )
    assert text.rstrip().endswith("planner plan examples/hong_kong/case.yaml")


@pytest.mark.parametrize("verb", PRESENT)
def test_the_help_of_a_verb_ends_in_a_call_that_it_understands(verb, capsys):
    assert cli.run([verb, "--help"]) == 0
    last = capsys.readouterr().out.rstrip().splitlines()[-1].strip()
    program, named, *args = shlex.split(last)
    assert (program, named) == ("planner", verb)
    # Parsing is enough: what the examples do is tested where it is done.
    load(verb).make_context(verb, args)


def test_the_version(capsys):
    assert cli.run(["--version"]) == 0
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first == f"planner {version('planner')}"
    assert f"highspy {version('highspy')}, pulp {version('pulp')}" in second


def test_the_version_says_what_was_not_tested(capsys, monkeypatch):
    monkeypatch.setattr(versions, "version", lambda name: "99.1" if name == "highspy" else version(name))
    assert cli.run(["--version"]) == 0
    assert "highspy lies outside what was tested, 1.13 to 1." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (UsageError("unknown topic 'x'."), 2, "planner: unknown topic 'x'.\n"),
        (
            InvalidInput(Problem("this is wrong", "Right it.", "f.yaml", 1, 2), Problem("that too")),
            3,
            "f.yaml:1:2: this is wrong. Right it.\nthat too.\n2 problems.\n",
        ),
        (Infeasible("the target clashes with the power."), 4, "planner: the target clashes with the power.\n"),
        (SolverFailed("time ran out."), 5, "planner: time ran out.\n"),
        (ValueError("odd"), 1, "planner: internal error: ValueError: odd. PLANNER_DEBUG=1 shows where.\n"),
        (KeyboardInterrupt(), 130, "planner: interrupted.\n"),
    ],
)
def test_every_error_has_its_exit_code_and_its_words(failing, capsys, error, code, words):
    failing(error)
    assert cli.run(["doctor"]) == code
    captured = capsys.readouterr()
    assert captured.err == words
    assert captured.out == ""


def test_debug_shows_the_traceback(failing, capsys, monkeypatch):
    monkeypatch.setenv("PLANNER_DEBUG", "1")
    failing(ValueError("odd"))
    assert cli.run(["doctor"]) == 1
    assert "Traceback (most recent call last)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (
            ["chek"],
            "planner: No such command 'chek'. Did you mean 'check', 'schema'? `planner --help` shows how it is called.\n",
        ),
        (["--nonsense"], "planner: No such option: --nonsense. `planner --help` shows how it is called.\n"),
        (["check"], "planner: Missing argument 'files'. `planner check --help` shows how it is called.\n"),
        (["fields", "-f", "doc"], "'doc' is not one of 'table', 'json', 'csv', 'markdown', 'html', 'xlsx', 'pdf'."),
        (["fields", "-f", "pdf"], "what pdf holds is no text; give -o FILE."),
    ],
)
def test_a_wrong_call_is_told_in_one_line(args, words, capsys):
    assert cli.run(args) == 2
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


@pytest.mark.parametrize("flag", [["--json"], ["-f", "json"], ["--format=json"]])
def test_errors_are_json_where_json_was_asked_for(flag, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.yaml").write_text("sitess: 1\ntitle: 010\n")
    assert cli.run(["check", "bad.yaml", *flag]) == 3
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "planner.check/1"
    assert found["status"] == "error"
    assert found["results"]["exit_code"] == 3
    first = found["diagnostics"][0]
    assert (first["severity"], first["file"], first["line"]) == ("error", "bad.yaml", 1)
    assert "unknown key 'sitess'" in [problem["what"] for problem in found["diagnostics"]]


def test_a_usage_error_is_json_too(capsys):
    assert cli.run(["check", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["diagnostics"][0]["what"].startswith("Missing argument 'files'")


@pytest.mark.slow
def test_a_reader_that_leaves_early_is_no_error():
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "planner", "schema"], stdout=closed, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.stderr == ""


def test_every_verb_of_the_table_has_a_question():
    assert all(question.endswith((".", "?")) for question in VERBS.values())
