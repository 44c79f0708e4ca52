"""Rows of a table of published serving throughputs as questions to the model. Empty means unknown, and is chosen by the model.

Columns: model, accelerator_id, count, precision, weight_precision, kv_precision, scenario, isl, osl, cached_share, concurrency,
replica_devices, tpot_ms, framework, speculative, tuned. `concurrency` is of the whole set-up, `tpot_ms` a limit where the
scenario has one. `prefill_only` and `decode_only` measure one phase: the other is left out of the load.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from planner.domain.model_name import model_key
from planner.domain.model_shape import ModelShape
from planner.performance.cases import number, shape_of
from planner.performance.copies import Wish
from planner.performance.serving_step import Load

LIMITED = ("server", "interactive", "disaggregated", "production")
FIXED = ("closed_loop", "static_batch", "decode_only", "prefill_only")
TUNED = re.compile(r"tensorrt|trt|atom|vllm tpu|mindie|mlperf|inferencemax", re.IGNORECASE)
ACCEPTED = {"mtp": 1.8, "eagle": 2.2, "eagle3": 2.2}
"""Tokens that a step of speculative decoding brings; published shares of accepted drafts are 0.8 to 0.9 of one or two."""
LENGTH_IN, LENGTH_OUT = 1024.0, 1024.0


@dataclass(frozen=True)
class ServingCase:
    """One row: what is served, on what, how, and what was measured (tokens of the answer per second and device)."""

    case: str
    source: str
    shape: ModelShape
    accelerator: str
    wish: Wish
    measured: float | None


def serving_case(row: Mapping[str, str], known: Mapping[str, ModelShape]) -> ServingCase | None:
    """The question that a row asks, or None when its model is unknown."""
    shape = known.get(model_key(row.get("model") or "")) or shape_of(row, known)
    if shape is None:
        return None
    scenario = row.get("scenario") or ""
    load = _load(row, scenario)
    count = int(number(row, "count") or 1)
    apart = scenario == "disaggregated"
    devices = _decoding(row, count) if apart else int(number(row, "replica_devices") or 0) or None
    concurrency = number(row, "concurrency") if scenario in FIXED else None
    copies = max(1.0, count / (devices or count))
    return ServingCase(
        case=row.get("case_id") or row.get("model") or "",
        source=source_of(row.get("source") or ""),
        shape=shape,
        accelerator=row.get("accelerator_id") or "",
        wish=Wish(
            load=load,
            precision=(row.get("precision") or "bf16").split()[0],
            weights=row.get("weight_precision") or None,
            cache=row.get("kv_precision") or "bf16",
            tpot_ms=number(row, "tpot_ms") if scenario in LIMITED else None,
            tuned=_tuned(row),
            apart=apart,
            devices=devices or (count if concurrency else None),
            batch=max(1.0, concurrency / copies) if concurrency else None,
            accepted=ACCEPTED.get(row.get("speculative") or "", 1.0),
        ),
        measured=number(row, "out_tok_s_per_device") or None,
    )


def _load(row: Mapping[str, str], scenario: str) -> Load:
    tokens_in, tokens_out = number(row, "isl") or LENGTH_IN, number(row, "osl") or LENGTH_OUT
    cached = 1.0 if scenario == "decode_only" else number(row, "cached_share") or 0.0
    return Load(tokens_in, 1.0 if scenario == "prefill_only" else tokens_out, cached)


def _decoding(row: Mapping[str, str], count: int) -> int:
    """Devices of the decode group, where the note tells them apart."""
    note = re.search(r"decode (\d+) GPU", row.get("note") or "")
    return int(note[1]) if note else count


def _tuned(row: Mapping[str, str]) -> bool:
    stated = number(row, "tuned")
    said = f"{row.get('framework') or ''} {row.get('source') or ''}"
    return bool(TUNED.search(said)) if stated is None else stated > 0


def source_of(text: str) -> str:
    """The publisher's document behind a source: all runs of a suite are one."""
    for name in ("MLPerf", "InferenceMAX", "TensorRT-LLM", "chitu", "vllm-ascend", "tpu-recipes"):
        if name.lower() in text.lower():
            return name
    return text.split(" ")[0] or "unknown"
