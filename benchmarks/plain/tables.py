"""The plain program of a case as a file of arrays, from which peers build their models: python -m benchmarks.plain.tables CASE FOLDER

program.pickle holds the arrays, keys.pickle the index of every variable and limit, for peers that name them.
"""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path
from typing import Any

from benchmarks.plain import plain_program
from benchmarks.plain.program import LimitTable, VariableTable
from planner.intake import read_case

Keys = dict[str, list[tuple[str, ...]]]


def write(case: Path, folder: Path) -> dict[str, Any]:
    """Write both files; how large the program is."""
    variables, limits = plain_program(read_case(case)).tables()
    keys = {name: table.keys for name, table in (*variables.items(), *limits.items())}
    bare = (
        {kind: table._replace(keys=[]) for kind, table in variables.items()},
        {name: table._replace(keys=[]) for name, table in limits.items()},
    )
    for name, content in (("program", bare), ("keys", keys)):
        with open(folder / f"{name}.pickle", "wb") as file:
            pickle.dump(content, file, protocol=pickle.HIGHEST_PROTOCOL)
    return {
        "columns": sum(len(table.cost) for table in variables.values()),
        "rows": sum(len(table.limit) for table in limits.values()),
        "nonzeros": sum(len(row) for table in limits.values() for row, _, _ in table.terms.values()),
    }


def read(folder: Path) -> tuple[dict[str, VariableTable], dict[str, LimitTable]]:
    """Variables by kind and limits by family, without their keys."""
    with open(folder / "program.pickle", "rb") as file:
        tables: tuple[dict[str, VariableTable], dict[str, LimitTable]] = pickle.load(file)
    return tables


def read_keys(folder: Path) -> Keys:
    """The index of every variable and limit, by kind or family."""
    with open(folder / "keys.pickle", "rb") as file:
        keys: Keys = pickle.load(file)
    return keys


if __name__ == "__main__":
    print(json.dumps(write(Path(sys.argv[1]), Path(sys.argv[2]))))
