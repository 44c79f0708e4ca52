"""Keeps the tested set of versions in pyproject.toml.

    python3 .ci/lock.py            writes extra `dev` anew: the newest versions that the bounds allow, exactly
    python3 .ci/lock.py --oldest   prints the oldest versions that the bounds allow, as constraints for pip

It needs Python 3.11 and 3.12. Packages leave 3.11 behind, so its pins stand apart where they differ; later Pythons share 3.12's.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from pythons import find

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = ROOT / "pyproject.toml"
LOCK = re.compile(r"(?<=^dev = \[\n).*?(?=^\]$)", re.MULTILINE | re.DOTALL)
OURS = ("planner", "pip", "setuptools", "wheel")
FIRST, LATER = "python_version < '3.12'", "python_version >= '3.12'"


def oldest() -> list[str]:
    """`name==version` for the lower bound of every dependency."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    return [re.sub(r">=([^,]+),.*", r"==\1", requirement) for requirement in project["dependencies"]]


def newest(version: str) -> set[str]:
    """What pip installs today in a fresh environment of this Python, without planner and pip."""
    python = find(version)
    if python is None:
        sys.exit(f"Python {version} is not on this machine, and the lock needs it.")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([python, "-m", "venv", folder], check=True)
        pip = [f"{folder}/bin/python", "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", "-e", f"{ROOT}[tools,app,cluster,parquet,sheets]"], check=True)
        frozen = subprocess.run([*pip, "list", "--format=freeze"], check=True, capture_output=True, text=True).stdout
    return {line for line in frozen.split() if line.partition("==")[0] not in OURS}


def pins(first: set[str], later: set[str]) -> list[str]:
    """Both sets as one list of requirements; what only one of them has carries its Pythons."""
    told = [
        *(first & later),
        *(f"{pin}; {FIRST}" for pin in first - later),
        *(f"{pin}; {LATER}" for pin in later - first),
    ]
    return sorted(told, key=lambda pin: (pin.partition("==")[0].lower(), pin))


def main() -> None:
    if sys.argv[1:] == ["--oldest"]:
        print("\n".join(oldest()))
        return
    locked = pins(newest("3.11"), newest("3.12"))
    lines = "".join(f'  "{pin}",\n' for pin in locked)
    PYPROJECT.write_text(LOCK.sub(lambda _: lines, PYPROJECT.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"Locked {len(locked)} versions in {PYPROJECT.name}.")


if __name__ == "__main__":
    main()
