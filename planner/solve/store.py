"""A plan on disk: tables as CSV, results as JSON, the program, the case it was made from, and a manifest that says what
made it.

    plan.json       envelope and results, as `planner plan --json` prints them
    tables/*.csv    one file per table
    case.json       the whole case, catalogue and law included, as it was planned
    inputs/         the files the case was read from
    model.lp, .mps  the program, money in million HKD
    manifest.json   versions, hashes, options, counts, timings

A folder appears whole or not at all: it is written beside its place, flushed, and moved there; what stood there before
stays until then.
"""

from __future__ import annotations

import json
import os
import platform
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import UsageError
from planner.solve.program_file import write_programs
from planner.solve.results import plan_results, plan_status
from planner.solve.stored import (
    CASE,
    INPUTS,
    LP,
    MANIFEST,
    MPS,
    RESULTS,
    TABLES,
    StoredPlan,
    files_of,
    is_plan,
    last_of,
    load,
)

if TYPE_CHECKING:
    from planner.solve.plan import Plan

PACKAGES = ("pulp", "highspy", "numpy", "pandas", "pydantic")
ENGINE_OPTIONS = ("solver", "random_seed", "threads", "mip_rel_gap", "time_limit", "primal_feasibility_tolerance")


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
    directory = directory.absolute()
    if directory.exists() and not is_plan(directory) and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(f"{directory} exists and holds no plan; name another folder")
    draft = directory.with_name(f".{directory.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        draft.mkdir(parents=True)
        _write(plan, draft, origin)
        _flush(draft)
        _swap(draft, directory)
    except OSError as error:
        raise UsageError(f"cannot save the plan in {directory}: {(error.strerror or str(error)).lower()}") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return directory


def _write(plan: Plan, draft: Path, origin: Origin) -> None:
    (draft / TABLES).mkdir()
    for name, frame in plan.tables.items():
        frame.to_csv(draft / TABLES / f"{name}.csv", index=False)
    (draft / CASE).write_text(plan.case.model_dump_json(), encoding="utf-8")
    _put(draft / RESULTS, _envelope(plan, origin))
    write_programs(plan.model, (draft / LP, draft / MPS))
    if origin.files:
        (draft / INPUTS).mkdir()
    for file in origin.files:
        shutil.copyfile(file, draft / INPUTS / file.name)
    _put(draft / MANIFEST, _manifest(plan, origin, dict(files_of(draft))))


def _envelope(plan: Plan, origin: Origin) -> dict[str, Any]:
    return {
        "schema": "planner.plan/1",
        "planner_version": version("planner"),
        "inputs_sha256": origin.inputs_sha256,
        "data_as_of": origin.data_as_of,
        "status": plan_status(plan),
        "results": plan_results(plan),
        "diagnostics": [],
    }


def _manifest(plan: Plan, origin: Origin, files: Mapping[str, str]) -> dict[str, Any]:
    engine = plan.solution.engine
    options = {name: engine.getOptionValue(name)[1] for name in ENGINE_OPTIONS} if engine is not None else {}
    return {
        "schema": "planner.manifest/1",
        "saved": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": origin.command,
        "versions": {"planner": version("planner"), "python": platform.python_version()}
        | {package: version(package) for package in PACKAGES},
        "inputs_sha256": origin.inputs_sha256,
        "data_as_of": origin.data_as_of,
        "money_in_program": "million HKD",
        "solver": plan.solver,
        "solver_options": options,
        "counts": {name: len(frame) for name, frame in plan.tables.items()},
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
