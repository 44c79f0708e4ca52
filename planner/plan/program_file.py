"""The program in a file, with the names that a person reads: LP or MPS. Its money is in million HKD."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pulp

from planner.errors import UsageError
from planner.model.build import Model
from planner.solve.by_pulp import Program, to_pulp

SUFFIXES = (".lp", ".mps")
LONGEST_NAME = 255
"""Characters that the LP format gives a name; PuLP's own default of 100 is shorter than a list of funds."""


def write_program(model: Model, path: Path) -> None:
    """Write the model as the suffix of the path says, whole or not at all.

    Raises:
        UsageError: the suffix is neither .lp nor .mps, or the file cannot be written.
    """
    write_programs(model, (path,))


def write_programs(model: Model, paths: tuple[Path, ...]) -> None:
    """As `write_program`, for several files of one program."""
    problem = to_pulp(model).problem
    for path in paths:
        if path.suffix not in SUFFIXES:
            raise UsageError(f"{path} names no format of programs; use {' or '.join(SUFFIXES)}")
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            if path.suffix == ".lp":
                problem.writeLP(str(draft), max_length=LONGEST_NAME)
            else:
                problem.writeMPS(str(draft))
            draft.replace(path)
        except (OSError, pulp.PulpError) as error:
            # PuLP 4 tells what the disk said in an error of its own.
            raise UsageError(f"cannot write {path}: {(getattr(error, 'strerror', '') or str(error)).lower()}") from None
        finally:
            draft.unlink(missing_ok=True)


def read_program(path: Path) -> Program:
    """The program of an MPS file that was written here."""
    _, problem = pulp.LpProblem.fromMPS(str(path))
    return Program(problem, tuple(problem.variables()))
