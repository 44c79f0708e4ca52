"""Rows of a CSV file of training cases: every column known, every number read as it stands, or told with line and column."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from planner.errors import InvalidInput, Problem, did_you_mean
from planner.intake.csv_table import lines_of
from planner.intake.source import read_source

COUNTS = (
    "layers", "hidden", "heads", "kv_heads", "head_dim", "ffn", "vocab", "seq_len", "count", "accelerator_count",
    "global_batch", "global_batch_seqs", "micro_batch", "tp", "pp", "dp", "cp_or_sp", "ep", "vp", "experts", "topk",
    "moe_ffn", "dqk", "dv",
)  # fmt: skip
AMOUNTS = ("params_b", "params_total_b", "params_active_b", "active_params_b", "tokens_b", "tokens_per_s_per_device", "attn_params", "year")  # fmt: skip
OR_NONE = ("gated", "tied", "flash", "tuned", "fsdp", "shared_ffn", "n_dense")
WORDS = ("case_id", "model", "accelerator_id", "precision", "recompute", "kind", "method", "interconnect")
# Columns of published tables that say where a figure comes from, or what else was measured; nothing is read from them.
REMARKS = (
    "source", "org", "arch", "accelerator", "stack", "framework", "confidence", "note", "mfu", "mfu_or_hfu_pct",
    "mfu_convention", "mfu_causal_recalc", "tflops_per_device", "peak_tflops", "step_time_s", "accelerator_hours",
    "wall_clock_days", "power_or_co2", "hours_kind", "published_tokens_per_s_per_device",
)  # fmt: skip
NUMBERS = (*COUNTS, *AMOUNTS, *OR_NONE)
KNOWN = (*WORDS, *NUMBERS, *REMARKS)
MOST = 1e15


def read_cases(path: Path) -> list[dict[str, str]]:
    """The rows, cells without surrounding space. Raises InvalidInput with every problem of the file."""
    source = read_source(path)
    lines = [(line.number, [cell.strip() for cell in line.cells]) for line in lines_of(source)]
    if len(lines) < 2 or "accelerator_id" not in lines[0][1]:
        what = "there is no row" if lines and "accelerator_id" in lines[0][1] else "there is no column accelerator_id"
        raise InvalidInput(Problem(what, "Use the columns of the published cases.", source.name, 1))
    header = lines[0][1]
    problems = [*_header(source.name, header), *(p for line in lines[1:] for p in _row(source.name, header, *line))]
    if problems:
        raise InvalidInput(*problems)
    return [dict(zip(header, cells, strict=False)) for _, cells in lines[1:]]


def _header(name: str, header: list[str]) -> Iterator[Problem]:
    for place, column in enumerate(header, start=1):
        if column not in KNOWN:
            fix = did_you_mean(column, KNOWN, "Remove it, or put it into `note`.")
            yield Problem(f"'{column}' is no column that is read", fix, name, 1, place)
        elif header.index(column) != place - 1:
            yield Problem(f"column '{column}' stands twice", "Remove one of the two.", name, 1, place)


def _row(name: str, header: list[str], line: int, cells: list[str]) -> Iterator[Problem]:
    if len(cells) > len(header):
        what = f"this row has {len(cells)} cells under {len(header)} columns"
        yield Problem(what, "Quote a cell that holds a comma.", name, line, len(header) + 1)
    for place, (column, cell) in enumerate(zip(header, cells, strict=False), start=1):
        if cell and column in NUMBERS and (wrong := _wrong(column, cell)):
            yield Problem(f"'{column}' is '{cell}', {wrong}", "Correct it, or leave it empty.", name, line, place)


def _wrong(column: str, cell: str) -> str:
    """What is wrong with a number, in words; empty when nothing is."""
    try:
        value = float(cell) if "_" not in cell else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or abs(value) > MOST:
        return "not a number" if not math.isinf(value) else "too large"
    if value < 0 or (value == 0 and column not in OR_NONE):
        return "but must be above zero" if column not in OR_NONE else "but must be zero or more"
    return "but must be a whole number" if column in COUNTS and value != int(value) else ""
