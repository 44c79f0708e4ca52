"""Where the catalogue's files lie: beside the package in a checkout, inside it once installed."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def data_path(name: str) -> Path:
    """Path of a file of the catalogue, such as `accelerators.yaml`. The file need not exist."""
    checkout = PACKAGE.parent / "data"
    inside_checkout = (PACKAGE.parent / "pyproject.toml").exists() and checkout.is_dir()
    return (checkout if inside_checkout else PACKAGE / "_data") / name
