"""Keeps the tested set of versions in pyproject.toml.

    python3 .ci/lock.py            writes extra `dev` anew: the newest versions that the bounds allow, exactly
    python3 .ci/lock.py --oldest   prints the oldest versions that the bounds allow, as constraints for pip

Needs Python 3.11 or newer and nothing else; the lock is made by the oldest Python that planner supports, so that it installs on all.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = ROOT / "pyproject.toml"
LOCK = re.compile(r"(?<=^dev = \[\n).*?(?=^\]$)", re.MULTILINE | re.DOTALL)
OURS = ("planner", "pip", "setuptools", "wheel")


def oldest() -> list[str]:
    """`name==version` for the lower bound of every dependency."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    return [re.sub(r">=([^,]+),.*", r"==\1", requirement) for requirement in project["dependencies"]]


def newest() -> list[str]:
    """What pip installs today in a fresh environment, without planner and pip."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [f"{folder}/bin/python", "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", "-e", f"{ROOT}[tools]"], check=True)
        frozen = subprocess.run([*pip, "list", "--format=freeze"], check=True, capture_output=True, text=True).stdout
    return [line for line in frozen.split() if line.partition("==")[0] not in OURS]


def main() -> None:
    if sys.argv[1:] == ["--oldest"]:
        print("\n".join(oldest()))
        return
    pins = "".join(f'  "{pin}",\n' for pin in sorted(newest(), key=str.lower))
    PYPROJECT.write_text(LOCK.sub(pins, PYPROJECT.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"Locked {pins.count('==')} packages in {PYPROJECT.name}.")


if __name__ == "__main__":
    main()
