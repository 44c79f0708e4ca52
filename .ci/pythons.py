"""Finds Pythons on this machine: in PATH, and in pyenv's folder.

    python3 .ci/pythons.py 3.12   prints the way to one, or nothing

A name in PATH is not enough: pyenv puts one there for each Python that it has, and most of them refuse to run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def find(version: str) -> str | None:
    """The first Python of this version, such as `3.12`, that runs."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    tried = (f"python{version}", "python3", *map(str, sorted(pyenv.glob(f"versions/{version}.*/bin/python3"))))
    return next((python for python in tried if _version(python) == version), None)


def _version(python: str) -> str | None:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


if __name__ == "__main__":
    print(find(sys.argv[1]) or "")
