"""A plan on disk: tables as CSV, results as JSON, the program, the case it was made from, and a manifest that says what
made it.

    plan.json       envelope and results, as `planner plan --json` prints them
    tables/*.csv    one file per table
    case.json       the whole case, catalogue and law included, as it was planned
    usual.json      business as usual: what the case comes to when nothing is bought
    inputs/         the files the case was read from
    model.lp, .mps  the program, money in million HKD
    manifest.json   versions, hashes, options, counts, timings

A folder appears whole or not at all: it is written beside its place, flushed, and moved there; what stood there before
stays until then. It takes the place of an earlier plan alone: a folder that holds anything else is left as it is. While
one plan is saved, another that is saved beside it waits.
"""

from __future__ import annotations

import json
import os
import platform
import re
import secrets
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cells import csv_text
from planner.domain.plan_files import CASE, PLAN_SCHEMA, RESULTS
from planner.errors import UsageError
from planner.plan.program_file import write_programs
from planner.plan.rows import columns
from planner.plan.stored import (
    INPUTS,
    LP,
    MANIFEST,
    MANIFEST_SCHEMA,
    MPS,
    TABLES,
    USUAL,
    StoredPlan,
    files_of,
    last_of,
    load,
    saved_files,
)

if TYPE_CHECKING:
    from planner.plan.plan import Plan

WAIT_SECONDS = 10
PACKAGES = ("pulp", "highspy", "numpy", "pandas", "pydantic")


@dataclass(frozen=True)
class Origin:
    """Where a plan comes from, for its manifest. `files`: the case and its tables as the user keeps them."""

    inputs_sha256: str | None = None
    data_as_of: str | None = None
    command: str | None = None
    files: tuple[Path, ...] = ()


def save(plan: Plan, directory: Path, origin: Origin = Origin()) -> Path:
    """Save the plan as a folder, in place of an earlier plan there.

    Raises:
        UsageError: the folder holds something that is no plan, or cannot be written.
    """
    directory = directory.resolve()
    draft = directory.with_name(f".{directory.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with _alone(directory.parent):
            _clear(directory)
            _refuse_foreign(directory)
            draft.mkdir()
            _write(plan, draft, origin)
            _flush(draft)
            _swap(draft, directory)
    except OSError as error:
        raise UsageError(f"cannot save the plan in {directory}: {(error.strerror or str(error)).lower()}") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return directory


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One saver at a time in a folder. The lock is the folder's own, so that nothing is left when we are killed."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    number = os.open(folder, os.O_RDONLY)
    try:
        for left in range(WAIT_SECONDS * 10, -1, -1):
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not left:
                    raise UsageError(f"another plan is being saved in {folder}; try again when it is done") from None
                time.sleep(0.1)
        yield
    finally:
        os.close(number)


def _clear(directory: Path) -> None:
    """Remove what savers that were killed left behind; nobody else is at work."""
    left = re.compile(rf"\.{re.escape(directory.name)}\.\d+\.[0-9a-f]{{8}}")
    for entry in directory.parent.iterdir():
        if left.fullmatch(entry.name):
            shutil.rmtree(entry, ignore_errors=True)


def _refuse_foreign(directory: Path) -> None:
    """Raise UsageError unless the folder is absent, empty, or holds a plan as it was saved and nothing else."""
    if not directory.exists():
        return
    if not directory.is_dir():
        raise UsageError(f"{directory} is no folder; name another")
    if not any(directory.iterdir()):
        return
    saved = saved_files(directory)
    if not saved:
        raise UsageError(f"{directory} exists and holds no plan; name another folder")
    files = dict(files_of(directory))
    mine = sorted(name for name, sha256 in files.items() if saved.get(name) != sha256)
    if mine:
        names = ", ".join(mine[:3]) + (f" and {len(mine) - 3} more" if len(mine) > 3 else "")
        raise UsageError(
            f"{directory} holds what no plan put there, or what was changed since: {names}; name another folder"
        )


def _write(plan: Plan, draft: Path, origin: Origin) -> None:
    (draft / TABLES).mkdir()
    for name, rows in plan.rows.by_name.items():
        names = columns()[name]
        text = csv_text(names, ([row[column] for column in names] for row in rows))
        (draft / TABLES / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    (draft / CASE).write_text(plan.case.model_dump_json(), encoding="utf-8")
    _put(draft / RESULTS, _envelope(plan, origin))
    if plan.usual is not None:
        _put(draft / USUAL, asdict(plan.usual))
    write_programs(plan.model, (draft / LP, draft / MPS))
    if origin.files:
        (draft / INPUTS).mkdir()
    for file in origin.files:
        shutil.copyfile(file, draft / INPUTS / file.name)
    _put(draft / MANIFEST, _manifest(plan, origin, dict(files_of(draft))))


def _envelope(plan: Plan, origin: Origin) -> dict[str, Any]:
    return {
        "schema": PLAN_SCHEMA,
        "planner_version": version("planner"),
        "inputs_sha256": origin.inputs_sha256,
        "data_as_of": origin.data_as_of,
        "status": plan.status,
        "results": plan.results,
        "diagnostics": [],
    }


def _manifest(plan: Plan, origin: Origin, files: Mapping[str, str]) -> dict[str, Any]:
    return {
        "schema": MANIFEST_SCHEMA,
        "saved": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": origin.command,
        "versions": {"planner": version("planner"), "python": platform.python_version()}
        | {package: version(package) for package in PACKAGES},
        "inputs_sha256": origin.inputs_sha256,
        "data_as_of": origin.data_as_of,
        "money_in_program": "million HKD",
        "solver": plan.solver,
        "solver_options": plan.solution.options,
        "counts": {name: len(rows) for name, rows in plan.rows.by_name.items()},
        "files": files,
    }


def _put(path: Path, content: Mapping[str, Any]) -> None:
    # Infinity is no number of JSON; a solver's absent time limit is one.
    plain = json.loads(json.dumps(content), parse_constant=lambda name: None)
    path.write_text(json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def _swap(draft: Path, directory: Path) -> None:
    last = last_of(directory)
    shutil.rmtree(last, ignore_errors=True)
    if directory.exists():
        directory.rename(last)
    try:
        draft.rename(directory)
    except OSError:
        if last.exists():
            last.rename(directory)
        raise
    _sync(directory.parent)
    shutil.rmtree(last, ignore_errors=True)


def _flush(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        _sync(path)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


__all__ = ["Origin", "StoredPlan", "load", "save"]
