"""Files and streams that are not what they should be: clear words, and never half an answer that counts as whole."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from planner.cli.run import run

ROOT = Path(__file__).parents[2]
CASE = ROOT / "examples" / "1_power_limit" / "case.yaml"
H20 = ("controls", "nvidia_h20_96gb", "--on", "2026-11-20")


def planner(*args: str, **how: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "planner", *args], stderr=subprocess.PIPE, text=True, **how)  # type: ignore[call-overload,no-any-return]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told_and_is_no_success():
    with open("/dev/full", "w") as full:
        done = planner(*H20, "--json", stdout=full)
    assert done.returncode == 2
    assert done.stderr == "planner: cannot write to standard output: no space left on device.\n"


@pytest.mark.slow
def test_closed_streams_are_told():
    done = subprocess.run(
        f'"{sys.executable}" -m planner {" ".join(H20)} >&-', shell=True, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (2, "planner: standard output is closed; give -o FILE.\n")
    done = subprocess.run(f'"{sys.executable}" -m planner check - <&-', shell=True, capture_output=True, text=True)
    assert done.returncode == 3
    assert "standard input is closed" in done.stderr


@pytest.mark.slow
def test_a_terminal_that_knows_latin_letters_only():
    done = planner(*H20, stdout=subprocess.PIPE, env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert done.returncode == 0
    assert "uncontrolled" in done.stdout or "case_by_case" in done.stdout


def test_an_answer_goes_through_a_link_and_keeps_the_mode(tmp_path):
    target, link = tmp_path / "real.json", tmp_path / "link.json"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    assert run([*H20, "-o", str(link)]) == 0
    assert link.is_symlink()
    assert target.read_text().startswith("{")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert {path.name for path in tmp_path.iterdir()} == {"real.json", "link.json"}


def test_a_device_is_written_to_not_replaced(capsys):
    assert run([*H20, "-f", "json", "-o", "/dev/null"]) == 0
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("../outside.csv", "a case reads only what lies in its own folder"),
        ("/etc/passwd", "a case reads only what lies in its own folder"),
        ("pipe.csv", "this is no regular file"),
        ("away.csv", "a case reads only what lies in its own folder"),
        ("a\\0b.csv", "no file can have this name"),
    ],
)
def test_a_case_reads_nothing_that_is_not_its_own(tmp_path, capsys, named, said):
    folder = tmp_path / "case"
    folder.mkdir()
    (tmp_path / "outside.csv").write_text("secret,of,others\n")
    os.mkfifo(folder / "pipe.csv")
    (folder / "away.csv").symlink_to(tmp_path / "outside.csv")
    text = CASE.read_text(encoding="utf-8")
    (folder / "case.yaml").write_text(f'{text}\nworkloads_csv: "{named}"\n', encoding="utf-8")
    assert run(["check", str(folder / "case.yaml")]) == 3
    told = capsys.readouterr().err
    assert said in told
    assert "secret" not in told
    assert "root" not in told.replace(str(tmp_path), "")


def test_a_folder_removed_underfoot(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    code = f"import os, shutil; os.chdir({str(gone)!r}); shutil.rmtree({str(gone)!r})\nfrom planner.cli.run import run\nraise SystemExit(run(['plan', 'case.yaml', '-o', 'plan.json']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "is gone" in done.stderr
    assert not shutil.os.path.exists(gone)  # type: ignore[attr-defined]
