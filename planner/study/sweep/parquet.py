"""Runs as they come, in Parquet: a folder of parts in the design's order, each written once and whole.

A part holds so many runs and appears as soon as the last of them is finished; whatever reads Parquet takes the folder
for one table. The same design gives the same bytes, whoever finished first.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planner.errors import UsageError
from planner.study.sweep.designs import Parameter, Point
from planner.study.sweep.runs import Run
from planner.whole_file import write_whole

RUNS_OF_A_PART = 1_000
NUMBERS = (
    "objective_hkd", "spending_hkd", "served_pflops_days", "unserved_pflops_days", "unserved_share", "carbon_t",
)  # fmt: skip
MAPS = ("devices", "costs_hkd")
MISSING = "--parquet needs PyArrow: install planner's extra `parquet`. Runs are kept as JSON lines and CSV without it."


class Parts:
    """The folder's parts in the making. `points`: the whole design."""

    def __init__(self, folder: Path, parameters: Sequence[Parameter], points: Sequence[Point]) -> None:
        """Parts of an earlier sweep in the folder go.

        Raises UsageError where PyArrow is not installed.
        """
        try:
            import pyarrow
        except ImportError:
            raise UsageError(MISSING) from None
        self._folder, self._runs = folder, dict[int, Run]()
        self._ahead, self._size = 0, len(points)
        self._numeric = {
            one.path: all(_is_number(point[one.path]) for point in points if one.path in point) for one in parameters
        }
        number, text = pyarrow.float64(), pyarrow.string()
        self._schema = pyarrow.schema(
            [(path, number if numeric else text) for path, numeric in self._numeric.items()]
            + [("status", text), ("message", text), *((name, number) for name in NUMBERS), ("main_purchase", text)]
            + [(name, pyarrow.map_(text, number)) for name in MAPS]
        )
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("part-*.parquet"):
            old.unlink()

    def add(self, place: int, run: Run) -> None:
        """A run of the design is finished; a part that is now complete is written."""
        self._runs[place] = run
        end = min(self._ahead + RUNS_OF_A_PART, self._size)
        while self._ahead < end and all(place in self._runs for place in range(self._ahead, end)):
            self._write([self._runs.pop(place) for place in range(self._ahead, end)])
            self._ahead, end = end, min(end + RUNS_OF_A_PART, self._size)

    def _write(self, runs: Sequence[Run]) -> None:
        import pyarrow
        from pyarrow import parquet

        table = pyarrow.Table.from_pylist([self._record(run) for run in runs], schema=self._schema)
        whole = io.BytesIO()
        parquet.write_table(table, whole)
        write_whole(self._folder / f"part-{self._ahead // RUNS_OF_A_PART:05}.parquet", whole.getvalue())

    def _record(self, run: Run) -> dict[str, Any]:
        values = {path: _value(run.point.get(path), numeric) for path, numeric in self._numeric.items()}
        said = {"status": run.status, "message": run.message, "main_purchase": run.measures.get("main_purchase")}
        maps = {name: list(run.measures.get(name, {}).items()) for name in MAPS}
        return {**values, **said, **{name: run.measures.get(name) for name in NUMBERS}, **maps}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _value(value: Any, numeric: bool) -> Any:
    return None if value is None else float(value) if numeric else str(value)
