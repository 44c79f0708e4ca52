"""Rows of a table of cases (columns of published throughput tables or training runs) as questions to the model.

Empty means unknown: what a row does not say is chosen by the layout search or guessed from the parameter count. Both
spellings of a column are taken (`count`, `accelerator_count`; `params_b`, `params_total_b`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from planner.domain.model_name import model_key
from planner.domain.model_shape import ModelShape
from planner.performance.guess import guess
from planner.performance.layout import Recompute
from planner.performance.rates import LOW_PRECISION
from planner.performance.search import Pins
from planner.performance.work import ORDINARY, Method

_PER_NODE = re.compile(r"(\d+)\s*Gb/s/node")
_PER_DEVICE = re.compile(r"(\d+)\s*Gb/s(?:\s+\w+)?/(?:GPU|NPU)")
_LINKS = re.compile(r"^(\d+)x(\d+)\s*Gb/s")
DEVICES_PER_NODE = 8
BITS_PER_BYTE = 8


_RECOMPUTE: dict[str, Recompute] = {"none": "none", "selective": "selective", "full": "full"}


class Question(NamedTuple):
    """One row: what is trained, on what, how. `tokens` is None for a throughput; `nic` is GB/s per device where stated."""

    shape: ModelShape
    accelerator: str
    devices: int | None
    precision: str
    pins: Pins
    year: float | None
    tuned: bool
    method: Method
    tokens: float | None
    nic_gbps: float | None


def number(row: Mapping[str, str], *names: str) -> float | None:
    """First of the named columns that holds a number."""
    for name in names:
        text = row.get(name)
        if text not in (None, ""):
            try:
                return float(text)
            except ValueError:
                continue
    return None


def _whole(row: Mapping[str, str], *names: str) -> int | None:
    value = number(row, *names)
    return int(value) if value is not None and value > 0 else None


def nic_gbps(text: str) -> float | None:
    """GB/s per device of a wording such as `800Gb/s/node` or `8x200Gb/s IB`; None when it names no rate."""
    if match := _PER_NODE.search(text):
        return int(match[1]) / DEVICES_PER_NODE / BITS_PER_BYTE
    if match := _PER_DEVICE.search(text):
        return int(match[1]) / BITS_PER_BYTE
    if match := _LINKS.match(text):
        return int(match[1]) * int(match[2]) / DEVICES_PER_NODE / BITS_PER_BYTE
    return None


def _flag(row: Mapping[str, str], name: str, default: bool) -> bool:
    value = number(row, name)
    return default if value is None else value > 0


def shape_of(row: Mapping[str, str], known: Mapping[str, ModelShape]) -> ModelShape | None:
    """The model of a row: by its dimensions, else by its name in the catalogue, else guessed from its parameter count."""
    layers, hidden, heads = (_whole(row, name) for name in ("layers", "hidden", "heads"))
    listed = known.get(model_key(row.get("model") or ""))
    seq_len = _whole(row, "seq_len") or 4096
    if not (layers and hidden and heads):
        return _named_or_guessed(row, listed, seq_len)
    experts = _whole(row, "experts") or 0
    moe = {
        "experts": experts,
        "experts_per_token": _whole(row, "topk") or 1,
        "expert_ffn": _whole(row, "moe_ffn") or _whole(row, "ffn") or 4 * hidden,
        "shared_ffn": _whole(row, "shared_ffn") or 0,
        "dense_layers": min(_whole(row, "n_dense") or 0, layers - 1),
    }
    return ModelShape(
        name=row.get("model") or "unnamed",
        layers=layers,
        hidden=hidden,
        heads=heads,
        kv_heads=_whole(row, "kv_heads") or heads,
        head_dim=_whole(row, "head_dim") or max(1, hidden // heads),
        ffn=_whole(row, "ffn") or 4 * hidden,
        gated=_flag(row, "gated", False),
        vocab=_whole(row, "vocab") or 32_000,
        tied=_flag(row, "tied", False),
        seq_len=seq_len,
        attention_parameters=number(row, "attn_params"),
        qk_dim=_whole(row, "dqk"),
        v_dim=_whole(row, "dv"),
        flash=_flag(row, "flash", True),
        window=listed.window if listed else None,
        window_share=listed.window_share if listed else 1.0,
        **(moe if experts else {}),
    )


def _named_or_guessed(row: Mapping[str, str], listed: ModelShape | None, seq_len: int) -> ModelShape | None:
    if listed:
        return listed.model_copy(update={"seq_len": seq_len})
    total = number(row, "params_b", "params_total_b")
    if not total or total <= 0:
        return None
    active = number(row, "params_active_b", "active_params_b")
    return guess(total, active if active and active <= total else None, seq_len)


def pins_of(row: Mapping[str, str]) -> Pins:
    """What a row says about its layout. A pinned layout that is silent about recomputation does none."""
    tp, pp, dp, devices = (_whole(row, name) for name in ("tp", "pp", "dp", "count"))
    # The column holds context or sequence parallelism; the latter takes no devices of its own.
    sequence_only = bool(tp and pp and dp and tp * pp * dp == devices)
    known = _RECOMPUTE.get(row.get("recompute") or "")
    sharded = number(row, "fsdp") == 3
    return Pins(
        tp=tp,
        pp=pp,
        cp=1 if sequence_only else _whole(row, "cp_or_sp") if tp else None,
        ep=_whole(row, "ep") if tp else None,
        virtual=(_whole(row, "vp") or 1) if tp else None,
        micro_batch=_whole(row, "micro_batch"),
        shard=(3 if sharded else 1) if tp else None,
        recompute=known or ("none" if tp else None),
        global_batch=_whole(row, "global_batch", "global_batch_seqs"),
    )


def method_of(kind: str, precision: str) -> Method:
    """The method of a row. LoRA in FP8 or below runs on fused stacks alone; the rest of it counts as ordinary.

    `tuned` says who published a row, not whether adapters are fused.
    """
    if kind in ("lora", "tuned_lora"):
        return "tuned_lora" if precision in LOW_PRECISION or kind == "tuned_lora" else "lora"
    return "qlora" if kind == "qlora" else "pretrain"


def question_of(row: Mapping[str, str], known: Mapping[str, ModelShape]) -> Question | None:
    """The question that a row asks, or None when it names no model that could be known or guessed."""
    shape = shape_of(row, known)
    if shape is None:
        return None
    tokens_b = number(row, "tokens_b")
    precision = (row.get("precision") or "bf16").split()[0]
    method, pins = method_of(row.get("kind") or row.get("method") or "", precision), pins_of(row)
    if method in ORDINARY and row.get("recompute") not in _RECOMPUTE:
        pins = pins._replace(recompute=None if pins.tp is None else "full")
    return Question(
        shape=shape,
        accelerator=row.get("accelerator_id") or "",
        devices=_whole(row, "count", "accelerator_count"),
        precision=precision,
        pins=pins,
        year=number(row, "year"),
        tuned=_flag(row, "tuned", True),
        method=method,
        tokens=tokens_b * 1e9 if tokens_b else None,
        nic_gbps=nic_gbps(row.get("interconnect") or ""),
    )
